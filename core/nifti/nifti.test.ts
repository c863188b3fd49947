import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Grid, sameGrid } from '../domain/geometry.ts';
import { SeededRandom } from '../domain/random.ts';
import { NiftiError, type NiftiErrorCode } from './nifti-error.ts';
import { readNifti, readNiftiLabel } from './read.ts';
import { quaternionOf } from './transform.ts';
import { writeNifti } from './write.ts';

interface Case {
  readonly name: string;
  readonly file: string;
  /** RAS, by rows. */
  readonly affine: readonly number[];
  readonly values: readonly number[];
}

const cases = JSON.parse(readFileSync(new URL('./nifti.oracle.json', import.meta.url), 'utf8')) as Case[];
const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(Buffer.from(cases.find((one) => one.name === name)!.file, 'base64'));
const refusal =
  (code: NiftiErrorCode, words: RegExp) =>
  (error: unknown): boolean =>
    error instanceof NiftiError && error.code === code && words.test(error.message);

for (const { name, affine, values } of cases)
  test(`reads what nibabel writes: ${name}`, () => {
    const { volume, transformSource } = readNifti(bytesOf(name));
    const { grid, data } = volume;
    assert.deepEqual(grid.size, [4, 3, 5]);
    assert.deepEqual(data, Float32Array.from(values));
    affine.forEach((value, n) => {
      // The qform of version 1 is a quaternion in floats.
      assert.ok(
        Math.abs(grid.indexToLps[n]! - (n < 8 ? -value : value)) < 2e-5,
        `affine ${n}: ${grid.indexToLps[n]}, ${value}`,
      );
    });
    assert.equal(
      transformSource,
      (name.endsWith('qform') && !name.includes('before')) || name.endsWith('turn') ? 'QFORM' : 'SFORM',
    );
  });

const oblique: Grid = {
  size: [4, 3, 2],
  indexToLps: [0.4, -0.3, 0, 12.25, 0.3, 0.4, 0, -7, 0, 0, 1.5, 1 / 3, 0, 0, 0, 1],
};
const leftHanded: Grid = {
  ...oblique,
  indexToLps: oblique.indexToLps.map((value, n) => (n === 10 ? -value : value)),
};

test('what is written is read as it was, by either version, plain and gzipped, from every type', () => {
  const arrays = [
    Float32Array.from({ length: 24 }, (_, n) => n / 7 - 1),
    Int16Array.from({ length: 24 }, (_, n) => n * 1000 - 12_000),
    Uint16Array.from({ length: 24 }, (_, n) => n * 2700),
    Uint8Array.from({ length: 24 }, (_, n) => n * 11),
  ];
  for (const grid of [oblique, leftHanded])
    for (const data of arrays)
      for (const gzip of [false, true]) {
        const { volume, transformSource } = readNifti(writeNifti({ grid, data }, { gzip }));
        assert.deepEqual(volume, { grid, data: Float32Array.from(data) });
        assert.equal(transformSource, 'SFORM');
        const narrow = readNifti(writeNifti({ grid, data }, { version: 1, gzip })).volume;
        assert.ok(sameGrid(narrow.grid, grid, 1e-5));
        assert.deepEqual(narrow.data, Float32Array.from(data));
      }
  const data = Uint16Array.from({ length: 24 }, (_, n) => n * 2849);
  assert.deepEqual(readNiftiLabel(writeNifti({ grid: oblique, data })).volume, { grid: oblique, data });
});

test('the qform says the same as the sform, for any rotation, and a shear has none', () => {
  const random = new SeededRandom(5);
  for (let n = 0; n < 200; n++) {
    const grid = { size: [2, 2, 2] as const, indexToLps: rotated(random) };
    const bytes = Buffer.from(writeNifti({ grid, data: new Uint8Array(8) }));
    // Without the sform the qform is read.
    bytes.writeInt32LE(0, 348);
    const read = readNifti(bytes);
    assert.equal(read.transformSource, 'QFORM');
    assert.ok(sameGrid(read.volume.grid, grid, 1e-9), JSON.stringify(grid.indexToLps));
  }
  assert.equal(quaternionOf([1, 0.01, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]), undefined);
});

/** Any rotation, half of them with a mirror, spacings from 0.5 to 2.5 mm; some by exact half turns. */
function rotated(random: SeededRandom): number[] {
  const angle = (): number =>
    random.next() < 0.3 ? Math.round(random.next() * 4) * (Math.PI / 2) : random.next() * 2 * Math.PI;
  const turn = (axis: number, by: number): number[][] => {
    const [p, q] = [0, 1, 2].filter((other) => other !== axis) as [number, number];
    const m = [0, 1, 2].map((row) => [0, 1, 2].map((column): number => (row === column ? 1 : 0)));
    [m[p]![p], m[p]![q], m[q]![p], m[q]![q]] = [Math.cos(by), -Math.sin(by), Math.sin(by), Math.cos(by)];
    return m;
  };
  const times = (a: number[][], b: number[][]): number[][] =>
    a.map((row) => [0, 1, 2].map((column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)));
  const r = times(turn(0, angle()), times(turn(1, angle()), turn(2, angle())));
  const scale = [
    0.5 + random.next() * 2,
    0.5 + random.next() * 2,
    (0.5 + random.next() * 2) * (random.next() < 0.5 ? -1 : 1),
  ];
  return [
    ...r.flatMap((row) => [...row.map((value, axis) => value * scale[axis]!), random.next() * 200 - 100]),
    0,
    0,
    0,
    1,
  ];
}

const label1 = (): Buffer => Buffer.from(writeNifti({ grid: oblique, data: new Uint16Array(24) }, { version: 1 }));

test('a file that is not what it says is refused with the reason', () => {
  const changed = (change: (bytes: Buffer) => unknown): Buffer => {
    const bytes = label1();
    change(bytes);
    return bytes;
  };
  const gzipped = gzipSync(label1());
  const cut = gzipped.subarray(0, gzipped.length - 3);
  const damaged = Buffer.from(gzipped);
  damaged[damaged.length - 6]! ^= 1;
  const table: [string, Uint8Array, NiftiErrorCode, RegExp][] = [
    ['nothing', Buffer.alloc(0), 'TRUNCATED', /0 bytes/],
    ['text', Buffer.alloc(500, 'no image'), 'NOT_NIFTI', /begin/],
    ['ANALYZE', changed((bytes) => bytes.fill(0, 344, 348)), 'NOT_NIFTI', /magic/],
    ['a pair', changed((bytes) => bytes.write('ni1', 344)), 'UNSUPPORTED', /another file/],
    ['a cut file', label1().subarray(0, 380), 'TRUNCATED', /380 bytes.* 400/],
    ['a cut gzip', cut, 'TRUNCATED', /ends in the middle/],
    ['a wrong checksum', damaged, 'MALFORMED', /damaged/],
    ['a wrong rank', changed((bytes) => bytes.writeInt16LE(9, 40)), 'MALFORMED', /dim\[0\] is 9/],
    ['no extent', changed((bytes) => bytes.writeInt16LE(-3, 44)), 'MALFORMED', /dim\[2\] is -3/],
    [
      'absurd extents',
      changed((bytes) => [42, 44, 46].map((at) => bytes.writeInt16LE(32_767, at))),
      'OUT_OF_BOUNDS',
      /at most/,
    ],
    [
      'a series',
      changed((bytes) => [bytes.writeInt16LE(4, 40), bytes.writeInt16LE(7, 48)]),
      'UNSUPPORTED',
      /4 x 3 x 2 x 7/,
    ],
    ['colours', changed((bytes) => bytes.writeInt16LE(128, 70)), 'UNSUPPORTED', /colours/],
    ['other bits', changed((bytes) => bytes.writeInt16LE(8, 72)), 'MALFORMED', /bitpix is 8/],
    ['voxels in the header', changed((bytes) => bytes.writeFloatLE(0, 108)), 'MALFORMED', /vox_offset is 0/],
    ['voxels far away', changed((bytes) => bytes.writeFloatLE(1e12, 108)), 'OUT_OF_BOUNDS', /vox_offset/],
    ['no place', changed((bytes) => bytes.writeFloatLE(Number.NaN, 284)), 'MALFORMED', /srow/],
    ['a flat sform', changed((bytes) => bytes.fill(0, 280, 296)), 'MALFORMED', /one plane/],
    [
      'a long quaternion',
      changed((bytes) => [bytes.writeInt16LE(0, 254), bytes.writeFloatLE(4, 256)]),
      'MALFORMED',
      /longer/,
    ],
  ];
  for (const [what, bytes, code, words] of table)
    assert.throws(() => readNiftiLabel(bytes), refusal(code, words), what);
});

test('values that are no numbers, and labels that are no whole ones, are refused', () => {
  const floats = (value: number): Uint8Array =>
    writeNifti({ grid: oblique, data: Float32Array.from({ length: 24 }, (_, n) => (n === 5 ? value : 1)) });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => readNifti(floats(value)), refusal('MALFORMED', /Voxel 5/));
    assert.throws(() => readNiftiLabel(floats(value)), refusal('NOT_A_LABEL', /Voxel 5/));
  }
  for (const value of [0.5, -1, 65_536])
    assert.throws(() => readNiftiLabel(floats(value)), refusal('NOT_A_LABEL', /Voxel 5 is/));
  assert.equal(readNiftiLabel(floats(65_535)).volume.data[5], 65_535);
});

test('a small file that would grow large is refused without growing', () => {
  const bomb = gzipSync(Buffer.concat([label1(), Buffer.alloc(200 * 2 ** 20)]), { level: 9 });
  assert.ok(bomb.length < 2 ** 20);
  const before = process.memoryUsage().rss;
  assert.throws(() => readNiftiLabel(bomb), refusal('OUT_OF_BOUNDS', /grows beyond/));
  assert.ok(process.memoryUsage().rss - before < 150 * 2 ** 20);
});

test('units of length are millimetres afterwards; without a form only spacing is known', () => {
  const bytes = Buffer.from(writeNifti({ grid: oblique, data: new Uint8Array(24) }, { version: 1 }));
  bytes.writeUInt8(1, 123);
  const metres = readNifti(bytes).volume.grid.indexToLps;
  assert.ok(Math.abs(metres[3]! - 12_250) < 1e-2 && Math.abs(metres[10]! - 1500) < 1e-3);
  bytes.writeUInt8(2, 123);
  bytes.writeInt16LE(0, 252);
  bytes.writeInt16LE(0, 254);
  const { volume, transformSource } = readNifti(bytes);
  assert.equal(transformSource, 'NONE');
  assert.deepEqual(volume.grid.indexToLps, [-0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 1]);
});

test('4,000 spoiled files: each is read or refused with a sentence, soon', () => {
  const seed = Number(process.env.METLOOP_FUZZ_SEED ?? Date.now() & 0x7fffffff);
  const random = new SeededRandom(seed);
  const below = (n: number): number => Math.floor(random.next() * n);
  const edges = [
    0, 1, 127, 128, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7f800000, 0x7fc00000,
  ];
  let [read, slowestMs] = [0, 0];
  for (let n = 0; n < 4000; n++) {
    let bytes = Buffer.from(bytesOf(cases[below(cases.length)]!.name));
    const zipped = below(4) === 0;
    if (bytes[0] === 0x1f && below(2) === 0) bytes = gunzipSync(bytes);
    for (let change = below(4); change >= 0; change--) {
      // Half of the changes meet the fields that lengths and places are computed from.
      const at = below(2) === 0 ? below(Math.min(bytes.length - 4, 540)) : below(bytes.length - 4);
      if (below(3) === 0) bytes[at] = below(256);
      else if (below(2) === 0) bytes.writeUInt32LE(edges[below(edges.length)]!, at);
      else bytes.writeUInt32BE(edges[below(edges.length)]!, at);
    }
    if (below(8) === 0) bytes = bytes.subarray(0, 4 + below(bytes.length - 4));
    const began = performance.now();
    try {
      const { volume } = (below(2) === 0 ? readNifti : readNiftiLabel)(zipped ? gzipSync(bytes) : bytes);
      assert.ok(volume.grid.indexToLps.every(Number.isFinite), `seed ${seed}, file ${n}`);
      read++;
    } catch (error) {
      if (!(error instanceof NiftiError))
        throw new Error(`METLOOP_FUZZ_SEED=${seed}, file ${n}: ${error}`, { cause: error });
      assert.match(error.message, /^\S.*\.$/);
    }
    slowestMs = Math.max(slowestMs, performance.now() - began);
  }
  const result = `seed ${seed}: ${read} read, slowest ${slowestMs.toFixed(0)} ms`;
  process.stdout.write(`${result}\n`);
  assert.ok(read > 100 && read < 4000 && slowestMs < 3000, result);
});
