import { readFile } from 'node:fs/promises';
import type { DatasetManifest } from '#core/domain/dataset-manifest.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { TrainingRunId } from '#core/domain/ids.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { type JobContext, type Stage, Stopped, type StopReason, type WriteResult } from '../jobs/stage.ts';
import type { EngineClient, RemoteTrainer } from '../model/engine-client.ts';
import { beginning, type Course, type LearntStep, learn, planCourse, type TrainingCase } from '../model/learn.ts';
import { describeChoice } from '../model/precision.ts';
import { encodeWeights, type Weights } from '../model/weights.ts';
import { resizeLabels } from '../volume/in-plane.ts';
import { loadLabelledStudy, loadManifest } from './dataset-files.ts';
import { developmentAuc } from './development-auc.ts';
import { trainingCompute, withEngine } from './engine-session.ts';
import { loadObject, storeObject } from './store-object.ts';
import {
  finishRun,
  moveRun,
  type RunToTrain,
  readRunToTrain,
  writeCheckpoint,
  writeMeasurement,
} from './train-store.ts';
import { divergence, nextCheckpointMs, remainingText, TrainingMeter } from './training-meter.ts';

/** Shares of the work. */
const loadedFraction = 0.05;
const trainedFraction = 0.99;
/** About so many measurements are kept of a run. */
const measurementCount = 200;

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
  const manifest = await loadManifest(context, run.manifestSha256);
  refuseSealed(manifest, run.testSubjectIds);
  const learnt = await loadCases(context, manifest, 'TRAIN', run.plan);
  if (learnt.length === 0) throw new JobFailure('BAD_INPUT', 'The dataset has no study to train on.');
  const course = planCourse(learnt, run.plan, await loadCases(context, manifest, 'DEVELOPMENT', run.plan));
  if (course.frames.withLesion.length === 0)
    throw new JobFailure(
      'BAD_INPUT',
      'No study to train on has a lesion at the size of the plan; accept studies with metastases and freeze a new dataset.',
    );
  const weights = await withEngine(context, (engine) => trainOn(context, engine, run, course));
  const weightsSha256 = await storeObject(objects, tenantId, encodeWeights(weights));
  return (db) => finishRun(db, queue, tenantId, { id, datasetId: run.datasetId, weightsSha256 });
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

async function loadCases(
  context: JobContext,
  { cases: all, preparationPlanHash }: DatasetManifest,
  side: 'TRAIN' | 'DEVELOPMENT',
  plan: TrainingPlan,
): Promise<TrainingCase[]> {
  const chosen = all.filter(({ subset }) => subset === side);
  const cases: TrainingCase[] = [];
  for (const [index, one] of chosen.entries()) {
    const step = `load ${side} studies`;
    await context.progress({ step, fraction: (loadedFraction * index) / chosen.length });
    const { label, ...input } = await loadLabelledStudy(context, one, { plan, preparationPlanHash });
    const { grid, data } = resizeLabels(label, input.brainMask.grid);
    const labels: Volume<Uint8Array> = { grid, data: Uint8Array.from(data, (number) => (number === 0 ? 0 : 1)) };
    cases.push({ ...input, labels });
  }
  return cases;
}

async function trainOn(
  context: JobContext,
  engine: EngineClient,
  { plan, checkpointSha256 }: RunToTrain,
  course: Course,
): Promise<Weights> {
  await context.progress({ step: 'start engine', fraction: loadedFraction });
  const { width, channels } = course.engine('float32').architecture;
  const choice = await engine.choosePrecision({ training: { width, channels } }, trainingCompute[plan.precision]);
  context.log.info({ steps: course.steps, slices: course.frames.all.length }, describeChoice(choice));
  const trainer = await engine.openTrainer(course.engine(choice.compute));
  const from = checkpointSha256
    ? await trainer.restore(await loadObject(context.objects, context.tenantId, checkpointSha256))
    : beginning(plan);
  const keeper = new RunKeeper(context, engine, trainer, course);
  for await (const step of learn(trainer, course, from)) await keeper.after(step);
  return trainer.weights();
}

/** What happens beside the learning after each step: measurements, checkpoints, progress, and looking for a reason to stop. */
class RunKeeper {
  readonly #context: JobContext;
  readonly #engine: EngineClient;
  readonly #trainer: RemoteTrainer;
  readonly #course: Course;
  readonly #meter: TrainingMeter;
  readonly #measureEvery: number;
  #checkpointAt: number;

  constructor(context: JobContext, engine: EngineClient, trainer: RemoteTrainer, course: Course) {
    this.#context = context;
    this.#engine = engine;
    this.#trainer = trainer;
    this.#course = course;
    this.#meter = new TrainingMeter(course.batchSize);
    this.#measureEvery = Math.ceil(course.steps / measurementCount);
    this.#checkpointAt = nextCheckpointMs(0);
  }

  async after(step: LearntStep): Promise<void> {
    const { signal } = this.#context;
    const { steps } = this.#course;
    this.#meter.add(step.loss);
    const diverged = divergence(this.#meter);
    if (diverged) throw new JobFailure('DIVERGED', `At step ${step.step} of ${steps} ${diverged}`);
    const last = step.step === steps;
    const epochEnds = Math.floor(this.#course.epoch(step.step)) > Math.floor(this.#course.epoch(step.step - 1));
    if (last || epochEnds || step.step % this.#measureEvery === 0) await this.#measure(step, last || epochEnds);
    if (!last && this.#meter.elapsedMs >= this.#checkpointAt) await this.#save(step);
    // Nothing is awaited between this look at the signal and the next one, in `progress`.
    if (signal.aborted && !last) {
      if ((signal.reason as StopReason) === 'DRAINING') await this.#save(step);
      throw new Stopped(signal.reason as StopReason);
    }
    if (signal.aborted) return;
    const left = remainingText((steps - step.step) * this.#meter.msPerStep);
    await this.#context.progress({
      step: 'train',
      fraction: loadedFraction + ((trainedFraction - loadedFraction) * step.step) / steps,
      message: `step ${step.step} of ${steps}, loss ${this.#meter.recentLoss.toFixed(4)}, ${left}`,
    });
  }

  async #measure({ step, learningRate }: LearntStep, watch: boolean): Promise<void> {
    const { tenantId, job, write } = this.#context;
    const { watched, batchSize, epoch } = this.#course;
    const measurement = {
      ...{ step, epoch: epoch(step), learningRate, ...this.#meter.takeMeasurement() },
      developmentAuc: watch ? await developmentAuc(this.#trainer, watched, batchSize) : null,
      memoryBytes: await memoryOf(this.#engine.pid),
    };
    await write((db) => writeMeasurement(db, tenantId, job.object_id as TrainingRunId, measurement));
  }

  /** The object first: a row implies that its object is there. */
  async #save({ step, randomState }: LearntStep): Promise<void> {
    const { tenantId, job, objects, write } = this.#context;
    const sha256 = await storeObject(objects, tenantId, await this.#trainer.state(randomState));
    const checkpoint = { step, attempt: job.attempt, sha256 };
    await write((db) => writeCheckpoint(db, tenantId, job.object_id as TrainingRunId, checkpoint));
    this.#checkpointAt = nextCheckpointMs(this.#meter.elapsedMs);
  }
}

/** Resident memory of a process on Linux; 0 where the system does not tell. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0);
}
