import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { drawTurn, type Turn, turnedIndices } from './turn.ts';

const of = (mirrored: boolean, quarterTurns: Turn['quarterTurns']): number[] => [
  ...turnedIndices(3, 3, { mirrored, quarterTurns }),
];

test('turns are those of numpy.rot90, mirrors those of numpy.fliplr before it', () => {
  assert.deepEqual(of(false, 0), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(of(false, 1), [2, 5, 8, 1, 4, 7, 0, 3, 6]);
  assert.deepEqual(of(false, 2), [8, 7, 6, 5, 4, 3, 2, 1, 0]);
  assert.deepEqual(of(false, 3), [6, 3, 0, 7, 4, 1, 8, 5, 2]);
  assert.deepEqual(of(true, 0), [2, 1, 0, 5, 4, 3, 8, 7, 6]);
  assert.deepEqual(of(true, 1), [0, 3, 6, 1, 4, 7, 2, 5, 8]);
});

test('a slice that is not square can be mirrored and turned by 180 degrees only', () => {
  assert.deepEqual([...turnedIndices(2, 3, { mirrored: true, quarterTurns: 2 })], [3, 4, 5, 0, 1, 2]);
  assert.throws(() => turnedIndices(2, 3, { mirrored: false, quarterTurns: 1 }), /2 x 3 cannot be turned/);
});

test('each of the eight symmetries is as likely', () => {
  const seed = 8;
  const random = new SeededRandom(seed);
  const counts = new Map<string, number>();
  for (let n = 0; n < 8000; n++) {
    const { mirrored, quarterTurns } = drawTurn(random);
    const key = of(mirrored, quarterTurns).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 8);
  // Five standard deviations of a binomial count.
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 5 * 30, `seed ${seed}: ${count}`);
});
