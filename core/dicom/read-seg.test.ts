import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import type { Grid, LabelVolume } from '../domain/geometry.ts';
import { buildDataset } from './build-dataset.ts';
import { Dataset, type DicomElement } from './dataset.ts';
import type { ObjectIdentity, SourceSeries } from './derived-series.ts';
import { DicomError, type DicomErrorCode } from './dicom-error.ts';
import { parsePart10 } from './part10.ts';
import { readSeg, readSegReferences } from './read-seg.ts';
import { writePart10 } from './write-dataset.ts';
import { type Segment, writeSeg } from './write-seg.ts';

interface Oracle {
  readonly size: [number, number, number];
  readonly indexToLps: number[];
  readonly label: number[];
  readonly files: Readonly<Record<'binary' | 'overlapping' | 'labelMap' | 'labelMapRle' | 'fractional', string>>;
}
const oracle: Oracle = JSON.parse(readFileSync(new URL('read-seg.oracle.json', import.meta.url), 'utf8'));
const grid: Grid = { size: oracle.size, indexToLps: oracle.indexToLps };
const label: LabelVolume = { grid, data: Uint16Array.from(oracle.label) };
const root = '1.2.826.0.1.3680043.10.7777.';
const source: SourceSeries = {
  studyInstanceUid: `${root}1`, seriesInstanceUid: `${root}2`, frameOfReferenceUid: `${root}4`,
  sopInstanceUids: Array.from({ length: grid.size[2] }, (_, k) => `${root}3.${k + 1}`),
  patient: { id: 'P-1' }, study: { date: '20200101' },
}; // biome-ignore format: a table
const identity: ObjectIdentity = {
  sopInstanceUid: '2.25.1', seriesInstanceUid: '2.25.2', seriesNumber: 100, seriesDescription: 'Accepted ground truth',
  contentDate: '20260102', contentTime: '030405', softwareVersion: '1',
}; // biome-ignore format: a table
const segments: Segment[] = [
  { number: 1, label: 'Metastasis 1', algorithmType: 'MANUAL' },
  { number: 2, label: 'Metastasis 2', algorithmType: 'AUTOMATIC', algorithmName: 'net' },
  { number: 3, label: 'Metastasis 3', algorithmType: 'MANUAL' },
];
const fileOf = (name: keyof Oracle['files']): Uint8Array => Buffer.from(oracle.files[name], 'base64');

function refusal(code: DicomErrorCode, message = /\.$/): (error: unknown) => boolean {
  return (error) => error instanceof DicomError && error.code === code && message.test(error.message);
}

for (const name of ['binary', 'labelMap', 'labelMapRle'] as const)
  test(`highdicom's SEG is read voxel by voxel: ${name}`, () => {
    const seg = readSeg(fileOf(name), grid);
    assert.deepEqual([...seg.label.data], oracle.label);
    assert.deepEqual(
      seg.segments.map(({ number, label: text, algorithmType, voxelCount }) => [
        number,
        text,
        algorithmType,
        voxelCount,
      ]),
      [1, 2, 3].map((n) => [
        n,
        `Metastasis ${n}`,
        n === 2 ? 'AUTOMATIC' : 'MANUAL',
        oracle.label.filter((value) => value === n).length,
      ]),
    );
    assert.equal(seg.studyInstanceUid, source.studyInstanceUid);
    assert.equal(seg.referencedSeriesUid, source.seriesInstanceUid);
    for (const uid of seg.referencedSopInstanceUids) assert.ok(source.sopInstanceUids.includes(uid), uid);
  });

test("dcmjs's SEG, which is OHIF's, is read voxel by voxel", () => {
  const made = JSON.parse(readFileSync(new URL('read-seg-dcmjs.oracle.json', import.meta.url), 'utf8'));
  const seg = readSeg(Buffer.from(made.file, 'base64'), made);
  assert.equal([...seg.label.data].join(''), made.label);
  assert.deepEqual(
    seg.segments.map(({ number, label: text, voxelCount }) => [number, text, voxelCount]),
    [
      [1, 'Lesion 1', 24],
      [2, 'Lesion 2', 27],
    ],
  );
  assert.equal(seg.referencedSeriesUid, source.seriesInstanceUid);
});

test('of a fractional segmentation what is at least half counts', () => {
  assert.deepEqual([...readSeg(fileOf('fractional'), grid).label.data], oracle.label);
  const { dataset } = parsePart10(fileOf('fractional'));
  const element = dataset.elements.get(0x7fe00010)!;
  assert.equal(element.kind, 'bytes');
  const bytes = element.bytes.map((value) => (value === 255 ? 128 : 127));
  const half = new Dataset([...dataset.elements.values(), { ...element, bytes }]);
  assert.deepEqual([...readSeg(writePart10(half), grid).label.data], oracle.label);
  const none = new Dataset([...dataset.elements.values()].filter(({ tag }) => tag !== 0x0062000e));
  assert.throws(() => readSeg(writePart10(none), grid), refusal('MISSING_ATTRIBUTE', /MaximumFractionalValue/));
});

test('overlapping segments are refused', () => {
  assert.throws(
    () => readSeg(fileOf('overlapping'), grid),
    refusal('OVERLAPPING_SEGMENTS', /Segments 1 and 2 overlap in slice 3/),
  );
});

test('what is written is read again', () => {
  const seg = readSeg(writeSeg({ label, source, segments, identity }), grid);
  assert.deepEqual(seg.label.data, label.data);
  assert.deepEqual(
    seg.segments.map(({ voxelCount: _, ...segment }) => ({ ...segment })),
    segments.map((segment) => ({ algorithmName: undefined, ...segment })),
  );
  assert.deepEqual(seg.referencedSopInstanceUids, source.sopInstanceUids);
});

test('only slices with a lesion are stored', () => {
  const { dataset } = parsePart10(writeSeg({ label, source, segments, identity }));
  assert.equal(dataset.number('NumberOfFrames'), 2 + 3 + 2);
  assert.equal(dataset.bytes('PixelData')!.length, (7 * 12 * 16) / 8);
});

test('bits run on between frames whose pixels are no multiple of 8', () => {
  const odd: Grid = { size: [5, 3, 4], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const data = Uint16Array.from({ length: 60 }, (_, n) => ((n * 7) % 5 < 2 ? 1 + (n % 2) : 0));
  const ofOdd = { ...source, sopInstanceUids: source.sopInstanceUids.slice(0, 4) };
  const seg = readSeg(
    writeSeg({ label: { grid: odd, data }, source: ofOdd, segments: segments.slice(0, 2), identity }),
    odd,
  );
  assert.deepEqual(seg.label.data, data);
});

/** The SEG with its attributes replaced. */
function altered(change: (dataset: Dataset) => DicomElement[]): Uint8Array {
  const { dataset } = parsePart10(writeSeg({ label, source, segments, identity }));
  const elements = new Map(dataset.elements);
  for (const element of change(dataset)) elements.set(element.tag, element);
  return writePart10(new Dataset(elements.values()));
}

test('frames may come in any order', () => {
  const bytes = altered((dataset) => {
    const frames = [...dataset.items('PerFrameFunctionalGroupsSequence')].reverse();
    const pixels = dataset.bytes('PixelData')!;
    const size = pixels.length / frames.length;
    const reversed = frames.map((_, n) => pixels.subarray(pixels.length - (n + 1) * size, pixels.length - n * size));
    return [
      ...buildDataset({
        PerFrameFunctionalGroupsSequence: frames,
        PixelData: new Uint8Array(Buffer.concat(reversed)),
      }).elements.values(),
    ];
  });
  assert.deepEqual(readSeg(bytes, grid).label.data, label.data);
});

test('frames that belong to no described segment, or come twice, are refused', () => {
  const fewer = altered((dataset) => [
    ...buildDataset({ SegmentSequence: dataset.items('SegmentSequence').slice(0, 2) }).elements.values(),
  ]);
  assert.throws(() => readSeg(fewer, grid), refusal('MALFORMED', /segment 3/));
  const twice = altered((dataset) => {
    const frames = [...dataset.items('PerFrameFunctionalGroupsSequence')];
    frames[1] = frames[0]!;
    return [...buildDataset({ PerFrameFunctionalGroupsSequence: frames }).elements.values()];
  });
  assert.throws(() => readSeg(twice, grid), refusal('MALFORMED', /repeats/));
  const short = altered(() => [...buildDataset({ PixelData: new Uint8Array(20) }).elements.values()]);
  assert.throws(() => readSeg(short, grid), refusal('TRUNCATED'));
});

test('a grid that differs is refused, and the difference named', () => {
  const bytes = fileOf('binary');
  const moved = (change: (m: number[]) => void): Grid => {
    const indexToLps = [...grid.indexToLps];
    change(indexToLps);
    return { ...grid, indexToLps };
  };
  const swap = (m: number[]): void => {
    for (const row of [0, 4, 8]) [m[row], m[row + 1]] = [m[row + 1]! * 0.6, m[row]! / 0.6];
  };
  assert.throws(
    () =>
      readSeg(
        bytes,
        moved((m) => (m[3]! += 0.5)),
      ),
    refusal('GRID_MISMATCH', /position/),
  );
  assert.throws(() => readSeg(bytes, moved(swap)), refusal('GRID_MISMATCH', /orientation/));
  assert.throws(
    () =>
      readSeg(
        bytes,
        moved((m) => {
          for (const n of [0, 4, 8]) m[n]! *= 1.01;
        }),
      ),
    refusal('GRID_MISMATCH', /spacing/),
  );
  assert.throws(() => readSeg(bytes, { ...grid, size: [16, 13, 6] }), refusal('GRID_MISMATCH', /rows/));
  assert.throws(() => readSeg(bytes, { ...grid, size: [16, 12, 3] }), refusal('GRID_MISMATCH', /slices 1 to 3/));
  const byOneSlice = moved((m) => {
    for (const row of [0, 4, 8]) m[row + 3]! += 3 * m[row + 2]!;
  });
  assert.throws(() => readSeg(bytes, byOneSlice), refusal('GRID_MISMATCH'));
  // Rounding of decimal strings is no difference.
  assert.deepEqual(
    [
      ...readSeg(
        bytes,
        moved((m) => (m[3]! += 0.005)),
      ).label.data,
    ],
    oracle.label,
  );
});

test('random damage gives a result or a typed error', () => {
  const seed = (Date.now() & 0xffff) + 1;
  let state = seed;
  const random = (n: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
  for (const name of ['binary', 'labelMap', 'labelMapRle'] as const)
    for (let round = 0; round < 500; round++) {
      const bytes = Uint8Array.from(fileOf(name));
      for (let n = random(6); n >= 0; n--) bytes[132 + random(bytes.length - 132)] = random(256);
      try {
        readSeg(bytes, grid);
      } catch (error) {
        assert.ok(error instanceof DicomError, `seed ${seed}, ${name}, round ${round}: ${error}`);
      }
    }
});

test('an empty label, stray values and missing sources are refused', () => {
  const empty = { grid, data: new Uint16Array(label.data.length) };
  assert.throws(() => writeSeg({ label: empty, source, segments: [], identity }), refusal('EMPTY_LABEL'));
  assert.throws(() => writeSeg({ label, source, segments: segments.slice(0, 2), identity }), /value 3/);
  assert.throws(
    () =>
      writeSeg({
        label,
        source,
        segments: [...segments, { number: 4, label: 'x', algorithmType: 'MANUAL' }],
        identity,
      }),
    /no voxel/,
  );
  assert.throws(() => writeSeg({ label, source, segments: [segments[1]!, segments[0]!], identity }), /number/);
  assert.throws(
    () => writeSeg({ label, source: { ...source, sopInstanceUids: [] }, segments, identity }),
    refusal('GRID_MISMATCH'),
  );
});

test('the references of a SEG are read without its grid, and of nothing else', () => {
  assert.equal(readSegReferences(fileOf('binary')).referencedSeriesUid, source.seriesInstanceUid);
  const mr = writePart10(buildDataset({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.4', SOPInstanceUID: '1.2' }));
  assert.throws(() => readSegReferences(mr), refusal('UNSUPPORTED_CLASS'));
});
