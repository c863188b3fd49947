import { useState } from 'preact/hooks';
import { may, type Viewer } from '../api/queries.ts';
import {
  type Policy,
  type Retraining,
  retrainingPauseMutation,
  retrainingQuery,
  retrainingSetMutation,
} from '../api/training-queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { State } from '../parts/badges.tsx';
import { Facts, Nothing, Panel, Problem } from '../parts/layout.tsx';
import { momentOf } from '../parts/words.ts';
import { useData } from '../use-data.ts';

const lookAgainMs = 15_000;

/** When training starts by itself, how near that is, and what came of it the last time. */
export function RetrainingPanel({ viewer }: { viewer: Viewer }) {
  const { data, error, reload } = useData<{ retraining: Retraining | null }>(retrainingQuery, {}, lookAgainMs);
  const retraining = data?.retraining;
  return (
    <Panel
      title="Training that starts by itself"
      aside={retraining?.paused ? <span class="warn-text">Paused</span> : undefined}
    >
      <Problem message={error} />
      {data && !retraining && <Nothing>No policy has been set.</Nothing>}
      {retraining && <Standing retraining={retraining} />}
      {retraining && may(viewer, 'retrainingPause') && (
        <ActionForm
          title={retraining.paused ? 'Go on' : 'Pause'}
          mutation={retrainingPauseMutation}
          fields={[]}
          input={() => ({ paused: !retraining.paused })}
          onDone={reload}
        />
      )}
      {data && may(viewer, 'retrainingSet') && (
        <SetPolicy key={retraining?.policy.number ?? 0} present={retraining?.policy} onDone={reload} />
      )}
    </Panel>
  );
}

const given = ({ plan }: Policy): Record<string, unknown> =>
  Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== null));

function Standing({ retraining: { policy, acceptedLabels, lastOutcome } }: { retraining: Retraining }) {
  const plan = Object.entries(given(policy)).map(([name, value]) => `${name} ${String(value).replaceAll(',', ', ')}`);
  return (
    <>
      <p class="line">
        <progress max={policy.afterAcceptedLabels} value={acceptedLabels} aria-label="labels" />
        {acceptedLabels} of {policy.afterAcceptedLabels} newly accepted labels
      </p>
      <Facts
        facts={[
          ['Starts from', policy.warmStart ? 'the newest approved version' : 'scratch'],
          ['Plan', plan.join(', ') || (policy.warmStart ? 'as the version’s' : 'the paper’s')],
          ['Test', `up to ${policy.testPerGroup} patients of each lesion count group`],
          ['Development', `one patient to ${policy.trainPerDevelopment} for training`],
          ['Policy', `${policy.number}, set by ${policy.setBy.name}, ${momentOf(policy.setAt)}`],
        ]}
      />
      {lastOutcome && (
        <p class="line note">
          <State state={lastOutcome.kind} /> {momentOf(lastOutcome.at)}: {lastOutcome.message}
        </p>
      )}
    </>
  );
}

/** Sets another policy; what the present one says of the plan and is not asked here is kept. */
function SetPolicy({ present, onDone }: { present: Policy | undefined; onDone: () => Promise<void> }) {
  const [warmStart, setWarmStart] = useState(present?.warmStart ?? true);
  const { epochs: _, ...kept } = present ? given(present) : {};
  const value = (count: string | number | readonly string[] | null | undefined): string => String(count ?? '');
  return (
    <details>
      <summary>{present ? 'Set another policy' : 'Set a policy'}</summary>
      <ActionForm
        title="Set"
        mutation={retrainingSetMutation}
        fields={[
          {
            name: 'after',
            label: 'After so many newly accepted labels',
            value: value(present?.afterAcceptedLabels),
            count: 'REQUIRED',
          },
          {
            name: 'test',
            label: 'Test patients of each lesion count group',
            value: value(present?.testPerGroup ?? 17),
            count: 'REQUIRED',
          },
          {
            name: 'train',
            label: 'Training patients to one for development',
            value: value(present?.trainPerDevelopment ?? 20),
            count: 'REQUIRED',
          },
          {
            name: 'epochs',
            label: 'Epochs; left out: as in the plan that it starts from',
            value: value(present?.plan.epochs),
            count: 'OPTIONAL',
          },
        ]}
        input={({ after, test, train, epochs }) => ({
          replaces: present?.number ?? null,
          afterAcceptedLabels: Number(after),
          testPerGroup: Number(test),
          trainPerDevelopment: Number(train),
          seed: present?.seed ?? 1,
          warmStart,
          plan: { ...kept, ...(epochs ? { epochs: Number(epochs) } : {}) },
        })}
        onDone={onDone}
      >
        <label class="choice">
          <input type="checkbox" checked={warmStart} onChange={() => setWarmStart(!warmStart)} />
          Start from the newest approved version
        </label>
      </ActionForm>
    </details>
  );
}
