import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { promisify } from 'node:util';
import type { Grid } from '#core/domain/geometry.ts';
import { writeNifti } from '#core/nifti/write.ts';
import { niftiReaders, pythonWith } from './tools.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'metloop-nifti-'));
after(() => rm(folder, { recursive: true }));
const python = await pythonWith(niftiReaders);

interface Found {
  readonly class: string;
  readonly dtype: string;
  readonly affine: readonly number[];
  readonly qform: readonly number[] | null;
  readonly zooms: readonly number[];
  readonly units: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const straight: Grid = { size: [4, 3, 2], indexToLps: [0.5, 0, 0, -9.25, 0, 0.75, 0, 7.5, 0, 0, 2.5, 20, 0, 0, 0, 1] };
/** Sagittal, turned by atan(3/4), mirrored. */
const turned: Grid = { size: [3, 2, 4], indexToLps: [0, 0, -1.6, 4, 0.6, -0.8, 0, 5, 0.8, 0.6, 0, 6, 0, 0, 0, 1] };
const sheared: Grid = { size: [2, 3, 4], indexToLps: [1, 0.2, 0, 4, 0, 1, 0, 5, 0, 0, -2, 6, 0, 0, 0, 1] };

test('nibabel reads what is written: values, types, affine, qform', { skip: python.skip }, async () => {
  const values = Array.from({ length: 24 }, (_, n) => n * 5 + (n % 3));
  const files = [straight, turned, sheared].flatMap((grid) =>
    ([1, 2] as const).flatMap((version) => [
      { grid, version, data: Float32Array.from(values, (v) => v / 8), dtype: 'float32', gzip: true },
      { grid, version, data: Int16Array.from(values, (v) => -100 * v), dtype: 'int16', gzip: false },
      { grid, version, data: Uint16Array.from(values, (v) => 500 * v), dtype: 'uint16', gzip: true },
      { grid, version, data: Uint8Array.from(values), dtype: 'uint8', gzip: false },
    ]),
  );
  const paths = files.map(({ gzip }, n) => join(folder, `${n}.nii${gzip ? '.gz' : ''}`));
  for (const [n, { grid, data, version, gzip }] of files.entries())
    await writeFile(paths[n]!, writeNifti({ grid, data }, { version, gzip }));
  const { stdout } = await run(python.path, [join(import.meta.dirname, 'nifti-readers.py'), ...paths]);
  const found = JSON.parse(stdout) as Record<string, Found>;
  for (const [n, { grid, data, dtype, version }] of files.entries()) {
    const one = found[paths[n]!]!;
    assert.deepEqual([one.class, one.dtype, one.units], [`Nifti${version}Image`, dtype, 'mm']);
    assert.deepEqual(one.shape, grid.size);
    assert.deepEqual(one.values, Array.from(data));
    const close = (matrix: readonly number[]): void =>
      grid.indexToLps.forEach((value, at) => {
        assert.ok(Math.abs(matrix[at]! - (at < 8 ? -value : value)) < 1e-5, `file ${n}, element ${at}: ${matrix[at]}`);
      });
    close(one.affine);
    if (grid !== sheared) close(one.qform!);
    else assert.equal(one.qform, null);
  }
});
