import type { TrainingPlan as Plan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import type { ComputeType } from './architecture.ts';
import { brainBoxes } from './brain-box.ts';
import type { StoredCase } from './case-scratch.ts';
import { assembleBatch, type BoxedCase, dealFrames, drawFrames, type FramePool, framePool } from './sampler.ts';
import { type SequenceDropout, sequenceDropout } from './sequence-dropout.ts';
import { slabChannels } from './slab.ts';
import type { Batch, TrainingPlan } from './trainer.ts';
import { paperLearning } from './training-graph.ts';

/** A case that is looked at on the way and not learnt from. */
export interface WatchedCase extends BoxedCase {
  /** Those of its slices that are looked at. */
  readonly slices: readonly number[];
}

/** What a plan makes of a set of cases. */
export interface Course {
  readonly cases: readonly BoxedCase[];
  readonly frames: FramePool;
  readonly watched: readonly WatchedCase[];
  /** Slices a step. */
  readonly batchSize: number;
  /** Batches that a step's slices are computed in. */
  readonly microBatches: number;
  readonly dropout: SequenceDropout | undefined;
  readonly steps: number;
  /** What the engine is to be opened with. */
  engine(compute: ComputeType): TrainingPlan;
  /** Before step n, from 1. */
  learningRate(step: number): number;
  /** Times that the set has been seen after step n. */
  epoch(step: number): number;
}

/** So many slices are watched at most, or this part of an epoch's if that is more, so that watching stays cheap. */
const watchedSlices = 20;
const watchedPart = 0.1;

/**
 * Cuts the cases to boxes about their brains and counts steps. Frames are the slices that have brain or lesion; the paper's epoch is
 * as many frames as the set has.
 * @throws RangeError if slices are not squares of one size
 */
export function planCourse(learnt: readonly StoredCase[], plan: Plan, watchable: readonly StoredCase[] = []): Course {
  const stored = [...learnt, ...watchable];
  const boxes = brainBoxes(stored, plan.cropMarginPixels);
  const all = stored.map((one, n) => ({ stored: one, box: boxes[n]! }));
  const frames = framePool(learnt);
  const { batchSize, microBatches } = plan;
  const steps = Math.ceil((frames.all.length * plan.epochs) / batchSize);
  return {
    ...{ frames, steps, batchSize, microBatches },
    cases: all.slice(0, learnt.length),
    watched: thinned(all.slice(learnt.length), Math.max(watchedSlices, watchedPart * frames.all.length)),
    dropout: sequenceDropout(plan),
    engine: (compute) => ({
      architecture: {
        width: plan.width,
        channels: slabChannels(plan.sequences.length),
        sizePixels: boxes[0]!.size[0],
        batch: batchSize / microBatches,
        compute,
      },
      seed: plan.seed,
      learning: {
        positiveWeight: plan.positiveWeight,
        momentum: averageMomentum(steps * microBatches),
        adam: { ...paperLearning.adam, weightDecay: plan.weightDecay },
        microBatches,
      },
    }),
    learningRate: (step) => plan.learningRate * warmth(step, steps, plan.coolingPart),
    epoch: (step) => (step * batchSize) / frames.all.length,
  };
}

/** The cases with every n-th of their slices that have brain, so that they are at most so many in all. */
function thinned(cases: readonly BoxedCase[], slices: number): WatchedCase[] {
  const every = Math.max(1, Math.ceil(cases.flatMap(({ stored }) => stored.withBrain).length / slices));
  return cases.map((one) => ({
    ...one,
    slices: one.stored.withBrain.filter((_, place) => place % every === every >> 1),
  }));
}

/** Of step n of so many, from 1: 1 until the last part of them begins, then falling evenly; the step after the last would have 0. */
const warmth = (step: number, steps: number, coolingPart: number): number =>
  coolingPart === 0 ? 1 : Math.min(1, (steps + 1 - step) / (steps * coolingPart));

/**
 * Batch normalization's moving averages reach over about a twentieth of the training, at most over the usual 100 steps: those of a short
 * training would otherwise still hold on to their first values at its end.
 */
const averageMomentum = (updates: number): number => 1 - 1 / Math.min(100, Math.max(5, updates / 20));

/** Where a training stands: after `step` steps, with the random numbers that choose the next batch. */
export interface Standing {
  readonly step: number;
  readonly randomState: string;
}

/** Where a training by this plan begins. */
export const beginning = ({ seed }: Plan): Standing => ({ step: 0, randomState: new SeededRandom(seed).state });

export interface LearntStep extends Standing {
  /** Before the step; the mean of its batches'. */
  readonly loss: number;
  readonly learningRate: number;
}

/** What takes the steps: a Trainer or a RemoteTrainer. */
export interface Learner {
  accumulate(batch: Batch): Promise<{ loss: number }> | { loss: number };
  step(batch: Batch, learningRate: number): Promise<{ loss: number }> | { loss: number };
}

/** A batch, and where the training stands once it was learnt from. */
interface Drawn {
  readonly batch: Batch;
  readonly step: number;
  readonly endsStep: boolean;
  readonly randomState: string;
}

/** The batches of all steps that are left, each put together when it is asked for. */
function* drawBatches({ cases, frames, batchSize, microBatches, dropout, steps }: Course, from: Standing) {
  const random = SeededRandom.fromState(from.randomState);
  for (let step = from.step + 1; step <= steps; step++) {
    const dealt = dealFrames(drawFrames(frames, batchSize, random), microBatches);
    for (const [part, some] of dealt.entries()) {
      const batch = assembleBatch(cases, some, random, dropout);
      yield { batch, step, endsStep: part === dealt.length - 1, randomState: random.state } satisfies Drawn;
    }
  }
}

/**
 * Takes the steps of a course that are left, one with each turn of the loop that iterates over them; while the engine learns from a
 * batch, the next one is put together. The same standing gives the same steps.
 */
export async function* learn(learner: Learner, course: Course, from: Standing): AsyncGenerator<LearntStep> {
  const batches = drawBatches(course, from);
  let losses: number[] = [];
  for (let next = batches.next(); !next.done; ) {
    const { batch, step, endsStep, randomState } = next.value;
    const learningRate = course.learningRate(step);
    const taken = endsStep ? learner.step(batch, learningRate) : learner.accumulate(batch);
    next = batches.next();
    losses.push((await taken).loss);
    if (!endsStep) continue;
    const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
    losses = [];
    yield { step, randomState, loss, learningRate };
  }
}
