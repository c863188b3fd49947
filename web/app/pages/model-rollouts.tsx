import { useState } from 'preact/hooks';
import {
  nodesOf,
  type Rollout,
  rolloutCreateMutation,
  rolloutRollbackMutation,
  type Version,
  type Viewer,
} from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { State } from '../parts/badges.tsx';
import { Nothing } from '../parts/layout.tsx';
import { inWords, momentOf } from '../parts/words.ts';

/** Where and when the version was put into service, and taken back. */
export function Rollouts({
  rollouts,
  mayRollBack,
  onDone,
}: {
  rollouts: readonly Rollout[];
  mayRollBack: boolean;
  onDone: () => Promise<void>;
}) {
  if (rollouts.length === 0) return <Nothing>It answers nowhere.</Nothing>;
  return (
    <>
      {rollouts.map((rollout) => (
        <article key={rollout.id}>
          <p class="line">
            <State state={rollout.stage} />
            {nodesOf(rollout.sites)
              .map(({ name }) => name)
              .join(', ')}
          </p>
          <ul class="plain faint">
            {rollout.history.map((step) => (
              <li key={step.at}>
                {momentOf(step.at)} {inWords(step.stage)}, {step.member.name}: {step.reason}
              </li>
            ))}
          </ul>
          {rollout.stage === 'LIVE' && mayRollBack && (
            <ActionForm
              title="Roll back"
              mutation={rolloutRollbackMutation}
              fields={[{ name: 'reason', label: 'Why take it back' }]}
              input={(values) => ({ rolloutId: rollout.id, ...values })}
              onDone={onDone}
            />
          )}
        </article>
      ))}
    </>
  );
}

/** Puts the version into service at some sites. */
export function RollOut({
  version,
  viewer,
  onDone,
}: {
  version: Version;
  viewer: Viewer;
  onDone: () => Promise<void>;
}) {
  const [siteIds, setSiteIds] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setSiteIds(siteIds.includes(id) ? siteIds.filter((one) => one !== id) : [...siteIds, id]);
  return (
    <ActionForm
      title="Roll out"
      mutation={rolloutCreateMutation}
      fields={[{ name: 'reason', label: 'Why roll it out' }]}
      input={(values) => ({ modelVersionId: version.id, siteIds, ...values })}
      disabled={siteIds.length === 0}
      onDone={() => {
        setSiteIds([]);
        return onDone();
      }}
    >
      <fieldset>
        <legend>Put it into service at</legend>
        {nodesOf(viewer.sites).map(({ id, name }) => (
          <label key={id} class="choice">
            <input type="checkbox" checked={siteIds.includes(id)} onChange={() => toggle(id)} />
            {name}
          </label>
        ))}
      </fieldset>
    </ActionForm>
  );
}
