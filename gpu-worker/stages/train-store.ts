import type { PgBoss } from 'pg-boss';
import type { Db } from '#core/db/database.ts';
import {
  type DatasetId,
  type EvaluationId,
  type ModelVersionId,
  newId,
  type TenantId,
  type TrainingRunId,
} from '#core/domain/ids.ts';
import { type JobState, statesBefore } from '#core/domain/lifecycle.ts';
import { recordedPlan, type TrainingPlan } from '#core/domain/plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { enqueue } from '#core/jobs/enqueue.ts';

/** Takes the run a legal step; a run that was cancelled meanwhile stays so. */
export async function moveRun(db: Db, id: TrainingRunId, to: JobState): Promise<void> {
  await db
    .updateTable('training_run')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('training_run.state', to))
    .execute();
}

export interface RunToTrain {
  readonly plan: TrainingPlan;
  readonly datasetId: DatasetId;
  readonly manifestSha256: string;
  /** Patients whose studies are sealed for ever. */
  readonly testSubjectIds: ReadonlySet<string>;
  /** The last state that any attempt has saved. */
  readonly checkpoint: { readonly step: number; readonly sha256: string } | undefined;
  /** The version whose weights the first step starts from. */
  readonly warmStart: WarmStart | undefined;
}

export interface WarmStart {
  readonly versionNumber: number;
  readonly sequences: readonly Sequence[];
  readonly weightsSha256: string;
}

export async function readRunToTrain(db: Db, id: TrainingRunId): Promise<RunToTrain> {
  const run = await db
    .selectFrom('training_run as r')
    .innerJoin('dataset as d', (join) =>
      join.onRef('d.tenant_id', '=', 'r.tenant_id').onRef('d.id', '=', 'r.dataset_id'),
    )
    .select(['r.plan', 'r.dataset_id', 'd.manifest_sha256', 'r.warm_start_id'])
    .where('r.id', '=', id)
    .executeTakeFirstOrThrow();
  const checkpoint = await db
    .selectFrom('checkpoint')
    .select(['step', 'sha256'])
    .where('training_run_id', '=', id)
    .orderBy('step', 'desc')
    .limit(1)
    .executeTakeFirst();
  const sealed = await db.selectFrom('subject').select('id').where('subset', '=', 'TEST').execute();
  return {
    plan: recordedPlan(run.plan),
    datasetId: run.dataset_id,
    manifestSha256: run.manifest_sha256!,
    testSubjectIds: new Set(sealed.map((subject) => subject.id)),
    checkpoint,
    warmStart: run.warm_start_id ? await readWarmStart(db, run.warm_start_id) : undefined,
  };
}

async function readWarmStart(db: Db, id: ModelVersionId): Promise<WarmStart> {
  const { number, plan, sha256 } = await db
    .selectFrom('model_version as v')
    .innerJoin('training_run as r', (join) =>
      join.onRef('r.tenant_id', '=', 'v.tenant_id').onRef('r.id', '=', 'v.training_run_id'),
    )
    .innerJoin('artifact as a', (join) =>
      join.onRef('a.tenant_id', '=', 'v.tenant_id').onRef('a.model_version_id', '=', 'v.id'),
    )
    .select(['v.number', 'r.plan', 'a.sha256'])
    .where('v.id', '=', id)
    .where('a.kind', '=', 'WEIGHTS')
    .executeTakeFirstOrThrow();
  return { versionNumber: number, sequences: recordedPlan(plan).sequences, weightsSha256: sha256 };
}

export interface Measurement {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  /** At the end of an epoch. */
  readonly developmentAuc: number | null;
  readonly slicesPerSecond: number;
  readonly memoryBytes: number;
}

/** Steps that an earlier attempt measured before its worker was lost, and that are taken again, keep their measurement. */
export async function writeMeasurement(db: Db, tenantId: TenantId, id: TrainingRunId, one: Measurement): Promise<void> {
  await db
    .insertInto('training_metric')
    .values({
      tenant_id: tenantId,
      training_run_id: id,
      step: one.step,
      epoch: one.epoch,
      loss: one.loss,
      learning_rate: one.learningRate,
      development_auc: one.developmentAuc,
      slices_per_second: one.slicesPerSecond,
      memory_bytes: one.memoryBytes,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function writeCheckpoint(
  db: Db,
  tenantId: TenantId,
  id: TrainingRunId,
  { step, attempt, sha256 }: { readonly step: number; readonly attempt: number; readonly sha256: string },
): Promise<void> {
  await db
    .insertInto('checkpoint')
    .values({ tenant_id: tenantId, training_run_id: id, step, attempt, sha256 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The run has its weights; they are to be judged before anybody sees them as a version. */
export async function finishRun(
  db: Db,
  queue: PgBoss,
  tenantId: TenantId,
  { id, datasetId, weightsSha256 }: { id: TrainingRunId; datasetId: DatasetId; weightsSha256: string },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('training_run')
    .set({ state: 'SUCCEEDED', weights_sha256: weightsSha256 })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('training_run.state', 'SUCCEEDED'))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`training run ${id} is not RUNNING`);
  const evaluationId = newId<EvaluationId>();
  const jobId = await enqueue(db, queue, tenantId, { kind: 'EVALUATE', objectId: evaluationId });
  await db
    .insertInto('evaluation')
    .values({
      tenant_id: tenantId,
      id: evaluationId,
      training_run_id: id,
      dataset_id: datasetId,
      subset: 'TEST',
      job_id: jobId,
    })
    .execute();
}
