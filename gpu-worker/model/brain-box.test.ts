import assert from 'node:assert/strict';
import test from 'node:test';
import { type Grid, transformPoint, type Volume } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { brainBoxes, cropTo, extentOf, networkBox, type Occupied } from './brain-box.ts';

const gridOf = (side: number, slices: number): Grid => ({
  size: [side, side, slices],
  indexToLps: [2, 0, 0, -30, 0, 2, 0, -40, 0, 0, 3, 5, 0, 0, 0, 1],
});

function mask(side: number, slices: number, [i0, i1, j0, j1, k0, k1]: readonly number[]): Volume<Uint8Array> {
  const data = new Uint8Array(side * side * slices);
  for (let k = k0!; k <= k1!; k++)
    for (let j = j0!; j <= j1!; j++) for (let i = i0!; i <= i1!; i++) data[(k * side + j) * side + i] = 1;
  return { grid: gridOf(side, slices), data };
}

const brain = (side: number, slices: number, range: readonly number[]): Occupied => ({
  size: [side, side, slices],
  extent: extentOf(mask(side, slices, range))!,
});

test('boxes have one side, the least that holds the largest brain with its margin, and lie about each brain', () => {
  const boxes = brainBoxes([brain(64, 20, [20, 39, 22, 47, 6, 12]), brain(64, 30, [2, 11, 50, 61, 0, 29])], 4);
  // 26 rows and twice 4 pixels are 34, and the next multiple of 4 is 36.
  assert.deepEqual(boxes[0], { origin: [12, 17, 3], size: [36, 36, 13] });
  assert.deepEqual(boxes[1], { origin: [0, 28, 0], size: [36, 36, 30] });
});

test('a brain that fills the slice keeps the slice', () => {
  assert.deepEqual(brainBoxes([brain(32, 5, [1, 30, 3, 4, 2, 2])], 4), [{ origin: [0, 0, 0], size: [32, 32, 5] }]);
});

test('what cannot be cut is refused', () => {
  assert.equal(extentOf({ grid: gridOf(4, 2), data: new Uint8Array(32) }), undefined);
  assert.throws(() => brainBoxes([brain(30, 5, [1, 2, 1, 2, 1, 2])], 4), /30 x 30 pixels/);
  assert.throws(() => brainBoxes([brain(32, 5, [1, 2, 1, 2, 1, 2]), brain(36, 5, [1, 2, 1, 2, 1, 2])], 4), /36 x 36/);
});

test('the box that the network looks at begins and ends at multiples of 4, and keeps to the slice', () => {
  // Columns 20 to 39 with 4 pixels are 16 to 43; rows 22 to 47 are 18 to 51.
  assert.deepEqual(networkBox(mask(64, 20, [20, 39, 22, 47, 6, 12]), 4), { origin: [16, 16, 3], size: [28, 36, 13] });
  assert.deepEqual(networkBox(mask(64, 20, [2, 63, 22, 47, 0, 19]), 4), { origin: [0, 16, 0], size: [64, 36, 20] });
  assert.deepEqual(networkBox(mask(64, 20, [20, 39, 22, 47, 6, 12]), 64), { origin: [0, 0, 3], size: [64, 64, 13] });
  // The network needs 16 pixels; a brain in a corner gets what there is beside it.
  assert.deepEqual(networkBox(mask(64, 9, [62, 62, 1, 1, 4, 4]), 0), { origin: [48, 0, 1], size: [16, 16, 7] });
  assert.throws(() => networkBox(mask(64, 9, [1, 0, 0, 0, 0, 0]), 4), /brain mask is empty/);
  assert.throws(() => networkBox(mask(30, 5, [1, 2, 1, 2, 1, 2]), 4), /30 pixels; it has to be a multiple of 4/);
});

test('a cropped voxel is that of the volume at the same place in the patient', () => {
  const random = new SeededRandom(11);
  const grid = gridOf(16, 6);
  const volume = { grid, data: Float32Array.from({ length: 16 * 16 * 6 }, () => random.next()) };
  const box = { origin: [3, 5, 1], size: [8, 8, 4] } as const;
  const cropped = cropTo(volume, box);
  for (const [i, j, k] of [
    [0, 0, 0],
    [7, 2, 3],
    [4, 7, 1],
  ] as const) {
    assert.equal(cropped.data[(k * 8 + j) * 8 + i], volume.data[((k + 1) * 16 + j + 5) * 16 + i + 3]);
    assert.deepEqual(
      transformPoint(cropped.grid.indexToLps, [i, j, k]),
      transformPoint(grid.indexToLps, [i + 3, j + 5, k + 1]),
    );
  }
});
