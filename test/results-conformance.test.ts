import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { promisify } from 'node:util';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid, uids } from '#core/dicom/uid.ts';
import { writeContours } from '#core/dicom/write-contours.ts';
import { slicesOfLesions, writeMeasurements } from '#core/dicom/write-measurements.ts';
import { writeMr } from '#core/dicom/write-mr.ts';
import { writeParametricMap } from '#core/dicom/write-parametric-map.ts';
import { type Segment, writeSeg } from '#core/dicom/write-seg.ts';
import {
  type Grid,
  invertAffine,
  type LabelVolume,
  transformPoint,
  voxelCount,
  voxelVolumeMm3,
} from '#core/domain/geometry.ts';
import { measureLesions } from '#core/label/measure.ts';
import { readNrrd } from './harness/nrrd.ts';
import { dcmqiPrograms, dicomReaders, pythonWith, requireTool } from './tools.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'results-readers.py');
const contourScript = join(import.meta.dirname, 'contour-reader.py');
const folder = await mkdtemp(join(tmpdir(), 'metloop-results-'));
after(() => rm(folder, { recursive: true }));

const dciodvfy = await requireTool('dciodvfy');
const dcmdump = await requireTool('dcmdump');
const python = await pythonWith(dicomReaders);
const dcmqi = await pythonWith(dcmqiPrograms);

// Oblique, with three spacings.
const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const grid: Grid = {
  size: [24, 20, 8],
  indexToLps: [0.75 * c, -1.25 * s, 0, -20, 0.75 * s, 1.25 * c, 0, 7, 0, 0, 2, 3, 0, 0, 0, 1],
};
const root = '1.2.826.0.1.3680043.10.7777.';
const source: SourceSeries = {
  studyInstanceUid: `${root}1`,
  seriesInstanceUid: `${root}2`,
  frameOfReferenceUid: `${root}4`,
  sopInstanceUids: Array.from({ length: grid.size[2] }, (_, k) => `${root}3.${k + 1}`),
  patient: { id: 'P-1', sex: 'F', age: '061Y' },
  study: { date: '20200101', description: 'MR HEAD' },
};
const identityOf = () => ({
  sopInstanceUid: randomUid(),
  seriesInstanceUid: randomUid(),
  seriesNumber: 910,
  seriesDescription: 'Metastases, Metloop model 12',
  contentDate: '20200102',
  contentTime: '120000',
  softwareVersion: 'Metloop test',
});
const algorithm = { name: 'Metloop model 12', version: '12', parameters: 'threshold 0.93' };

/** A ring, whose hole belongs to no lesion, and a ball. */
const label: LabelVolume = { grid, data: new Uint16Array(voxelCount(grid)) };
for (let k = 0; k < 8; k++)
  for (let j = 0; j < 20; j++)
    for (let i = 0; i < 24; i++) {
      const ring = Math.hypot(i - 6, j - 7);
      const at = (k * 20 + j) * 24 + i;
      if (k >= 1 && k <= 3 && ring <= 4.2 && ring >= 2) label.data[at] = 1;
      if (Math.hypot(i - 17, j - 12, 2 * (k - 5)) <= 3.1) label.data[at] = 2;
    }
const lesions = measureLesions(label);
const tracking = lesions.map(({ number }) => ({ id: `Metastasis ${number}`, uid: randomUid() }));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

async function assertValid(file: string): Promise<void> {
  const { stderr, stdout } = await run(dciodvfy.path, [file]).catch(
    (error) => error as { stderr: string; stdout: string },
  );
  const errors = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('Error'));
  assert.deepEqual(errors, [], file);
}

const seg = (form: 'each' | 'all') => {
  const identity = identityOf();
  const automatic = { algorithmType: 'AUTOMATIC' as const, algorithmName: algorithm.name, algorithm };
  const segments: Segment[] =
    form === 'each'
      ? tracking.map((one, n) => ({ number: n + 1, label: one.id, ...automatic, tracking: one }))
      : [{ number: 1, label: 'Metastases', ...automatic }];
  const content = form === 'each' ? label : { grid, data: label.data.map((value) => Math.min(value, 1)) };
  return { identity, bytes: writeSeg({ label: content, source, segments, identity }) };
};

const measurements = (of: ReturnType<typeof seg> | undefined): Uint8Array =>
  writeMeasurements({
    source,
    identity: identityOf(),
    seg: of?.identity,
    algorithm,
    lesions: of
      ? lesions.map((measure, n) => ({
          measure,
          segmentNumber: measure.number,
          trackingId: tracking[n]!.id,
          trackingUid: tracking[n]!.uid,
          slices: slicesOfLesions(label).get(measure.number)!,
        }))
      : [],
  });

const contours = (): Uint8Array =>
  writeContours({
    label,
    source,
    identity: identityOf(),
    lesions: tracking.map(({ id }, n) => ({ number: n + 1, name: id })),
  });

test('what is written of an answer has no error for dciodvfy', { skip: dciodvfy.skip }, async () => {
  const map = Float32Array.from(label.data, (value, n) => (value ? 0.75 : (n % 7) / 100));
  const each = seg('each');
  await assertValid(await written('each.dcm', each.bytes));
  await assertValid(await written('all.dcm', seg('all').bytes));
  await assertValid(
    await written('map.dcm', writeParametricMap({ map: { grid, data: map }, source, identity: identityOf() })),
  );
  await assertValid(await written('sr.dcm', measurements(each)));
  await assertValid(await written('none.dcm', measurements(undefined)));
  await assertValid(await written('contours.dcm', contours()));
  // The judge does judge.
  const spoiled = Buffer.from(each.bytes);
  spoiled.write('XXXXXX', spoiled.indexOf('BINARY'), 'latin1');
  await assert.rejects(assertValid(await written('spoiled.dcm', spoiled)), /Segmentation Type|SegmentationType/);
});

test('co-registered slices have no error for dciodvfy, whatever they say of their source', {
  skip: dciodvfy.skip,
}, async () => {
  const slices = grid.size[2];
  const parameters = {
    ...{ seriesInstanceUid: source.seriesInstanceUid, imageType: ['ORIGINAL'], scanOptions: [], instanceCount: slices },
    ...{
      scanningSequence: ['SE'],
      sequenceVariant: ['SK'],
      acquisitionType: '3D',
      echoTimeMs: 119,
      repetitionTimeMs: 6000,
    },
  };
  const frames = Array.from({ length: slices }, (_, k) => k + 1);
  const sources: readonly SourceSeries[] = [
    source,
    {
      ...source,
      sopClassUid: uids.enhancedMrImage,
      sopInstanceUids: frames.map(() => `${root}5`),
      frameNumbers: frames,
    },
  ];
  for (const one of sources) {
    const files = writeMr({
      volume: { grid, data: Int16Array.from(label.data) },
      source: one,
      sourceSlices: frames.map((k) => (k === 1 ? null : [k - 2, k - 1])),
      frameOfReferenceUid: `${root}4`,
      identity: identityOf(),
      derivation: 'Rigidly registered to BRAVO and resampled',
      parameters,
    });
    for (const [k, bytes] of files.entries()) await assertValid(await written(`slice-${k}.dcm`, bytes));
  }
});

test('contours are read by pydicom and enclose the voxels of the label, to the last one', {
  skip: python.skip,
}, async () => {
  const { stdout } = await run(python.path, [
    contourScript,
    await written('rtstruct.dcm', contours()),
    JSON.stringify(grid),
  ]);
  const read = JSON.parse(stdout);
  assert.deepEqual(read.names, ['Metastasis 1', 'Metastasis 2']);
  const expected: number[] = [];
  label.data.forEach((value, n) => {
    if (value) expected.push(n, value);
  });
  assert.deepEqual(read.voxels, expected);
  assert.ok(read.farthestFromSliceMm < 1e-6);
});

test('measurements and segments are read by highdicom as they were meant', { skip: python.skip }, async () => {
  const each = seg('each');
  const files = [await written('seg.dcm', each.bytes), await written('report.dcm', measurements(each))];
  const { stdout } = await run(python.path, [script, ...files]);
  const read = JSON.parse(stdout);
  assert.deepEqual(
    read.segments,
    tracking.map(({ id, uid }, n) => [n + 1, id, uid, 'Metloop model 12', '12', 'threshold 0.93']),
  );
  assert.equal(read.groups.length, lesions.length);
  for (const [n, measure] of lesions.entries()) {
    const found = read.groups[n];
    const { slices, values, centre, ...rest } = found;
    assert.deepEqual(rest, {
      trackingId: tracking[n]!.id,
      trackingUid: tracking[n]!.uid,
      segment: [each.identity.sopInstanceUid, measure.number],
      frameOfReference: source.frameOfReferenceUid,
    });
    assert.deepEqual(
      slices,
      slicesOfLesions(label)
        .get(measure.number)!
        .map((k) => source.sopInstanceUids[k]),
    );
    const expected = [measure.volumeMm3, measure.longestDiameterMm, measure.perpendicularDiameterMm];
    for (const [m, value] of expected.entries()) assert.ok(Math.abs(values[m] - value) < 1e-9 * value, `${n} ${m}`);
    // 32-bit floats.
    for (const [m, value] of measure.centroidLps.entries()) assert.ok(Math.abs(centre[m] - value) < 1e-5);
    // Volume by the reader's own count of the segment's voxels.
    assert.ok(Math.abs(read.volumesMm3[n] - measure.volumeMm3) < 1e-3);
  }
});

test('dcmtk reads the tree of a report', { skip: dcmdump.skip }, async () => {
  const each = seg('each');
  const file = await written('tree.dcm', measurements(each));
  const { stdout, stderr } = await run(join(dirname(dcmdump.path), 'dsrdump'), [file]);
  assert.doesNotMatch(stdout + stderr, /^[EW]:/m);
  assert.match(stdout, /contains NUM:\(,,"Volume"\)="270" \(mm3,UCUM/);
  assert.equal(stdout.match(/contains SCOORD3D:/g)?.length, lesions.length);
  assert.equal(stdout.match(/"Referenced Segment"\)=\(SG image,,[12]\)/g)?.length, lesions.length);
});

test('a report without lesions says so, and dcmtk reads it', { skip: dcmdump.skip }, async () => {
  const { stdout } = await run(dcmdump.path, [await written('empty.dcm', measurements(undefined))]);
  assert.match(stdout, /=Comprehensive3DSRStorage/);
  assert.match(stdout, /found no metastasis/);
});

/** Runs a program of dcmqi's on a file. @returns the folder with what it wrote, and the report if it writes one */
async function byDcmqi(program: string, file: string): Promise<{ output: string; report: string }> {
  const output = `${file}-${program}`;
  const report = join(output, 'report.json');
  await mkdir(output);
  const to =
    program === 'tid1500reader' ? ['--outputMetadata', report] : ['--outputDirectory', output, '--outputType', 'nrrd'];
  await run(join(dirname(dcmqi.path), program), ['--inputDICOM', file, ...to]);
  return { output, report };
}

/** Values of an image that dcmqi wrote, by the voxel of our grid that each of its voxels is. */
async function onOurGrid(file: string): Promise<{ values: Map<number, number>; voxelMm3: number }> {
  const { grid: own, data } = readNrrd(await readFile(file));
  const toIndex = invertAffine(grid.indexToLps);
  const values = new Map<number, number>();
  const [columns, rows] = own.size;
  data.forEach((value, n) => {
    const place = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
    const at = transformPoint(toIndex, transformPoint(own.indexToLps, place));
    const [i, j, k] = at.map(Math.round) as [number, number, number];
    assert.ok(Math.hypot(at[0] - i, at[1] - j, at[2] - k) < 1e-4, 'dcmqi sees the voxels where we do');
    values.set((k * grid.size[1] + j) * grid.size[0] + i, value);
  });
  return { values, voxelMm3: voxelVolumeMm3(own) };
}

test('dcmqi makes of each segment the lesion, voxel by voxel, and of the map its probabilities', {
  skip: dcmqi.skip,
}, async () => {
  const { output } = await byDcmqi('segimage2itkimage', await written('dcmqi-seg.dcm', seg('each').bytes));
  for (const { number, voxelCount: count, volumeMm3 } of lesions) {
    const { values, voxelMm3 } = await onOurGrid(join(output, `${number}.nrrd`));
    const voxels = [...values].filter(([, value]) => value !== 0);
    assert.ok(voxels.every(([at]) => label.data[at] === number));
    assert.equal(voxels.length, count);
    assert.ok(Math.abs(voxels.length * voxelMm3 - volumeMm3) < 1e-3);
  }
  const data = Float32Array.from(label.data, (value, n) => (value ? 0.75 : (n % 7) / 100));
  const map = await written(
    'dcmqi-map.dcm',
    writeParametricMap({ map: { grid, data }, source, identity: identityOf() }),
  );
  const { values } = await onOurGrid(join((await byDcmqi('paramap2itkimage', map)).output, 'pmap.nrrd'));
  assert.equal(values.size, data.length);
  assert.ok([...values].every(([at, value]) => value === data[at]));
});

test('dcmqi reads the measured values of a report, and the segment that each belongs to', {
  skip: dcmqi.skip,
}, async () => {
  const each = seg('each');
  const { report } = await byDcmqi('tid1500reader', await written('dcmqi-sr.dcm', measurements(each)));
  const { Measurements: groups } = JSON.parse(await readFile(report, 'utf8'));
  assert.equal(groups.length, lesions.length);
  for (const [n, measure] of lesions.entries()) {
    const { measurementItems, ...group } = groups[n];
    assert.deepEqual(
      [
        group.ReferencedSegment,
        group.segmentationSOPInstanceUID,
        group.TrackingUniqueIdentifier,
        group.Finding.CodeMeaning,
      ],
      [measure.number, each.identity.sopInstanceUid, tracking[n]!.uid, 'Neoplasm, Secondary'],
    );
    const expected = [
      ['Volume', 'mm3', measure.volumeMm3],
      ['Long Axis', 'mm', measure.longestDiameterMm],
      ['Short Axis', 'mm', measure.perpendicularDiameterMm],
    ] as const;
    assert.equal(measurementItems.length, expected.length);
    for (const [m, [name, unit, value]] of expected.entries()) {
      const { quantity, units, value: text } = measurementItems[m];
      assert.deepEqual([quantity.CodeMeaning, units.CodeValue], [name, unit]);
      // Decimal strings have 16 characters.
      assert.ok(Math.abs(Number(text) - value) < 1e-12 * value, `${name}: ${text}, not ${value}`);
    }
  }
});
