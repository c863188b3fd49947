import type { JobId, TenantId } from '../domain/ids.ts';

/** What workers do. */
export const jobKinds = ['DEFACE', 'PREPARE', 'COMPARE', 'EXPIRE', 'RETRAIN', 'TRAIN', 'EVALUATE', 'SEGMENT'] as const;
export type JobKind = (typeof jobKinds)[number];

/** Queues; a worker serves some of them, so that GPUs do not wait behind work for CPUs. */
export const queueNames = ['prepare', 'report', 'train', 'infer'] as const;
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
