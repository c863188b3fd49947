import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from 'fast-png';
import { axialGrid } from './analytic-head.fixture.ts';
import { checkerboard, encodePng } from './checkerboard.ts';
import { viewingCopy } from './viewing-copy.ts';

const grid = axialGrid(16, 8, 16, [1, 1, 1]);
const sliceSize = 16 * 8;
const ramp = (sign: number) => ({
  grid,
  data: Int16Array.from({ length: 16 * sliceSize }, (_, n) => sign * Math.floor(n / sliceSize)),
});

test('squares come in turn from one volume and the other, over three slices about the middle', () => {
  const { width, height, pixels } = checkerboard(ramp(100), ramp(-100));
  assert.deepEqual([width, height], [48, 8]);
  // Both run over 16 evenly spread values, one up and one down: slice k is k / 15 of the way, or the rest of it.
  for (const [panel, k] of [6, 8, 10].entries())
    for (let j = 0; j < height; j++)
      for (let i = 0; i < 16; i++) {
        const even = (Math.floor(i / 2) + Math.floor(j / 2)) % 2 === 0;
        const expected = (255 * (even ? k : 15 - k)) / 15;
        assert.ok(Math.abs(pixels[j * width + panel * 16 + i]! - expected) <= 1);
      }
});

test('volumes on different grids are refused', () => {
  const other = axialGrid(16, 8, 16, [1, 1, 2]);
  assert.throws(() => checkerboard(ramp(1), { grid: other, data: new Int16Array(16 * sliceSize) }), RangeError);
});

test('the image survives PNG', () => {
  const image = checkerboard(ramp(100), ramp(-100));
  const { width, height, data, channels, depth } = decode(encodePng(image));
  assert.deepEqual([width, height, channels, depth], [image.width, image.height, 1, 8]);
  assert.deepEqual(Uint8Array.from(data), image.pixels);
});

test('a viewing copy rounds scanner values and scales what would not survive', () => {
  const small = axialGrid(3, 1, 1, [1, 1, 1]);
  const copy = (...values: number[]): number[] => [
    ...viewingCopy({ grid: small, data: Float32Array.of(...values) }).data,
  ];
  assert.deepEqual(copy(-12, 1499.6, 0.2), [-12, 1500, 0]);
  assert.deepEqual(copy(0, 0.25, 1), [0, 1024, 4095]);
  assert.deepEqual(copy(0, 65536, 131072), [0, 2048, 4095]);
  assert.deepEqual(copy(0, 0, 0), [0, 0, 0]);
});
