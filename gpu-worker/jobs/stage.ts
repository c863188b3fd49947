import type { PgBoss } from 'pg-boss';
import type { Db } from '#core/db/database.ts';
import type { TenantId } from '#core/domain/ids.ts';
import type { FailureCode } from '#core/jobs/contract.ts';
import type { Log } from '#core/log.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import type { JobRow, ProgressReport } from './job-store.ts';

/** One attempt at a job, as a stage sees it. */
export interface JobContext {
  readonly tenantId: TenantId;
  readonly job: JobRow;
  readonly objects: ObjectStore;
  readonly queue: PgBoss;
  readonly log: Log;
  /** Fires when the job was cancelled, its lease lost, or the worker is told to stop: `reason` is a StopReason. */
  readonly signal: AbortSignal;
  /** Reads, in a short transaction of the job's tenant. */
  read<T>(body: (db: Db) => Promise<T>): Promise<T>;
  /** Writes that count before the end (checkpoints, measurements), fenced by the attempt. @throws Stopped if it no longer holds the job */
  write<T>(body: (db: Db) => Promise<T>): Promise<T>;
  /** Tells of progress; what comes faster than people can read is left out. */
  progress(report: ProgressReport): Promise<void>;
}

/** Why a running attempt ends early. */
export type StopReason = 'LOST' | 'DRAINING';

/** The attempt must end now without a result. */
export class Stopped extends Error {
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(reason === 'LOST' ? 'the job was cancelled or given to another worker' : 'the worker is stopping');
    this.name = 'Stopped';
    this.reason = reason;
  }
}

/** What the job waits for may come later: it is queued again, and this attempt does not count against those that are allowed. */
export class TryLater extends Error {
  readonly seconds: number;
  constructor(seconds: number, message: string) {
    super(message);
    this.name = 'TryLater';
    this.seconds = seconds;
  }
}

/** Writes a stage's result; run in the transaction that ends the job, after the fence. */
export type WriteResult = (db: Db) => Promise<void>;

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
}

/** What a kind of job does. */
export interface Stage {
  /** Marks the thing that the job is for as running, in the transaction of the claim. */
  begin(db: Db, job: JobRow): Promise<void>;
  /** Loads, computes, stores objects; what it returns writes the rows. @throws JobFailure for what another attempt would meet again */
  run(context: JobContext): Promise<WriteResult>;
  /** Marks the thing as failed, in the transaction that ends the job. */
  fail(db: Db, job: JobRow, failure: Failure): Promise<void>;
  /** Marks the thing as waiting again, in the transaction that gives the job back; without it, it stays as `begin` left it. */
  handBack?(db: Db, job: JobRow): Promise<void>;
}
