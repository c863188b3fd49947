import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeVolumeFile, encodeVolumeFile, VolumeFileError } from './volume-file.ts';

const grid = { size: [3, 2, 2], indexToLps: [1, 0, 0, -5, 0, 0.5, 0, 7, 0, 0, 2, 1.25, 0, 0, 0, 1] } as const;

test('a volume file gives back its grid and arrays, of every type', () => {
  const arrays = {
    label: Uint16Array.from({ length: 12 }, (_, n) => n * 5000),
    mask: Uint8Array.from({ length: 12 }, (_, n) => n % 2),
    signed: Int16Array.from({ length: 12 }, (_, n) => -n),
    probability: Float32Array.from({ length: 12 }, (_, n) => n / 12),
  };
  const bytes = encodeVolumeFile({ grid, arrays });
  assert.deepEqual(decodeVolumeFile(bytes), { grid, arrays });
  assert.deepEqual(encodeVolumeFile({ grid, arrays }), bytes);
});

test('notes travel with the arrays, and a file without them is as it was', () => {
  const arrays = { label: new Uint16Array(12) };
  const notes = { plan: 'abc', origin: 'ä' };
  assert.deepEqual(decodeVolumeFile(encodeVolumeFile({ grid, arrays, notes })), { grid, arrays, notes });
  assert.deepEqual(encodeVolumeFile({ grid, arrays, notes: {} }), encodeVolumeFile({ grid, arrays }));
});

test('damaged bytes are refused', () => {
  const bytes = encodeVolumeFile({ grid, arrays: { label: new Uint16Array(12) } });
  assert.throws(() => decodeVolumeFile(bytes.subarray(0, bytes.length - 9)), VolumeFileError);
  assert.throws(() => decodeVolumeFile(new Uint8Array(40)), VolumeFileError);
  assert.throws(() => encodeVolumeFile({ grid, arrays: { label: new Uint16Array(11) } }), /11 voxels/);
});
