import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DatasetId, MemberId, ModelVersionId, TrainingRunId } from '#core/domain/ids.ts';
import { type JobState, statesBefore } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { CheckpointRow, ModelVersionRow, TrainingMetricRow, TrainingRunRow } from '../graphql/rows.ts';

export interface RunFilter {
  readonly states?: readonly JobState[] | undefined;
  readonly datasetId?: DatasetId | undefined;
  /** Only those that start from this version. */
  readonly warmStartId?: ModelVersionId | undefined;
  /** Only those that the retraining policy started. */
  readonly byPolicy?: boolean;
}

/** Newest first. */
export const readRuns = (
  db: Db,
  { limit, after }: Page,
  { states, datasetId, warmStartId, byPolicy = false }: RunFilter,
): Promise<TrainingRunRow[]> =>
  db
    .selectFrom('training_run')
    .selectAll()
    .$if(states !== undefined, (query) => query.where('state', 'in', states!))
    .$if(datasetId !== undefined, (query) => query.where('dataset_id', '=', datasetId!))
    .$if(warmStartId !== undefined, (query) => query.where('warm_start_id', '=', warmStartId!))
    .$if(byPolicy, (query) => query.where('retraining_policy_number', 'is not', null))
    .$if(after !== undefined, (query) => query.where('id', '<', after as TrainingRunId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** What the member began with this key. */
export const findRunByKey = (db: Db, memberId: MemberId, key: string): Promise<TrainingRunRow | undefined> =>
  db
    .selectFrom('training_run')
    .selectAll()
    .where('started_by', '=', memberId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

export const cancelRun = (db: Db, id: TrainingRunId): Promise<TrainingRunRow | undefined> =>
  db
    .updateTable('training_run')
    .set({ state: 'CANCELLED' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('training_run.state', 'CANCELLED'))
    .returningAll()
    .executeTakeFirst();

/**
 * At most `maxPoints` measurements, in the order of their steps, the last one among them. Those with an AUC, of which there are
 * few, are thinned only if there are too many of them alone.
 */
export async function readMetrics(db: Db, runId: TrainingRunId, maxPoints: number): Promise<TrainingMetricRow[]> {
  const { rows } = await sql<TrainingMetricRow>`
    with counted as (
      select m.*, row_number() over judged as n, count(*) over (partition by judged_too) as total,
        count(*) filter (where judged_too) over () as judged_total
      from (select t.*, t.development_auc is not null as judged_too from training_metric t where t.training_run_id = ${runId}) m
      window judged as (partition by judged_too order by step)
    ), quota as (
      select c.*, case when judged_too then least(${maxPoints}::bigint, judged_total)
        else ${maxPoints}::bigint - least(${maxPoints}::bigint, judged_total) end as points
      from counted c
    )
    select tenant_id, training_run_id, step, epoch, loss, learning_rate, development_auc, slices_per_second, memory_bytes
    from quota where points >= total or n * points / total > (n - 1) * points / total
    order by step`.execute(db);
  return rows;
}

/** Newest first, at most 20. */
export const readCheckpoints = (db: Db, runId: TrainingRunId): Promise<CheckpointRow[]> =>
  db
    .selectFrom('checkpoint')
    .selectAll()
    .where('training_run_id', '=', runId)
    .orderBy('step', 'desc')
    .limit(20)
    .execute();

/** Versions, by the id of the training run that led to them. */
export const versionsByRun = (db: Db): DataLoader<string, ModelVersionRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('model_version')
      .selectAll()
      .where('training_run_id', 'in', ids as TrainingRunId[])
      .execute();
    const byRun = new Map(rows.map((row) => [row.training_run_id as string, row]));
    return ids.map((id) => byRun.get(id) ?? null);
  });
