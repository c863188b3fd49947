import { useState } from 'preact/hooks';
import { number } from '../../app/parts/words.ts';
import { addMetastasis } from './label.ts';
import { useLabels } from './label-list.tsx';
import { type DrawnSegment, drawnSegments } from './label-pixels.ts';
import type { Managers, Segmentation } from './ohif.ts';

/** What is drawn, a line for each metastasis: to find, hide, go on with or delete. */
export function LesionList({ managers, segmentation }: { managers: Managers; segmentation: Segmentation }) {
  useLabels(managers);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const { segmentationService, viewportGridService } = managers.servicesManager.services;
  const { segmentationId } = segmentation;
  const drawn = new Map(drawnSegments(segmentationId).map((one) => [one.number, one]));
  const numbers = [...new Set([...Object.keys(segmentation.segments).map(Number), ...drawn.keys()])]
    .filter((one) => one > 0)
    .sort((a, b) => a - b);
  const hide = (segment: number): void => {
    const next = new Set(hidden);
    if (!next.delete(segment)) next.add(segment);
    for (const viewportId of viewportGridService.getState().viewports.keys())
      segmentationService.setSegmentVisibility(viewportId, segmentationId, segment, !next.has(segment));
    setHidden(next);
  };
  return (
    <>
      <ol class="lesions" aria-label="Metastases">
        {numbers.map((segment) => (
          <li key={segment} class={activeOf(segmentation) === segment ? 'active' : ''}>
            <button type="button" onClick={() => segmentationService.setActiveSegment(segmentationId, segment)}>
              Metastasis {segment}
            </button>
            <span class="faint">{described(drawn.get(segment))}</span>
            <span class="row">
              <button
                type="button"
                disabled={!drawn.has(segment)}
                onClick={() => segmentationService.jumpToSegmentCenter(segmentationId, segment)}
              >
                Go to
              </button>
              <button type="button" onClick={() => hide(segment)}>
                {hidden.has(segment) ? 'Show' : 'Hide'}
              </button>
              <button
                type="button"
                onClick={() =>
                  confirm(`Delete metastasis ${segment}?`) && segmentationService.removeSegment(segmentationId, segment)
                }
              >
                Delete
              </button>
            </span>
          </li>
        ))}
      </ol>
      <button type="button" onClick={() => addMetastasis(managers, segmentation)}>
        Next metastasis
      </button>
    </>
  );
}

const activeOf = ({ segments }: Segmentation): number | undefined =>
  Object.values(segments).find((segment) => segment?.active)?.segmentIndex;

const described = (segment: DrawnSegment | undefined): string =>
  segment
    ? `${number(segment.volumeMm3 / 1000, 2)} ml, ${segment.voxelCount.toLocaleString('en-GB')} voxels, slice ${segment.slice}`
    : 'nothing drawn yet';
