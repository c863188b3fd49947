import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { type Grid, type Volume, voxelCount } from '#core/domain/geometry.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { CaseScratch, type PreparedCase } from '../model/case-scratch.ts';
import type { RemoteTrainer } from '../model/engine-client.ts';
import { beginning, learn, planCourse } from '../model/learn.ts';
import { Trainer } from '../model/trainer.ts';
import { developmentAuc } from './development-auc.ts';

const directory = mkdtempSync(join(tmpdir(), 'metloop-missing-'));
const scratch = new CaseScratch(directory);
after(() => {
  scratch.close();
  rmSync(directory, { recursive: true });
});

const grid: Grid = { size: [48, 48, 10], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const brainMask: Volume<Uint8Array> = { grid, data: new Uint8Array(voxelCount(grid)) };
for (let k = 0; k < 10; k++)
  for (let j = 10; j < 38; j++) brainMask.data.fill(1, (k * 48 + j) * 48 + 10, (k * 48 + j) * 48 + 38);

/** Balls that both sequences show through their noise, FLAIR far better than BRAVO. */
function study(seed: number): PreparedCase {
  const random = new SeededRandom(seed);
  const labels = { grid, data: new Uint8Array(voxelCount(grid)) };
  for (let n = 0; n < 3; n++) {
    const [x, y, z] = [14 + 20 * random.next(), 14 + 20 * random.next(), 2 + 6 * random.next()];
    for (let at = 0; at < labels.data.length; at++) {
      const [i, j, k] = [at % 48, Math.floor(at / 48) % 48, Math.floor(at / 2304)];
      if (Math.hypot(i - x, j - y, k - z) < 3.5) labels.data[at] = 1;
    }
  }
  const shown = (contrast: number): Volume<Uint8Array> => ({
    grid,
    data: brainMask.data.map((brain, at) => (brain ? 60 + 60 * random.next() + contrast * labels.data[at]! : 0)),
  });
  return { sequences: [shown(50), shown(130)], labels, brainMask };
}

const plan: TrainingPlan = {
  ...paperPlan,
  ...{
    width: 0.125,
    sizePixels: 48,
    sequences: ['BRAVO', 'FLAIR'],
    seed: 4,
    batchSize: 4,
    epochs: 8,
    learningRate: 0.003,
  },
};
const [a, b, c, held] = [1, 2, 3, 4].map(study) as [PreparedCase, PreparedCase, PreparedCase, PreparedCase];
const learnt = [a, b, c].map((one) => scratch.add(one));
const withoutFlair = { ...held, sequences: [held.sequences[0]!, { grid, data: new Uint8Array(voxelCount(grid)) }] };

/** AUC of an unseen study with FLAIR, and without. */
async function aucs(by: TrainingPlan): Promise<readonly [number, number]> {
  const watched = [held, withoutFlair].map((one) => planCourse(learnt, by, [scratch.add(one)]));
  const [course] = watched;
  const trainer = await Trainer.open(course!.engine('float32'), directory);
  for await (const _ of learn(trainer, course!, beginning(by)));
  const predicting: Pick<RemoteTrainer, 'predict'> = { predict: async (x) => trainer.predict(x) };
  const found = [];
  for (const each of watched) found.push((await developmentAuc(predicting, each, async () => {}))!);
  trainer.close();
  return [found[0]!, found[1]!];
}

test('a network that learnt with sequences left out loses little without FLAIR, another loses much', async (t) => {
  const [whole, lacking] = await aucs(plan);
  const [wholeByDropout, lackingByDropout] = await aucs({ ...plan, sequenceDropout: 0.5 });
  const told = `AUC with FLAIR and without: ${whole} and ${lacking}; learnt with dropout: ${wholeByDropout} and ${lackingByDropout}`;
  t.diagnostic(told);
  assert.ok(whole > 0.97 && wholeByDropout > 0.95, told);
  assert.ok(wholeByDropout - lackingByDropout < 0.08, told);
  assert.ok(whole - lacking > 2 * (wholeByDropout - lackingByDropout) && lackingByDropout > lacking + 0.05, told);
});
