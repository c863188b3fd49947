import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '../domain/random.ts';
import { drawArm } from './arm.ts';

/** Shares of the control among reads of many tasks by some readers. */
function controlShare(seed: number, unassistedShare: number, count: number): number {
  let drawn = 0;
  for (let n = 0; n < count; n++)
    if (drawArm({ seed, unassistedShare }, `task-${n}`, `reader-${n % 7}`) === 'UNASSISTED') drawn++;
  return drawn / count;
}

test('the share that is asked for is drawn, and each draw can be made again', () => {
  for (const seed of [0, 1, 2 ** 31 - 1])
    for (const share of [0, 0.2, 0.5, 1]) {
      const found = controlShare(seed, share, 4000);
      // Four standard errors.
      const within = 4 * Math.sqrt((share * (1 - share)) / 4000);
      assert.ok(Math.abs(found - share) <= within, `seed ${seed}: ${found} instead of ${share}`);
      assert.equal(controlShare(seed, share, 4000), found);
    }
});

test('another seed, task or reader is another draw', () => {
  const random = new SeededRandom(5);
  const alike = { seed: 0, task: 0, reader: 0 };
  const count = 2000;
  for (let n = 0; n < count; n++) {
    const [seed, task, reader] = [random.int(2 ** 31), `t${random.int(1e9)}`, `r${random.int(1e9)}`];
    const arm = drawArm({ seed, unassistedShare: 0.5 }, task, reader);
    if (drawArm({ seed: (seed + 1) % 2 ** 31, unassistedShare: 0.5 }, task, reader) === arm) alike.seed++;
    if (drawArm({ seed, unassistedShare: 0.5 }, `${task}x`, reader) === arm) alike.task++;
    if (drawArm({ seed, unassistedShare: 0.5 }, task, `${reader}x`) === arm) alike.reader++;
  }
  for (const [what, times] of Object.entries(alike))
    assert.ok(Math.abs(times / count - 0.5) < 4 * Math.sqrt(0.25 / count), `${what}: alike in ${times} of ${count}`);
});
