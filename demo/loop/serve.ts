import { randomUUID } from 'node:crypto';
import { type Client, UserErrors } from '../client.ts';
import type { LearntVersion } from './learn.ts';
import type { Team } from './team.ts';

/** An approver signs the report that was read, and a rollout makes the version LIVE at site A. */
export async function rollOut({ of, sites }: Team, version: LearntVersion): Promise<{ rolloutId: string }> {
  await of.engineer.graphql(
    'mutation ($input: ModelVersionSubmitInput!) { modelVersionSubmit(input: $input) { modelVersion { state } userErrors { code path message } } }',
    {
      input: {
        modelVersionId: version.modelVersionId,
        evaluationId: version.evaluationId,
        intendedUse: 'Demonstration on phantoms.',
        limits: 'Has never seen a patient; lesions under three voxels are often missed.',
      },
    },
  );
  await of.approver.graphql(
    'mutation ($input: ReviewSignInput!) { reviewSign(input: $input) { review { id } userErrors { code path message } } }',
    {
      input: {
        modelVersionId: version.modelVersionId,
        reportSha256: version.reportSha256,
        decision: 'APPROVE',
        meaning: 'I approve this version for the demonstration.',
        comment: 'Figures on the held-out patients are as expected.',
      },
    },
  );
  const { rolloutCreate } = await of.approver.graphql<{ rolloutCreate: { rollout: { id: string } } }>(
    'mutation ($input: RolloutCreateInput!) { rolloutCreate(input: $input) { rollout { id stage } userErrors { code path message } } }',
    {
      input: {
        modelVersionId: version.modelVersionId,
        siteIds: [sites.A],
        reason: 'First version of the demonstration.',
      },
    },
  );
  return { rolloutId: rolloutCreate.rollout.id };
}

/** What a clinician gets. */
export interface Answer {
  readonly segmentationId: string;
  readonly studyInstanceUid: string;
  readonly lesions: readonly {
    readonly number: number;
    readonly volumeMm3: number;
    readonly longestDiameterMm: number;
    readonly probability: number;
    readonly centroidLps: { x: number; y: number; z: number };
  }[];
  readonly modelVersion: number;
  readonly results: readonly {
    readonly kind: string;
    readonly seriesInstanceUid: string;
    readonly sopInstanceUid: string;
  }[];
  /** The files by kind. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const requestMutation = `mutation ($input: RequestSegmentationInput!) { requestSegmentation(input: $input) {
  segmentation { id state modelVersion { number } } userErrors { code path message } } }`;

/** Asks for a segmentation, follows it to its end and fetches its results by WADO-RS. */
export async function request(
  clinician: Client,
  studyId: string,
  onProgress: (message: string) => void,
): Promise<Answer> {
  const { requestSegmentation } = await clinician.graphql<{ requestSegmentation: { segmentation: { id: string } } }>(
    requestMutation,
    {
      input: { studyId, idempotencyKey: randomUUID() },
    },
  );
  const { id } = requestSegmentation.segmentation;
  await clinician.follow<{ jobChanged: { job: { progress: { step: string | null; fraction: number } } } }>(
    'subscription ($id: ID!) { jobChanged(ids: [$id]) { cursor job { progress { step fraction } } } }',
    { id },
    ({ jobChanged: { job } }) =>
      onProgress(`${job.progress.step ?? 'queued'} ${Math.round(job.progress.fraction * 100)} %`),
  );
  const { node } = await clinician.graphql<{ node: SegmentationNode }>(
    `query ($id: ID!) { node(id: $id) { ... on Segmentation { state study { studyInstanceUid } modelVersion { number } progress { failure { code message } }
      lesions { number volumeMm3 longestDiameterMm probability centroidLps { x y z } } results { kind seriesInstanceUid sopInstanceUid } } } }`,
    { id },
  );
  if (node.state !== 'COMPLETED')
    throw new Error(`the segmentation ended ${node.state}: ${node.progress.failure?.message}`);
  const files: Record<string, Uint8Array> = {};
  for (const { kind, seriesInstanceUid, sopInstanceUid } of node.results) {
    const path = `/studies/${node.study.studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
    files[kind] = (await clinician.retrieveFiles(path))[0]!;
  }
  return {
    segmentationId: id,
    studyInstanceUid: node.study.studyInstanceUid,
    lesions: node.lesions,
    modelVersion: node.modelVersion.number,
    results: node.results,
    files,
  };
}

interface SegmentationNode {
  readonly state: string;
  readonly study: { readonly studyInstanceUid: string };
  readonly modelVersion: { readonly number: number };
  readonly progress: { readonly failure: { readonly message: string } | null };
  readonly lesions: Answer['lesions'];
  readonly results: Answer['results'];
}

/** @throws Error unless the request is refused with this code. */
export async function expectRefusal(clinician: Client, studyId: string, code: string): Promise<void> {
  try {
    await clinician.graphql(requestMutation, { input: { studyId, idempotencyKey: randomUUID() } });
  } catch (error) {
    if (error instanceof UserErrors && error.codes.includes(code)) return;
    throw error;
  }
  throw new Error(`the request should have been refused with ${code}`);
}
