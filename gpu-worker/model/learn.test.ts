import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { slicesWithBrain } from './brain-box.ts';
import { beginning, type LearntStep, learn, planCourse, type TrainingCase } from './learn.ts';
import type { Batch } from './trainer.ts';

const plan: TrainingPlan = {
  ...paperPlan,
  ...{ sizePixels: 48, sequences: ['BRAVO', 'FLAIR'], epochs: 3, batchSize: 4, width: 0.25 },
};
const random = new SeededRandom(8);

/** A head with brain in the slices 3 to 3 + `slices` - 1 of 12, and lesions in some. */
function head(slices: number, lesionSlices: readonly number[]): TrainingCase {
  const grid: Grid = { size: [48, 48, 12], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const [brain, label] = [new Uint8Array(48 * 48 * 12), new Uint8Array(48 * 48 * 12)];
  for (let k = 3; k < 3 + slices; k++)
    for (let j = 14; j < 34; j++) brain.fill(1, (k * 48 + j) * 48 + 12, (k * 48 + j) * 48 + 36);
  for (const k of lesionSlices) label[(k * 48 + 20) * 48 + 20] = 1;
  const sequence = () => ({ grid, data: brain.map((inside) => (inside ? random.int(256) : 0)) });
  return {
    sequences: [sequence(), sequence()],
    labels: { grid, data: label },
    brainMask: { grid, data: brain },
  };
}
const cases = [head(6, [5, 6]), head(3, [])];

test('an epoch is as many frames as there are slices with brain, cut to the brain', () => {
  const course = planCourse(cases, plan);
  assert.deepEqual([course.frames.all.length, course.frames.withLesion.length], [9, 2]);
  assert.equal(course.steps, Math.ceil((9 * 3) / 4));
  assert.equal(course.epoch(course.steps), (course.steps * 4) / 9);
  // 24 columns and twice 4 pixels.
  assert.deepEqual(course.engine('bfloat16').architecture, {
    ...{ width: 0.25, channels: 14, sizePixels: 32, batch: 4, compute: 'bfloat16' },
  });
  assert.equal(course.engine('float32').learning!.positiveWeight, 10);
});

test('watched cases are cut like the others, and at most twenty of their slices are watched', () => {
  const watchedBy = (watchable: readonly TrainingCase[]): (readonly [number, number])[] =>
    planCourse(cases, plan, watchable).watched.map(({ labels, brainMask }) => [
      labels.grid.size[0],
      slicesWithBrain(brainMask).length,
    ]);
  assert.deepEqual(watchedBy([head(8, [6]), head(7, [4])]), [
    [32, 8],
    [32, 7],
  ]);
  // 24 slices are thinned to every second one.
  assert.deepEqual(watchedBy([head(8, [6]), head(7, [4]), head(9, [])]), [
    [32, 4],
    [32, 3],
    [32, 4],
  ]);
  assert.equal(planCourse(cases, plan, [head(8, [6])]).frames.all.length, 9);
});

test('a lesion in a slice without brain is learnt from', () => {
  const [first, second] = [head(6, [11]), head(3, [])];
  const { frames } = planCourse([first, second], plan);
  assert.deepEqual([frames.all.length, frames.withLesion.length], [10, 1]);
});

test('a training that goes on from any step takes the same batches as one that was not interrupted', async () => {
  const course = planCourse(cases, plan);
  const take = async (from: Parameters<typeof learn>[2]): Promise<{ batches: Batch[]; steps: LearntStep[] }> => {
    const batches: Batch[] = [];
    const steps: LearntStep[] = [];
    const learner = {
      step: (batch: Batch) => {
        batches.push(batch);
        return { loss: batches.length };
      },
    };
    for await (const step of learn(learner, course, from)) steps.push(step);
    return { batches, steps };
  };
  const whole = await take(beginning(plan));
  assert.deepEqual(
    whole.steps.map(({ step, loss }) => [step, loss]),
    Array.from({ length: 7 }, (_, n) => [n + 1, n + 1]),
  );
  assert.notDeepEqual(whole.batches[0], whole.batches[1]);
  for (const { step, randomState } of whole.steps) {
    const rest = await take({ step, randomState });
    assert.deepEqual(rest.batches, whole.batches.slice(step));
    assert.deepEqual(rest.steps.at(-1)?.step ?? step, 7);
  }
});
