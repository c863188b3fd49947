import type { ObjectIdentity, SourceSeries } from '#core/dicom/derived-series.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeParametricMap } from '#core/dicom/write-parametric-map.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { SegmentationId } from '#core/domain/ids.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import { type SegmentedVolume, segment } from '../postprocess/segment.ts';
import { networkInput } from './dataset-files.ts';
import { openServing, withEngine } from './engine-session.ts';
import { predictOn } from './judge-cases.ts';
import { loadWeights } from './load-weights.ts';
import { loadPrepared } from './prepared-file.ts';
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

const seriesNumbers = { SEG: 910, PROBABILITY_MAP: 911 } as const;

/**
 * SEGMENT: a version's answer for a prepared study: lesions, a SEG with one segment each, and the probability map. The standard has no
 * SEG without a voxel, so a study without findings has the map alone.
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
  const results = await storeResults(context, study.versionNumber, source, probability, found);
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

async function storeResults(
  { objects, tenantId }: JobContext,
  versionNumber: number,
  source: SourceSeries,
  map: Volume<Float32Array>,
  { label, lesions }: SegmentedVolume,
): Promise<StoredResult[]> {
  const name = `Metloop model ${versionNumber}`;
  const store = async (
    kind: StoredResult['kind'],
    seriesDescription: string,
    write: (identity: ObjectIdentity) => Uint8Array,
  ): Promise<StoredResult> => {
    const uids = { sopInstanceUid: randomUid(), seriesInstanceUid: randomUid() };
    const bytes = write(objectIdentity({ ...uids, seriesNumber: seriesNumbers[kind], seriesDescription }));
    return { kind, ...uids, sha256: await storeObject(objects, tenantId, bytes), sizeBytes: bytes.length };
  };
  const segments = lesions.map(({ number }) => ({
    number,
    label: `Metastasis ${number}`,
    algorithmType: 'AUTOMATIC' as const,
    algorithmName: name,
  }));
  try {
    return [
      ...(lesions.length > 0
        ? [await store('SEG', `Metastases, ${name}`, (identity) => writeSeg({ label, source, segments, identity }))]
        : []),
      await store('PROBABILITY_MAP', `Probability of metastasis, ${name}`, (identity) =>
        writeParametricMap({ map, source, identity }),
      ),
    ];
  } catch (error) {
    if (!(error instanceof DicomError && error.code === 'GRID_MISMATCH')) throw error;
    throw new JobFailure('GRID_MISMATCH', `The study's BRAVO is no more as it was prepared. ${error.message}`, {
      cause: error,
    });
  }
}
