import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { assembleBatch, drawFrames, type Frame, framePool, type PreparedCase } from './sampler.ts';

const size = 4;
const pixels = size * size;

/** A case of `slices` slices; sequence s has the value 100 s + pixel in each; the slices in `withLesion` have one voxel labelled. */
function preparedCase(slices: number, withLesion: readonly number[], sequenceCount = 2): PreparedCase {
  const grid: Grid = { size: [size, size, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const labels = new Uint16Array(slices * pixels);
  for (const slice of withLesion) labels[slice * pixels + 6] = 3;
  const sequences = Array.from({ length: sequenceCount }, (_, s) => ({
    grid,
    data: Float32Array.from({ length: slices * pixels }, (_unused, i) => 100 * s + (i % pixels)),
  }));
  return { sequences, labels: { grid, data: labels } };
}

const cases = [preparedCase(10, [2, 3]), preparedCase(20, []), preparedCase(10, [9])];
const key = ({ caseIndex, slice }: Frame): string => `${caseIndex}/${slice}`;

test('the pool has every frame, and knows those with a lesion', () => {
  const { all, withLesion } = framePool(cases);
  assert.equal(new Set(all.map(key)).size, 40);
  assert.deepEqual(withLesion.map(key), ['0/2', '0/3', '2/9']);
});

test('half of a batch has lesions, the other half is uniform among all', () => {
  const seed = 9;
  const random = new SeededRandom(seed);
  const pool = framePool(cases);
  const lesions = new Set(pool.withLesion.map(key));
  const [first, second] = [new Map<string, number>(), new Map<string, number>()];
  const batches = 2000;
  for (let n = 0; n < batches; n++) {
    const frames = drawFrames(pool, 32, random).map(key);
    assert.equal(frames.length, 32);
    frames.forEach((frame, i) => {
      const counts = i < 16 ? first : second;
      counts.set(frame, (counts.get(frame) ?? 0) + 1);
    });
  }
  assert.deepEqual(new Set(first.keys()), lesions);
  assert.equal(second.size, 40);
  const draws = 16 * batches;
  const check = (counts: Map<string, number>, share: number): void => {
    // Five standard deviations of a binomial count.
    const limit = 5 * Math.sqrt(draws * share * (1 - share));
    for (const [frame, count] of counts) {
      assert.ok(Math.abs(count - draws * share) < limit, `seed ${seed}, frame ${frame}: ${count} of ${draws}`);
    }
  };
  check(first, 1 / 3);
  check(second, 1 / 40);
});

test('an odd batch has one more with a lesion; without any lesion all are drawn among all', () => {
  const pool = framePool(cases);
  const one = drawFrames(pool, 1, new SeededRandom(1)).map(key);
  assert.ok(framePool(cases).withLesion.map(key).includes(one[0]!));
  const none = framePool([cases[1]!]);
  assert.equal(drawFrames(none, 6, new SeededRandom(1)).length, 6);
  assert.throws(() => drawFrames({ all: [], withLesion: [] }, 6, new SeededRandom(1)), /no frames to train on/);
});

test('a batch holds each frame and its label turned the same way, and the state of the numbers repeats it', () => {
  const random = new SeededRandom(10);
  const { state } = random;
  const frames = Array.from({ length: 40 }, () => ({ caseIndex: 0, slice: 2 }));
  const { x, y } = assembleBatch(cases, frames, random);
  assert.equal(x.length, 40 * pixels * 14);
  const turns = new Set<string>();
  frames.forEach((_, n) => {
    const centre = Array.from({ length: pixels }, (_unused, pixel) => x[(n * pixels + pixel) * 14 + 3]!);
    turns.add(centre.join());
    const label = [...y.subarray(n * pixels, (n + 1) * pixels)];
    // Pixel 6 of the slice has the label, wherever it went.
    assert.deepEqual(
      label,
      centre.map((value) => (value === 6 ? 1 : 0)),
    );
  });
  assert.equal(turns.size, 8);
  assert.deepEqual(assembleBatch(cases, frames, SeededRandom.fromState(state)), { x, y });
});

test('cases that do not fit each other are refused', () => {
  const mixed = [cases[0]!, preparedCase(4, [], 3)];
  const frames = [
    { caseIndex: 0, slice: 0 },
    { caseIndex: 1, slice: 0 },
  ];
  assert.throws(
    () => assembleBatch(mixed, frames, new SeededRandom(1)),
    /Case 1 has 3 sequences of 4 x 4 pixels; the first has 2 of 4 x 4/,
  );
});
