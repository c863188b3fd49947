import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '../domain/random.ts';
import { components, type Size } from './components.ts';
import { dilate, dilateByMm } from './dilate.ts';
import { squaredDistancesMm2 } from './distance-transform.ts';
import oracle from './label.oracle.json' with { type: 'json' };
import { measureLesions } from './measure.ts';
import { labelComponents, segmentVoxelCounts } from './relabel.ts';
import { hd95Mm } from './surface-distance.ts';
import { surfelAreasMm2 } from './surfel-area.ts';
import { voxelLists } from './voxel-lists.ts';

type Triple = readonly [number, number, number];

function unpack(base64: string, size: Size): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(base64, 'base64');
  return Uint8Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => (bytes[n >> 3]! >> (7 - (n & 7))) & 1);
}

const gridOf = (size: Size, [x, y, z]: Triple) => ({
  size,
  indexToLps: [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1],
});

test('components and dilation by neighbours are those of SciPy', () => {
  for (const { size, mask, labels, dilated } of oracle.components) {
    const volume = unpack(mask, size as unknown as Size);
    for (const connectivity of [6, 18, 26] as const) {
      const found = components(volume, size as unknown as Size, connectivity);
      assert.deepEqual(Array.from(found.labels), labels[connectivity], `size ${size}, ${connectivity} neighbours`);
      assert.equal(found.count, Math.max(...labels[connectivity]));
      const twice = dilate(volume, size as unknown as Size, connectivity, 2);
      assert.deepEqual(twice, unpack(dilated[connectivity], size as unknown as Size));
    }
    assert.deepEqual(dilate(volume, size as unknown as Size, 26, 0), volume);
  }
});

test('distances and dilation by millimetres are those of SciPy', () => {
  for (const each of oracle.distances) {
    const [size, spacing] = [each.size as unknown as Size, each.spacingMm as unknown as Triple];
    const mask = unpack(each.mask, size);
    squaredDistancesMm2(mask, size, spacing).forEach((square, n) => {
      assert.ok(Math.abs(square - each.squaredDistancesMm2[n]!) < 1e-8, `voxel ${n}: ${square}`);
    });
    assert.deepEqual(dilateByMm(mask, size, spacing, 2), unpack(each.dilated2Mm, size));
  }
  const nowhere = squaredDistancesMm2(new Uint8Array(8), [2, 2, 2], [1, 1, 1]);
  assert.ok(nowhere.every((square) => square === Number.POSITIVE_INFINITY));
});

test('areas of all 256 surface elements are those of surface-distance', () => {
  for (const { spacingMm, areasMm2 } of oracle.surfelAreas)
    surfelAreasMm2(spacingMm as unknown as Triple).forEach((area, code) => {
      assert.ok(Math.abs(area - areasMm2[code]!) < 1e-12, `code ${code}: ${area}, not ${areasMm2[code]}`);
    });
});

test('HD95 is that of surface-distance', () => {
  assert.ok(oracle.hd95.length >= 20);
  for (const each of oracle.hd95) {
    const size = each.size as unknown as Size;
    const [a, b] = [each.a, each.b].map((packed) => voxelLists(unpack(packed, size))[1]!);
    const found = hd95Mm(a!, b!, size, each.spacingMm as unknown as Triple);
    assert.ok(Math.abs(found - each.hd95Mm) < 1e-9, `${found}, not ${each.hd95Mm}`);
  }
});

test('HD95 of empty sets of voxels', () => {
  const [none, one] = [new Int32Array(0), Int32Array.of(3)];
  assert.equal(hd95Mm(none, none, [2, 2, 2], [1, 1, 1]), 0);
  assert.equal(hd95Mm(none, one, [2, 2, 2], [1, 1, 1]), Number.POSITIVE_INFINITY);
  assert.equal(hd95Mm(one, none, [2, 2, 2], [1, 1, 1]), Number.POSITIVE_INFINITY);
});

test('measures are those of trying all pairs of voxels', () => {
  for (const each of oracle.measures) {
    const size = each.size as unknown as Size;
    const label = labelComponents({
      grid: gridOf(size, each.spacingMm as unknown as Triple),
      data: unpack(each.mask, size),
    });
    const found = measureLesions(label);
    assert.equal(found.length, each.lesions.length);
    found.forEach((lesion, n) => {
      const expected = each.lesions[n]!;
      for (const key of ['number', 'voxelCount', 'sliceCount', 'sliceIndex'] as const)
        assert.equal(lesion[key], expected[key], `${key} of lesion ${n + 1}`);
      for (const key of ['volumeMm3', 'longestDiameterMm', 'perpendicularDiameterMm'] as const)
        assert.ok(Math.abs(lesion[key] - expected[key]) < 1e-9, `${key} of lesion ${n + 1}: ${lesion[key]}`);
      lesion.centroidLps.forEach((at, axis) => {
        assert.ok(Math.abs(at - expected.centroidLps[axis]!) < 1e-9);
      });
    });
    assert.deepEqual(
      [...segmentVoxelCounts(label)],
      each.lesions.map((lesion) => [lesion.number, lesion.voxelCount]),
    );
  }
});

test('a single voxel is one edge long and wide', () => {
  const data = new Uint16Array(27);
  data[13] = 7;
  const [lesion, ...others] = measureLesions({ grid: gridOf([3, 3, 3], [0.8, 0.8, 2]), data });
  assert.equal(others.length, 0);
  assert.deepEqual([lesion?.number, lesion?.longestDiameterMm, lesion?.perpendicularDiameterMm], [7, 0.8, 0.8]);
});

test('a mask of the wrong length is refused', () => {
  assert.throws(() => components(new Uint8Array(7), [2, 2, 2], 26), RangeError);
  assert.throws(() => dilate(new Uint8Array(9), [2, 2, 2], 26), RangeError);
});

test('a full-size volume of many lesions takes well under a second', () => {
  const size: Size = [256, 256, 160];
  const random = new SeededRandom(5);
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  for (let lesion = 0; lesion < 200; lesion++) {
    const corner = [random.int(240), random.int(240), random.int(144)];
    for (let k = 0; k < 8; k++)
      for (let j = 0; j < 8; j++)
        for (let i = 0; i < 8; i++) mask[((corner[2]! + k) * 256 + corner[1]! + j) * 256 + corner[0]! + i] = 1;
  }
  const begin = performance.now();
  const { count } = components(mask, size, 26);
  const milliseconds = performance.now() - begin;
  assert.ok(count > 150 && count <= 200);
  assert.ok(milliseconds < 1000, `${milliseconds} ms`);
});
