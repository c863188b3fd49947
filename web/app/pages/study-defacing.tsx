import { useState } from 'preact/hooks';
import { type Defacing, defacingDecideMutation, defacingQuery } from '../api/defacing-queries.ts';
import { may, type Viewer } from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { Panel } from '../parts/layout.tsx';
import { momentOf, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';

const lookAgainMs = 15_000;

/** What was done about the study's faces, and the decision about images that stayed withheld; nothing for those who may not know. */
export function DefacingPanel({ studyId, viewer }: { studyId: string; viewer: Viewer }) {
  const { data, reload } = useData<{ node: { defacing: Defacing | null } | null }>(
    defacingQuery,
    { id: studyId },
    lookAgainMs,
  );
  const defacing = data?.node?.defacing;
  if (!defacing) return null;
  const { withheldInstances, runs } = defacing;
  const waiting = runs[0] !== undefined && runs[0].progress.endedAt === null;
  return (
    <Panel
      title="Faces"
      aside={withheldInstances > 0 && <span class="warn-text">{plural(withheldInstances, 'image')} withheld</span>}
    >
      {runs.map((run) => (
        <p key={run.createdAt} class={run.progress.failure ? 'warn-text' : 'faint'}>
          {momentOf(run.createdAt)}: {sentenceOf(run)}
        </p>
      ))}
      {withheldInstances > 0 && !waiting && may(viewer, 'defacingDecide') && (
        <Decide studyId={studyId} onDone={reload} />
      )}
    </Panel>
  );
}

function sentenceOf({
  decision,
  version,
  instanceCount,
  changedInstances,
  decidedBy,
  reason,
  progress,
}: Defacing['runs'][number]) {
  const by = decidedBy ? ` (${decidedBy.name}: ${reason})` : '';
  if (progress.failure) return `${progress.failure.message}${by}`;
  if (instanceCount === null)
    return `${decision === 'DEFACE' ? 'Faces are being removed' : 'Images are being given out'}${by}`;
  if (decision === 'RELEASE') return `${plural(instanceCount, 'image')} given out with faces${by}`;
  return `Face and ears removed from ${changedInstances} of ${plural(instanceCount, 'image')}, algorithm ${version}${by}`;
}

function Decide({ studyId, onDone }: { studyId: string; onDone: () => Promise<void> }) {
  const [decision, setDecision] = useState<'DEFACE' | 'RELEASE'>('DEFACE');
  const meanings = { DEFACE: 'Try again to remove the faces', RELEASE: 'Give the images out with their faces' };
  return (
    <ActionForm
      title={meanings[decision]}
      mutation={defacingDecideMutation}
      fields={[{ name: 'reason', label: 'Why' }]}
      input={(values) => ({ studyId, decision, ...values })}
      onDone={onDone}
    >
      <fieldset>
        <legend>Withheld images</legend>
        {(['DEFACE', 'RELEASE'] as const).map((value) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="decision"
              value={value}
              checked={decision === value}
              onChange={() => setDecision(value)}
            />{' '}
            {meanings[value]}
          </label>
        ))}
      </fieldset>
    </ActionForm>
  );
}
