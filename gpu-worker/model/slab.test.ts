import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid, Volume } from '#core/domain/geometry.ts';
import { slabChannels, writeSlab } from './slab.ts';

const [columns, rows, slices] = [3, 2, 5];
const grid: Grid = { size: [columns, rows, slices], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };

/** A voxel that tells where it comes from: 1000 sequence + 100 slice + 10 row + column. */
const sequence = (s: number): Volume => ({
  grid,
  data: Float32Array.from({ length: columns * rows * slices }, (_, i) => {
    const [column, row, slice] = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / (columns * rows))];
    return 1000 * s + 100 * slice + 10 * row + column;
  }),
});

const four = [0, 1, 2, 3].map(sequence);

test('28 channels: the seven slices of the first sequence, then those of the second, and so on', () => {
  const channels = slabChannels(4);
  assert.equal(channels, 28);
  const data = new Float32Array(columns * rows * channels);
  writeSlab(four, 3, { data, offset: 0 });
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at: number = (row * columns + column) * channels;
      const expected = [0, 1, 2, 3].flatMap((s) =>
        // Slices 0 to 6, of which the last two lie outside and repeat slice 4.
        [0, 1, 2, 3, 4, 4, 4].map((slice) => 1000 * s + 100 * slice + 10 * row + column),
      );
      assert.deepEqual([...data.subarray(at, at + channels)], expected);
    }
  }
});

test('the first slice is repeated before the volume, and what lies around the target is untouched', () => {
  const data = new Float32Array(columns * rows * 7 + 2).fill(-1);
  writeSlab([sequence(0)], 0, { data, offset: 1 });
  assert.deepEqual([...data.subarray(0, 8)], [-1, 0, 0, 0, 0, 100, 200, 300]);
  assert.equal(data.at(-1), -1);
  assert.ok(data.subarray(1, -1).every((value) => value >= 0));
});

test('a slab turns as its indices say', () => {
  const indices = Int32Array.of(5, 4, 3, 2, 1, 0);
  const x = new Float32Array(columns * rows * 7);
  writeSlab([sequence(0)], 2, { data: x, offset: 0, indices });
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((pixel) => x[pixel * 7 + 3]),
    [212, 211, 210, 202, 201, 200],
  );
});

test('a slice that is none, or sequences of different size, are refused', () => {
  const data = new Float32Array(1000);
  assert.throws(() => writeSlab(four, 5, { data, offset: 0 }), /no slice 5 among 5/);
  const other: Volume = { grid: { ...grid, size: [2, 3, 5] }, data: new Float32Array(30) };
  assert.throws(
    () => writeSlab([four[0]!, other], 1, { data, offset: 0 }),
    /2 x 3 x 5 voxels does not fit one of 3 x 2 x 5/,
  );
});
