import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Dataset, type DicomElement, type FragmentsElement } from '../dataset.ts';
import { DicomError, type DicomErrorCode } from '../dicom-error.ts';
import { parsePart10 } from '../part10.ts';
import { pixelLayout } from '../pixel-layout.ts';
import { readMrInstance } from '../read.ts';
import { requireTransferSyntax, transferSyntaxes } from '../transfer-syntax.ts';
import { writePart10 } from '../write-dataset.ts';
import { cleanFrame, decodeFrame, decodeFrames, pixelFrames } from './decode.ts';

interface Oracle {
  readonly cases: readonly { readonly name: string; readonly file: string; readonly pixels: readonly number[] }[];
  readonly lossy: Readonly<Record<string, string>>;
}
const oracle = JSON.parse(readFileSync(new URL('decode.oracle.json', import.meta.url), 'utf8')) as Oracle;
const fileOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const refusal =
  (...codes: DicomErrorCode[]) =>
  (error: unknown): boolean =>
    error instanceof DicomError && codes.includes(error.code) && /^[A-Z].*\.$/.test(error.message);

test('pixels compressed by dcmtk, OpenJPEG and OpenJPH are those that went in', () => {
  const seen = new Set<string>();
  for (const { name, file, pixels } of oracle.cases) {
    const bytes = fileOf(file);
    seen.add(parsePart10(bytes).transferSyntaxUid);
    const found = readMrInstance(bytes).frames.flatMap((frame) => [...frame.pixels]);
    assert.deepEqual(found, pixels, name);
  }
  const native = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99'];
  assert.deepEqual(
    [...seen].sort(),
    transferSyntaxes
      .map(({ uid }) => uid)
      .filter((uid) => !native.includes(uid))
      .sort(),
  );
});

test('lossy pixels are refused with the reason, also where the file says that they are not', () => {
  for (const [name, file] of Object.entries(oracle.lossy))
    assert.throws(() => readMrInstance(fileOf(file)), refusal('UNSUPPORTED_TRANSFER_SYNTAX'), name);
  assert.throws(() => requireTransferSyntax('1.2.840.10008.1.2.4.50'), /lossy JPEG: send the original/);
  assert.throws(() => requireTransferSyntax('1.2.840.10008.1.2.4.103'), /video/);
  assert.throws(
    () => requireTransferSyntax('DOE^JANE'),
    (error: Error) => !/DOE/.test(error.message),
  );
});

/** A compressed file of the oracle taken apart. */
function coded(name: string) {
  const found = oracle.cases.find((one) => one.name === name)!;
  const part10 = parsePart10(fileOf(found.file));
  const element = part10.dataset.elements.get(0x7fe00010) as FragmentsElement;
  const { pixels } = requireTransferSyntax(part10.transferSyntaxUid);
  assert.ok(pixels !== 'NATIVE');
  return { ...part10, pixels, element, layout: pixelLayout(part10.dataset), stream: element.fragments[1]! };
}
const names = ['RLE, unsigned 12', 'JPEG Lossless first order, unsigned 12', 'JPEG-LS, unsigned 12', 'JPEG 2000, unsigned 12', 'HTJ2K .201, unsigned 12']; // biome-ignore format: a list

test('what hides behind the end of a frame or in its comments is gone, and its pixels are as before', () => {
  for (const name of names) {
    const { stream, pixels, layout } = coded(name);
    const before = decodeFrame(stream, pixels, layout);
    const secret = Buffer.from('Doe^Jane');
    const behind = Buffer.concat([stream, secret]);
    assert.equal(Buffer.from(cleanFrame(behind, pixels, layout)).includes(secret), false, name);
    assert.deepEqual(decodeFrame(cleanFrame(behind, pixels, layout), pixels, layout), before, name);
    if (pixels === 'RLE') continue;
    // A comment behind the first marker, of JPEG 2000 behind the size.
    const j2k = pixels === 'JPEG_2000' || pixels === 'HTJ2K';
    const at = j2k ? 4 + Buffer.from(stream).readUInt16BE(4) : 2;
    const comment = Buffer.concat([Buffer.from(j2k ? [0xff, 0x64, 0, 12, 0, 1] : [0xff, 0xfe, 0, 10]), secret]);
    const commented = Buffer.concat([stream.subarray(0, at), comment, stream.subarray(at)]);
    const clean = cleanFrame(commented, pixels, layout);
    assert.equal(Buffer.from(clean).includes(secret), false, name);
    assert.equal(
      clean.length,
      commented.length - (stream.at(-1) === 0 ? 1 : 0),
      `${name}: only a byte of padding is cut`,
    );
    assert.deepEqual(decodeFrame(clean, pixels, layout), before, name);
  }
});

test('a frame cut at any byte is refused or lacks only what follows its end', () => {
  for (const name of names) {
    const { stream, pixels, layout } = coded(name);
    const whole = decodeFrame(stream, pixels, layout);
    for (let end = 0; end < stream.length; end++)
      try {
        assert.deepEqual(decodeFrame(stream.subarray(0, end), pixels, layout), whole, `${name} cut at ${end}`);
        assert.ok(end >= stream.length - 2, `${name} cut at ${end}`);
      } catch (error) {
        assert.ok(error instanceof DicomError, `${name} cut at ${end}: ${error}`);
      }
  }
});

test('a frame whose stream says another size than the header is refused before it is decoded', () => {
  for (const name of names.slice(1)) {
    const { stream, pixels, layout } = coded(name);
    for (const change of [{ rows: layout.rows + 1 }, { columns: 1 }, { bitsAllocated: 8 }])
      assert.throws(() => decodeFrame(stream, pixels, { ...layout, ...change }), refusal('MALFORMED'), name);
    assert.throws(
      () => decodeFrame(stream, pixels, { ...layout, rows: 65535, columns: 65535 }),
      refusal('OUT_OF_BOUNDS'),
    );
    assert.throws(() => decodeFrame(stream, pixels, { ...layout, samples: 3 }), refusal('UNSUPPORTED'));
  }
});

test('offset tables that point nowhere, backwards or at too few frames are refused', () => {
  const { dataset, transferSyntaxUid, element } = coded('.90 frames, basic table');
  const withTable = (...offsets: number[]): Uint8Array => {
    const table = Buffer.alloc(4 * offsets.length);
    for (const [n, offset] of offsets.entries()) table.writeUInt32LE(offset, 4 * n);
    const pixels: DicomElement = { ...element, fragments: [table, ...element.fragments.slice(1)] };
    return writePart10(new Dataset([...dataset.elements.values(), pixels]), transferSyntaxUid);
  };
  const [, first, second] = element.fragments as [Uint8Array, Uint8Array, Uint8Array];
  const right = [0, 8 + first.length, 16 + first.length + second.length] as const;
  assert.equal(readMrInstance(withTable(...right)).frames.length, 3);
  for (const wrong of [
    [0],
    [0, 8, 16],
    [right[0], right[2], right[1]],
    [8, right[1], right[2]],
    [0, right[1], 0xffffffff],
  ])
    assert.throws(() => readMrInstance(withTable(...wrong)), refusal('MALFORMED'), `${wrong}`);
});

test('some frames are decoded without the others', () => {
  const { layout, ...part10 } = coded('.201 frames, no table');
  const all = decodeFrames(part10, layout);
  const frames = pixelFrames(part10, layout);
  assert.deepEqual([2, 0].map(frames.native), [all[2], all[0]]);
});
