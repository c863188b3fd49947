import { useState } from 'preact/hooks';
import { copyOutline, segmentAt } from './copy-outline.ts';
import { labelsOf } from './label.ts';
import { nameAmong, useLabels } from './label-list.tsx';
import type { DisplaySet, Managers } from './ohif.ts';
import { pickPlace } from './overlay.ts';
import type { ReadingSession } from './reading-session.ts';

/** What others outlined and versions found, to lay under one's own drawing; nothing of it can be drawn on. */
export function ReferenceLabels({ managers, session }: { managers: Managers; session: ReadingSession }) {
  useLabels(managers);
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState('');
  const [picking, setPicking] = useState<AbortController>();
  const own = session.segmentation?.segmentationId;
  const labels = labelsOf(managers).filter(
    ({ displaySetInstanceUID, SeriesInstanceUID }) =>
      displaySetInstanceUID !== own && !session.ownSeries.has(SeriesInstanceUID),
  );
  if (labels.length === 0) return null;
  const take = async (): Promise<void> => {
    setProblem('');
    const aborter = new AbortController();
    setPicking(aborter);
    const point = await pickPlace(aborter.signal);
    setPicking(undefined);
    const { segmentation } = session;
    if (!point || !segmentation) return;
    for (const from of shown) {
      const number = segmentAt(from, point);
      if (number) return copyOutline(managers, from, number, segmentation);
    }
    setProblem('None of the outlines shown lies at this place.');
  };
  const toggle = async (label: DisplaySet): Promise<void> => {
    setProblem('');
    const next = new Set(shown);
    try {
      if (next.delete(label.displaySetInstanceUID)) hide(managers, label);
      else {
        next.add(label.displaySetInstanceUID);
        await lay(managers, label);
      }
      setShown(next);
    } catch (error) {
      setProblem((error as Error).message);
    }
    session.drawOnOwn();
  };
  return (
    <section aria-label="Outlines to look at">
      <h2>Outlines to look at</h2>
      {labels.map((label) => (
        <label key={label.displaySetInstanceUID}>
          <input type="checkbox" checked={shown.has(label.displaySetInstanceUID)} onChange={() => void toggle(label)} />{' '}
          {nameAmong(labels, label)}
        </label>
      ))}
      {picking ? (
        <p role="status">
          Click on the outline in any of the images.{' '}
          <button type="button" onClick={() => picking.abort()}>
            Not now
          </button>
        </p>
      ) : (
        shown.size > 0 && (
          <button type="button" onClick={() => void take()}>
            Take an outline over
          </button>
        )
      )}
      {problem && <p role="alert">{problem}</p>}
    </section>
  );
}

async function lay({ servicesManager }: Managers, label: DisplaySet): Promise<void> {
  const { segmentationService, viewportGridService } = servicesManager.services;
  if (!label.isHydrated) await label.load?.({ headers: {} });
  label.isHydrated = true;
  for (const viewportId of viewportGridService.getState().viewports.keys())
    await segmentationService.addSegmentationRepresentation(viewportId, {
      segmentationId: label.displaySetInstanceUID,
      type: 'Labelmap',
    });
}

function hide({ servicesManager }: Managers, { displaySetInstanceUID }: DisplaySet): void {
  const { segmentationService, viewportGridService } = servicesManager.services;
  for (const viewportId of viewportGridService.getState().viewports.keys())
    segmentationService.removeRepresentationsFromViewport(viewportId, { segmentationId: displaySetInstanceUID });
}
