import { useState } from 'preact/hooks';
import { number } from '../../app/parts/words.ts';
import type { LabelEditor } from './label-editor.ts';
import { useLabels } from './label-list.tsx';
import { type DrawnSegment, drawnSegments } from './label-pixels.ts';
import { begin, merge, remove, split, toggleCoarse } from './lesion-operations.ts';
import type { Managers } from './ohif.ts';
import { goTo } from './overlay.ts';
import type { Toolbox } from './toolbox.ts';

interface Props {
  readonly managers: Managers;
  readonly editor: LabelEditor;
  readonly toolbox: Toolbox;
}

/** What is drawn, a line for each metastasis: to find, hide, go on with, split, merge, call coarse or delete. */
export function LesionList({ managers, editor, toolbox }: Props) {
  useLabels(managers);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const drawn = new Map(drawnSegments(editor.segmentationId).map((one) => [one.number, one]));
  const numbers = [...new Set([...editor.numbers, ...drawn.keys()])].sort((a, b) => a - b);
  const chosen = numbers.filter((one) => ticked.has(one));
  const tick = (segment: number): void => {
    const next = new Set(ticked);
    if (!next.delete(segment)) next.add(segment);
    setTicked(next);
  };
  return (
    <>
      <ol class="lesions" aria-label="Metastases">
        {numbers.map((segment) => (
          <Lesion
            key={segment}
            {...{ managers, editor, toolbox, segment }}
            measured={drawn.get(segment)}
            ticked={ticked.has(segment)}
            tick={() => tick(segment)}
          />
        ))}
      </ol>
      <div class="row">
        <button type="button" title="A new one (N)" onClick={() => toolbox.do(begin)}>
          Next metastasis
        </button>
        <button
          type="button"
          disabled={chosen.length < 2}
          title="Tick those that are one"
          onClick={() => {
            toolbox.do((label) => merge(label, chosen));
            setTicked(new Set());
          }}
        >
          Merge ticked
        </button>
      </div>
    </>
  );
}

interface LesionProps extends Props {
  readonly segment: number;
  readonly measured: DrawnSegment | undefined;
  readonly ticked: boolean;
  readonly tick: () => void;
}

function Lesion({ managers, editor, toolbox, segment, measured, ticked, tick }: LesionProps) {
  const { segmentationService } = managers.servicesManager.services;
  const { segmentationId } = editor;
  const coarse = editor.coarse.has(segment);
  return (
    <li class={editor.active === segment ? 'active' : ''} aria-current={editor.active === segment}>
      <div class="line">
        <input type="checkbox" aria-label={`Tick metastasis ${segment}`} checked={ticked} onChange={tick} />
        <i style={{ background: colourOf(managers, segmentationId, segment) }} />
        <button type="button" onClick={() => segmentationService.setActiveSegment(segmentationId, segment)}>
          Metastasis {segment}
        </button>
        {coarse && <span class="coarse">coarse</span>}
      </div>
      <span class="faint">{described(measured)}</span>
      <span class="row small">
        <button type="button" disabled={!measured} onClick={() => measured && goTo(measured.centroidLps)}>
          Go to
        </button>
        <button type="button" onClick={() => toolbox.toggleHidden(segment)}>
          {toolbox.hidden.has(segment) ? 'Show' : 'Hide'}
        </button>
        <button type="button" disabled={!measured} onClick={() => toolbox.do((label) => split(label, segment))}>
          Split
        </button>
        <button
          type="button"
          aria-pressed={coarse}
          title="Drawn quickly: fit to find it, not to measure it (O)"
          onClick={() => toolbox.do((label) => toggleCoarse(label, segment))}
        >
          Coarse
        </button>
        <button type="button" onClick={() => toolbox.do((label) => remove(label, segment))}>
          Delete
        </button>
      </span>
    </li>
  );
}

function colourOf({ servicesManager }: Managers, segmentationId: string, segment: number): string {
  const { segmentationService, viewportGridService } = servicesManager.services;
  for (const id of viewportGridService.getState().viewports.keys()) {
    if (segmentationService.getSegmentationRepresentations(id, { segmentationId }).length === 0) continue;
    const [red, green, blue] = segmentationService.getSegmentColor(id, segmentationId, segment);
    return `rgb(${red} ${green} ${blue})`;
  }
  return 'transparent';
}

const described = (segment: DrawnSegment | undefined): string =>
  segment
    ? `${number(segment.volumeMm3 / 1000, 2)} ml, ${number(segment.longestDiameterMm, 1)} mm, ${segment.voxelCount.toLocaleString('en-GB')} voxels, slice ${segment.slice}`
    : 'nothing drawn yet';
