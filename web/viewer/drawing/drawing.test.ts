import assert from 'node:assert/strict';
import test from 'node:test';
import { type PointLps, spacingMm } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import type { Size } from '#core/label/components.ts';
import { diceOfVoxels, mergeLists, voxelLists } from '#core/label/voxel-lists.ts';
import { generatePhantom } from '../../../demo/phantom/phantom.ts';
import oracle from './drawing.oracle.json' with { type: 'json' };
import { holesOf } from './fill-holes.ts';
import { growRegion } from './grow-region.ts';
import { betweenSlices } from './interpolate-slices.ts';
import { voxelsWithin } from './outline-voxels.ts';
import { partsOf } from './split-lesion.ts';

type Triple = readonly [number, number, number];
const sizeOf = (size: readonly number[]): Size => size as unknown as Size;
const listOf = (voxels: readonly number[]): Int32Array => Int32Array.from(voxels);

test('a region grows as far as SciPy says', () => {
  const { image, cases } = oracle.growth;
  for (const { size, spacingMm, seed, share, reachMm, ...expected } of cases) {
    const found = growRegion(image, sizeOf(size), spacingMm as unknown as Triple, seed, { share, reachMm });
    assert.deepEqual(
      { level: found.level, voxels: [...found.voxels], cutOff: found.cutOff },
      expected,
      `seed ${seed}, ${share}, ${reachMm} mm`,
    );
  }
  assert.ok(cases.some(({ cutOff }) => cutOff) && cases.some(({ cutOff }) => !cutOff));
  assert.throws(() => growRegion([1], [1, 1, 1], [1, 1, 1], 1, { share: 0.5, reachMm: 5 }), RangeError);
  const flat = growRegion(new Uint8Array(27), [3, 3, 3], [1, 1, 1], 13, { share: 0.5, reachMm: 5 });
  assert.equal(flat.voxels.length, 0, 'nothing is brighter than its surroundings');
});

test('a click on a metastasis of a phantom finds most of it and little else', () => {
  const { series, truth } = generatePhantom({ seed: 24, size: 96, group: 'FOUR_TO_TEN' });
  const { grid, data } = truth.labels;
  const bravo = series.find(({ sequence }) => sequence === 'BRAVO')!.volume.data;
  const found = voxelLists(data)
    .filter((lesion) => lesion.length > 0)
    .map((lesion) => {
      const brightest = lesion.reduce((best, voxel) => (bravo[voxel]! > bravo[best]! ? voxel : best));
      const { voxels } = growRegion(bravo, grid.size, spacingMm(grid), brightest, { share: 0.5, reachMm: 20 });
      return diceOfVoxels(mergeLists([voxels, holesOf(voxels, grid.size)]), lesion);
    })
    .sort();
  assert.ok(found.length >= 4 && found[found.length >> 1]! > 0.75, `Dice ${found}`);
});

test('holes are those of SciPy, slice by slice', () => {
  for (const { size, voxels, holes } of oracle.holes) {
    assert.ok(holes.length > 0);
    assert.deepEqual([...holesOf(listOf(voxels), sizeOf(size))], holes);
  }
  assert.equal(holesOf(new Int32Array(0), [3, 3, 3]).length, 0);
});

test('slices between are those of SciPy’s distances', () => {
  for (const { size, spacingMm, voxels, between } of oracle.between)
    assert.deepEqual([...betweenSlices(listOf(voxels), sizeOf(size), spacingMm as unknown as Triple)], between);
  assert.equal(betweenSlices(listOf([13]), [3, 3, 3], [1, 1, 1]).length, 0, 'one slice has nothing between');
});

test('a cone between two discs has the volume of a cone', () => {
  const size: Size = [80, 80, 21];
  const disc = (radius: number, k: number): number[] =>
    Array.from({ length: 6400 }, (_, n) => n)
      .filter((n) => Math.hypot((n % 80) - 39.5, Math.floor(n / 80) - 39.5) <= radius)
      .map((n) => k * 6400 + n);
  const between = betweenSlices(listOf([...disc(30, 0), ...disc(10, 20)]), size, [1, 1, 1]);
  // Slices 1 to 19 stand for the frustum from 0.5 to 19.5.
  const [r, s] = [29.5, 10.5];
  const volume = ((Math.PI * 19) / 3) * (r * r + r * s + s * s);
  assert.ok(Math.abs(between.length / volume - 1) < 0.01, `${between.length} voxels, ${volume} mm³`);
});

test('parts are the components of SciPy, the largest first', () => {
  for (const { size, voxels, parts } of oracle.parts) {
    assert.ok(parts.length > 3);
    assert.deepEqual(
      partsOf(listOf(voxels), sizeOf(size)).map((part) => [...part]),
      parts,
    );
  }
});

test('voxels within an outline are those of Matplotlib', () => {
  for (const { size, indexToLps, points, normal, voxels } of oracle.outlines) {
    const outline = { points: points as unknown as PointLps[], normal: normal as unknown as PointLps };
    assert.ok(voxels.length > 20);
    assert.deepEqual([...voxelsWithin(outline, { size: sizeOf(size), indexToLps })], voxels, `normal ${normal}`);
  }
});

test('a circle holds as many voxels as its area, in one slice, whichever way round it is drawn', () => {
  const grid = { size: [100, 100, 3] as Size, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] };
  const points = Array.from({ length: 200 }, (_, n): PointLps => {
    const turn = (2 * Math.PI * n) / 200;
    return [50.2 + 30 * Math.cos(turn), 49.7 + 30 * Math.sin(turn), 2];
  });
  const found = voxelsWithin({ points, normal: [0, 0, 1] }, grid);
  assert.ok(Math.abs(found.length / (Math.PI * 900) - 1) < 0.005, `${found.length}`);
  assert.ok(found.every((voxel) => Math.floor(voxel / 10_000) === 1));
  assert.deepEqual(voxelsWithin({ points: points.toReversed(), normal: [0, 0, -1] }, grid), found);
  assert.equal(voxelsWithin({ points: points.slice(0, 2), normal: [0, 0, 1] }, grid).length, 0);
});

test('200 lesions are filled, interpolated and split within a second', () => {
  const size: Size = [256, 256, 160];
  const random = new SeededRandom(3);
  const lesions = Array.from({ length: 200 }, () => {
    const [x, y, z] = [random.int(240), random.int(240), random.int(140)];
    const voxels: number[] = [];
    for (const k of [0, 4, 8, 12])
      for (let j = 0; j < 12; j++)
        for (let i = 0; i < 12; i++) if (i < 2 || j < 2 || i > 9) voxels.push(((z + k) * 256 + y + j) * 256 + x + i);
    return listOf(voxels);
  });
  const begin = performance.now();
  for (const voxels of lesions) {
    holesOf(voxels, size);
    betweenSlices(voxels, size, [1, 1, 1]);
    assert.equal(partsOf(voxels, size).length, 4);
  }
  const milliseconds = performance.now() - begin;
  assert.ok(milliseconds < 1000, `${milliseconds} ms`);
});
