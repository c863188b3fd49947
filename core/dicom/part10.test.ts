import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { type Attributes, buildDataset, decimalString } from './build-dataset.ts';
import { Dataset, type DicomElement } from './dataset.ts';
import { DicomError, type DicomErrorCode } from './dicom-error.ts';
import { readHeader } from './header.ts';
import { defaultPart10Limits, parsePart10, peekSopClass } from './part10.ts';
import { readMrInstance } from './read.ts';
import { isUid, keyedUid, randomUid, uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

const base: Attributes = {
  SOPClassUID: uids.mrImage, SOPInstanceUID: '1.2.3', StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3', FrameOfReferenceUID: '1.4',
  Rows: 4, Columns: 4, BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 1, SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2', PixelSpacing: [1, 1], ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [0, 0, 0], PixelData: new Int16Array(16).fill(7),
  ReferencedImageSequence: [{ ReferencedSOPInstanceUID: '1.5', PurposeOfReferenceCodeSequence: [{ CodeValue: '1' }] }],
}; // biome-ignore format: a table
const whole = writePart10(buildDataset(base));

function refusal(...codes: DicomErrorCode[]): (error: unknown) => boolean {
  return (error) => error instanceof DicomError && codes.includes(error.code);
}

/** A file of the given raw dataset bytes. */
function fileOf(dataset: Uint8Array, transferSyntax: string): Uint8Array {
  const head = writePart10(buildDataset({ SOPClassUID: uids.mrImage, SOPInstanceUID: '1.2.3' }), transferSyntax);
  const empty = buildDataset({ SOPClassUID: uids.mrImage, SOPInstanceUID: '1.2.3' });
  let size = 0;
  for (const element of empty.elements.values())
    size += 8 + (element.kind === 'bytes' ? element.bytes.length + (element.bytes.length & 1) : 0);
  return Buffer.concat([head.subarray(0, head.length - size), dataset]);
}

test('what is not DICOM is refused', () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(131),
    new Uint8Array(10_000),
    Buffer.from('GIF89a'.repeat(40)),
  ])
    assert.throws(() => parsePart10(bytes), refusal('NOT_DICOM'));
  const noSyntax = Buffer.alloc(140);
  noSyntax.write('DICM', 128);
  assert.throws(() => parsePart10(noSyntax), refusal('MISSING_ATTRIBUTE'));
});

test('a file cut at any byte is refused, or lacks what it has lost', () => {
  for (let end = 0; end < whole.length; end++)
    assert.throws(
      () => readMrInstance(whole.subarray(0, end)),
      refusal('NOT_DICOM', 'TRUNCATED', 'OUT_OF_BOUNDS', 'MISSING_ATTRIBUTE'),
      `cut at ${end}`,
    );
  assert.deepEqual([...readMrInstance(whole).frames[0]!.pixels], new Array(16).fill(7));
  assert.throws(() => readMrInstance(whole.subarray(0, whole.length - 40)), refusal('TRUNCATED', 'OUT_OF_BOUNDS'));
});

test('random damage gives a result or a typed error, soon', () => {
  const seed = (Date.now() & 0xffff) + 1;
  let state = seed;
  const random = (n: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
  const started = performance.now();
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from(whole);
    for (let n = random(4); n >= 0; n--) bytes[132 + random(bytes.length - 132)] = random(2) === 0 ? 255 : random(256);
    for (const read of [readMrInstance, readHeader])
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof DicomError, `seed ${seed}, round ${round}: ${error}`);
      }
  }
  assert.ok(performance.now() - started < 30_000, `seed ${seed}`);
});

test('lengths beyond the file or the enclosing item', () => {
  const longValue = Buffer.from('10001000504efeff', 'hex');
  assert.throws(() => parsePart10(fileOf(longValue, uids.explicitLittleEndian)), refusal('OUT_OF_BOUNDS'));
  // An item of 10 bytes whose only element claims 4 bytes more than it holds.
  const item = Buffer.from(
    '08004011 53510000 12000000 feff00e0 0a000000 08005011 55490600 3100'.replaceAll(' ', ''),
    'hex',
  );
  assert.throws(
    () => parsePart10(fileOf(Buffer.concat([item, Buffer.alloc(64, 1)]), uids.explicitLittleEndian)),
    refusal('OUT_OF_BOUNDS'),
  );
  const huge = Buffer.from('e07f10004f570000fffffffe', 'hex');
  assert.throws(() => parsePart10(fileOf(huge, uids.explicitLittleEndian)), refusal('TRUNCATED'));
});

test('nesting and numbers of elements are bounded', () => {
  const open = Buffer.from('0800401153510000fffffffffeff00e0ffffffff', 'hex');
  const deep = (levels: number): Uint8Array =>
    fileOf(Buffer.concat(new Array<Buffer>(levels).fill(open)), uids.explicitLittleEndian);
  assert.throws(() => parsePart10(deep(60)), refusal('TRUNCATED'));
  for (const levels of [66, 2000, 100_000]) assert.throws(() => parsePart10(deep(levels)), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => parsePart10(whole, { ...defaultPart10Limits, maxElements: 5 }), refusal('OUT_OF_BOUNDS'));
});

test('sizes of pixel data are bounded before anything is allocated', () => {
  const sized = (changes: Attributes): Uint8Array => writePart10(buildDataset({ ...base, ...changes }));
  assert.throws(() => readMrInstance(sized({ Rows: 65535, Columns: 65535 })), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => readMrInstance(sized({ NumberOfFrames: 2_000_000_000 })), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => readMrInstance(sized({ NumberOfFrames: -1 })), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => readMrInstance(sized({ Rows: 0 })), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => readMrInstance(sized({ Rows: 5 })), refusal('TRUNCATED'));
  assert.throws(() => readMrInstance(sized({ BitsAllocated: 32 })), refusal('UNSUPPORTED'));
  assert.throws(() => readMrInstance(sized({ PhotometricInterpretation: 'RGB' })), refusal('UNSUPPORTED'));
  assert.throws(
    () => readMrInstance(sized({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' })),
    refusal('UNSUPPORTED_CLASS'),
  );
});

test('a deflated dataset is bounded, and broken ones are refused', () => {
  const bomb = deflateRawSync(Buffer.alloc(64 * 2 ** 20));
  const limits = { ...defaultPart10Limits, maxInflatedBytes: 2 ** 20 };
  assert.throws(() => parsePart10(fileOf(bomb, uids.deflatedLittleEndian), limits), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => parsePart10(fileOf(Buffer.from('rubbish!'), uids.deflatedLittleEndian)), refusal('MALFORMED'));
});

test('transfer syntaxes that are not read are named', () => {
  for (const syntax of ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.91', '1.2.3.4'])
    assert.throws(() => parsePart10(fileOf(Buffer.alloc(0), syntax)), refusal('UNSUPPORTED_TRANSFER_SYNTAX'));
  const jpeg: DicomElement = {
    kind: 'fragments',
    tag: 0x7fe00010,
    vr: 'OB',
    fragments: [new Uint8Array(0), Uint8Array.of(1, 2)],
  };
  const dataset = new Dataset([...buildDataset({ ...base, PixelData: undefined }).elements.values(), jpeg]);
  const bytes = writePart10(dataset, '1.2.840.10008.1.2.4.70');
  assert.equal(readHeader(bytes).rows, 4);
  assert.throws(() => readMrInstance(bytes), refusal('MALFORMED'));
});

test('padding after the dataset and sequences of unknown VR are read', () => {
  assert.equal(readHeader(Buffer.concat([whole, Buffer.alloc(512)])).sopInstanceUid, '1.2.3');
  const unknown = Buffer.from(
    '090010004c4f020041420900 0110554e0000ffffffff feff00e0ffffffff 100010000200000041 42feff0de000000000 feffdde000000000'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
  const element = parsePart10(fileOf(unknown, uids.explicitLittleEndian)).dataset.elements.get(0x00091001);
  assert.equal(element?.kind === 'sequence' && element.items[0]?.text('PatientName'), 'AB');
});

test('the writer refuses values that do not fit', () => {
  for (const bad of [
    { Rows: '4' }, { PatientID: 'x'.repeat(65) }, { Modality: 'mr' }, { SOPInstanceUID: '1.02' }, { NoSuchKeyword: 1 }, { PixelData: 'x' },
    { StudyDescription: 'a\\b' }, { ReferencedImageSequence: 'x' },
  ] as Attributes[]) // biome-ignore format: a table
    assert.throws(() => buildDataset(bad), TypeError, JSON.stringify(bad));
  assert.throws(() => writePart10(buildDataset({})), refusal('MISSING_ATTRIBUTE'));
});

test('decimal strings have at most 16 characters and lose no more than they must', () => {
  assert.equal(decimalString(0.1), '0.1');
  for (const value of [
    Math.PI * 1e3,
    -1 / 3,
    1.23456789012345e-9,
    -9.87654321098765e-101,
    123456789012345680,
    -0.000123456789012345,
  ]) {
    const text = decimalString(value);
    assert.ok(text.length <= 16, text);
    assert.ok(Math.abs(Number(text) - value) <= Math.abs(value) * 1e-8, `${value} became ${text}`);
  }
  assert.throws(() => decimalString(Number.NaN), RangeError);
});

test('UIDs are well formed; keyed ones repeat under a key and differ under another', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  for (let n = 0; n < 200; n++)
    for (const uid of [randomUid(), keyedUid(key, `1.2.${n}`)]) assert.ok(isUid(uid) && uid.startsWith('2.25.'), uid);
  assert.equal(keyedUid(key, '1.2.3'), keyedUid(key, '1.2.3'));
  assert.notEqual(keyedUid(key, '1.2.3'), keyedUid(other, '1.2.3'));
  assert.notEqual(keyedUid(key, '1.2.3'), keyedUid(key, '1.2.4'));
  for (const bad of ['', '1', '1.02', '1..2', '1.2.', 'a.b', `1.${'2'.repeat(63)}`])
    assert.equal(isUid(bad), false, bad);
});

test('the SOP class is told without reading on, and of no file at any cost', () => {
  assert.equal(peekSopClass(whole), uids.mrImage);
  assert.equal(peekSopClass(whole.subarray(0, 400)), uids.mrImage, 'what follows is not looked at');
  for (const syntax of [uids.implicitLittleEndian, uids.explicitLittleEndian])
    assert.equal(peekSopClass(writePart10(buildDataset(base), syntax)), uids.mrImage);
  const open = Buffer.from('0800060053510000fffffffffeff00e0ffffffff', 'hex');
  const deep = fileOf(Buffer.concat(new Array<Buffer>(100_000).fill(open)), uids.explicitLittleEndian);
  const many = fileOf(Buffer.alloc(8_000_000, Buffer.from('0800010055490000', 'hex')), uids.explicitLittleEndian);
  for (const bytes of [new Uint8Array(0), whole.subarray(0, 200), deep, many]) {
    const began = performance.now();
    assert.equal(peekSopClass(bytes), undefined);
    assert.ok(performance.now() - began < 100);
  }
});

test('values that readers would turn into millions of texts or numbers are bounded', () => {
  const long = (tag: string, size: number, fill: number): Uint8Array => {
    const header = Buffer.alloc(8);
    Buffer.from(tag, 'hex').copy(header);
    header.writeUInt32LE(size, 4);
    return fileOf(Buffer.concat([header, Buffer.alloc(size, fill)]), uids.implicitLittleEndian);
  };
  // Patient ID of backslashes, and a number of samples by the million.
  assert.throws(() => parsePart10(long('10002000', 4_000_000, 0x5c)), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => parsePart10(long('10002000', 40_000_000, 0x41)), refusal('OUT_OF_BOUNDS'));
  assert.throws(() => parsePart10(long('28001000', 8_000_000, 1)), refusal('OUT_OF_BOUNDS'));
  assert.equal(parsePart10(long('10002000', 1_000_000, 0x5c)).dataset.texts('PatientID').length, 1_000_001);
  // The same as bytes: no text at all.
  const asBytes = Buffer.concat([Buffer.from('100020004f42000000093d00', 'hex'), Buffer.alloc(4_000_000, 0x5c)]);
  const { dataset } = parsePart10(fileOf(asBytes, uids.explicitLittleEndian));
  assert.equal(dataset.text('PatientID'), undefined);
  const sets = Buffer.concat([Buffer.from('080005004f42000000093d00', 'hex'), Buffer.alloc(4_000_000, 0x5c)]);
  assert.deepEqual(parsePart10(fileOf(sets, uids.explicitLittleEndian)).dataset.characterSets, []);
});

test('a file as costly as the limits admit takes little heap', () => {
  const elements = Buffer.alloc(8 * 499_000);
  for (let n = 0; n < elements.length; n += 8) {
    elements.writeUInt16LE(0x0009 + 2 * (n >>> 19), n);
    elements.writeUInt16LE((n >>> 3) & 0xffff, n + 2);
    elements.write('LO', n + 4);
  }
  const before = process.memoryUsage().heapUsed;
  const { dataset } = parsePart10(fileOf(elements, uids.explicitLittleEndian));
  const mebibytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  assert.ok(dataset.elements.size > 400_000);
  assert.ok(mebibytes < 400, `${mebibytes} MiB`);
});
