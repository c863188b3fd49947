import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Grid,
  invertAffine,
  type Matrix4,
  transformPoint,
  type Volume,
  voxelCount,
} from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import { halveAxis } from './halve-axis.ts';
import { inPlaneGrid, resizeImage, resizeLabels } from './in-plane.ts';
import { contributingSlices, resample } from './resample.ts';

const identity: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
/** Oblique, 1.2 x 0.7 x 2 mm. */
const oblique: Grid = {
  size: [11, 9, 7],
  indexToLps: [1.2 * c, -0.7 * s, 0, 5, 1.2 * s, 0.7 * c, 0, -8, 0, 0, 2, 3, 0, 0, 0, 1],
};

function noise(grid: Grid, seed: number): Volume {
  const random = new SeededRandom(seed);
  return { grid, data: Float32Array.from({ length: voxelCount(grid) }, () => random.next() * 1000 - 500) };
}

/** A linear function of the patient's space, which trilinear interpolation must not change. */
const ramp = ([x, y, z]: readonly [number, number, number]): number => 3 * x - 2 * y + 0.5 * z + 7;
function rampOn(grid: Grid): Volume {
  const [columns, rows] = grid.size;
  const at = (n: number): number =>
    ramp(
      transformPoint(grid.indexToLps, [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))]),
    );
  return { grid, data: Float32Array.from({ length: voxelCount(grid) }, (_, n) => at(n)) };
}

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  for (let n = 0; n < found.length; n++)
    assert.ok(Math.abs(found[n]! - expected[n]!) <= tolerance, `voxel ${n}: ${found[n]} for ${expected[n]}`);
}

test('onto its own grid nothing changes', () => {
  const volume = noise(oblique, 3);
  assertClose(resample(volume, oblique, identity, 'linear').data, volume.data, 1e-3);
  assert.deepEqual(resample(volume, oblique, identity, 'nearest').data, volume.data);
});

test('a linear function survives any rigid motion, inside the field', () => {
  const field: Grid = { size: [60, 60, 60], indexToLps: [1, 0, 0, -30, 0, 1, 0, -30, 0, 0, 1, -30, 0, 0, 0, 1] };
  const motion: Matrix4 = [c, 0, s, 1.5, 0, 1, 0, -2, -s, 0, c, 0.7, 0, 0, 0, 1];
  const found = resample(rampOn(field), oblique, motion, 'linear');
  const [columns, rows] = oblique.size;
  const expected = Array.from({ length: voxelCount(oblique) }, (_, n) =>
    ramp(
      transformPoint(
        motion,
        transformPoint(oblique.indexToLps, [
          n % columns,
          Math.floor(n / columns) % rows,
          Math.floor(n / (columns * rows)),
        ]),
      ),
    ),
  );
  assertClose(found.data, expected, 1e-3);
});

test('nearest agrees with rounding every index, and keeps the type', () => {
  const labels = { grid: oblique, data: Uint16Array.from(noise(oblique, 5).data, (x) => Math.abs(x)) };
  const grid: Grid = { size: [20, 21, 22], indexToLps: [0.9, 0, 0, 0, 0, 0.9, 0, -12, 0, 0, 0.9, 0, 0, 0, 0, 1] };
  const found = resample(labels, grid, identity, 'nearest');
  assert.ok(found.data instanceof Uint16Array);
  const toIndex = invertAffine(oblique.indexToLps);
  let inside = 0;
  for (let n = 0; n < found.data.length; n++) {
    const point = transformPoint(grid.indexToLps, [n % 20, Math.floor(n / 20) % 21, Math.floor(n / 420)]);
    const [i, j, k] = transformPoint(toIndex, point).map(Math.round) as [number, number, number];
    const within = i >= 0 && j >= 0 && k >= 0 && i < 11 && j < 9 && k < 7;
    if (within) inside++;
    assert.equal(found.data[n], within ? labels.data[(k * 9 + j) * 11 + i] : 0, `voxel ${n}`);
  }
  assert.ok(inside > 500, `only ${inside} voxels lay inside`);
});

test('outside is 0 or what was asked for', () => {
  const volume = { grid: oblique, data: new Float32Array(voxelCount(oblique)).fill(9) };
  const away: Matrix4 = [1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  assert.ok(resample(volume, oblique, away, 'linear').data.every((x) => x === 0));
  assert.ok(resample(volume, oblique, away, 'linear', Number.NaN).data.every(Number.isNaN));
});

test('512 to 256 pixels is the mean of 2 x 2, and keeps the field of view', () => {
  const grid: Grid = { size: [8, 8, 2], indexToLps: [0.5, 0, 0, -2, 0, 0.5, 0, -3, 0, 0, 1, 0, 0, 0, 0, 1] };
  const volume = noise(grid, 11);
  const small = inPlaneGrid(grid, 4);
  assert.deepEqual(small, {
    size: [4, 4, 2],
    indexToLps: [1, 0, 0, -1.75, 0, 1, 0, -2.75, 0, 0, 1, 0, 0, 0, 0, 1],
  });
  const at = (i: number, j: number, k: number): number => volume.data[(k * 8 + j) * 8 + i]!;
  const expected = Array.from({ length: 32 }, (_, n) => {
    const [i, j, k] = [2 * (n % 4), 2 * (Math.floor(n / 4) % 4), Math.floor(n / 16)];
    return (at(i, j, k) + at(i + 1, j, k) + at(i, j + 1, k) + at(i + 1, j + 1, k)) / 4;
  });
  assertClose(resizeImage(volume, small).data, expected, 1e-3);
});

test('a slice that is not square is padded, not stretched; labels return to where they were', () => {
  const grid: Grid = { size: [12, 8, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const model = inPlaneGrid(grid, 24);
  assert.deepEqual(transformPoint(model.indexToLps, [0, 0, 0]), [-0.25, -2.25, 0]);
  const labels = { grid, data: Uint16Array.from({ length: 96 }, (_, n) => n + 1) };
  const onModel = resizeLabels(labels, model);
  assert.equal(onModel.data[0], 0);
  assert.deepEqual(resizeLabels(onModel, grid).data, labels.data);
  assert.throws(() => inPlaneGrid(grid, 0), RangeError);
});

test('halving an axis keeps the middle of every pair in its place', () => {
  for (const axis of [0, 1, 2] as const) {
    const half = halveAxis(rampOn(oblique), axis);
    assert.equal(half.grid.size[axis], Math.floor(oblique.size[axis] / 2));
    assertClose(half.data, rampOn(half.grid).data, 1e-3);
  }
});

test('a slice is made from the source slices that it is said to be made from, and from no others', () => {
  const random = new SeededRandom(11);
  for (let turn = 0; turn < 12; turn++) {
    const angle = (random.next() - 0.5) * 0.5;
    const [u, v] = [Math.cos(angle), Math.sin(angle)];
    const shiftMm = (random.next() - 0.5) * 12;
    const motion: Matrix4 = [u, 0, v, 1, 0, 1, 0, -1, -v, 0, u, shiftMm, 0, 0, 0, 1];
    // Wide enough that no corner of the grid lies beside it, and too low for some of its slices.
    const wide: Grid = { size: [50, 50, 8], indexToLps: [1, 0, 0, -20, 0, 1, 0, -20, 0, 0, 1.7, 2, 0, 0, 0, 1] };
    const said = contributingSlices(wide, oblique, motion);
    const plane = 50 * 50;
    const reached = Array.from({ length: 8 }, (_, z) => {
      const data = new Float32Array(8 * plane).fill(1, z * plane, (z + 1) * plane);
      const { data: found } = resample({ grid: wide, data }, oblique, motion, 'linear');
      return Array.from({ length: 7 }, (_, k) => found.subarray(k * 99, (k + 1) * 99).some((value) => value > 1e-5));
    });
    const expected = Array.from({ length: 7 }, (_, k) => {
      const from = reached.flatMap((touches, z) => (touches[k] ? z : []));
      return from.length > 0 ? [from[0]!, from.at(-1)!] : null;
    });
    assert.deepEqual(said, expected, `turn ${turn}: ${angle} rad, ${shiftMm} mm`);
  }
});
