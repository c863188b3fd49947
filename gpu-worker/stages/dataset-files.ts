import type { DatasetManifest, ManifestCase } from '#core/domain/dataset-manifest.ts';
import { type LabelVolume, sameGrid, type Volume, voxelCount } from '#core/domain/geometry.ts';
import { requiredSequences, type TrainingPlan } from '#core/domain/plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import { ObjectNotFound } from '#core/storage/object-store.ts';
import type { JobContext } from '../jobs/stage.ts';
import { inPlaneGrid } from '../volume/in-plane.ts';
import { loadPrepared, type PreparedFile } from './prepared-file.ts';
import { loadObject } from './store-object.ts';

type Stored = Pick<JobContext, 'objects' | 'tenantId'>;

/** What the network sees of a study, on its grid. */
export interface NetworkInput {
  /** In the plan's order; 0 throughout for one that the study lacks and the plan can do without. */
  readonly sequences: readonly Volume<Uint8Array>[];
  readonly brainMask: Volume<Uint8Array>;
}

/** What a network takes. */
export interface NetworkNeeds {
  readonly plan: TrainingPlan;
  /** The preparation that it learnt from. */
  readonly preparationPlanHash: string;
}

/** A study of a dataset. */
export interface LabelledStudy extends NetworkInput {
  /** As accepted, on BRAVO's own grid. */
  readonly label: LabelVolume;
}

/** A frozen dataset's manifest. @throws JobFailure HASH_MISMATCH if it is not the one that was frozen */
export async function loadManifest({ objects, tenantId }: Stored, sha256: string): Promise<DatasetManifest> {
  const manifest = JSON.parse(new TextDecoder().decode(await loadObject(objects, tenantId, sha256))) as DatasetManifest;
  if (manifest.schemaVersion !== 1)
    throw new JobFailure(
      'BAD_INPUT',
      `The dataset's manifest has the form ${manifest.schemaVersion}, this worker knows form 1; run a newer worker.`,
    );
  return manifest;
}

/** @throws JobFailure if the study's files are gone, damaged, or do not fit what the network takes or one another */
export async function loadLabelledStudy(
  stored: Stored,
  { studyId, preparedSha256, labelSha256 }: ManifestCase,
  needs: NetworkNeeds,
): Promise<LabelledStudy> {
  const { objects, tenantId } = stored;
  try {
    const prepared = await loadPrepared(stored, preparedSha256);
    const label = decodeLabel(await loadObject(objects, tenantId, labelSha256));
    const input = networkInput(prepared, needs, studyId);
    if (!sameGrid(inPlaneGrid(label.grid, needs.plan.sizePixels), prepared.grid))
      throw new JobFailure('GRID_MISMATCH', `The label of study ${studyId} lies on another grid than its preparation.`);
    return { ...input, label };
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
    throw new JobFailure(
      'BAD_INPUT',
      `The files of study ${studyId} are gone, as of a study that was withdrawn; freeze another dataset.`,
      { cause: error },
    );
  }
}

/** @throws JobFailure BAD_INPUT, MISSING_SEQUENCE, GRID_MISMATCH if the prepared study is not as the network takes it */
export function networkInput(
  { grid, planHash, channels, brainMask }: PreparedFile,
  { plan, preparationPlanHash }: NetworkNeeds,
  studyId: string,
): NetworkInput {
  const { sequences, sizePixels } = plan;
  if (planHash !== preparationPlanHash)
    throw new JobFailure(
      'BAD_INPUT',
      `Study ${studyId} is prepared by the plan ${planHash.slice(0, 12)}, the network takes ${preparationPlanHash.slice(0, 12)}; prepare the study anew or use a version that learnt from studies prepared as this one.`,
    );
  const isMissing = (sequence: Sequence): boolean => channels[sequence] === null;
  const missing = sequences.every(isMissing) ? sequences : requiredSequences(plan).filter(isMissing);
  if (missing.length > 0)
    throw new JobFailure(
      'MISSING_SEQUENCE',
      `Study ${studyId} has no ${missing.join(', ')}, which the network's plan takes.`,
    );
  const [columns, rows] = grid.size;
  if (columns !== sizePixels || rows !== sizePixels)
    throw new JobFailure(
      'GRID_MISMATCH',
      `Study ${studyId} is prepared at ${columns} x ${rows} pixels, the network's plan takes ${sizePixels} x ${sizePixels}.`,
    );
  const absent = { grid, data: new Uint8Array(sequences.some(isMissing) ? voxelCount(grid) : 0) };
  return { sequences: sequences.map((sequence) => channels[sequence] ?? absent), brainMask };
}
