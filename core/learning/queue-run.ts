import type { PgBoss } from 'pg-boss';
import type { Db } from '../db/database.ts';
import { newId, type TrainingRunId } from '../domain/ids.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { canonicalHash } from '../plan-hash.ts';
import { insertRun, type NewRun, type TrainingRunRow } from './run-store.ts';

/** Queues a training with its job, in the transaction of whoever asks for it. */
export async function queueRun(
  db: Db,
  queue: PgBoss,
  run: Omit<NewRun, 'id' | 'jobId' | 'planHash'>,
): Promise<TrainingRunRow> {
  const id = newId<TrainingRunId>();
  const jobId = await enqueue(db, queue, run.tenantId, { kind: 'TRAIN', objectId: id });
  return insertRun(db, { ...run, id, jobId, planHash: canonicalHash({ ...run.plan }) });
}
