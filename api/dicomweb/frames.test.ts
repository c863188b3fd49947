import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { bitRange, frameNumbers, openFrames } from './frames.ts';

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
  const reader = openFrames(parsePart10(bytes));
  assert.deepEqual([reader.mediaType, reader.transferSyntaxUid], ['application/octet-stream', '1.2.840.10008.1.2.1']);
  const cut = (n: number): Buffer => Buffer.from(pixels.slice(n * 6, (n + 1) * 6).buffer);
  assert.deepEqual(
    [3, 1].map((number) => Buffer.from(reader.stored(number))),
    [cut(2), cut(0)],
  );
  assert.deepEqual(frameNumbers('3,1', reader), [3, 1]);
  for (const numbers of ['0', '4', '1.5', 'x', '', '1,,2'])
    assert.throws(() => frameNumbers(numbers, reader), { code: 'NOT_FOUND' }, numbers);
});

test('frames of single bits that begin within a byte are shifted to its start', () => {
  const bits = Array.from({ length: 4 * 15 }, (_, n) => (n * n + (n >> 2)) % 3 === 0);
  const packed = new Uint8Array(8);
  bits.forEach((bit, n) => {
    if (bit) packed[Math.floor(n / 8)]! += 2 ** (n % 8);
  });
  const bytes = file({ Rows: 3, Columns: 5, BitsAllocated: 1, NumberOfFrames: 4, PixelData: packed });
  const reader = openFrames(parsePart10(bytes));
  [1, 2, 3, 4].map(reader.stored).forEach((frame, n) => {
    const got = Array.from(
      { length: 16 },
      (_, bit) => Math.floor(frame[Math.floor(bit / 8)]! / 2 ** (bit % 8)) % 2 === 1,
    );
    assert.deepEqual(got, [...bits.slice(n * 15, (n + 1) * 15), false], `frame ${n + 1}`);
  });
  assert.deepEqual([...bitRange(packed, 8, 16)], [...packed.slice(1, 3)]);
});

test('compressed frames of several fragments are told apart by the offset table, and RLE is decoded', () => {
  const syntax = '1.2.840.10008.1.2.5';
  // Two literal runs of one segment: a header of 64 bytes, then the bytes.
  const rle = (...values: number[]): Uint8Array => {
    const frame = new Uint8Array(64 + 1 + values.length);
    new DataView(frame.buffer).setUint32(0, 1, true);
    new DataView(frame.buffer).setUint32(4, 64, true);
    frame.set([values.length - 1, ...values], 64);
    return frame;
  };
  const [one, two] = [rle(1, 2, 3), rle(4, 5, 6)];
  const table = new Uint8Array(new Uint32Array([0, 8 + 40 + 8 + 28]).buffer);
  const fragments = [table, one.subarray(0, 40), one.subarray(40), two];
  const { dataset } = parsePart10(file({ Rows: 1, Columns: 3, BitsAllocated: 8, NumberOfFrames: 2 }));
  const elements = [...dataset.elements.values(), { kind: 'fragments', tag: 0x7fe00010, vr: 'OB', fragments } as const];
  const reader = openFrames({ meta: dataset, dataset: new Dataset(elements), transferSyntaxUid: syntax });
  assert.deepEqual(
    [reader.mediaType, reader.decodable, Buffer.from(reader.stored(1))],
    ['image/dicom-rle', true, Buffer.from(one)],
  );
  assert.deepEqual(
    [1, 2].map((number) => [...reader.native(number)]),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
});
