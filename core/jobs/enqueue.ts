import { fromKysely, type PgBoss } from 'pg-boss';
import type { Db } from '../db/database.ts';
import { type JobId, newId, type SiteId, type TenantId } from '../domain/ids.ts';
import { type JobKind, type JobTicket, queueOf } from './contract.ts';

export interface NewJob {
  readonly kind: JobKind;
  /** The preparation, task, training run, evaluation, segmentation or delivery that it is for; of RETRAIN the tenant. */
  readonly objectId: string;
  readonly siteId?: SiteId;
  /** Greater comes first. */
  readonly priority?: number;
  /** No worker takes it before. */
  readonly delaySeconds?: number;
}

/** Queues a job in the transaction of the row that it concerns: either both are there or neither is. */
export async function enqueue(db: Db, queue: PgBoss, tenantId: TenantId, job: NewJob): Promise<JobId> {
  const jobId = newId<JobId>();
  await db
    .insertInto('job')
    .values({ tenant_id: tenantId, id: jobId, kind: job.kind, object_id: job.objectId, site_id: job.siteId ?? null })
    .execute();
  await sendTicket(db, queue, job.kind, { tenantId, jobId }, job);
  return jobId;
}

/** Puts a ticket for an existing job row into its queue. */
export async function sendTicket(
  db: Db,
  queue: PgBoss,
  kind: JobKind,
  ticket: JobTicket,
  { priority = 0, delaySeconds = 0 }: Pick<NewJob, 'priority' | 'delaySeconds'> = {},
): Promise<void> {
  await queue.send(queueOf[kind], ticket, { priority, startAfter: delaySeconds, db: fromKysely(db) });
}
