import { DicomError } from '#core/dicom/dicom-error.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { SegmentationId } from '#core/domain/ids.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import { segment } from '../postprocess/segment.ts';
import { networkInput } from './dataset-files.ts';
import { openServing, withEngine } from './engine-session.ts';
import { predictOn } from './judge-cases.ts';
import { loadWeights } from './load-weights.ts';
import { loadPrepared } from './prepared-file.ts';
import { type Answer, resultFiles } from './segment-results.ts';
import {
  moveSegmentation,
  readToSegment,
  type StoredResult,
  type StudyToSegment,
  writeAnswer,
} from './segment-store.ts';
import { storeObject } from './store-object.ts';

/** Shares of the work. */
const loadedFraction = 0.1;
const predictedFraction = 0.85;

/**
 * SEGMENT: a version's answer for a prepared study: lesions, and DICOM files of them (`segment-results.ts`).
 */
export const segmentStage: Stage = {
  begin: (db, job) => moveSegmentation(db, job.object_id as SegmentationId, 'RUNNING'),
  fail: (db, job) => moveSegmentation(db, job.object_id as SegmentationId, 'FAILED'),
  handBack: (db, job) => moveSegmentation(db, job.object_id as SegmentationId, 'QUEUED'),
  run: segmentStudy,
};

async function segmentStudy(context: JobContext): Promise<WriteResult> {
  const { tenantId, job } = context;
  const id = job.object_id as SegmentationId;
  const study = await context.read((db) => readToSegment(db, id));
  const source = await context.read((db) => readBravoSource(db, study.studyId));
  const { probability, brainMask } = await predict(context, study);
  await context.progress({ step: 'find lesions', fraction: predictedFraction });
  const found = segment(probability, brainMask, { threshold: study.threshold });
  await context.progress({ step: 'write results', fraction: 0.92 });
  const { versionNumber, threshold, segmentForm } = study;
  const answer = { id, versionNumber, threshold, segmentForm, source, map: probability, found };
  const results = await storeResults(context, answer);
  const { lesions, dropped } = found;
  return (db) => writeAnswer(db, tenantId, id, { lesions, dropped, results });
}

async function predict(
  context: JobContext,
  { plan, studyId, nativeGrid, preparedSha256, preparationPlanHash, weightsSha256 }: StudyToSegment,
): Promise<{ probability: Volume<Float32Array>; brainMask: Volume<Uint8Array> }> {
  await context.progress({ step: 'load', fraction: 0 });
  const prepared = await loadPrepared(context, preparedSha256);
  const input = networkInput(prepared, { plan, preparationPlanHash }, studyId);
  const weights = await loadWeights(context, weightsSha256);
  return withEngine(context, async (engine) => {
    await context.progress({ step: 'start engine', fraction: 0.5 * loadedFraction });
    const { predictor } = await openServing(context, engine, weights, plan.precision);
    const fraction = (part: number): number => loadedFraction + (predictedFraction - loadedFraction) * part;
    return predictOn(nativeGrid, { ...input, plan }, predictor, (part) =>
      context.progress({ step: 'predict', fraction: fraction(part) }),
    );
  });
}

async function storeResults({ objects, tenantId }: JobContext, answer: Answer): Promise<StoredResult[]> {
  try {
    const stored: StoredResult[] = [];
    for (const { kind, identity, bytes } of resultFiles(answer)) {
      const { sopInstanceUid, seriesInstanceUid } = identity;
      const sha256 = await storeObject(objects, tenantId, bytes);
      stored.push({ kind, seriesInstanceUid, sopInstanceUid, sha256, sizeBytes: bytes.length });
    }
    return stored;
  } catch (error) {
    if (!(error instanceof DicomError && error.code === 'GRID_MISMATCH')) throw error;
    throw new JobFailure('GRID_MISMATCH', `The study's BRAVO is no more as it was prepared. ${error.message}`, {
      cause: error,
    });
  }
}
