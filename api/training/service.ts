import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import type { DatasetId, ModelVersionId, TrainingRunId } from '#core/domain/ids.ts';
import { type GivenPlan, planOfRun, refuseUnusable, type WarmStart } from '#core/domain/warm-start.ts';
import { cancelJob } from '#core/jobs/cancel.ts';
import { queueRun } from '#core/learning/queue-run.ts';
import { readPreparedSize, readWarmStart } from '#core/learning/run-store.ts';
import { canonicalHash } from '#core/plan-hash.ts';
import { auditRequest, type Context } from '../context.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { TrainingRunRow } from '../graphql/rows.ts';
import { cancelRun, findRunByKey } from './store.ts';

export interface RunRequest {
  readonly datasetId: DatasetId;
  /** What is left out is the version's to start from, or else the paper's; the size is the tenant's. */
  readonly plan: GivenPlan;
  /** Null from scratch. */
  readonly warmStartId: ModelVersionId | null;
  readonly idempotencyKey: string;
}

/**
 * Queues a training. A repeat by the same member with the same key gives the run that the first began.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE for a draft or a version that is not to be built upon, IDEMPOTENCY_CONFLICT
 */
export async function startRun(ctx: Context, request: RunRequest): Promise<TrainingRunRow> {
  const { db, caller, services } = ctx;
  const { tenantId, memberId } = caller;
  const { datasetId, warmStartId, idempotencyKey } = request;
  checkIdempotencyKey(idempotencyKey);
  const dataset = await ctx.loaders.row('dataset', datasetId);
  if (!dataset) throw notFound('Dataset', ['datasetId']);
  const from = warmStartId ? await needWarmStart(ctx, warmStartId) : undefined;
  const plan = planOfRun(request.plan, await readPreparedSize(db), from);
  const planHash = canonicalHash({ ...plan });
  await holdUntilCommit(db, tenantId, memberId, 'trainingRunStart', idempotencyKey);
  const earlier = await findRunByKey(db, memberId, idempotencyKey);
  if (earlier) {
    const same =
      earlier.dataset_id === datasetId && earlier.plan_hash === planHash && earlier.warm_start_id === warmStartId;
    if (same) return earlier;
    throw new DomainError(
      'IDEMPOTENCY_CONFLICT',
      'This key began a training run on another dataset, by another plan or from another version; choose a new key.',
      { path: ['idempotencyKey'] },
    );
  }
  if (dataset.state !== 'FROZEN')
    throw new DomainError('WRONG_STATE', 'A training learns from a frozen dataset; freeze it first.', {
      path: ['datasetId'],
      current: { type: 'Dataset', id: datasetId },
    });
  if (from) refuseUnusable(from);
  const run = await queueRun(db, services.queue, {
    ...{ tenantId, datasetId, plan, warmStartId, idempotencyKey },
    ...{ startedBy: memberId, policyNumber: null },
  });
  await auditRequest(ctx, {
    action: 'trainingRunStart',
    objectType: 'TrainingRun',
    objectId: run.id,
    changes: { planHash, manifestSha256: dataset.manifest_sha256, warmStartId },
  });
  return run;
}

async function needWarmStart({ db }: Context, id: ModelVersionId): Promise<WarmStart> {
  const version = await readWarmStart(db, id);
  if (!version) throw notFound('ModelVersion', ['warmStartId']);
  return version;
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
