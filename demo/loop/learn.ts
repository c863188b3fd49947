import { randomUUID } from 'node:crypto';
import type { Team } from './team.ts';

/** The plan of the demonstration: the paper's network, narrow enough for two cores. */
export interface DemoPlan {
  readonly width: number;
  readonly sizePixels: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly coolingPart: number;
  /** Fixed, so that a repeat on the same kind of machine gives the same version. */
  readonly precision: 'F32' | 'BF16';
  readonly thresholdRule: 'MAX_DICE' | 'SENSITIVE';
  readonly maxFpPerCase: number;
}

/** Held-out figures of the version, with what a plain threshold on intensity does on the same cases. */
export interface HeldOut {
  readonly voxelAuc: number;
  readonly dice: number;
  readonly lesionSensitivity: number;
  readonly fpPerCase: number;
  readonly fpPerCase10mm3: number;
  readonly intensityDice: number;
}

export interface LearntVersion {
  readonly modelVersionId: string;
  readonly number: number;
  readonly evaluationId: string;
  readonly reportSha256: string;
  readonly heldOut: HeldOut;
  readonly datasetSha256: string;
}

interface Progress {
  readonly fraction: number;
  readonly step: string | null;
  readonly message: string | null;
  readonly failure: { readonly message: string } | null;
}

/** Freezes what was accepted: the paper's split, scaled down. */
export async function freeze(
  { of }: Team,
  name: string,
): Promise<{ id: string; manifestSha256: string; subsets: Record<string, number> }> {
  const { datasetCreate } = await of.engineer.graphql<{ datasetCreate: { dataset: { id: string } } }>(
    'mutation ($input: DatasetCreateInput!) { datasetCreate(input: $input) { dataset { id } userErrors { code path message } } }',
    { input: { name } },
  );
  const { datasetFreeze } = await of.engineer.graphql<{
    datasetFreeze: {
      dataset: { id: string; manifestSha256: string; cases: { edges: { node: { subset: string } }[] } };
    };
  }>(
    `mutation ($input: DatasetFreezeInput!) { datasetFreeze(input: $input) {
      dataset { id manifestSha256 cases(first: 100) { edges { node { subset } } } } userErrors { code path message } } }`,
    { input: { datasetId: datasetCreate.dataset.id, seed: 1, testPerGroup: 1, trainPerDevelopment: 3 } },
  );
  const { id, manifestSha256, cases } = datasetFreeze.dataset;
  const subsets: Record<string, number> = {};
  for (const { node } of cases.edges) subsets[node.subset] = (subsets[node.subset] ?? 0) + 1;
  return { id, manifestSha256, subsets };
}

/** Trains, follows it live, and waits for the evaluation after which the version is published. */
export async function learn(
  { of }: Team,
  dataset: { id: string; manifestSha256: string },
  plan: DemoPlan,
  onProgress: (what: string, progress: Progress) => void,
): Promise<LearntVersion> {
  const { trainingRunStart } = await of.engineer.graphql<{ trainingRunStart: { trainingRun: { id: string } } }>(
    'mutation ($input: TrainingRunStartInput!) { trainingRunStart(input: $input) { trainingRun { id } userErrors { code path message } } }',
    { input: { datasetId: dataset.id, plan, idempotencyKey: randomUUID() } },
  );
  const runId = trainingRunStart.trainingRun.id;
  await followJob({ of }, runId, (progress) => onProgress('train', progress));
  const evaluations = await evaluationsOf({ of }, runId);
  for (const { id } of evaluations) await followJob({ of }, id, (progress) => onProgress('evaluate', progress));
  return { ...(await readVersion({ of }, runId)), datasetSha256: dataset.manifestSha256 };
}

async function followJob(
  { of }: Pick<Team, 'of'>,
  id: string,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  let last: Progress | undefined;
  await of.engineer.follow<{ jobChanged: { job: { progress: Progress } } }>(
    'subscription ($id: ID!) { jobChanged(ids: [$id]) { cursor job { progress { fraction step message failure { message } } } } }',
    { id },
    ({ jobChanged }) => onProgress((last = jobChanged.job.progress)),
  );
  if (last?.failure) throw new Error(last.failure.message);
}

async function evaluationsOf({ of }: Pick<Team, 'of'>, runId: string): Promise<{ id: string }[]> {
  const { node } = await of.engineer.graphql<{ node: { state: string; evaluations: { id: string }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on TrainingRun { state evaluations { id } } } }',
    { id: runId },
  );
  if (node.state !== 'SUCCEEDED' || node.evaluations.length === 0)
    throw new Error(`the training run ended ${node.state} with ${node.evaluations.length} evaluations`);
  return node.evaluations;
}

const figuresQuery = `query ($id: ID!) { node(id: $id) { ... on TrainingRun { modelVersion { id number evaluations(first: 10) { edges { node {
  id subset reportSha256 intensityBaseline { dice }
  figures { label caseCount auc { mean } dice { mean } lesionSensitivity { mean } fpPerCase { mean } fpPerCase10mm3 { mean } } } } } } } } }`;

type Estimate = { readonly mean: number } | null;
interface EvaluationNode {
  readonly id: string;
  readonly subset: string;
  readonly reportSha256: string;
  readonly intensityBaseline: { readonly dice: number } | null;
  readonly figures: readonly {
    label: string;
    auc: Estimate;
    dice: Estimate;
    lesionSensitivity: Estimate;
    fpPerCase: Estimate;
    fpPerCase10mm3: Estimate;
  }[];
}

async function readVersion({ of }: Pick<Team, 'of'>, runId: string): Promise<Omit<LearntVersion, 'datasetSha256'>> {
  const { node } = await of.engineer.graphql<{
    node: { modelVersion: { id: string; number: number; evaluations: { edges: { node: EvaluationNode }[] } } | null };
  }>(figuresQuery, { id: runId });
  const test = node.modelVersion?.evaluations.edges.map((edge) => edge.node).find(({ subset }) => subset === 'TEST');
  const all = test?.figures.find(({ label }) => label === 'all');
  if (!node.modelVersion || !test || !all)
    throw new Error('no version was published with an evaluation on the test set');
  const mean = (estimate: Estimate): number => estimate?.mean ?? Number.NaN;
  return {
    modelVersionId: node.modelVersion.id,
    number: node.modelVersion.number,
    evaluationId: test.id,
    reportSha256: test.reportSha256,
    heldOut: {
      voxelAuc: mean(all.auc),
      dice: mean(all.dice),
      lesionSensitivity: mean(all.lesionSensitivity),
      fpPerCase: mean(all.fpPerCase),
      fpPerCase10mm3: mean(all.fpPerCase10mm3),
      intensityDice: test.intensityBaseline?.dice ?? Number.NaN,
    },
  };
}
