import type { Volume } from '#core/domain/geometry.ts';
import type { TrainingPlan as Plan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import type { ComputeType } from './architecture.ts';
import { brainBoxes, cropTo, slicesWithBrain } from './brain-box.ts';
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
  /** Cases that are looked at on the way and not learnt from, cut likewise; their brain masks are kept on some slices only. */
  readonly watched: readonly TrainingCase[];
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

/** So many slices are watched at most, or this part of an epoch's if that is more, so that watching stays cheap. */
const watchedSlices = 20;
const watchedPart = 0.1;

/**
 * Cuts the cases to boxes about their brains and counts steps. Frames are the slices that have brain or lesion; the paper's epoch is
 * as many frames as the set has.
 * @throws RangeError if a brain mask is empty, or slices are not squares of one size
 */
export function planCourse(
  learnt: readonly TrainingCase[],
  plan: Plan,
  watchable: readonly TrainingCase[] = [],
): Course {
  const all = [...learnt, ...watchable];
  const boxes = brainBoxes(all.map(withLesions), plan.cropMarginPixels);
  const cropped = all.map(({ sequences, labels, brainMask }, n) => ({
    sequences: sequences.map((volume) => cropTo(volume, boxes[n]!)),
    labels: cropTo(labels, boxes[n]!),
    brainMask: cropTo(brainMask, boxes[n]!),
  }));
  const cases = cropped.slice(0, learnt.length);
  const kept = cases.map((one) => new Set(slicesWithBrain(withLesions(one))));
  const pool = framePool(cases);
  const frames = { ...pool, all: pool.all.filter(({ caseIndex, slice }) => kept[caseIndex]!.has(slice)) };
  const steps = Math.ceil((frames.all.length * plan.epochs) / plan.batchSize);
  return {
    cases,
    frames,
    watched: thinned(cropped.slice(learnt.length), Math.max(watchedSlices, watchedPart * frames.all.length)),
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

/** Where a case has brain or lesion. */
const withLesions = ({ brainMask: { grid, data }, labels }: TrainingCase): Volume<Uint8Array> => ({
  grid,
  data: data.map((brain, n) => (brain !== 0 || labels.data[n] !== 0 ? 1 : 0)),
});

/** The cases with the brain masks of every n-th slice that has brain, so that they are at most so many slices in all. */
function thinned(cases: readonly TrainingCase[], slices: number): TrainingCase[] {
  const withBrain = cases.map(({ brainMask }) => slicesWithBrain(brainMask));
  const every = Math.max(1, Math.ceil(withBrain.flat().length / slices));
  return cases.map(({ brainMask: { grid, data }, ...same }, n) => {
    const pixels = grid.size[0] * grid.size[1];
    const kept = new Set(withBrain[n]!.filter((_, place) => place % every === every >> 1));
    return {
      ...same,
      brainMask: { grid, data: data.map((brain, at) => (kept.has(Math.floor(at / pixels)) ? brain : 0)) },
    };
  });
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
