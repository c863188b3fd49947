import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Subject } from './extension.ts';
import { whenImagesAreThere } from './images-there.ts';
import { labelsOf, showLabel } from './label.ts';
import type { DisplaySet, Managers } from './ohif.ts';

const redrawEveryMs = 150;

/** Draws again whenever OHIF's labels change. */
export function useLabels({ servicesManager }: Managers): void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    // A stroke changes them many times a second.
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        redraw(0);
      }, redrawEveryMs);
    };
    const { segmentationService, displaySetService } = servicesManager.services;
    const listen = (service: typeof segmentationService | typeof displaySetService, names: readonly string[]) =>
      names.flatMap((name) => {
        const event = service.EVENTS[name];
        return event ? service.subscribe(event, soon) : [];
      });
    const subscriptions = [
      ...listen(segmentationService, [
        'SEGMENTATION_ADDED',
        'SEGMENTATION_MODIFIED',
        'SEGMENTATION_DATA_MODIFIED',
        'SEGMENTATION_REMOVED',
      ]),
      ...listen(displaySetService, ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_CHANGED']),
    ];
    return () => {
      clearTimeout(waiting);
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [servicesManager]);
}

/** What is stored for the study, to look at. */
export function LabelList({ managers, subject }: { managers: Managers; subject: Subject }) {
  useLabels(managers);
  const [message, setMessage] = useState('');
  const labels = labelsOf(managers);
  const show = (label: DisplaySet): void => {
    setMessage('');
    showLabel(managers, label).catch((error: Error) => setMessage(error.message));
  };
  const asked = useRef(subject.shownSeriesUid);
  const wanted = labels.find(({ SeriesInstanceUID }) => SeriesInstanceUID === asked.current);
  useEffect(() => {
    if (!wanted) return;
    return whenImagesAreThere(managers, () => {
      asked.current = undefined;
      show(wanted);
    });
  }, [wanted, managers]);
  return (
    <>
      <h2>Labels and segmentations</h2>
      {labels.length === 0 && <p class="faint">There are none that you may see.</p>}
      {labels.map((label) => (
        <button type="button" key={label.displaySetInstanceUID} onClick={() => show(label)}>
          Show: {nameAmong(labels, label)}
        </button>
      ))}
      {message && <p role="alert">{message}</p>}
    </>
  );
}

/** What a label is called, with a number where several are called so: readers are not named here. */
export function nameAmong(labels: readonly DisplaySet[], label: DisplaySet): string {
  const name = label.SeriesDescription || 'label';
  const alike = labels.filter(({ SeriesDescription }) => (SeriesDescription || 'label') === name);
  return alike.length > 1 ? `${name} ${alike.indexOf(label) + 1}` : name;
}
