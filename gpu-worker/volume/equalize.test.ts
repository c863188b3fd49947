import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { axialGrid } from './analytic-head.fixture.ts';
import { equalizeSlices } from './equalize.ts';

interface Oracle {
  readonly size: readonly [number, number, number];
  readonly image: readonly number[];
  readonly mask: readonly number[];
  readonly equalized: readonly number[];
}

const read = (): Oracle =>
  JSON.parse(readFileSync(new URL('./equalize.oracle.json', import.meta.url), 'utf8')) as Oracle;

test('agrees with the average ranks of SciPy, with ties, a full slice and one of a single voxel', () => {
  const { size, image, mask, equalized } = read();
  const grid = axialGrid(...size, [1, 1, 1]);
  const found = equalizeSlices({ grid, data: Float32Array.from(image) }, { grid, data: Uint8Array.from(mask) }).data;
  for (let n = 0; n < equalized.length; n++)
    assert.ok(Math.abs(found[n]! - equalized[n]!) < 1e-6, `voxel ${n}: ${found[n]} for ${equalized[n]}`);
});

test('depends on the order of the values alone, and slices do not touch each other', () => {
  const { size, image, mask } = read();
  const grid = axialGrid(...size, [1, 1, 1]);
  const brain = { grid, data: Uint8Array.from(mask) };
  const sliceSize = size[0] * size[1];
  const stretched = image.map((x, n) => Math.round(Math.exp(x / 20)) * 1000 + 50 * x + 1e5 * Math.floor(n / sliceSize));
  const [found, again] = [image, stretched].map((data) =>
    equalizeSlices({ grid, data: Float32Array.from(data) }, brain),
  );
  assert.deepEqual(found, again);
});

test('a slice of one value becomes 0.5, one without brain 0', () => {
  const grid = axialGrid(3, 2, 2, [1, 1, 1]);
  const image = { grid, data: new Float32Array(12).fill(-7) };
  const { data } = equalizeSlices(image, { grid, data: Uint8Array.of(1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0) });
  assert.deepEqual([...data], [0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0]);
});

test('a mask of another grid is refused', () => {
  const [grid, other] = [axialGrid(2, 2, 2, [1, 1, 1]), axialGrid(2, 2, 2, [1, 1, 2])];
  assert.throws(
    () => equalizeSlices({ grid, data: new Float32Array(8) }, { grid: other, data: new Uint8Array(8) }),
    RangeError,
  );
});
