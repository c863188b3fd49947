import { readFile } from 'node:fs/promises';
import type { TrainingRunId } from '#core/domain/ids.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { type JobContext, Stopped, type StopReason } from '../jobs/stage.ts';
import type { EngineClient, RemoteTrainer } from '../model/engine-client.ts';
import { EngineError } from '../model/engine-protocol.ts';
import type { Course, LearntStep } from '../model/learn.ts';
import type { Weights } from '../model/weights.ts';
import { developmentAuc } from './development-auc.ts';
import { storeObject } from './store-object.ts';
import { writeCheckpoint, writeMeasurement } from './train-store.ts';
import { divergence, hasExploded, nextCheckpointMs, remainingText, TrainingMeter } from './training-meter.ts';

/** Shares of a run's work: loading ends at the first, training at the second. */
export const loadedFraction = 0.05;
const trainedFraction = 0.99;
/** About so many measurements are kept of a run. */
const measurementCount = 200;
/** A checkpoint is made at least after each of so many parts of a run, and more often in a long one (training-meter.ts). */
const checkpointCount = 10;

/** A training that is under way, and the job that it is done for. */
export interface Running {
  readonly context: JobContext;
  readonly engine: EngineClient;
  readonly trainer: RemoteTrainer;
  readonly course: Course;
  /** Of the checkpoint that it goes on from; 0 for none. */
  readonly savedStep: number;
}

/** What happens beside the learning after each step: measurements, checkpoints, progress, and looking for a reason to stop. */
export class RunKeeper {
  readonly #running: Running;
  readonly #meter: TrainingMeter;
  readonly #measureEvery: number;
  readonly #saveEvery: number;
  #savedStep: number;
  #checkpointAt = nextCheckpointMs(0);

  constructor(running: Running) {
    const { steps, batchSize } = running.course;
    this.#running = running;
    this.#meter = new TrainingMeter(batchSize);
    this.#measureEvery = Math.ceil(steps / measurementCount);
    this.#saveEvery = Math.ceil(steps / checkpointCount);
    this.#savedStep = running.savedStep;
  }

  /** @throws Stopped @throws JobFailure DIVERGED */
  async after(step: LearntStep): Promise<void> {
    const { context, course } = this.#running;
    const { steps, epoch } = course;
    this.#meter.add(step.loss);
    const diverged = divergence(this.#meter);
    if (diverged) throw this.#diverged(`At step ${step.step} of ${steps} ${diverged}`);
    const last = step.step === steps;
    const epochEnds = Math.floor(epoch(step.step)) > Math.floor(epoch(step.step - 1));
    if (last || epochEnds || step.step % this.#measureEvery === 0) await this.#measure(step, last || epochEnds);
    const due = step.step % this.#saveEvery === 0 || this.#meter.elapsedMs >= this.#checkpointAt;
    if (due && !last) await this.#save(step);
    // Nothing is awaited between this look at the signal and the next one, in `progress`.
    if (context.signal.aborted && !last) {
      if ((context.signal.reason as StopReason) === 'DRAINING') await this.#save(step);
      throw new Stopped(context.signal.reason as StopReason);
    }
    if (context.signal.aborted) return;
    await this.#tell(step.step);
  }

  /** The weights at the end. @throws JobFailure DIVERGED if they are no numbers */
  weights(): Promise<Weights> {
    return this.#finite(() => this.#running.trainer.weights());
  }

  #tell(step: number): Promise<void> {
    const { context, course } = this.#running;
    const left = remainingText((course.steps - step) * this.#meter.msPerStep);
    return context.progress({
      step: 'train',
      fraction: loadedFraction + ((trainedFraction - loadedFraction) * step) / course.steps,
      message: `step ${step} of ${course.steps}, loss ${this.#meter.recentLoss.toFixed(4)}, ${left}`,
    });
  }

  async #measure({ step, learningRate }: LearntStep, watch: boolean): Promise<void> {
    const { context, engine, trainer, course } = this.#running;
    const { tenantId, job, write } = context;
    const measurement = {
      ...{ step, epoch: course.epoch(step), learningRate, ...this.#meter.takeMeasurement() },
      developmentAuc: watch ? await developmentAuc(trainer, course, () => this.#tellUnlessDraining(step)) : null,
      memoryBytes: await memoryOf(engine.pid),
    };
    await write((db) => writeMeasurement(db, tenantId, job.object_id as TrainingRunId, measurement));
  }

  /** A cancelled run ends amid the watching; one whose worker drains watches to the end, so that its checkpoint is of a whole step. */
  async #tellUnlessDraining(step: number): Promise<void> {
    const { signal } = this.#running.context;
    if (!(signal.aborted && (signal.reason as StopReason) === 'DRAINING')) await this.#tell(step);
  }

  /** The object first: a row implies that its object is there. A state that seems to run away does not take the place of a good one. */
  async #save({ step, randomState, loss }: LearntStep): Promise<void> {
    if (step === this.#savedStep || hasExploded(loss, this.#meter.firstLoss)) return;
    const { context, trainer } = this.#running;
    const { tenantId, job, objects, write } = context;
    const state = await this.#finite(() => trainer.state(randomState));
    const checkpoint = { step, attempt: job.attempt, sha256: await storeObject(objects, tenantId, state) };
    await write((db) => writeCheckpoint(db, tenantId, job.object_id as TrainingRunId, checkpoint));
    this.#savedStep = step;
    this.#checkpointAt = nextCheckpointMs(this.#meter.elapsedMs);
  }

  /** @throws JobFailure DIVERGED if the engine says so */
  async #finite<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof EngineError && error.code === 'DIVERGED') throw this.#diverged(error.message, error);
      throw error;
    }
  }

  #diverged(reason: string, cause?: Error): JobFailure {
    const kept =
      this.#savedStep > 0
        ? `The checkpoint of step ${this.#savedStep}, from before, is kept.`
        : 'It had not come to a checkpoint yet.';
    return new JobFailure('DIVERGED', `${reason} A lower learning rate may help. ${kept}`, { cause });
  }
}

/** Resident memory of a process on Linux; 0 where the system does not tell. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0);
}
