import assert from 'node:assert/strict';
import test from 'node:test';
import { segment } from './segment.ts';

const size = [20, 16, 10] as const;
const grid = { size, indexToLps: [1, 0, 0, -10, 0, 1, 0, 5, 0, 0, 2, 0, 0, 0, 0, 1] };
const length = 20 * 16 * 10;
const at = (i: number, j: number, k: number): number => (k * 16 + j) * 20 + i;

function scene(): {
  probability: { grid: typeof grid; data: Float32Array<ArrayBuffer> };
  brainMask: { grid: typeof grid; data: Uint8Array<ArrayBuffer> };
} {
  const brain = new Uint8Array(length);
  for (let k = 0; k < 10; k++) for (let j = 0; j < 16; j++) brain.fill(1, at(0, j, k), at(12, j, k));
  const data = new Float32Array(length).fill(0.01);
  // Two voxels joined by a corner, three in a row, one two columns outside the mask and one three columns outside.
  data[at(2, 2, 2)] = 0.5;
  data[at(3, 3, 3)] = 0.7;
  data.fill(0.93, at(5, 8, 5), at(8, 8, 5));
  data[at(13, 2, 2)] = 0.6;
  data[at(14, 8, 2)] = 0.99;
  return { probability: { grid, data }, brainMask: { grid, data: brain } };
}

test('lesions are numbered by size, with measures and the greatest probability', () => {
  const { probability, brainMask } = scene();
  const { label, lesions, dropped } = segment(probability, brainMask, { threshold: 0.5 });
  assert.deepEqual(
    lesions.map(({ number, voxelCount, volumeMm3, longestDiameterMm, sliceCount, probability: greatest }) => [
      number,
      voxelCount,
      volumeMm3,
      longestDiameterMm,
      sliceCount,
      greatest,
    ]),
    [
      [1, 3, 6, 3, 1, Math.fround(0.93)],
      [2, 2, 4, 1, 2, Math.fround(0.7)],
      [3, 1, 2, 1, 1, Math.fround(0.6)],
    ],
  );
  assert.deepEqual(lesions[0]!.centroidLps, [-4, 13, 10]);
  assert.deepEqual(
    [5, 6, 7].map((i) => label.data[at(i, 8, 5)]),
    [1, 1, 1],
  );
  assert.deepEqual([label.data[at(2, 2, 2)], label.data[at(3, 3, 3)], label.data[at(13, 2, 2)]], [2, 2, 3]);
  assert.equal(label.data.filter((value) => value > 0).length, 6);
  assert.deepEqual(dropped, [
    {
      reason: 'OUTSIDE_BRAIN_MASK',
      voxelCount: 1,
      volumeMm3: 2,
      centroidLps: [4, 13, 4],
      probability: Math.fround(0.99),
    },
  ]);
});

test('what is too small is dropped with its reason, of exactly the least volume kept', () => {
  const { probability, brainMask } = scene();
  const { lesions, dropped } = segment(probability, brainMask, { threshold: 0.5, minVolumeMm3: 4 });
  assert.deepEqual(
    lesions.map(({ voxelCount }) => voxelCount),
    [3, 2],
  );
  assert.deepEqual(dropped.map(({ reason }) => reason).sort(), ['OUTSIDE_BRAIN_MASK', 'TOO_SMALL']);
});

test('nothing above the threshold gives an empty label', () => {
  const { probability, brainMask } = scene();
  const { label, lesions, dropped } = segment(probability, brainMask, { threshold: 0.995 });
  assert.deepEqual([lesions.length, dropped.length, label.data.some((value) => value > 0)], [0, 0, false]);
  assert.throws(() => segment(probability, { grid, data: new Uint8Array(7) }, { threshold: 0.5 }), RangeError);
});
