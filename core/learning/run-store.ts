import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { DB } from '../db/tables.generated.ts';
import type { DatasetId, JobId, MemberId, ModelVersionId, TenantId, TrainingRunId } from '../domain/ids.ts';
import { recordedPlan, type TrainingPlan } from '../domain/plan.ts';
import type { WarmStart } from '../domain/warm-start.ts';

export type TrainingRunRow = Selectable<DB['training_run']>;

export interface NewRun {
  readonly tenantId: TenantId;
  readonly id: TrainingRunId;
  readonly datasetId: DatasetId;
  readonly jobId: JobId;
  readonly plan: TrainingPlan;
  readonly planHash: string;
  /** Null from scratch. */
  readonly warmStartId: ModelVersionId | null;
  /** Who began it, or who set the policy that did. */
  readonly startedBy: MemberId;
  /** Null where a member began it. */
  readonly policyNumber: number | null;
  readonly idempotencyKey: string;
}

export const insertRun = (db: Db, run: NewRun): Promise<TrainingRunRow> =>
  db
    .insertInto('training_run')
    .values({
      tenant_id: run.tenantId,
      id: run.id,
      dataset_id: run.datasetId,
      job_id: run.jobId,
      plan: JSON.stringify(run.plan),
      plan_hash: run.planHash,
      warm_start_id: run.warmStartId,
      started_by: run.startedBy,
      retraining_policy_number: run.policyNumber,
      idempotency_key: run.idempotencyKey,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

const versions = (db: Db) =>
  db
    .selectFrom('model_version as v')
    .innerJoin('training_run as r', (join) =>
      join.onRef('r.tenant_id', '=', 'v.tenant_id').onRef('r.id', '=', 'v.training_run_id'),
    )
    .select(['v.id', 'v.number', 'v.state', 'r.plan']);

/** A version to start from; undefined if the tenant has none of this id. */
export async function readWarmStart(db: Db, id: ModelVersionId): Promise<WarmStart | undefined> {
  const row = await versions(db).where('v.id', '=', id).executeTakeFirst();
  return row && { ...row, plan: recordedPlan(row.plan) };
}

/** The newest version that was approved and is in use still; undefined if there is none. */
export async function readNewestApproved(db: Db): Promise<(WarmStart & { readonly id: ModelVersionId }) | undefined> {
  const row = await versions(db)
    .where('v.state', '=', 'APPROVED')
    .orderBy('v.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, plan: recordedPlan(row.plan) };
}

/** The size at which the tenant's studies are prepared. */
export const readPreparedSize = async (db: Db): Promise<number> =>
  (await db.selectFrom('tenant').select('prepared_size_pixels').executeTakeFirstOrThrow()).prepared_size_pixels;
