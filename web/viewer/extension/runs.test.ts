import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { drawRuns, encodeRuns, fingerprint } from './runs.ts';

test('runs name where each value begins and how far it goes', () => {
  assert.deepEqual([...encodeRuns([0, 2, 2, 3, 0, 0, 1])], [1, 2, 2, 3, 1, 3, 6, 1, 1]);
  assert.equal(encodeRuns(new Uint8Array(9)).length, 0);
});

test('what is drawn again from its runs is what was there', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new SeededRandom(seed);
    const pixels = Uint8Array.from({ length: 400 }, () => Math.max(0, random.int(6) - 3));
    const again = new Uint8Array(400);
    const runs = encodeRuns(pixels);
    drawRuns(runs, again);
    assert.deepEqual(again, pixels, `seed ${seed}`);
    const changed = pixels.with(random.int(400), 7);
    assert.notEqual(
      fingerprint([{ image: 'a', runs }]),
      fingerprint([{ image: 'a', runs: encodeRuns(changed) }]),
      `seed ${seed}`,
    );
  }
  const slices = [{ image: 'a', runs: encodeRuns([1]) }];
  assert.notEqual(fingerprint(slices), fingerprint([{ image: 'b', runs: encodeRuns([1]) }]));
  assert.notEqual(fingerprint(slices), fingerprint(slices, [1]), 'a coarse outline');
  assert.equal(fingerprint(slices, new Set([2, 1])), fingerprint(slices, [1, 2]));
});

test('a run beyond a slice is refused', () => {
  assert.throws(() => drawRuns(Uint32Array.of(3, 2, 1), new Uint8Array(4)), RangeError);
});
