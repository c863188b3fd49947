import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { colour } from './map-colours.ts';

const grid: Grid = { size: [3, 2, 2], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const bytes = Uint8Array.of(0, 50, 100, 150, 200, 255, 0, 0, 127, 128, 0, 0);
const picture = (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) });
const lit = ({ data }: { data: Uint8ClampedArray }): number[] =>
  Array.from({ length: data.length / 4 }, (_, n) => n).filter((n) => data[4 * n + 3]! > 0);

test('what reaches the threshold is coloured, redder the surer, and nothing beyond the map', () => {
  const all = picture(5, 3);
  const cut = { at: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0] } as const;
  assert.equal(colour({ grid, bytes }, cut, 100, all), 4);
  assert.deepEqual(lit(all), [2, 5, 6, 7]);
  const greenAt = (n: number): number => all.data[4 * n + 1]!;
  assert.deepEqual([greenAt(2), greenAt(7)], [210, 0]);
  assert.ok(greenAt(5) > greenAt(6));
});

test('a plane of any direction and scale is cut', () => {
  // Two pixels a voxel, along columns to the right and slices downwards, in the second row.
  const plane = picture(6, 4);
  const cut = { at: [-0.25, 1, -0.25], right: [0.5, 0, 0], down: [0, 0, 0.5] } as const;
  assert.equal(colour({ grid, bytes }, cut, 128, plane), 16);
  assert.deepEqual(lit(plane), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 19]);
});
