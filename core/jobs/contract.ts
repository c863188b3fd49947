import type { JobId, TenantId } from '../domain/ids.ts';

/** What workers do. */
export const jobKinds = [
  'DEFACE',
  'PREPARE',
  'COMPARE',
  'EXPIRE',
  'RETRAIN',
  'TRAIN',
  'EVALUATE',
  'SEGMENT',
  'DELIVER',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** Queues; a worker serves some of them, so that GPUs do not wait behind work for CPUs, nor that behind a receiver that is slow to answer. */
export const queueNames = ['prepare', 'report', 'deliver', 'train', 'infer'] as const;
export type QueueName = (typeof queueNames)[number];

/** Where each kind of job waits. */
export const queueOf: Readonly<Record<JobKind, QueueName>> = {
  DEFACE: 'prepare',
  PREPARE: 'prepare',
  COMPARE: 'report',
  EXPIRE: 'report',
  RETRAIN: 'report',
  TRAIN: 'train',
  EVALUATE: 'infer',
  SEGMENT: 'infer',
  DELIVER: 'deliver',
};

/** How many jobs of a queue one worker does at once: sending waits more than it works, and one slow receiver must not keep others waiting. */
export const jobsAtOnce: Readonly<Record<QueueName, number>> = {
  prepare: 1,
  report: 1,
  deliver: 4,
  train: 1,
  infer: 1,
};

/** All that the queue carries; the truth is the row `job`. */
export interface JobTicket {
  readonly tenantId: TenantId;
  readonly jobId: JobId;
}

/** A worker's claim to a job ends this long after its last heartbeat. */
export const leaseSeconds = 30;
export const heartbeatSeconds = 5;

/** Kinds of failure of a job; the GraphQL enum FailureCode lists the same. */
export const failureCodes = [
  'BAD_INPUT',
  'MISSING_SEQUENCE',
  'EMPTY_BRAIN_MASK',
  'GRID_MISMATCH',
  'HASH_MISMATCH',
  'DIVERGED',
  'OUT_OF_MEMORY',
  'NOT_DELIVERED',
  'ATTEMPTS_EXHAUSTED',
  'INTERNAL',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** A failure that another attempt would meet again; its message goes to people. */
export class JobFailure extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobFailure';
    this.code = code;
  }
}
