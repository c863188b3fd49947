import type { Volume } from '#core/domain/geometry.ts';
import type { PreparationId } from '#core/domain/ids.ts';
import { type PreparationPlan, preparationCodeVersion } from '#core/domain/preparation-plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { type FailureCode, JobFailure } from '#core/jobs/contract.ts';
import { preparationPlanHash } from '#core/plan-hash.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import { encodePng } from '../volume/checkerboard.ts';
import type { PreparationSteps } from '../volume/preparation-steps.ts';
import { PreparationError, type PreparedRegistration, type PreparedStudy, prepareStudy } from '../volume/prepare.ts';
import { storeDerivedSeries } from './derived-series.ts';
import { writeDerivedSeries } from './derived-series-store.ts';
import {
  markFailed,
  markRunning,
  type RegistrationResult,
  readToPrepare,
  type SeriesToPrepare,
  writePreparation,
} from './prepare-store.ts';
import { encodePrepared } from './prepared-file.ts';
import { readSeries } from './read-series.ts';
import { storeObject } from './store-object.ts';

const failureOf = {
  BRAVO_MISSING: 'MISSING_SEQUENCE',
  NO_BRAIN: 'EMPTY_BRAIN_MASK',
  TOO_SMALL: 'BAD_INPUT',
} as const satisfies Record<PreparationError['code'], FailureCode>;

/** Share of the work that reading takes. */
const readingFraction = 0.15;

/** PREPARE: reads the study's series, prepares them by the plan and stores what training and segmentation load. */
export const prepareStage = (steps: PreparationSteps): Stage => ({
  begin: async (db, job) => void (await markRunning(db, job.object_id as PreparationId)),
  fail: async (db, job) => void (await markFailed(db, job.object_id as PreparationId)),
  run: (context) => prepare(context, steps),
});

async function prepare(context: JobContext, steps: PreparationSteps): Promise<WriteResult> {
  const { tenantId, job, objects } = context;
  const id = job.object_id as PreparationId;
  const { studyId, plan, planHash, series } = await context.read((db) => readToPrepare(db, id));
  refuseOtherPlan(plan, planHash);
  const volumes: Partial<Record<Sequence, Volume>> = {};
  for (const [index, one] of series.entries()) {
    await context.progress({ step: `read ${one.role}`, fraction: (readingFraction * index) / series.length });
    volumes[one.role] = await readSeries(context, one);
  }
  const prepared = await prepareOrFail(volumes, plan, steps, context);
  const preparedSha256 = await storeObject(objects, tenantId, encodePrepared({ ...prepared, planHash }));
  const registrations = await Promise.all(prepared.registrations.map((one) => storeRegistration(context, series, one)));
  const derived = await storeDerivedSeries(context, { studyId, preparationId: id, prepared, acquired: volumes });
  const doubtful =
    registrations.some(({ plausible }) => !plausible) ||
    prepared.warnings.some(({ code }) => code === 'REGISTRATION_FAILED');
  return async (db) => {
    await writeDerivedSeries(db, tenantId, studyId, derived);
    await writePreparation(db, tenantId, id, {
      state: doubtful ? 'NEEDS_REVIEW' : 'READY',
      preparedSha256,
      bravoGrid: prepared.nativeGrid,
      brainMaskVolumeMm3: prepared.brainMaskVolumeMm3,
      warnings: prepared.warnings.map(({ message }) => message),
      registrations,
    });
  };
}

/** @throws JobFailure if this worker's code would not make what the hash promises */
function refuseOtherPlan(plan: PreparationPlan, planHash: string): void {
  if (preparationPlanHash(plan) !== planHash)
    throw new JobFailure('HASH_MISMATCH', 'The preparation plan does not have its recorded hash; it was not followed.');
  if (plan.codeVersion !== preparationCodeVersion)
    throw new JobFailure(
      'BAD_INPUT',
      `The plan is for version ${plan.codeVersion} of the preparation, this worker has version ${preparationCodeVersion}; prepare the study anew.`,
    );
}

async function prepareOrFail(
  volumes: Partial<Record<Sequence, Volume>>,
  plan: PreparationPlan,
  steps: PreparationSteps,
  context: JobContext,
): Promise<PreparedStudy> {
  try {
    return await prepareStudy(volumes, plan, {
      steps,
      onProgress: ({ step, sequence, done, total }) =>
        context.progress({
          step: `${step.toLowerCase().replaceAll('_', ' ')} ${sequence}`,
          fraction: readingFraction + ((0.95 - readingFraction) * done) / total,
        }),
    });
  } catch (error) {
    if (!(error instanceof PreparationError)) throw error;
    throw new JobFailure(failureOf[error.code], error.message, { cause: error });
  }
}

async function storeRegistration(
  { objects, tenantId }: JobContext,
  series: readonly SeriesToPrepare[],
  one: PreparedRegistration,
): Promise<RegistrationResult> {
  return {
    seriesId: series.find(({ role }) => role === one.sequence)!.id,
    matrix: one.matrix,
    rotationDegrees: one.rotationDegrees,
    translationMm: one.translationMm,
    nmi: one.nmi,
    plausible: one.plausible,
    checkerboardSha256: await storeObject(objects, tenantId, encodePng(one.checkerboard)),
  };
}
