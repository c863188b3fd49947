import { tmpdir } from 'node:os';
import type { DatasetManifest } from '#core/domain/dataset-manifest.ts';
import type { TrainingRunId } from '#core/domain/ids.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { ObjectNotFound } from '#core/storage/object-store.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import type { ComputeType } from '../model/architecture.ts';
import { CaseScratch, type StoredCase } from '../model/case-scratch.ts';
import { decodeCheckpoint } from '../model/checkpoint.ts';
import type { EngineClient, RemoteTrainer } from '../model/engine-client.ts';
import { EngineError } from '../model/engine-protocol.ts';
import { beginning, type Course, learn, planCourse, type Standing } from '../model/learn.ts';
import { describeChoice } from '../model/precision.ts';
import { decodeWeights, encodeWeights, type Weights } from '../model/weights.ts';
import { resizeLabels } from '../volume/in-plane.ts';
import { loadLabelledStudy, loadManifest } from './dataset-files.ts';
import { trainingCompute, withEngine } from './engine-session.ts';
import { trainablePlan } from './known-plan.ts';
import { loadedFraction, RunKeeper } from './run-keeper.ts';
import { loadObject, storeObject } from './store-object.ts';
import { finishRun, moveRun, type RunToTrain, readRunToTrain, type WarmStart } from './train-store.ts';

/**
 * TRAIN: learns from the TRAIN cases of a frozen dataset by the run's plan, watches the DEVELOPMENT cases at the end of each epoch, and
 * queues the evaluation of the weights. TEST cases are never loaded.
 */
export const trainStage: Stage = {
  begin: (db, job) => moveRun(db, job.object_id as TrainingRunId, 'RUNNING'),
  fail: (db, job) => moveRun(db, job.object_id as TrainingRunId, 'FAILED'),
  handBack: (db, job) => moveRun(db, job.object_id as TrainingRunId, 'QUEUED'),
  run: train,
};

async function train(context: JobContext): Promise<WriteResult> {
  const { tenantId, queue, objects } = context;
  const id = context.job.object_id as TrainingRunId;
  const run = await context.read((db) => readRunToTrain(db, id));
  const plan = trainablePlan(run.plan);
  const manifest = await loadManifest(context, run.manifestSha256);
  refuseSealed(manifest, run.testSubjectIds);
  const scratch = new CaseScratch(tmpdir());
  try {
    const course = await courseOf(context, scratch, manifest, plan);
    const weights = await withEngine(context, (engine) => trainOn(context, engine, run, course));
    const weightsSha256 = await storeObject(objects, tenantId, encodeWeights(weights));
    return (db) => finishRun(db, queue, tenantId, { id, datasetId: run.datasetId, weightsSha256 });
  } finally {
    scratch.close();
  }
}

/** @throws JobFailure if a patient whose studies are sealed for ever is on another side here */
function refuseSealed({ cases }: DatasetManifest, testSubjectIds: ReadonlySet<string>): void {
  const sealed = cases.find(({ subset, subjectId }) => subset !== 'TEST' && testSubjectIds.has(subjectId));
  if (!sealed) return;
  throw new JobFailure(
    'BAD_INPUT',
    `Study ${sealed.studyId} is of a patient of the sealed test side and may not be trained on; freeze another dataset.`,
  );
}

async function courseOf(
  context: JobContext,
  scratch: CaseScratch,
  manifest: DatasetManifest,
  plan: TrainingPlan,
): Promise<Course> {
  const learnt = await storeCases(context, scratch, manifest, 'TRAIN', plan);
  if (learnt.length === 0) throw new JobFailure('BAD_INPUT', 'The dataset has no study to train on.');
  const course = planCourse(learnt, plan, await storeCases(context, scratch, manifest, 'DEVELOPMENT', plan));
  if (course.frames.withLesion.length > 0) return course;
  throw new JobFailure(
    'BAD_INPUT',
    'No study to train on has a lesion at the size of the plan; accept studies with metastases and freeze a new dataset.',
  );
}

/** Loads the studies of a side one after another into the scratch file, so that one is in memory at a time. */
async function storeCases(
  context: JobContext,
  scratch: CaseScratch,
  { cases: all, preparationPlanHash }: DatasetManifest,
  side: 'TRAIN' | 'DEVELOPMENT',
  plan: TrainingPlan,
): Promise<StoredCase[]> {
  const chosen = all.filter(({ subset }) => subset === side);
  const cases: StoredCase[] = [];
  for (const [index, one] of chosen.entries()) {
    const step = `load ${side} studies`;
    await context.progress({ step, fraction: (loadedFraction * index) / chosen.length });
    const { label, ...input } = await loadLabelledStudy(context, one, { plan, preparationPlanHash });
    try {
      cases.push(scratch.add({ ...input, labels: resizeLabels(label, input.brainMask.grid) }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = `Study ${one.studyId} cannot be learnt from: ${error.message}.`;
      throw new JobFailure('EMPTY_BRAIN_MASK', message, { cause: error });
    }
  }
  return cases;
}

async function trainOn(context: JobContext, engine: EngineClient, run: RunToTrain, course: Course): Promise<Weights> {
  await context.progress({ step: 'start engine', fraction: loadedFraction });
  const { width, channels } = course.engine('float32').architecture;
  const saved = await loadCheckpoint(context, run);
  // The steps that are left are computed as those before were, even where a new measurement would choose otherwise.
  const forced = saved?.compute ?? trainingCompute[run.plan.precision];
  const choice = await engine.choosePrecision({ training: { width, channels } }, forced);
  context.log.info({ steps: course.steps, slices: course.frames.all.length }, describeChoice(choice));
  const trainer = await engine.openTrainer(course.engine(choice.compute));
  const from = await start(context, trainer, run, saved);
  const keeper = new RunKeeper({ context, engine, trainer, course, savedStep: from.step });
  for await (const step of learn(trainer, course, from)) await keeper.after(step);
  return keeper.weights();
}

interface SavedState {
  readonly bytes: Uint8Array;
  readonly compute: ComputeType;
  /** For the message of a failure. */
  readonly what: string;
}

async function loadCheckpoint(context: JobContext, { checkpoint }: RunToTrain): Promise<SavedState | undefined> {
  if (!checkpoint) return undefined;
  const what = `The checkpoint of step ${checkpoint.step}`;
  const bytes = await loadState(context, checkpoint.sha256, what);
  const { compute } = await refusing(`${what} cannot be gone on from`, async () => decodeCheckpoint(bytes));
  return { bytes, compute, what };
}

/** Where the run stands: at its last checkpoint, or before its first step, with an earlier version's weights if it is to have them. */
async function start(
  context: JobContext,
  trainer: RemoteTrainer,
  { warmStart, plan }: RunToTrain,
  saved: SavedState | undefined,
): Promise<Standing> {
  if (saved) return refusing(`${saved.what} cannot be gone on from`, () => trainer.restore(saved.bytes));
  if (warmStart) await startWarm(context, trainer, plan, warmStart);
  return beginning(plan);
}

async function startWarm(
  context: JobContext,
  trainer: RemoteTrainer,
  { sequences }: TrainingPlan,
  { versionNumber, weightsSha256, sequences: earlier }: WarmStart,
): Promise<void> {
  const version = `model version ${versionNumber}`;
  if (sequences.join() !== earlier.join())
    throw new JobFailure(
      'BAD_INPUT',
      `A run of ${sequences.join(', ')} cannot start from ${version}, which takes ${earlier.join(', ')}; they have to be the same, in one order.`,
    );
  const bytes = await loadState(context, weightsSha256, `The weights of ${version}`);
  await refusing(`The run cannot start from ${version}`, () => trainer.warmStart(decodeWeights(bytes)));
  context.log.info({ versionNumber }, 'starting from the weights of an earlier version');
}

/** @throws JobFailure HASH_MISMATCH; BAD_INPUT if the object is gone */
async function loadState({ objects, tenantId }: JobContext, sha256: string, what: string): Promise<Uint8Array> {
  try {
    return await loadObject(objects, tenantId, sha256, what);
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
    throw new JobFailure('BAD_INPUT', `${what} is not in the object store any more.`, { cause: error });
  }
}

/** What the bytes of a file are refused for would be met again by another attempt. */
async function refusing<T>(what: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof Error) || (error instanceof EngineError && error.code !== 'FAILED')) throw error;
    throw new JobFailure('BAD_INPUT', `${what}: ${error.message}`, { cause: error });
  }
}
