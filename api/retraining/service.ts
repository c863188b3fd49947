import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type GivenPlan, planOfRun } from '#core/domain/warm-start.ts';
import { checkSplitChoice, type SplitChoice } from '#core/learning/freeze-dataset.ts';
import { lockRetraining, queueRetrainingIfDue } from '#core/learning/retraining-store.ts';
import { readPreparedSize } from '#core/learning/run-store.ts';
import { auditRequest, type Context } from '../context.ts';
import type { RetrainingRow } from '../graphql/rows.ts';
import { enforcePolicy, insertPolicy, setPaused } from './store.ts';

const greatestCount = 10_000;

export interface PolicyChoice extends SplitChoice {
  /** Number of the policy that the member read last, null for none. */
  readonly replaces: number | null;
  readonly afterAcceptedLabels: number;
  readonly plan: GivenPlan;
  readonly warmStart: boolean;
}

/**
 * Sets when training starts by itself; at once, if labels enough are counted.
 * @throws DomainError INVALID naming the field, STALE if another policy is in force than the member read
 */
export async function setPolicy(ctx: Context, { replaces, ...choice }: PolicyChoice): Promise<RetrainingRow> {
  const { db, caller, services } = ctx;
  const { tenantId, memberId } = caller;
  const { afterAcceptedLabels, plan, ...split } = choice;
  if (afterAcceptedLabels < 1 || afterAcceptedLabels > greatestCount)
    throw new DomainError(
      'INVALID',
      `afterAcceptedLabels must be 1 to ${greatestCount}, it is ${afterAcceptedLabels}.`,
      { path: ['afterAcceptedLabels'] },
    );
  checkSplitChoice(split);
  // Whether it fits a version is seen when a run starts; what no network could take is refused now.
  planOfRun(plan, await readPreparedSize(db), undefined);
  // While there is no row to lock, the name is held.
  await holdUntilCommit(db, tenantId, 'retrainingSet');
  const present = (await lockRetraining(db))?.policy_number ?? null;
  if (present !== replaces)
    throw new DomainError(
      'STALE',
      `${present === null ? 'No policy' : `Policy ${present}`} is in force; read it, then set yours with replaces ${present}.`,
      { path: ['replaces'] },
    );
  const policy = await insertPolicy(db, { ...choice, tenantId, number: (present ?? 0) + 1, setBy: memberId });
  const retraining = await enforcePolicy(db, tenantId, policy.number);
  await queueRetrainingIfDue(db, services.queue, tenantId);
  await auditRequest(ctx, {
    action: 'retrainingSet',
    objectType: 'Tenant',
    objectId: tenantId,
    changes: {
      ...{ policyNumber: policy.number, afterAcceptedLabels, warmStart: choice.warmStart, plan: JSON.stringify(plan) },
      ...{ seed: split.seed, testPerGroup: split.testPerGroup, trainPerDevelopment: split.trainPerDevelopment },
    },
  });
  return retraining;
}

/** Pauses the policy or lets it go on: at once, if labels enough are counted. @throws DomainError NOT_FOUND without a policy */
export async function pausePolicy(ctx: Context, paused: boolean): Promise<RetrainingRow> {
  const { db, caller, services } = ctx;
  const retraining = await setPaused(db, paused);
  if (!retraining) throw notFound('retraining policy');
  await queueRetrainingIfDue(db, services.queue, caller.tenantId);
  await auditRequest(ctx, {
    action: 'retrainingPause',
    objectType: 'Tenant',
    objectId: caller.tenantId,
    changes: { paused, policyNumber: retraining.policy_number },
  });
  return retraining;
}
