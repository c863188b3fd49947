import type { PgBoss } from 'pg-boss';
import { audit } from '#core/db/audit.ts';
import { type Database, type Db, serviceScope } from '#core/db/database.ts';
import { heartbeatSeconds, JobFailure, type JobKind, type JobTicket } from '#core/jobs/contract.ts';
import { sendTicket } from '#core/jobs/enqueue.ts';
import type { Log } from '#core/log.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import {
  claimJob,
  endJob,
  holdJob,
  type JobRow,
  leaseLeft,
  type ProgressReport,
  renewLease,
  writeProgress,
} from './job-store.ts';
import { type Failure, type JobContext, type Stage, Stopped, type StopReason, TryLater } from './stage.ts';

export interface WorkerServices {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly queue: PgBoss;
  readonly log: Log;
  readonly stages: Readonly<Record<JobKind, Stage>>;
  /** Fires when the worker is told to stop. */
  readonly draining: AbortSignal;
}

const progressEveryMs = 300;

/**
 * Makes one attempt at the ticket's job. It returns when the ticket is done with: the job ended, here or elsewhere.
 * @throws Error if the queue shall give the ticket to a worker again.
 */
export async function runTicket(services: WorkerServices, ticket: JobTicket): Promise<void> {
  const { database, stages } = services;
  const inTenant = <T>(body: (db: Db) => Promise<T>): Promise<T> =>
    database.inTenant(serviceScope(ticket.tenantId), body);
  const job = await inTenant(async (db) => {
    const claimed = await claimJob(db, ticket.jobId);
    if (claimed && claimed.attempt <= claimed.max_attempts) await stages[claimed.kind].begin(db, claimed);
    return claimed;
  });
  if (!job) return comeBackAfterLease(services, ticket, inTenant);
  const log = services.log.child({
    tenantId: ticket.tenantId,
    // A worker acts for the service, so there is no member; the audit trail knows the attempt by the same id.
    memberId: null,
    requestId: requestIdOf(job),
    jobId: job.id,
    kind: job.kind,
    attempt: job.attempt,
  });
  const startedAt = performance.now();
  const outcome = await attempt(services, ticket, job, log, inTenant);
  log.info({ outcome, durationMs: Math.round(performance.now() - startedAt) }, 'job');
}

/** While another worker's lease runs, a ticket for its end takes the place of this one: that worker may be dead. */
async function comeBackAfterLease({ queue }: WorkerServices, ticket: JobTicket, inTenant: InTenant): Promise<void> {
  await inTenant(async (db) => {
    const held = await leaseLeft(db, ticket.jobId);
    if (!held) return;
    await sendTicket(db, queue, held.kind, ticket, { delaySeconds: Math.max(1, Math.ceil(held.seconds)) });
  });
}

type InTenant = <T>(body: (db: Db) => Promise<T>) => Promise<T>;

async function attempt(
  services: WorkerServices,
  ticket: JobTicket,
  job: JobRow,
  log: Log,
  inTenant: InTenant,
): Promise<string> {
  const stage = services.stages[job.kind];
  if (job.attempt > job.max_attempts) {
    return endFailed(inTenant, ticket, job, stage, {
      code: 'ATTEMPTS_EXHAUSTED',
      message: 'Every allowed attempt lost its worker.',
    });
  }
  const stop = new AbortController();
  const drain = (): void => stop.abort('DRAINING' satisfies StopReason);
  services.draining.addEventListener('abort', drain, { once: true });
  if (services.draining.aborted) drain();
  const heartbeat = setInterval(() => {
    inTenant((db) => renewLease(db, job)).then(
      (held) => !held && stop.abort('LOST' satisfies StopReason),
      (error: unknown) => log.warn({ err: error }, 'a heartbeat failed'),
    );
  }, heartbeatSeconds * 1000);
  try {
    const writeResult = await stage.run(jobContext(services, ticket, job, log, stop.signal, inTenant));
    await inTenant(async (db) => {
      if (!(await holdJob(db, job))) throw new Stopped('LOST');
      await writeResult(db);
      await endJob(db, job, { state: 'SUCCEEDED' });
      await auditJob(db, ticket, job, 'SUCCEEDED');
    });
    return 'SUCCEEDED';
  } catch (error) {
    return await endEarly(services, inTenant, ticket, job, stage, log, error);
  } finally {
    clearInterval(heartbeat);
    services.draining.removeEventListener('abort', drain);
  }
}

function jobContext(
  services: WorkerServices,
  ticket: JobTicket,
  job: JobRow,
  log: Log,
  signal: AbortSignal,
  inTenant: InTenant,
): JobContext {
  let toldAt = 0;
  return {
    tenantId: ticket.tenantId,
    job,
    log,
    signal,
    objects: services.objects,
    queue: services.queue,
    read: inTenant,
    write: (body) =>
      inTenant(async (db) => {
        if (!(await holdJob(db, job))) throw new Stopped('LOST');
        return body(db);
      }),
    progress: async (report: ProgressReport) => {
      if (signal.aborted) throw new Stopped(signal.reason as StopReason);
      const now = performance.now();
      if (now - toldAt < progressEveryMs && report.fraction < 1) return;
      toldAt = now;
      if (!(await inTenant((db) => writeProgress(db, job, report)))) throw new Stopped('LOST');
    },
  };
}

async function endEarly(
  services: WorkerServices,
  inTenant: InTenant,
  ticket: JobTicket,
  job: JobRow,
  stage: Stage,
  log: Log,
  error: unknown,
): Promise<string> {
  if (error instanceof Stopped && error.reason === 'LOST') return 'LOST';
  if (error instanceof JobFailure)
    return endFailed(inTenant, ticket, job, stage, { code: error.code, message: error.message });
  const drained = error instanceof Stopped;
  const later = error instanceof TryLater ? error.seconds : undefined;
  const forgiven = drained || later !== undefined;
  if (!forgiven) log.error({ err: error }, 'an attempt failed');
  if (!forgiven && job.attempt >= job.max_attempts) {
    return endFailed(inTenant, ticket, job, stage, {
      code: 'INTERNAL',
      message: 'The service failed at this job; its operators can find why by its id.',
    });
  }
  await inTenant(async (db) => {
    if (!(await holdJob(db, job))) return;
    await stage.handBack?.(db, job);
    await endJob(db, job, { state: 'QUEUED', forgiven });
    await sendTicket(db, services.queue, job.kind, ticket, { delaySeconds: later ?? (drained ? 0 : 2) });
  });
  return drained ? 'HANDED_BACK' : 'WILL_RETRY';
}

async function endFailed(
  inTenant: InTenant,
  ticket: JobTicket,
  job: JobRow,
  stage: Stage,
  failure: Failure,
): Promise<string> {
  await inTenant(async (db) => {
    if (!(await holdJob(db, job))) return;
    await stage.fail(db, job, failure);
    await endJob(db, job, {
      state: 'FAILED',
      failure: { ...failure, retryable: failure.code === 'ATTEMPTS_EXHAUSTED' || failure.code === 'INTERNAL' },
    });
    await auditJob(db, ticket, job, failure.code);
  });
  return failure.code;
}

const auditJob = (db: Db, { tenantId }: JobTicket, job: JobRow, outcome: string): Promise<void> =>
  audit(
    db,
    { tenantId, memberId: null, requestId: requestIdOf(job) },
    {
      action: `job${job.kind}`,
      objectType: 'Job',
      objectId: job.object_id,
      changes: { outcome, attempt: job.attempt },
    },
  );

const requestIdOf = ({ id, attempt }: JobRow): string => `job:${id}:${attempt}`;
