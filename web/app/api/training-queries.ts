import { type Connection, type JobProgress, type Named, pageFields, progressFields } from './queries.ts';

export interface TrainingRun {
  readonly id: string;
  readonly state: string;
  readonly progress: JobProgress & { readonly queuedAt: string };
  readonly dataset: Named & { readonly manifestSha256: string };
  readonly startedBy: Named;
  readonly retrainingPolicy: { readonly number: number } | null;
  readonly warmStart: { readonly id: string; readonly number: number } | null;
  readonly modelVersion: { readonly id: string; readonly number: number } | null;
}
const runFields = `id state progress { ${progressFields} queuedAt } dataset { id name manifestSha256 } startedBy { id name }
  retrainingPolicy { number } warmStart { id number } modelVersion { id number }`;
export const trainingRunsQuery = `{ trainingRuns(first: 50) { edges { node { ${runFields} } } ${pageFields} } }`;

/** A version of a family, with the trainings that were begun from it. */
export interface FamilyMember {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly trainingRun: TrainingRun | null;
  readonly warmStarts: Connection<TrainingRun>;
}
export const lineageQuery = `query ($id: ID!) { node(id: $id) { ... on ModelVersion { lineage { id number state
  trainingRun { ${runFields} } warmStarts(first: 5) { edges { node { ${runFields} } } ${pageFields} } } } } }`;

export interface Policy {
  readonly number: number;
  readonly afterAcceptedLabels: number;
  readonly warmStart: boolean;
  readonly seed: number;
  readonly testPerGroup: number;
  readonly trainPerDevelopment: number;
  /** Null where the field was left out. */
  readonly plan: Readonly<Record<string, string | number | readonly string[] | null>>;
  readonly setBy: Named;
  readonly setAt: string;
}
export interface Retraining {
  readonly policy: Policy;
  readonly paused: boolean;
  readonly acceptedLabels: number;
  readonly lastOutcome: { readonly kind: string; readonly message: string; readonly at: string } | null;
}
const givenFields = `architecture width sizePixels cropMarginPixels sequences epochs batchSize learningRate coolingPart weightDecay positiveWeight
  precision microBatches sequenceDropout keptSequences thresholdRule maxFpPerCase seed`;
export const retrainingQuery = `{ retraining { paused acceptedLabels lastOutcome { kind message at }
  policy { number afterAcceptedLabels warmStart seed testPerGroup trainPerDevelopment setAt setBy { id name } plan { ${givenFields} } } } }`;
export const retrainingSetMutation = `mutation ($input: RetrainingSetInput!) { retrainingSet(input: $input) { retraining { paused } userErrors { code message } } }`;
export const retrainingPauseMutation = `mutation ($input: RetrainingPauseInput!) { retrainingPause(input: $input) { retraining { paused } userErrors { code message } } }`;

export const datasetsQuery = `{ datasets(first: 50) { edges { node { id name state } } ${pageFields} } }`;
export const trainingRunStartMutation = `mutation ($input: TrainingRunStartInput!) { trainingRunStart(input: $input) { trainingRun { id } userErrors { code message } } }`;
