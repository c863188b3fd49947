import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { promisify } from 'node:util';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { writeParametricMap } from '#core/dicom/write-parametric-map.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { type Grid, type LabelVolume, transformPoint, voxelCount } from '#core/domain/geometry.ts';
import { encodeSafetensors } from '../gpu-worker/model/safetensors.ts';
import { dicomReaders, pythonWith, requireTool, weightReaders } from './tools.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'independent-readers.py');
const folder = await mkdtemp(join(tmpdir(), 'metloop-readers-'));
after(() => rm(folder, { recursive: true }));

const dcmdump = await requireTool('dcmdump');
const dicomPython = await pythonWith(dicomReaders);
const weightPython = await pythonWith(weightReaders);

const grid: Grid = { size: [12, 10, 6], indexToLps: [1.5, 0, 0, -9, 0, 1.5, 0, -7.5, 0, 0, 2.5, 20, 0, 0, 0, 1] };
const root = '1.2.826.0.1.3680043.10.7777.';
const source: SourceSeries = {
  studyInstanceUid: `${root}1`,
  seriesInstanceUid: `${root}2`,
  frameOfReferenceUid: `${root}4`,
  sopInstanceUids: Array.from({ length: grid.size[2] }, (_, k) => `${root}3.${k + 1}`),
  patient: { id: 'P-1' },
  study: { date: '20200101' },
};
const identityOf = (uid: string) => ({
  sopInstanceUid: `2.25.${uid}1`,
  seriesInstanceUid: `2.25.${uid}2`,
  seriesNumber: 900,
  seriesDescription: 'Metloop model 1',
  contentDate: '20200102',
  contentTime: '120000',
  softwareVersion: 'Metloop test',
});

/** Two lesions, one of them off every symmetry of the grid. */
const label: LabelVolume = { grid, data: new Uint16Array(voxelCount(grid)) };
const at = (i: number, j: number, k: number): number => (k * grid.size[1] + j) * grid.size[0] + i;
for (const [i, j, k] of [
  [2, 3, 1],
  [3, 3, 1],
  [3, 4, 2],
] as const)
  label.data[at(i, j, k)] = 1;
for (const [i, j, k] of [
  [9, 7, 4],
  [9, 8, 4],
  [10, 8, 4],
  [9, 7, 5],
] as const)
  label.data[at(i, j, k)] = 2;

test('a SEG and a probability map are read by highdicom, pydicom and dcmtk as they were meant', {
  skip: dicomPython.skip || dcmdump.skip,
}, async () => {
  const segments = [1, 2].map((number) => ({
    number,
    label: `Metastasis ${number}`,
    algorithmType: 'AUTOMATIC' as const,
    algorithmName: 'Metloop model 1',
  }));
  const map = Float32Array.from(label.data, (value, n) => (value ? 0.75 : (n % 7) / 100));
  const files = { seg: join(folder, 'seg.dcm'), map: join(folder, 'map.dcm') };
  await writeFile(files.seg, writeSeg({ label, source, segments, identity: identityOf('1') }));
  await writeFile(files.map, writeParametricMap({ map: { grid, data: map }, source, identity: identityOf('2') }));
  const { stdout } = await run(dicomPython.path, [script, 'dicom', files.seg, files.map]);
  const read = JSON.parse(stdout);
  const expected: Record<string, number> = {};
  for (let k = 0; k < grid.size[2]; k++)
    for (let j = 0; j < grid.size[1]; j++)
      for (let i = 0; i < grid.size[0]; i++) {
        const value = label.data[at(i, j, k)]!;
        if (value)
          expected[
            transformPoint(grid.indexToLps, [i, j, k])
              .map((v) => `${v}`)
              .join(' ')
          ] = value;
      }
  assert.deepEqual(read.voxels, expected);
  assert.deepEqual(read.segments, [
    [1, 'AUTOMATIC'],
    [2, 'AUTOMATIC'],
  ]);
  assert.ok(read.sources.every((uid: string) => source.sopInstanceUids.includes(uid)));
  assert.deepEqual(read.mapSize, grid.size);
  assert.ok(Math.abs(read.mapSum - map.reduce((sum, value) => sum + value, 0)) < 1e-3);
  assert.equal(read.mapMaximum, 0.75);
  const dump = await run(dcmdump.path, [files.seg]);
  assert.match(dump.stdout, /=SegmentationStorage/);
  assert.match(dump.stdout, /SegmentNumber/);
});

test('published weights are read by the safetensors package to the bit', { skip: weightPython.skip }, async () => {
  const tensors = new Map([
    ['b/kernel', { shape: [1, 2, 3], data: Float32Array.of(1, -2, 3.5, Number.NaN, 1e-40, -0) }],
    ['a', { shape: [], data: Float32Array.of(7) }],
    ['empty', { shape: [0, 4], data: new Float32Array() }],
  ]);
  const file = join(folder, 'weights.safetensors');
  await writeFile(file, encodeSafetensors(tensors, { a: 'b' }));
  const { stdout } = await run(weightPython.path, [script, 'weights', file]);
  const expected = [...tensors].map(([name, { shape, data }]) => [
    name,
    [shape, Buffer.from(data.buffer).toString('hex')],
  ]);
  assert.deepEqual(JSON.parse(stdout), Object.fromEntries(expected));
});
