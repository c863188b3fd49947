/** Every state that a thing can be in, and every legal step. The SQL checks list the same states; a test holds them equal. */

type Steps<State extends string> = Readonly<Record<State, readonly State[]>>;

export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
const jobSteps: Steps<JobState> = {
  QUEUED: ['RUNNING', 'CANCELLED', 'FAILED'],
  // RUNNING again: another attempt after its worker was lost. QUEUED again: its worker handed it back on SIGTERM.
  RUNNING: ['RUNNING', 'QUEUED', 'SUCCEEDED', 'FAILED', 'CANCELLED'],
  SUCCEEDED: [],
  FAILED: ['QUEUED'],
  CANCELLED: ['QUEUED'],
};

export type PreparationState = 'QUEUED' | 'RUNNING' | 'READY' | 'NEEDS_REVIEW' | 'FAILED';
const preparationSteps: Steps<PreparationState> = {
  QUEUED: ['RUNNING', 'FAILED'],
  RUNNING: ['READY', 'NEEDS_REVIEW', 'FAILED'],
  NEEDS_REVIEW: ['READY', 'FAILED'],
  READY: [],
  FAILED: [],
};

export type TaskState = 'OPEN' | 'DELINEATING' | 'CROSS_CHECKING' | 'ADJUDICATING' | 'ACCEPTED' | 'EXCLUDED';
const taskSteps: Steps<TaskState> = {
  // ACCEPTED: a round whose label was imported is read by nobody.
  OPEN: ['DELINEATING', 'ACCEPTED', 'EXCLUDED'],
  // OPEN again: the time of every reader was up.
  DELINEATING: ['OPEN', 'CROSS_CHECKING', 'EXCLUDED'],
  // Lesions are compared; without disputes there is nothing to adjudicate.
  CROSS_CHECKING: ['ADJUDICATING', 'ACCEPTED', 'EXCLUDED'],
  ADJUDICATING: ['ACCEPTED', 'EXCLUDED'],
  ACCEPTED: [],
  EXCLUDED: [],
};

export type ReadState = 'ASSIGNED' | 'STARTED' | 'SUBMITTED' | 'RETURNED' | 'EXPIRED';
const readSteps: Steps<ReadState> = {
  ASSIGNED: ['STARTED', 'EXPIRED'],
  STARTED: ['SUBMITTED', 'EXPIRED'],
  SUBMITTED: ['RETURNED'],
  RETURNED: ['STARTED', 'EXPIRED'],
  EXPIRED: [],
};

export type DatasetState = 'DRAFT' | 'FROZEN';
const datasetSteps: Steps<DatasetState> = { DRAFT: ['FROZEN'], FROZEN: [] };

export type ExportState = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
const exportSteps: Steps<ExportState> = {
  // Cancelled is what its receiver did not take to the end.
  RUNNING: ['SUCCEEDED', 'FAILED', 'CANCELLED'],
  SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
};

export type ModelVersionState = 'CANDIDATE' | 'IN_REVIEW' | 'APPROVED' | 'REJECTED' | 'RETIRED';
const modelVersionSteps: Steps<ModelVersionState> = {
  CANDIDATE: ['IN_REVIEW', 'RETIRED'],
  IN_REVIEW: ['APPROVED', 'REJECTED'],
  APPROVED: ['RETIRED'],
  REJECTED: ['RETIRED'],
  RETIRED: [],
};

export type RolloutStage = 'SHADOW' | 'CANARY' | 'LIVE' | 'ROLLED_BACK' | 'SUPERSEDED';
const rolloutSteps: Steps<RolloutStage> = {
  SHADOW: ['CANARY', 'LIVE', 'ROLLED_BACK'],
  CANARY: ['CANARY', 'LIVE', 'ROLLED_BACK'],
  LIVE: ['ROLLED_BACK', 'SUPERSEDED'],
  // What served before a rollout that was taken back serves again.
  SUPERSEDED: ['LIVE'],
  ROLLED_BACK: [],
};

export type SegmentationState = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
const segmentationSteps: Steps<SegmentationState> = {
  QUEUED: ['RUNNING', 'CANCELLED', 'FAILED'],
  RUNNING: ['COMPLETED', 'FAILED', 'CANCELLED', 'QUEUED'],
  COMPLETED: [],
  FAILED: ['QUEUED'],
  CANCELLED: ['QUEUED'],
};

export type DeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED';
const deliverySteps: Steps<DeliveryState> = {
  PENDING: ['DELIVERED', 'FAILED'],
  DELIVERED: [],
  // A person has it sent again.
  FAILED: ['PENDING'],
};

/** By table and column, so that a test can compare with the database. */
export const lifecycle = {
  'job.state': jobSteps,
  'preparation.state': preparationSteps,
  'task.state': taskSteps,
  'read.state': readSteps,
  'dataset.state': datasetSteps,
  'dataset_export.state': exportSteps,
  'training_run.state': jobSteps,
  'evaluation.state': jobSteps,
  'model_version.state': modelVersionSteps,
  'rollout.stage': rolloutSteps,
  'segmentation.state': segmentationSteps,
  'delivery.state': deliverySteps,
} as const;

export type Lifecycle = keyof typeof lifecycle;

/** States from which `to` may be reached, for the WHERE of an update that takes the step. */
export function statesBefore<L extends Lifecycle>(
  which: L,
  to: keyof (typeof lifecycle)[L],
): (keyof (typeof lifecycle)[L] & string)[] {
  const steps = lifecycle[which] as Readonly<Record<string, readonly string[]>>;
  return Object.keys(steps).filter((from) => steps[from]!.includes(to as string)) as (keyof (typeof lifecycle)[L] &
    string)[];
}
