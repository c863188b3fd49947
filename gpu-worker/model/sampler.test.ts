import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import test, { after } from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { brainBoxes } from './brain-box.ts';
import { CaseScratch, type PreparedCase, type StoredCase } from './case-scratch.ts';
import { assembleBatch, type BoxedCase, dealFrames, drawFrames, type Frame, framePool, readFrame } from './sampler.ts';
import { slabChannels, writeSlab } from './slab.ts';

const scratch = new CaseScratch(tmpdir());
after(() => scratch.close());

const size = 4;
const pixels = size * size;

const gridOf = (side: number, slices: number): Grid => ({
  size: [side, side, slices],
  indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
});

/** A case of `slices` slices; sequence s has the value 100 s + pixel + 1 in each; the slices in `withLesion` have one voxel labelled. */
function stored(slices: number, withLesion: readonly number[], sequenceCount = 2): StoredCase {
  const grid = gridOf(size, slices);
  const labels = new Uint16Array(slices * pixels);
  for (const slice of withLesion) labels[slice * pixels + 6] = 3;
  const sequences = Array.from({ length: sequenceCount }, (_, s) => ({
    grid,
    data: Uint8Array.from({ length: slices * pixels }, (_unused, i) => 100 * s + (i % pixels) + 1),
  }));
  const brainMask = { grid, data: new Uint8Array(slices * pixels).fill(1) };
  return scratch.add({ sequences, labels: { grid, data: labels }, brainMask });
}

const boxed = (cases: readonly StoredCase[]): BoxedCase[] => {
  const boxes = brainBoxes(cases, 4);
  return cases.map((one, n) => ({ stored: one, box: boxes[n]! }));
};
const cases = [stored(10, [2, 3]), stored(20, []), stored(10, [9])];
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

test('the batches of a step have all its frames, each its share of those with a lesion', () => {
  const frames = drawFrames(framePool(cases), 16, new SeededRandom(4));
  assert.deepEqual(dealFrames(frames, 1), [frames]);
  const dealt = dealFrames(frames, 4);
  for (const [part, some] of dealt.entries())
    assert.deepEqual(
      some,
      [0, 4, 8, 12].map((n) => frames[n + part]),
    );
});

test('a batch holds each frame and its label turned the same way, and the state of the numbers repeats it', () => {
  const random = new SeededRandom(10);
  const { state } = random;
  const frames = Array.from({ length: 40 }, () => ({ caseIndex: 0, slice: 2 }));
  const { x, y } = assembleBatch(boxed(cases), frames, random);
  assert.equal(x.length, 40 * pixels * 14);
  const turns = new Set<string>();
  frames.forEach((_, n) => {
    const centre = Array.from({ length: pixels }, (_unused, pixel) => x[(n * pixels + pixel) * 14 + 3]!);
    turns.add(centre.join());
    const label = [...y.subarray(n * pixels, (n + 1) * pixels)];
    // Pixel 6 of the slice has the label, wherever it went.
    assert.deepEqual(
      label,
      centre.map((value) => (value === 7 ? 1 : 0)),
    );
  });
  assert.equal(turns.size, 8);
  assert.deepEqual(assembleBatch(boxed(cases), frames, SeededRandom.fromState(state)), { x, y });
});

test('a frame is the slab of the whole volume, cut to the box, at its first and last slices too', () => {
  const [side, slices] = [24, 9];
  const random = new SeededRandom(12);
  const grid = gridOf(side, slices);
  const count = side * side * slices;
  const brain = new Uint8Array(count);
  for (let k = 0; k < slices; k++)
    for (let j = 9; j < 14; j++) brain.fill(1, (k * side + j) * side + 6, (k * side + j) * side + 10);
  const volume = () => ({ grid, data: Uint8Array.from({ length: count }, () => random.int(256)) });
  const study: PreparedCase = { sequences: [volume(), volume()], labels: volume(), brainMask: { grid, data: brain } };
  const one = scratch.add(study);
  const box = { origin: [4, 7, 0], size: [12, 12, slices] } as const;
  const channels = slabChannels(2);
  for (const slice of [0, 1, 4, 8]) {
    const [x, whole] = [new Float32Array(144 * channels), new Float32Array(side * side * channels)];
    const frame = readFrame({ stored: one, box }, slice, x);
    writeSlab(study.sequences, slice, { data: whole, offset: 0 });
    for (let pixel = 0; pixel < 144; pixel++) {
      const at = (7 + Math.floor(pixel / 12)) * side + 4 + (pixel % 12);
      assert.deepEqual(
        x.subarray(pixel * channels, (pixel + 1) * channels),
        whole.subarray(at * channels, (at + 1) * channels),
      );
      assert.equal(frame.label[pixel], study.labels.data[slice * side * side + at] === 0 ? 0 : 1);
      assert.equal(frame.brain[pixel], brain[slice * side * side + at]);
    }
  }
});

test('a sequence that is left out of a frame is zeros in all its channels, and the others are as they were', () => {
  const dropout = { probability: 0.5, kept: new Set([1]) };
  const frames = Array.from({ length: 40 }, () => ({ caseIndex: 0, slice: 5 }));
  const { x } = assembleBatch(boxed(cases), frames, new SeededRandom(5), dropout);
  const lost = frames.map((_, n) => {
    const voxels = x.subarray(n * pixels * 14, (n + 1) * pixels * 14);
    const sums = [0, 0];
    voxels.forEach((value, at) => {
      sums[Math.floor((at % 14) / 7)]! += value;
    });
    assert.equal(sums[1], 7 * pixels * 108.5);
    assert.ok(sums[0] === 0 || sums[0] === 7 * pixels * 8.5, `${sums[0]}`);
    return sums[0] === 0;
  });
  assert.ok(lost.includes(true) && lost.includes(false));
});

test('cases that do not fit each other are refused', () => {
  const mixed = boxed([cases[0]!, stored(4, [], 3)]);
  const frames = [
    { caseIndex: 0, slice: 0 },
    { caseIndex: 1, slice: 0 },
  ];
  assert.throws(
    () => assembleBatch(mixed, frames, new SeededRandom(1)),
    /Case 1 has 3 sequences of 4 x 4 pixels; the first has 2 of 4 x 4/,
  );
});
