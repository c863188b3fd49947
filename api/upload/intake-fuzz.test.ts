import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { headerOf } from '#core/dicom/header.ts';
import { parsePart10, peekSopClass } from '#core/dicom/part10.ts';
import { pixelLayout } from '#core/dicom/pixel-layout.ts';
import { decodeFrames } from '#core/dicom/pixels/decode.ts';
import { deidentify } from '../deidentify/deidentify.ts';

const files = 10_000;
const tenantKey = Buffer.alloc(32, 9);
/** Whole files by pydicom, dcmtk, OpenJPEG and OpenJPH in every transfer syntax. */
const corpus = (['pixels/decode', 'read'] as const).flatMap((name) => {
  const json = JSON.parse(readFileSync(new URL(`../../core/dicom/${name}.oracle.json`, import.meta.url), 'utf8'));
  const cases = (Array.isArray(json) ? json : json.cases) as { file: string }[];
  return cases.map(({ file }) => new Uint8Array(Buffer.from(file, 'base64')));
});

/** Numbers below n, the same ones for the same seed (xorshift32). */
function generator(seed: number): (n: number) => number {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

/** Values at the edges of lengths, sizes and counts. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff];
type Mutator = (bytes: Buffer, random: (n: number) => number) => Buffer;
const mutators: readonly Mutator[] = [
  (bytes, random) => {
    bytes[random(bytes.length)]! ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    const value = edges[random(edges.length)]!;
    const at = random(bytes.length - 4);
    const form = random(3);
    if (form === 0) bytes.writeUInt16LE(value & 0xffff, at);
    else if (form === 1) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, 132 + random(bytes.length - 132)),
  (bytes, random) => {
    // A stretch twice, or not at all, or from another file.
    const [from, at] = [random(bytes.length), random(bytes.length)];
    const other = [bytes, Buffer.alloc(0), Buffer.from(corpus[random(corpus.length)]!)][random(3)]!;
    const stretch = other.subarray(from, from + 1 + random(64));
    return Buffer.concat([bytes.subarray(0, at), stretch, bytes.subarray(at + (random(2) === 0 ? 0 : stretch.length))]);
  },
  (bytes, random) => {
    // Another transfer syntax than that of the pixels.
    const at = bytes.indexOf('1.2.840.10008.1.2');
    bytes.write(
      ['.4.70\0', '.4.80\0', '.4.90\0', '.4.201', '.5\0\0\0\0', '.1.99\0', '.2\0\0\0\0'][random(7)]!,
      at + 17,
      'latin1',
    );
    return bytes;
  },
];

function mutated(random: (n: number) => number): Uint8Array {
  let bytes: Buffer = Buffer.from(corpus[random(corpus.length)]!);
  for (let n = random(4); n >= 0 && bytes.length > 140; n--) bytes = mutators[random(mutators.length)]!(bytes, random);
  return new Uint8Array(bytes);
}

/** True if the file is taken. Then it can be read back: its header, its metadata and every frame of it. */
function taken(bytes: Uint8Array): boolean {
  peekSopClass(bytes);
  let clean: ReturnType<typeof deidentify>;
  try {
    clean = deidentify(bytes, { tenantKey });
  } catch (error) {
    // Anything else would be a fault of ours.
    if (!(error instanceof DicomError)) throw error;
    assert.match(error.message, /^[A-Z(].*\.$/, 'a sentence');
    return false;
  }
  const part10 = parsePart10(clean.bytes);
  assert.ok(
    clean.bytes.subarray(0, 128).every((byte) => byte === 0),
    'the preamble is empty',
  );
  assert.deepEqual(headerOf(part10.dataset, part10.transferSyntaxUid), clean.header);
  assert.ok(JSON.stringify(toDicomJson(part10.dataset)).length > 0);
  const layout = pixelLayout(part10.dataset);
  const frameBytes = (layout.rows * layout.columns * layout.samples * layout.bitsAllocated) / 8;
  const frames = decodeFrames(part10, layout);
  assert.ok(frames.length === layout.frames && frames.every(({ length }) => length === frameBytes));
  return true;
}

test(`${files} spoiled files: each is refused with a sentence or can be read back, soon, and nothing grows`, () => {
  const seed = Number(process.env.METLOOP_FUZZ_SEED ?? Date.now() & 0x7fffffff);
  const random = generator(seed);
  let [accepted, slowestMs, settledBytes] = [0, 0, 0];
  for (let n = 0; n < files; n++) {
    const bytes = mutated(random);
    const began = performance.now();
    try {
      if (taken(bytes)) accepted++;
    } catch (cause) {
      throw new Error(`METLOOP_FUZZ_SEED=${seed}, file ${n}: ${cause}`, { cause });
    }
    slowestMs = Math.max(slowestMs, performance.now() - began);
    // By then the codecs are loaded and have grown to what they need.
    if (n === files / 2) settledBytes = process.memoryUsage().rss;
  }
  const grownMib = (process.memoryUsage().rss - settledBytes) / 2 ** 20;
  const result = `seed ${seed}: ${accepted} taken, slowest ${slowestMs.toFixed(0)} ms, grown by ${grownMib.toFixed(0)} MiB`;
  process.stdout.write(`${result}\n`);
  assert.ok(accepted > files / 100 && accepted < files, result);
  assert.ok(slowestMs < 5000, result);
  assert.ok(grownMib < 256, result);
});
