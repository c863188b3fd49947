import type { Volume } from '#core/domain/geometry.ts';
import type { TrainingPlan as Plan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import type { ComputeType } from './architecture.ts';
import { brainBoxes, cropTo } from './brain-box.ts';
import { slicesWithBrain } from './predict-volume.ts';
import { assembleBatch, drawFrames, type FramePool, framePool, type PreparedCase } from './sampler.ts';
import { slabChannels } from './slab.ts';
import type { Batch, TrainingPlan } from './trainer.ts';
import { paperLearning } from './training-graph.ts';

/** A prepared study to learn from: its brain mask besides. */
export interface TrainingCase extends PreparedCase {
  readonly brainMask: Volume<Uint8Array>;
}

/** What a plan makes of a set of cases. */
export interface Course {
  readonly cases: readonly PreparedCase[];
  readonly frames: FramePool;
  /** Slices a step. */
  readonly batchSize: number;
  readonly steps: number;
  /** What the engine is to be opened with. */
  engine(compute: ComputeType): TrainingPlan;
  /** Before step n, from 1. */
  learningRate(step: number): number;
  /** Times that the set has been seen after step n. */
  epoch(step: number): number;
}

/**
 * Cuts the cases to boxes about their brains and counts steps. Frames are the slices that have brain or lesion; the paper's epoch is
 * as many frames as the set has.
 * @throws RangeError if a brain mask is empty, or slices are not squares of one size
 */
export function planCourse(cases: readonly TrainingCase[], plan: Plan): Course {
  const kept = cases.map(({ brainMask, labels }): Volume<Uint8Array> => {
    return { grid: brainMask.grid, data: brainMask.data.map((brain, n) => (brain || labels.data[n] ? 1 : 0)) };
  });
  const boxes = brainBoxes(kept);
  const cropped = cases.map(({ sequences, labels }, n) => ({
    sequences: sequences.map((volume) => cropTo(volume, boxes[n]!)),
    labels: cropTo(labels, boxes[n]!),
  }));
  const withBrain = kept.map((mask, n) => new Set(slicesWithBrain(cropTo(mask, boxes[n]!))));
  const { all, withLesion } = framePool(cropped);
  const frames = { all: all.filter(({ caseIndex, slice }) => withBrain[caseIndex]!.has(slice)), withLesion };
  const steps = Math.ceil((frames.all.length * plan.epochs) / plan.batchSize);
  return {
    cases: cropped,
    frames,
    batchSize: plan.batchSize,
    steps,
    engine: (compute) => ({
      architecture: {
        width: plan.width,
        channels: slabChannels(plan.sequences.length),
        sizePixels: boxes[0]!.size[0],
        batch: plan.batchSize,
        compute,
      },
      seed: plan.seed,
      learning: {
        positiveWeight: plan.positiveWeight,
        momentum: averageMomentum(steps),
        adam: { ...paperLearning.adam, weightDecay: plan.weightDecay },
      },
    }),
    learningRate: () => plan.learningRate,
    epoch: (step) => (step * plan.batchSize) / frames.all.length,
  };
}

/**
 * Batch normalization's moving averages reach over about a twentieth of the training, at most over the usual 100 steps: those of a short
 * training would otherwise still hold on to their first values at its end.
 */
const averageMomentum = (steps: number): number => 1 - 1 / Math.min(100, Math.max(5, steps / 20));

/** Where a training stands: after `step` steps, with the random numbers that choose the next batch. */
export interface Standing {
  readonly step: number;
  readonly randomState: string;
}

/** Where a training by this plan begins. */
export const beginning = ({ seed }: Plan): Standing => ({ step: 0, randomState: new SeededRandom(seed).state });

export interface LearntStep extends Standing {
  /** Before the step. */
  readonly loss: number;
  readonly learningRate: number;
}

/** What takes the steps: a Trainer or a RemoteTrainer. */
export interface Learner {
  step(batch: Batch, learningRate: number): Promise<{ loss: number }> | { loss: number };
}

/**
 * Takes the steps of a course that are left, one with each turn of the loop that iterates over them; while the engine takes one, the
 * next batch is put together. The same standing gives the same steps.
 */
export async function* learn(learner: Learner, course: Course, from: Standing): AsyncGenerator<LearntStep> {
  const { cases, frames, batchSize, steps } = course;
  const random = SeededRandom.fromState(from.randomState);
  const draw = (): { batch: Batch; after: string } => {
    const batch = assembleBatch(cases, drawFrames(frames, batchSize, random), random);
    return { batch, after: random.state };
  };
  let next = from.step < steps ? draw() : undefined;
  for (let step = from.step + 1; next; step++) {
    const learningRate = course.learningRate(step);
    const { batch, after } = next;
    const taken = learner.step(batch, learningRate);
    next = step < steps ? draw() : undefined;
    const { loss } = await taken;
    yield { step, randomState: after, loss, learningRate };
  }
}
