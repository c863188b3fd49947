import assert from 'node:assert/strict';
import test from 'node:test';
import type { Grid } from '#core/domain/geometry.ts';
import { encodeLabel } from '#core/label/label-file.ts';
import { readNiftiLabel } from '#core/nifti/read.ts';
import { narrowed, niftiOf, VolumeRefused } from './volume-work.ts';

const grid: Grid = { size: [3, 2, 2], indexToLps: [1, 0, 0, 4, 0, 1, 0, 5, 0, 0, 2, 6, 0, 0, 0, 1] };
const label = encodeLabel({ grid, data: Uint16Array.of(0, 1, 1, 0, 0, 2, 0, 0, 300, 300, 0, 0) });

test('values are kept exactly, in the smallest type that holds them all', () => {
  for (const [values, type] of [
    [[0, 255], Uint8Array],
    [[0, 256], Int16Array],
    [[-1, 32_767], Int16Array],
    [[0, 65_535], Uint16Array],
    [[-1, 32_768], Float32Array],
    [[0, 65_536], Float32Array],
    [[-32_769, 0], Float32Array],
    [[0.5, 1], Float32Array],
  ] as const) {
    const kept = narrowed(Float32Array.from(values));
    assert.ok(kept instanceof type, `${values} as ${kept.constructor.name}`);
    assert.deepEqual([...kept], values);
  }
});

test('a label is written lesion by lesion or as one class, on the grid of BRAVO or not at all', () => {
  const values = (of: 'LESIONS' | 'ONE_CLASS'): number[] => [
    ...readNiftiLabel(niftiOf({ kind: 'label', file: label, values: of, grid })).volume.data,
  ];
  assert.deepEqual(values('LESIONS'), [0, 1, 1, 0, 0, 2, 0, 0, 300, 300, 0, 0]);
  assert.deepEqual(values('ONE_CLASS'), [0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0]);
  const moved = { ...grid, indexToLps: grid.indexToLps.map((value, n) => (n === 3 ? value + 1 : value)) };
  assert.throws(() => niftiOf({ kind: 'label', file: label, values: 'LESIONS', grid: moved }), VolumeRefused);
});

test('what is no image, or no series at all, is refused with the reason', () => {
  for (const [files, reason] of [
    [[], /no slices/],
    [[new Uint8Array(200)], /DICOM/],
  ] as const)
    assert.throws(
      () => niftiOf({ kind: 'images', files, grid: null }),
      (error) => error instanceof VolumeRefused && reason.test(error.message),
    );
});
