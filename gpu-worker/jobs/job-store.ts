import { type Selectable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { JobId } from '#core/domain/ids.ts';
import { type JobKind, leaseSeconds } from '#core/jobs/contract.ts';

export type JobRow = Selectable<DB['job']>;

/** A job as one attempt holds it: every write of the attempt names both. */
export interface Claim {
  readonly id: JobId;
  readonly attempt: number;
}

const leaseEnd = sql<Date>`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;

/** Takes a job that is queued, or whose worker has not renewed its lease. Undefined if there is nothing to take. */
export const claimJob = (db: Db, id: JobId): Promise<JobRow | undefined> =>
  db
    .updateTable('job')
    .set({
      state: 'RUNNING',
      attempt: sql`attempt + 1`,
      lease_until: leaseEnd,
      started_at: sql`clock_timestamp()`,
      fraction: 0,
      step: null,
      message: null,
    })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'QUEUED'),
        eb.and([eb('state', '=', 'RUNNING'), eb('lease_until', '<', sql<Date>`clock_timestamp()`)]),
      ]),
    )
    .returningAll()
    .executeTakeFirst();

/** A running job's kind, and the seconds until its lease ends; undefined if it is not running. */
export const leaseLeft = (db: Db, id: JobId): Promise<{ kind: JobKind; seconds: number } | undefined> =>
  db
    .selectFrom('job')
    .select(['kind', sql<number>`extract(epoch from lease_until - clock_timestamp())::float8`.as('seconds')])
    .where('id', '=', id)
    .where('state', '=', 'RUNNING')
    .executeTakeFirst();

/** Renews the lease. @returns false if the attempt no longer holds the job: it was lost, cancelled or ended. */
export async function renewLease(db: Db, { id, attempt }: Claim): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('job')
    .set({ lease_until: leaseEnd })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'RUNNING')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The fence of every write: holds the job's row to the end of the transaction. @returns false if the attempt no longer holds it. */
export async function holdJob(db: Db, { id, attempt }: Claim): Promise<boolean> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'RUNNING')
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export interface ProgressReport {
  readonly step: string;
  /** Done part of the whole, 0 to 1. */
  readonly fraction: number;
  readonly message?: string;
}

/** Tells of progress, which never falls within an attempt; it renews the lease too. @returns false if the attempt no longer holds the job */
export async function writeProgress(
  db: Db,
  { id, attempt }: Claim,
  { step, fraction, message }: ProgressReport,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('job')
    .set({
      step,
      message: message ?? null,
      fraction: sql`greatest(fraction, ${Math.min(1, Math.max(0, fraction))}::double precision)`,
      lease_until: leaseEnd,
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'RUNNING')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface JobEnd {
  readonly state: 'SUCCEEDED' | 'FAILED' | 'QUEUED';
  readonly failure?: { readonly code: string; readonly message: string; readonly retryable: boolean };
  /** True if the attempt shall not count against those that are allowed. */
  readonly forgiven?: boolean;
}

/** Ends the attempt. The caller holds the job's row. */
export async function endJob(db: Db, { id }: Claim, { state, failure, forgiven = false }: JobEnd): Promise<void> {
  await db
    .updateTable('job')
    .set({
      state,
      lease_until: null,
      ended_at: state === 'QUEUED' ? null : sql`clock_timestamp()`,
      ...(state === 'SUCCEEDED' ? { fraction: 1 } : {}),
      // Numbers of attempts fence, so none is used twice: one more is allowed instead.
      ...(forgiven ? { max_attempts: sql`max_attempts + 1` } : {}),
      failure_code: failure?.code ?? null,
      failure_message: failure?.message ?? null,
      failure_retryable: failure?.retryable ?? null,
    })
    .where('id', '=', id)
    .execute();
}
