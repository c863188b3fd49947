import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { blankPixels } from './blank-pixels.ts';
import { toDicomJson } from './dicom-json.ts';
import { parsePart10 } from './part10.ts';
import { readMrInstance } from './read.ts';
import { uids } from './uid.ts';

interface OracleCase {
  readonly name: string;
  readonly file: string;
  readonly pixels: number[];
}
/** Files by pydicom, dcmtk, OpenJPEG and OpenJPH, classic and enhanced, with the pixels that those programs put in. */
const cases: OracleCase[] = ['read', 'pixels/decode'].flatMap((name) => {
  const json = JSON.parse(readFileSync(new URL(`${name}.oracle.json`, import.meta.url), 'utf8'));
  return Array.isArray(json) ? json : json.cases;
});

const readable = cases.filter(({ file }) => {
  try {
    return readMrInstance(Buffer.from(file, 'base64')).frames.length > 0;
  } catch {
    return false;
  }
});

test('chosen pixels hold the value, all others what they held, whatever the file was compressed by', () => {
  assert.ok(readable.length > 30, `${readable.length} MR images`);
  for (const { name, file } of readable) {
    const bytes = new Uint8Array(Buffer.from(file, 'base64'));
    const before = readMrInstance(bytes);
    const value = Math.min(...before.frames.flatMap(({ pixels }) => [...pixels]));
    const chosen = (frame: number): Uint8Array =>
      Uint8Array.from({ length: before.rows * before.columns }, (_, n) => Number((n + frame) % 3 === 0));
    const copy = blankPixels(bytes, chosen, { value, method: 'A method' });
    const after = readMrInstance(copy.bytes);
    assert.equal(parsePart10(copy.bytes).transferSyntaxUid, uids.explicitLittleEndian, name);
    for (const [n, { pixels, ...geometry }] of after.frames.entries()) {
      const { pixels: original, ...same } = before.frames[n]!;
      assert.deepEqual(geometry, same, name);
      assert.deepEqual(
        [...pixels],
        [...original].map((one, at) => (chosen(n)[at] ? value : one)),
        name,
      );
    }
    const { dataset } = parsePart10(copy.bytes);
    assert.equal(dataset.text('RecognizableVisualFeatures'), 'NO');
    assert.equal(dataset.texts('DeidentificationMethod').at(-1), 'A method');
    const codes = dataset.items('DeidentificationMethodCodeSequence').map((item) => item.text('CodeValue'));
    assert.equal(codes.filter((code) => code === '113102').length, 1, name);
    // A second time nothing more is said.
    const twice = parsePart10(blankPixels(copy.bytes, chosen, { value, method: 'A method' }).bytes).dataset;
    assert.equal(twice.items('DeidentificationMethodCodeSequence').length, codes.length);
    assert.equal(twice.texts('DeidentificationMethod').filter((text) => text === 'A method').length, 1);
  }
});

test('every other attribute stays', () => {
  for (const { name, file } of readable) {
    const bytes = new Uint8Array(Buffer.from(file, 'base64'));
    const { bytes: copy } = blankPixels(bytes, () => new Uint8Array(1), { value: 0, method: 'A method' });
    const jsonOf = (of: Uint8Array): Record<string, unknown> => {
      const json = { ...toDicomJson(parsePart10(of).dataset) } as Record<string, unknown>;
      for (const tag of ['00120063', '00120064', '00280302', '7FE00010', '7FE00001', '7FE00002']) delete json[tag];
      return json;
    };
    assert.deepEqual(jsonOf(copy), jsonOf(bytes), name);
  }
});
