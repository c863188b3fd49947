import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import test, { after } from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { CaseScratch, type StoredCase } from './case-scratch.ts';
import { beginning, type LearntStep, learn, planCourse } from './learn.ts';
import type { Batch } from './trainer.ts';

const scratch = new CaseScratch(tmpdir());
after(() => scratch.close());

const plan: TrainingPlan = {
  ...paperPlan,
  ...{ sizePixels: 48, sequences: ['BRAVO', 'FLAIR'], epochs: 3, batchSize: 4, width: 0.25 },
};
const random = new SeededRandom(8);

/** A head with brain in the slices 3 to 3 + `slices` - 1 of 12, and lesions in some. */
function head(slices: number, lesionSlices: readonly number[]): StoredCase {
  const grid: Grid = { size: [48, 48, 12], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const [brain, label] = [new Uint8Array(48 * 48 * 12), new Uint8Array(48 * 48 * 12)];
  for (let k = 3; k < 3 + slices; k++)
    for (let j = 14; j < 34; j++) brain.fill(1, (k * 48 + j) * 48 + 12, (k * 48 + j) * 48 + 36);
  for (const k of lesionSlices) label[(k * 48 + 20) * 48 + 20] = 1;
  const sequence = () => ({ grid, data: brain.map((inside) => (inside ? random.int(256) : 0)) });
  return scratch.add({
    sequences: [sequence(), sequence()],
    labels: { grid, data: label },
    brainMask: { grid, data: brain },
  });
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
  const { architecture, learning } = planCourse(cases, { ...plan, microBatches: 2 }).engine('float32');
  assert.deepEqual([architecture.batch, learning!.microBatches], [2, 2]);
});

test('watched cases are cut like the others, and at most twenty of their slices are watched', () => {
  const watchedBy = (watchable: readonly StoredCase[]): (readonly [number, number])[] =>
    planCourse(cases, plan, watchable).watched.map(({ box, slices }) => [box.size[0], slices.length]);
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

interface Taken {
  readonly batches: Batch[];
  readonly steps: LearntStep[];
}

async function take(by: TrainingPlan, from = beginning(by)): Promise<Taken> {
  const batches: Batch[] = [];
  const steps: LearntStep[] = [];
  const told = (batch: Batch): { loss: number } => ({ loss: batches.push(batch) });
  for await (const step of learn({ accumulate: told, step: told }, planCourse(cases, by), from)) steps.push(step);
  return { batches, steps };
}

test('the learning rate stays, as in the paper, or falls evenly over the last part of the steps', async () => {
  const rates = async (coolingPart: number) =>
    (await take({ ...plan, learningRate: 0.4, coolingPart })).steps.map((step) => Number(step.learningRate.toFixed(6)));
  assert.deepEqual(await rates(0), Array(7).fill(0.4));
  assert.deepEqual(await rates(4 / 7), [0.4, 0.4, 0.4, 0.4, 0.3, 0.2, 0.1]);
  assert.deepEqual(
    await rates(1),
    [7, 6, 5, 4, 3, 2, 1].map((left) => Number(((0.4 * left) / 7).toFixed(6))),
  );
});

for (const [name, change] of Object.entries({
  'in whole batches': {},
  'in parts': { microBatches: 2 },
  'with sequences left out': { sequenceDropout: 0.5 },
})) {
  test(`a training that goes on from any step takes the same batches as one that was not interrupted: ${name}`, async () => {
    const by = { ...plan, ...change };
    const parts = by.microBatches;
    const whole = await take(by);
    assert.deepEqual(
      whole.steps.map(({ step, loss }) => [step, loss]),
      // The mean of the losses of its batches.
      Array.from({ length: 7 }, (_, n) => [n + 1, parts * n + (1 + parts) / 2]),
    );
    assert.equal(whole.batches.length, 7 * parts);
    assert.equal(whole.batches[0]!.y.length, (4 / parts) * 32 * 32);
    assert.notDeepEqual(whole.batches[0], whole.batches[1]);
    for (const { step, randomState } of whole.steps) {
      const rest = await take(by, { step, randomState });
      assert.deepEqual(rest.batches, whole.batches.slice(step * parts));
      assert.deepEqual(rest.steps.at(-1)?.step ?? step, 7);
    }
  });
}
