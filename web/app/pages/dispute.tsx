import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import {
  type Decision,
  type Dispute,
  type ModelLesion,
  type Outline,
  verdictGiveMutation,
} from '../api/reading-queries.ts';
import { Panel, Problem, viewerAddress } from '../parts/layout.tsx';
import { sliceInViewer } from '../parts/lesions.tsx';
import { inWords, number } from '../parts/words.ts';
import { explain } from '../use-data.ts';

const decided: Readonly<Record<Decision, string>> = {
  ACCEPT: 'Stands as outlined by one reader',
  MERGE: 'The union of the outlines stands',
  REDRAW: 'Stands as redrawn',
  REJECT: 'No metastasis',
};

interface Props {
  readonly title: string;
  readonly dispute: Dispute;
  /** What the reader has drawn in this read, and may put in the place of an outline. */
  readonly redrawn: readonly Outline[];
  /** True where a second reader checks an outline, false where an adjudicator settles a dispute. */
  readonly checks: boolean;
  readonly sliceCount: number;
  /** The read in which verdicts may be given; without it they are only shown. */
  readonly readId: string | undefined;
  readonly studyInstanceUid: string;
  readonly onDone: () => Promise<void>;
}

/** One place where the readers differ, with what is decided about it. */
export function DisputePanel({ title, dispute, redrawn, checks, sliceCount, readId, studyInstanceUid, onDone }: Props) {
  const { id, lesions } = dispute;
  const verdict = checks ? dispute.check : dispute.verdict;
  const [chosen, setChosen] = useState<readonly string[]>(
    verdict?.lesions.map((lesion) => lesion.id) ?? lesions.map((lesion) => lesion.id),
  );
  const [reason, setReason] = useState(verdict?.reason ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const toggle = (lesion: string): void =>
    setChosen(chosen.includes(lesion) ? chosen.filter((one) => one !== lesion) : [...chosen, lesion]);
  const give = async (decision: Decision): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const own = new Set(redrawn.map((lesion) => lesion.id));
      const lesionIds = decision === 'REJECT' ? [] : chosen.filter((one) => own.has(one) === (decision === 'REDRAW'));
      await graphql(verdictGiveMutation, {
        input: { readId, verdicts: [{ agreementId: id, decision, lesionIds, reason: reason.trim() }] },
      });
      // What it does not rest on is not left ticked.
      if (decision !== 'REJECT') setChosen(lesionIds);
      await onDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const ready = !busy && reason.trim().length >= 3;
  const redrawnChosen = redrawn.some((lesion) => chosen.includes(lesion.id));
  const outlinesChosen = lesions.filter((lesion) => chosen.includes(lesion.id)).length;
  return (
    <Panel
      title={`${title}: ${inWords(dispute.kind).toLowerCase()}`}
      aside={
        <span class={`state ${verdict ? 'good' : 'warn'}`}>{verdict ? decided[verdict.decision] : 'No verdict'}</span>
      }
    >
      {dispute.dice !== null && (
        <p class="faint">
          Dice {number(dispute.dice, 2)}, 95 % surface distance {number(dispute.hd95Mm)} mm
        </p>
      )}
      {!checks && dispute.check && (
        <p class="faint">
          The second reader: {decided[dispute.check.decision].toLowerCase()}. {dispute.check.reason}
        </p>
      )}
      <Outlines
        lesions={lesions}
        model={dispute.modelLesions}
        redrawn={readId ? nearestFirst(redrawn, lesions) : []}
        sliceCount={sliceCount}
        chosen={chosen}
        toggle={readId ? toggle : undefined}
      />
      {readId ? (
        <div class="line verdict">
          <label class="grow">
            <span class="hidden">Reason for {title.toLowerCase()}</span>
            <input
              placeholder="Reason, at least 3 characters"
              maxLength={500}
              value={reason}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          </label>
          <button type="button" disabled={!ready || outlinesChosen === 0} onClick={() => give('ACCEPT')}>
            {lesions.length === 1 ? 'Accept' : 'Accept the ticked'}
          </button>
          {lesions.length > 1 && !checks && (
            <button type="button" disabled={!ready || outlinesChosen < 2} onClick={() => give('MERGE')}>
              Merge the ticked
            </button>
          )}
          {lesions[0] && (
            <a
              class="button"
              href={viewerAddress(studyInstanceUid, { read: readId, at: placeOf(lesions[0]) })}
              target="metloop-viewer"
            >
              {redrawn.length > 0 ? 'Draw on' : 'Redraw'} in the viewer
            </a>
          )}
          {redrawn.length > 0 && (
            <button type="button" disabled={!ready || !redrawnChosen} onClick={() => give('REDRAW')}>
              As I have drawn it
            </button>
          )}
          <button type="button" disabled={!ready} onClick={() => give('REJECT')}>
            No metastasis
          </button>
        </div>
      ) : (
        verdict && <p class="faint">{verdict.reason}</p>
      )}
      <Problem message={problem} />
    </Panel>
  );
}

/** As the viewer's address takes it. */
const placeOf = ({ centroidLps: { x, y, z } }: Outline): string => [x, y, z].map((mm) => mm.toFixed(2)).join(',');

/** What was redrawn, in the order in which it lies near to the outlines that it may replace. */
function nearestFirst(redrawn: readonly Outline[], lesions: readonly Outline[]): readonly Outline[] {
  const distance = ({ centroidLps: a }: Outline): number =>
    Math.min(...lesions.map(({ centroidLps: b }) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z)));
  return redrawn.toSorted((a, b) => distance(a) - distance(b));
}

function Outlines({
  lesions,
  model,
  redrawn,
  sliceCount,
  chosen,
  toggle,
}: {
  lesions: readonly Outline[];
  model: readonly ModelLesion[];
  redrawn: readonly Outline[];
  sliceCount: number;
  chosen: readonly string[];
  toggle: ((lesion: string) => void) | undefined;
}) {
  return (
    <table>
      <thead>
        <tr>
          <th>Outline</th>
          <th class="number">Diameters (mm)</th>
          <th class="number">Volume (mm³)</th>
          <th class="number">Slice</th>
        </tr>
      </thead>
      <tbody>
        {[...lesions, ...redrawn].map((lesion, index) => (
          <tr key={lesion.id}>
            <td>
              <label class="choice">
                <input
                  type="checkbox"
                  checked={chosen.includes(lesion.id)}
                  disabled={!toggle}
                  onChange={() => toggle?.(lesion.id)}
                />{' '}
                {index < lesions.length ? String.fromCharCode(65 + index) : `Mine ${lesion.number}`}
              </label>
            </td>
            <Measures lesion={lesion} sliceCount={sliceCount} />
          </tr>
        ))}
        {model.map((lesion) => (
          <tr key={lesion.id} class="faint">
            <td>A version’s answer, probability {number(lesion.probability, 2)}</td>
            <Measures lesion={lesion} sliceCount={sliceCount} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Measures = ({ lesion, sliceCount }: { lesion: Outline; sliceCount: number }) => (
  <>
    <td class="number">
      {number(lesion.longestDiameterMm)} × {number(lesion.perpendicularDiameterMm)}
    </td>
    <td class="number">{number(lesion.volumeMm3, 0)}</td>
    <td class="number">{sliceInViewer(lesion.sliceIndex, sliceCount)}</td>
  </>
);
