import { useState } from 'preact/hooks';
import { copyOutline, segmentAt } from './copy-outline.ts';
import { labelsOf } from './label.ts';
import { nameAmong, useLabels } from './label-list.tsx';
import { drawnSegments } from './label-pixels.ts';
import type { Colour, DisplaySet, Managers } from './ohif.ts';
import { pickPlace } from './overlay.ts';
import type { ReadingSession } from './reading-session.ts';

/** What others outlined and versions found, to lay under one's own drawing; nothing of it can be drawn on. */
export function ReferenceLabels({ managers, session }: { managers: Managers; session: ReadingSession }) {
  useLabels(managers);
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState('');
  const [picking, setPicking] = useState<{ readonly from: string; readonly aborter: AbortController }>();
  const own = session.segmentation?.segmentationId;
  const labels = labelsOf(managers).filter(
    ({ displaySetInstanceUID, SeriesInstanceUID }) =>
      displaySetInstanceUID !== own && !session.ownSeries.has(SeriesInstanceUID),
  );
  if (labels.length === 0) return null;
  const take = async (from: string): Promise<void> => {
    setProblem('');
    const aborter = new AbortController();
    setPicking({ from, aborter });
    const point = await pickPlace(aborter.signal);
    setPicking(undefined);
    if (!point) return;
    const number = segmentAt(from, point);
    if (!number) setProblem('It has no outline at this place.');
    else if (!copyOutline(from, number, session.editor)) setProblem('All of it is drawn already.');
  };
  const toggle = async (label: DisplaySet, index: number): Promise<void> => {
    setProblem('');
    const next = new Set(shown);
    try {
      if (next.delete(label.displaySetInstanceUID)) hide(managers, label);
      else {
        next.add(label.displaySetInstanceUID);
        await lay(managers, label, colourOf(index));
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
      {labels.map((label, index) => {
        const from = label.displaySetInstanceUID;
        return (
          <div key={from} class="reference">
            <label>
              <input type="checkbox" checked={shown.has(from)} onChange={() => void toggle(label, index)} />{' '}
              <span class="swatch" style={{ background: `rgb(${colourOf(index).slice(0, 3).join(' ')})` }} />{' '}
              {nameAmong(labels, label)}
            </label>
            {shown.has(from) && picking?.from !== from && (
              <button type="button" onClick={() => void take(from)}>
                Take an outline over
              </button>
            )}
            {picking?.from === from && (
              <p role="status">
                Click on the outline in any of the images.{' '}
                <button type="button" onClick={() => picking.aborter.abort()}>
                  Not now
                </button>
              </p>
            )}
          </div>
        );
      })}
      {problem && <p role="alert">{problem}</p>}
    </section>
  );
}

/** Unlike one's own, which is red, and unlike the yellow of probability. */
const colours: readonly Colour[] = [
  [86, 180, 233, 255],
  [0, 200, 140, 255],
  [204, 121, 220, 255],
  [240, 240, 240, 255],
];
const colourOf = (index: number): Colour => colours[index % colours.length]!;

/** As outlines in one colour, so that the images and one's own drawing stay visible. */
async function lay({ servicesManager }: Managers, label: DisplaySet, colour: Colour): Promise<void> {
  const { segmentationService, viewportGridService } = servicesManager.services;
  if (!label.isHydrated) await label.load?.({ headers: {} });
  label.isHydrated = true;
  const segmentationId = label.displaySetInstanceUID;
  for (const viewportId of viewportGridService.getState().viewports.keys()) {
    await segmentationService.addSegmentationRepresentation(viewportId, { segmentationId, type: 'Labelmap' });
    for (const { number } of drawnSegments(segmentationId))
      segmentationService.setSegmentColor(viewportId, segmentationId, number, colour);
  }
  const fill = { renderFill: false, renderFillInactive: false };
  const outline = { renderOutline: true, renderOutlineInactive: true, outlineWidth: 2, outlineWidthInactive: 2 };
  segmentationService.setStyle({ segmentationId, type: 'Labelmap' }, { ...fill, ...outline });
}

function hide({ servicesManager }: Managers, { displaySetInstanceUID }: DisplaySet): void {
  const { segmentationService, viewportGridService } = servicesManager.services;
  for (const viewportId of viewportGridService.getState().viewports.keys())
    segmentationService.removeRepresentationsFromViewport(viewportId, { segmentationId: displaySetInstanceUID });
}
