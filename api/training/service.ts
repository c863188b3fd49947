import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type DatasetId, newId, type TrainingRunId } from '#core/domain/ids.ts';
import { checkedPlan, paperPlan, type TrainingPlan, trainingCodeVersion } from '#core/domain/plan.ts';
import { cancelJob } from '#core/jobs/cancel.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { canonicalHash } from '#core/plan-hash.ts';
import { auditRequest, type Context } from '../context.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { TrainingRunRow } from '../graphql/rows.ts';
import { cancelRun, findRunByKey, insertRun, readPreparedSize } from './store.ts';

export interface RunRequest {
  readonly datasetId: DatasetId;
  /** What is left out is the paper's; the size is the tenant's. */
  readonly plan: Partial<Omit<TrainingPlan, 'codeVersion'>>;
  readonly idempotencyKey: string;
}

/**
 * Queues a training. A repeat by the same member with the same key gives the run that the first began.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE for a draft, IDEMPOTENCY_CONFLICT
 */
export async function startRun(ctx: Context, request: RunRequest): Promise<TrainingRunRow> {
  const { db, caller, services } = ctx;
  const { datasetId, idempotencyKey } = request;
  checkIdempotencyKey(idempotencyKey);
  const dataset = await ctx.loaders.row('dataset', datasetId);
  if (!dataset) throw notFound('Dataset', ['datasetId']);
  const plan = await planOf(ctx, request.plan);
  const planHash = canonicalHash({ ...plan });
  await holdUntilCommit(db, caller.tenantId, caller.memberId, 'trainingRunStart', idempotencyKey);
  const earlier = await findRunByKey(db, caller.memberId, idempotencyKey);
  if (earlier) {
    if (earlier.dataset_id === datasetId && earlier.plan_hash === planHash) return earlier;
    throw new DomainError(
      'IDEMPOTENCY_CONFLICT',
      'This key began a training run on another dataset or by another plan; choose a new key.',
      { path: ['idempotencyKey'] },
    );
  }
  if (dataset.state !== 'FROZEN')
    throw new DomainError('WRONG_STATE', 'A training learns from a frozen dataset; freeze it first.', {
      path: ['datasetId'],
      current: { type: 'Dataset', id: datasetId },
    });
  const id = newId<TrainingRunId>();
  const jobId = await enqueue(db, services.queue, caller.tenantId, { kind: 'TRAIN', objectId: id });
  const { tenantId, memberId } = caller;
  const run = await insertRun(db, { tenantId, id, datasetId, jobId, plan, planHash, memberId, idempotencyKey });
  await auditRequest(ctx, {
    action: 'trainingRunStart',
    objectType: 'TrainingRun',
    objectId: id,
    changes: { planHash, manifestSha256: dataset.manifest_sha256 },
  });
  return run;
}

async function planOf({ db }: Context, wanted: RunRequest['plan']): Promise<TrainingPlan> {
  const sizePixels = await readPreparedSize(db);
  const plan = checkedPlan({ ...paperPlan, sizePixels, ...wanted, codeVersion: trainingCodeVersion }, ['plan']);
  if (plan.sizePixels !== sizePixels)
    throw new DomainError(
      'INVALID',
      `Studies of this tenant are prepared at ${sizePixels} pixels, so a plan cannot take ${plan.sizePixels}; leave sizePixels out.`,
      { path: ['plan', 'sizePixels'] },
    );
  return plan;
}

/** Stops a run; the worker notices at its next step. @throws DomainError NOT_FOUND, WRONG_STATE for one that has ended */
export async function cancelTraining(ctx: Context, id: TrainingRunId): Promise<TrainingRunRow> {
  const run = await ctx.loaders.row('training_run', id);
  if (!run) throw notFound('TrainingRun', ['trainingRunId']);
  const cancelled = (await cancelJob(ctx.db, run.job_id)) ? await cancelRun(ctx.db, id) : undefined;
  if (!cancelled)
    throw new DomainError('WRONG_STATE', 'The run has ended; only a queued or running one can be cancelled.', {
      path: ['trainingRunId'],
      current: { type: 'TrainingRun', id },
    });
  await auditRequest(ctx, { action: 'trainingRunCancel', objectType: 'TrainingRun', objectId: id });
  return cancelled;
}
