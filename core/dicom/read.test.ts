import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { toDicomJson } from './dicom-json.ts';
import { readHeader } from './header.ts';
import { parsePart10 } from './part10.ts';
import { readMrInstance } from './read.ts';
import { writePart10 } from './write-dataset.ts';

interface OracleCase {
  readonly name: string;
  readonly file: string;
  readonly pixels: number[];
  readonly json: Record<string, { vr: string; Value?: unknown[] }>;
}
const cases: OracleCase[] = JSON.parse(readFileSync(new URL('read.oracle.json', import.meta.url), 'utf8'));
const fileOf = (name: string): Uint8Array => Buffer.from(cases.find((one) => one.name === name)!.file, 'base64');

for (const { name, file, pixels, json } of cases) {
  const bytes = Buffer.from(file, 'base64');

  test(`pixels as pydicom reads them: ${name}`, () => {
    const { frames } = readMrInstance(bytes);
    assert.deepEqual(
      frames.flatMap((frame) => [...frame.pixels]),
      pixels,
    );
  });

  test(`DICOM JSON as pydicom's: ${name}`, () => {
    // Our JSON is UTF-8 and says so; pydicom repeats the file's character set. The pixel data are bulk data.
    const { '00080005': _, '7FE00010': __, ...expected } = json;
    const { '00080005': characterSet, ...actual } = toDicomJson(parsePart10(bytes).dataset);
    assert.deepEqual(characterSet, { vr: 'CS', Value: ['ISO_IR 192'] });
    // pydicom leaves private values of implicit files without a VR of its own as UN.
    if (name.startsWith('implicit'))
      for (const one of [expected, actual]) delete (one as Record<string, unknown>)['00191005'];
    assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
  });

  test(`writing what was read changes nothing: ${name}`, () => {
    const { dataset, transferSyntaxUid } = parsePart10(bytes);
    const syntax = transferSyntaxUid.endsWith('.1.99') ? undefined : transferSyntaxUid;
    const again = parsePart10(writePart10(dataset, syntax));
    assert.deepEqual(toDicomJson(again.dataset), toDicomJson(dataset));
    assert.deepEqual([...again.dataset.elements.keys()], [...dataset.elements.keys()]);
  });
}

test('geometry and rescale of a classic image', () => {
  const { frames, ...instance } = readMrInstance(fileOf('implicit, signed 16'));
  const { pixels: _, ...frame } = frames[0]!;
  assert.deepEqual(frame, {
    number: 1,
    pixelSpacingMm: [0.9375, 0.875],
    imageOrientation: [0, 1, 0, 0, 0, -1],
    imagePosition: [-12.5, 3.25, 1e-7],
    sliceThicknessMm: 1.5,
    rescale: { slope: 2.5, intercept: -10 },
  });
  assert.deepEqual(instance, {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.4', sopInstanceUid: '1.2.3.4', seriesInstanceUid: '1.2.3.5', studyInstanceUid: '1.2.3',
    frameOfReferenceUid: '1.2.3.6', rows: 5, columns: 6,
  }); // biome-ignore format: a table
});

test('frames of an enhanced image have their own position and rescale, and share the rest', () => {
  const { frames } = readMrInstance(fileOf('enhanced'));
  assert.deepEqual(
    frames.map(({ pixels: _, ...frame }) => frame),
    [0, 1, 2].map((n) => ({
      number: n + 1,
      pixelSpacingMm: [1.5, 1.25],
      imageOrientation: [1, 0, 0, 0, 1, 0],
      imagePosition: [1, 2, 2 * n],
      sliceThicknessMm: 2,
      rescale: { slope: n + 1, intercept: 0 },
    })),
  );
});

test('the header of an image', () => {
  const header = readHeader(fileOf('unsigned 12'));
  assert.equal(header.study.date, '20200229');
  assert.equal(header.patient.id, 'ID 7');
  assert.equal(header.numberOfFrames, 1);
  assert.deepEqual(header.series.pixelSpacingMm, [0.9375, 0.875]);
  assert.deepEqual(header.parameters.imageType, ['ORIGINAL', 'PRIMARY', 'M']);
  assert.equal(header.study.accessionNumber, undefined);
  const enhanced = readHeader(fileOf('enhanced'));
  assert.deepEqual(enhanced.parameters.scanningSequence, ['GR']);
  assert.deepEqual(enhanced.series.pixelSpacingMm, [1.5, 1.25]);
});
