import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import { type Decision, type Dispute, verdictGiveMutation } from '../api/reading-queries.ts';
import { Panel, Problem } from '../parts/layout.tsx';
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
  readonly sliceCount: number;
  /** The read in which verdicts may be given; without it they are only shown. */
  readonly readId: string | undefined;
  readonly onDone: () => Promise<void>;
}

/** One place where the readers differ, with what is decided about it. */
export function DisputePanel({ title, dispute, sliceCount, readId, onDone }: Props) {
  const { id, lesions, verdict } = dispute;
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
      const lesionIds = decision === 'REJECT' ? [] : chosen;
      await graphql(verdictGiveMutation, {
        input: { readId, verdicts: [{ agreementId: id, decision, lesionIds, reason: reason.trim() }] },
      });
      await onDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const ready = !busy && reason.trim().length >= 3;
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
      <Outlines dispute={dispute} sliceCount={sliceCount} chosen={chosen} toggle={readId ? toggle : undefined} />
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
          <button type="button" disabled={!ready || chosen.length === 0} onClick={() => give('ACCEPT')}>
            {lesions.length === 1 ? 'Accept' : 'Accept the ticked'}
          </button>
          {lesions.length > 1 && (
            <button type="button" disabled={!ready || chosen.length < 2} onClick={() => give('MERGE')}>
              Merge the ticked
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

function Outlines({
  dispute: { lesions },
  sliceCount,
  chosen,
  toggle,
}: {
  dispute: Dispute;
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
        {lesions.map((lesion, index) => (
          <tr key={lesion.id}>
            <td>
              <label class="choice">
                <input
                  type="checkbox"
                  checked={chosen.includes(lesion.id)}
                  disabled={!toggle}
                  onChange={() => toggle?.(lesion.id)}
                />{' '}
                {String.fromCharCode(65 + index)}
              </label>
            </td>
            <td class="number">
              {number(lesion.longestDiameterMm)} × {number(lesion.perpendicularDiameterMm)}
            </td>
            <td class="number">{number(lesion.volumeMm3, 0)}</td>
            <td class="number">{sliceInViewer(lesion.sliceIndex, sliceCount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
