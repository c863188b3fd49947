import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { buildDataset } from '#core/dicom/build-dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { bitRange } from '#core/dicom/pixels/bit-range.ts';
import { readMrInstance } from '#core/dicom/read.ts';
import { transferSyntaxes } from '#core/dicom/transfer-syntax.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { frameNumbers, openFrames } from './frames.ts';
import { greyFrame } from './picture.ts';
import { nativeFile } from './transcode.ts';

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

interface OracleCase {
  readonly name: string;
  readonly file: string;
  readonly pixels: readonly number[];
}
const oracle = JSON.parse(
  readFileSync(new URL('../../core/dicom/pixels/decode.oracle.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly OracleCase[] };

test('images in every transfer syntax are given uncompressed and as pictures, with the pixels that went in', async () => {
  const seen = new Set<string>();
  for (const { name, file: base64, pixels } of oracle.cases) {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    const part10 = parsePart10(bytes);
    seen.add(part10.transferSyntaxUid);
    const native = await nativeFile(bytes);
    const { transferSyntaxUid, dataset } = parsePart10(native);
    assert.equal(transferSyntaxUid, '1.2.840.10008.1.2.1', name);
    assert.deepEqual(
      readMrInstance(native).frames.flatMap((frame) => [...frame.pixels]),
      pixels,
      name,
    );
    const reader = openFrames(part10);
    const numbers = Array.from({ length: reader.count }, (_, n) => n + 1);
    assert.deepEqual(Buffer.concat(numbers.map(reader.native)), Buffer.from(dataset.bytes('PixelData')!), name);
    const grey = numbers.flatMap((number) => [...greyFrame(part10.dataset, reader.native(number), number).values]);
    assert.deepEqual(grey, pixels, name);
    assert.equal(reader.mediaType.startsWith('image/'), name.startsWith('big endian') === false, name);
  }
  // Big endian and all compressed ones.
  assert.equal(seen.size, transferSyntaxes.length - 3);
});
