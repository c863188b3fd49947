import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Dataset, type FragmentsElement } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { readMrInstance } from '#core/dicom/read.ts';
import { uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { cleanPixels } from './clean-pixels.ts';
import { deidentify } from './deidentify.ts';

const oracle = JSON.parse(
  readFileSync(new URL('../../core/dicom/pixels/decode.oracle.json', import.meta.url), 'utf8'),
) as {
  cases: { name: string; file: string; pixels: number[] }[];
  lossy: Record<string, string>;
};
const fileOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const tenantKey = Buffer.alloc(32, 3);
const fragmentsOf = (bytes: Uint8Array): readonly Uint8Array[] =>
  (parsePart10(bytes).dataset.elements.get(0x7fe00010) as FragmentsElement).fragments;

test('images in every transfer syntax are de-identified with their pixels, compressed ones as they came', () => {
  for (const { name, file, pixels } of oracle.cases) {
    const source = fileOf(file);
    const { bytes, header } = deidentify(source, { tenantKey });
    const { transferSyntaxUid } = parsePart10(source);
    const native = name.startsWith('big endian');
    assert.equal(header.transferSyntaxUid, native ? uids.explicitLittleEndian : transferSyntaxUid, name);
    assert.deepEqual(
      readMrInstance(bytes).frames.flatMap((frame) => [...frame.pixels]),
      pixels,
      name,
    );
    assert.equal(parsePart10(bytes).dataset.text('PatientName')?.includes('Doe'), false, name);
    if (native) continue;
    // One fragment a frame, whose coded bytes are those of the source but for blank comments.
    const [table, ...stored] = fragmentsOf(bytes);
    assert.equal(table?.length, 4 * stored.length, name);
    assert.equal(stored.length, readMrInstance(source).frames.length, name);
    const sent = Buffer.concat(fragmentsOf(source).slice(1));
    assert.ok(Buffer.concat(stored).length <= sent.length + stored.length, name);
    if (stored.length === 1)
      assert.deepEqual(
        Buffer.from(stored[0]!.subarray(-40, -4)),
        Buffer.from(sent.subarray(stored[0]!.length - 40, stored[0]!.length - 4)),
        name,
      );
  }
});

test('no extended offset table is kept, since fragments are joined', () => {
  const found = oracle.cases.find(({ name }) => name === '.201 frames, extended table')!;
  assert.ok(parsePart10(fileOf(found.file)).dataset.has('ExtendedOffsetTable'));
  const { dataset } = parsePart10(deidentify(fileOf(found.file), { tenantKey }).bytes);
  assert.equal(dataset.has('ExtendedOffsetTable') || dataset.has('ExtendedOffsetTableLengths'), false);
});

test('that something lay behind the pixels is told', () => {
  const part10 = parsePart10(fileOf(oracle.cases.find(({ name }) => name === 'JPEG 2000, unsigned 12')!.file));
  const element = part10.dataset.elements.get(0x7fe00010) as FragmentsElement;
  assert.equal(cleanPixels([...part10.dataset.elements.values()], part10).cutBehind, false);
  const longer = { ...element, fragments: [...element.fragments, Buffer.from('Doe^Jane')] };
  const dataset = new Dataset([...part10.dataset.elements.values(), longer]);
  const again = parsePart10(writePart10(dataset, part10.transferSyntaxUid));
  const { elements, cutBehind } = cleanPixels([...again.dataset.elements.values()], again);
  assert.equal(cutBehind, true);
  const kept = elements.find(({ tag }) => tag === 0x7fe00010) as FragmentsElement;
  assert.equal(Buffer.concat(kept.fragments).includes('Doe^Jane'), false);
});

test('a file is refused whose shape would not survive, since its pixels could not be read back', () => {
  const { dataset, transferSyntaxUid } = parsePart10(
    fileOf(oracle.cases.find(({ name }) => name === 'JPEG 2000, unsigned 12')!.file),
  );
  const rows = { kind: 'bytes', tag: 0x00280010, vr: 'UL', bytes: new Uint8Array(4) } as const;
  new DataView(rows.bytes.buffer).setUint32(0, dataset.requireNumber('Rows'), true);
  for (const [spoiled, code] of [
    [rows, 'MISSING_ATTRIBUTE'],
    [{ ...rows, tag: 0x00280103, bytes: Uint8Array.of(1, 0, 0, 0) }, 'MALFORMED'],
  ] as const) {
    const file = writePart10(new Dataset([...dataset.elements.values(), spoiled]), transferSyntaxUid);
    assert.throws(() => deidentify(file, { tenantKey }), { name: 'DicomError', code });
  }
});
