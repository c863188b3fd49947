/** What Metloop exports, unpacked, is read back as the cases that it was: made here in the shapes of `docs/import.md`, without a server. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import { readMrInstance } from '#core/dicom/read.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { sameGrid } from '#core/domain/geometry.ts';
import { sequences } from '#core/domain/sequence.ts';
import { writeNifti } from '#core/nifti/write.ts';
import type { Layout } from '../bin/import/case.ts';
import { layouts } from '../bin/import/layouts.ts';
import { type ImportCase, type ReadOptions, readCase } from '../bin/import/read-case.ts';
import { rightHanded } from '../bin/import/read-volume.ts';
import { caseFiles } from '../bin/import/to-dicom.ts';
import { phantomUids, writePhantomStudy } from '../demo/phantom/study.ts';
import { phantomOf, seriesOf } from './harness/data-sets.ts';

const options: ReadOptions = {
  allowMissing: false,
  resample: false,
  metastasisValues: undefined,
  pngSpacingMm: undefined,
  unknownIsRas: false,
};
const phantom = phantomOf(51);
const { labels } = phantom.truth;
const bravo = seriesOf(phantom, 'BRAVO');
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metloop-layouts-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
const image = (volume = bravo): Uint8Array => writeNifti(volume, { gzip: true });
const label = (): Uint8Array => writeNifti(labels, { gzip: true });

/** The layout that is found out, and its cases. */
async function found(top: string): Promise<{ layout: Layout; cases: ImportCase[] }> {
  const path = join(folder, top);
  for (const layout of layouts)
    if (await layout.detect(path)) {
      const cases: ImportCase[] = [];
      for (const source of await layout.cases(path)) cases.push(await readCase(source, options));
      return { layout, cases };
    }
  assert.fail(`${top} is laid out as nothing`);
}

function assertWhole(one: ImportCase, onBravo = false): void {
  for (const role of sequences) {
    const { volume } = one.series.find((series) => series.role === role)!;
    const wanted = onBravo ? bravo : seriesOf(phantom, role);
    assert.ok(sameGrid(volume.grid, wanted.grid, 0.01), role);
    assert.deepEqual(volume.data, wanted.data, role);
  }
  assert.deepEqual(
    one.label?.volume.data,
    labels.data.map((value) => (value > 0 ? 1 : 0)),
  );
}

test('BIDS: each sequence on its own grid, the label a derivative', async () => {
  const names = {
    T1_PRE: 'T1w',
    T1_POST: 'acq-spinecho_ce-gadolinium_T1w',
    BRAVO: 'acq-bravo_ce-gadolinium_T1w',
    FLAIR: 'FLAIR',
  };
  const stem = 'sub-PA/ses-01/anat/sub-PA_ses-01';
  await put('bids/dataset_description.json', '{}');
  for (const role of sequences) await put(`bids/${stem}_${names[role]}.nii.gz`, image(seriesOf(phantom, role)));
  await put(`bids/derivatives/metastases/${stem}_acq-bravo_ce-gadolinium_seg-metastases_dseg.nii.gz`, label());
  await put(`bids/sub-PA/ses-02/anat/sub-PA_ses-02_${names.BRAVO}.nii.gz`, image());
  const { layout, cases } = await found('bids');
  assert.equal(layout.name, 'bids');
  assertWhole(cases[0]!);
  assert.deepEqual(
    cases.map(({ name, subject }) => [name, subject]),
    [
      ['sub-PA_ses-01', 'PA'],
      ['sub-PA_ses-02', 'PA'],
    ],
  );
  assert.deepEqual([cases[1]!.series.length, cases[1]!.label], [1, undefined]);
});

test('nnU-Net: channels by their names, zeros left out, test cases too', async () => {
  const top = 'nnunet/Dataset500_Mets';
  await put(
    `${top}/dataset.json`,
    JSON.stringify({ channel_names: { 0: 'T1_PRE', 1: 'T1_POST', 2: 'BRAVO', 3: 'FLAIR' }, file_ending: '.nii.gz' }),
  );
  await put(`${top}/cases.tsv`, 'case\tsubject\tmissing_sequences\nPA_01\tPA\tn/a\nPB_01\tPB\tT1_PRE,FLAIR\n');
  for (const channel of [0, 1, 2, 3]) {
    await put(`${top}/imagesTr/PA_01_000${channel}.nii.gz`, image());
    const blank = { grid: bravo.grid, data: new Uint8Array(bravo.data.length) };
    await put(
      `${top}/imagesTs/PB_01_000${channel}.nii.gz`,
      channel % 3 === 0 ? writeNifti(blank, { gzip: true }) : image(),
    );
  }
  for (const path of ['labelsTr/PA_01', 'labelsTs/PB_01']) await put(`${top}/${path}.nii.gz`, label());
  const { layout, cases } = await found('nnunet');
  assert.equal(layout.name, 'nnunet');
  assertWhole(cases[0]!, true);
  assert.deepEqual([cases[1]!.subject, cases[1]!.series.map(({ role }) => role)], ['PB', ['T1_POST', 'BRAVO']]);
});

test('DICOM with SEG: files as they are, the label from its SEG, and what the table says of a study without one', async () => {
  const { series } = phantomUids(phantom);
  const roles = new Map(sequences.map((role) => [series[role], role]));
  const slices: { uid: string; z: number }[] = [];
  let count = 0;
  for await (const { bytes } of writePhantomStudy(phantom)) {
    const { seriesInstanceUid, sopInstanceUid, frames } = readMrInstance(bytes);
    const role = roles.get(seriesInstanceUid)!;
    if (role === 'BRAVO') slices.push({ uid: sopInstanceUid, z: frames[0]!.imagePosition[2]! });
    for (const session of role === 'BRAVO' ? ['ses-01', 'ses-02', 'ses-03'] : ['ses-01'])
      await put(`dicom/sub-PA/${session}/${role}/${String(++count).padStart(4, '0')}.dcm`, bytes);
  }
  const source = {
    ...{ studyInstanceUid: randomUid(), seriesInstanceUid: series.BRAVO, frameOfReferenceUid: randomUid() },
    ...{ sopInstanceUids: slices.sort((a, b) => a.z - b.z).map(({ uid }) => uid), patient: { id: 'PA' }, study: {} },
  };
  const identity = {
    ...{ sopInstanceUid: randomUid(), seriesInstanceUid: randomUid(), seriesNumber: 900, seriesDescription: 'Truth' },
    ...{ contentDate: '', contentTime: '', softwareVersion: 'test' },
  };
  const segments = phantom.truth.lesions.map(({ number }) => ({
    number,
    label: `${number}`,
    algorithmType: 'MANUAL' as const,
  }));
  await put('dicom/sub-PA/ses-01/SEG/0001.dcm', writeSeg({ label: labels, source, segments, identity }));
  const row = (session: number, lesions: number): string => `sub-PA/ses-0${session}\tPA\t${lesions}\n`;
  await put('dicom/cases.tsv', `folder\tsubject\tlesion_count\n${row(1, 3)}${row(2, 0)}../escape\tPA\t0\n`);
  const { layout, cases } = await found('dicom');
  assert.equal(layout.name, 'dicom-seg');
  assertWhole(cases[0]!);
  assert.equal(
    caseFiles(cases[0]!).reduce((sum, { files }) => sum + files.length, 0),
    count - 2 * slices.length,
  );
  assert.deepEqual(
    cases.map(({ name }) => name),
    ['sub-PA_ses-01', 'sub-PA_ses-02'],
  );
  assert.ok(
    cases[1]!.label!.volume.data.every((value) => value === 0),
    'no metastasis',
  );
  await put('dicom/cases.tsv', `folder\tsubject\tlesion_count\n${row(3, 2)}`);
  await assert.rejects(found('dicom'), /It lacks SEG/);
});

test('slices that run against DICOM’s handedness are turned, places and all', () => {
  const { grid, data } = bravo;
  const [columns, rows, last] = [grid.size[0], grid.size[1], grid.size[2] - 1];
  const turned = {
    grid: {
      ...grid,
      indexToLps: grid.indexToLps.map((v, n) => (n === 10 ? -v : n === 11 ? v + last * grid.indexToLps[10]! : v)),
    },
    data: data.map(
      (_, n) => data[(last - Math.floor(n / (columns * rows))) * columns * rows + (n % (columns * rows))]!,
    ),
  };
  const back = rightHanded(turned);
  assert.ok(sameGrid(back.grid, grid, 1e-9));
  assert.deepEqual(back.data, data);
  assert.equal(rightHanded(bravo), bravo);
});
