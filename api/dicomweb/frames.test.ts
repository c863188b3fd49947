import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDataset } from '#core/dicom/build-dataset.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { bitRange, readFrames } from './frames.ts';

const file = (attributes: object): Uint8Array =>
  writePart10(
    buildDataset({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SOPInstanceUID: '1.2.3',
      SamplesPerPixel: 1,
      ...attributes,
    }),
  );

test('frames of whole bytes are cut where they begin', () => {
  const pixels = Uint16Array.from({ length: 3 * 6 }, (_, n) => n * 257);
  const bytes = file({ Rows: 2, Columns: 3, BitsAllocated: 16, NumberOfFrames: 3, PixelData: pixels });
  const { contentType, frames } = readFrames(bytes, [3, 1]);
  assert.equal(contentType, 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
  const cut = (n: number): Buffer => Buffer.from(pixels.slice(n * 6, (n + 1) * 6).buffer);
  assert.deepEqual(
    frames.map((frame) => Buffer.from(frame)),
    [cut(2), cut(0)],
  );
  for (const numbers of [[0], [4], [1.5], [Number.NaN], []])
    assert.throws(() => readFrames(bytes, numbers), { code: 'NOT_FOUND' }, String(numbers));
});

test('frames of single bits that begin within a byte are shifted to its start', () => {
  const bits = Array.from({ length: 4 * 15 }, (_, n) => (n * n + (n >> 2)) % 3 === 0);
  const packed = new Uint8Array(8);
  bits.forEach((bit, n) => {
    if (bit) packed[Math.floor(n / 8)]! += 2 ** (n % 8);
  });
  const bytes = file({ Rows: 3, Columns: 5, BitsAllocated: 1, NumberOfFrames: 4, PixelData: packed });
  readFrames(bytes, [1, 2, 3, 4]).frames.forEach((frame, n) => {
    const got = Array.from(
      { length: 16 },
      (_, bit) => Math.floor(frame[Math.floor(bit / 8)]! / 2 ** (bit % 8)) % 2 === 1,
    );
    assert.deepEqual(got, [...bits.slice(n * 15, (n + 1) * 15), false], `frame ${n + 1}`);
  });
  assert.deepEqual([...bitRange(packed, 8, 16)], [...packed.slice(1, 3)]);
});
