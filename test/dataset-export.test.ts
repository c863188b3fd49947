import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { type Grid, invertAffine, transformPoint, voxelCount } from '#core/domain/geometry.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { sha256Hex } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { type ExportRoom, openExportRoom } from './harness/export-room.ts';
import { gridOf, voxelValue } from './harness/exportable.ts';
import type { Data } from './harness/services.ts';
import { bidsValidators, dicomReaders, niftiReaders, pythonWith } from './tools.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'export-readers.py');
const niftiPython = await pythonWith(niftiReaders);
const dicomPython = await pythonWith(dicomReaders);
const bidsPython = await pythonWith(bidsValidators);

let room: ExportRoom;
let folder: string;
before(async () => {
  room = await openExportRoom();
  folder = await mkdtemp(join(tmpdir(), 'metloop-export-'));
});
after(async () => {
  await room?.stop();
  await rm(folder, { recursive: true, force: true });
});

const readBy = async (python: { path: string }, kind: string, where: string): Promise<Data> =>
  JSON.parse((await run(python.path, [script, kind, where], { maxBuffer: 2 ** 28 })).stdout);

/** Values as they were written, by voxel. */
const written = (role: Sequence, copy: boolean): number[] =>
  Array.from({ length: voxelCount(gridOf(role, copy)) }, (_, n) => voxelValue(role, copy, n));

/** As NIfTI has it: RAS. */
function assertOnGrid(image: Data, { size, indexToLps }: Grid, what: string): void {
  assert.deepEqual(image.shape, size, what);
  for (const affine of [image.affine, image.qformAffine])
    for (const [n, value] of affine.entries())
      assert.ok(Math.abs(value - (n < 8 ? -1 : 1) * indexToLps[n]!) < 1e-5, `${what}: affine ${affine}`);
}

const readManifest = (files: Map<string, Buffer>, top = ''): Data =>
  JSON.parse(files.get(`${top}manifest.json`)!.toString());

/** Each file has the hash that the manifest says, and nothing names a person of the project. */
async function assertManifest(files: Map<string, Buffer>, format: string, top = ''): Promise<void> {
  const manifest = readManifest(files, top);
  const { manifestSha256 } = (
    await room.ask(room.people.auditor, `{ node(id: "${room.datasetId}") { ... on Dataset { manifestSha256 } } }`)
  ).node;
  assert.deepEqual([manifest.format, manifest.dataset.manifestSha256], [format, manifestSha256]);
  assert.deepEqual(manifest.leftOut, []);
  const rest = [...files].filter(([path]) => path !== `${top}manifest.json`);
  assert.deepEqual(
    manifest.files,
    rest.map(([path, bytes]) => ({ path: path.slice(top.length), sizeBytes: bytes.length, sha256: sha256Hex(bytes) })),
  );
  const ended = await room.endedExport();
  assert.deepEqual(
    [ended.state, ended.format, ended.casesDone, ended.caseCount, ended.fileCount, ended.requestedBy.name],
    ['SUCCEEDED', format, 5, 5, files.size, 'Erna Engineer'],
  );
  assert.equal(ended.manifestSha256, sha256Hex(files.get(`${top}manifest.json`)!));
  assert.equal(
    ended.sizeBytes,
    [...files.values()].reduce((sum, { length }) => sum + length, 0),
  );
  for (const [path, bytes] of files)
    for (const name of ['Erna', 'Engineer', 'Rita', 'Consortium', 'Somebody', 'example'])
      assert.ok(!path.includes(name) && !bytes.includes(name), `${path} holds ${name}`);
}

const sessionsOf: Record<string, keyof ExportRoom['studies']> = {
  'sub-PAAAAAAAAAA/ses-01': 'first',
  'sub-PAAAAAAAAAA/ses-02': 'second',
  'sub-PBBBBBBBBBB/ses-01': 'alone',
  'sub-PCCCCCCCCCC/ses-01': 'without',
  'sub-PDDDDDDDDDD/ses-01': 'none',
};
const bidsNames: Record<Sequence, string> = {
  T1_PRE: 'T1w',
  T1_POST: 'acq-spinecho_ce-gadolinium_T1w',
  BRAVO: 'acq-bravo_ce-gadolinium_T1w',
  FLAIR: 'FLAIR',
};

test('BIDS: nibabel reads each image as acquired and each label, voxel by voxel and on its grid', {
  skip: niftiPython.skip,
}, async () => {
  const where = join(folder, 'bids');
  const files = await room.exported('bids', where);
  await assertManifest(files, 'BIDS');
  const images = await readBy(niftiPython, 'nifti', where);
  const expected = new Set<string>();
  for (const [session, name] of Object.entries(sessionsOf)) {
    const { label, roles } = room.studies[name];
    const stem = `${session}/anat/${session.replace('/', '_')}`;
    for (const role of roles) {
      const path = `${stem}_${bidsNames[role]}.nii.gz`;
      expected.add(path);
      assertOnGrid(images[path], gridOf(role, false), path);
      assert.deepEqual(images[path].values, written(role, false), path);
    }
    const path = `derivatives/metastases/${stem}_acq-bravo_ce-gadolinium_seg-metastases_dseg.nii.gz`;
    expected.add(path);
    assertOnGrid(images[path], label.grid, path);
    assert.deepEqual(images[path].values, [...label.data], path);
  }
  assert.deepEqual(new Set(Object.keys(images)), expected);
  const dtypes = sequences.map(
    (role) => images[`sub-PAAAAAAAAAA/ses-01/anat/sub-PAAAAAAAAAA_ses-01_${bidsNames[role]}.nii.gz`].dtype,
  );
  assert.deepEqual(dtypes, ['float32', 'int16', 'int16', 'uint16']);
  const participants = files.get('participants.tsv')!.toString().trim().split('\n');
  assert.equal(participants.length, 5);
  assert.match(participants[1]!, /^sub-PAAAAAAAAAA\tF\t89\t(TRAIN|DEVELOPMENT|TEST)\tONE_TO_THREE$/);
  const sessions = files.get('sub-PAAAAAAAAAA/sub-PAAAAAAAAAA_sessions.tsv')!.toString();
  assert.match(sessions, /^ses-02\t89\t100\t\S+\t1\t2\.25\.\d+$/m);
  const sidecar = JSON.parse(files.get('sub-PBBBBBBBBBB/ses-01/anat/sub-PBBBBBBBBBB_ses-01_FLAIR.json')!.toString());
  assert.deepEqual([sidecar.RepetitionTime, sidecar.EchoTime, sidecar.FlipAngle], [0.0084, 0.0032, 12]);
});

test('BIDS: the official validator finds no error, in derivatives neither', { skip: bidsPython.skip }, async () => {
  const where = join(folder, 'bids-to-validate');
  await room.exported('bids', where);
  const validator = join(bidsPython.path, '..', 'bids-validator-deno');
  const { stdout } = await run(validator, [where, '--format', 'json', '--recursive', '--ignoreWarnings']).catch(
    (error: { stdout: string }) => error,
  );
  const { issues, summary, derivativesSummary } = JSON.parse(stdout);
  assert.deepEqual(issues.issues, []);
  assert.deepEqual(Object.keys(derivativesSummary), ['/derivatives/metastases/']);
  assert.deepEqual(derivativesSummary['/derivatives/metastases/'].issues.issues, []);
  assert.deepEqual([summary.subjects.length, summary.sessions.length], [4, 2]);
});

test('nnU-Net: channels on the grid of BRAVO, labels of one class, the dataset’s own split', {
  skip: niftiPython.skip,
}, async () => {
  const where = join(folder, 'nnunet');
  const top = 'Dataset500_TheFirstOne/';
  const files = await room.exported('nnunet', where);
  await assertManifest(files, 'NNUNET', top);
  const images = await readBy(niftiPython, 'nifti', join(where, top));
  const { cases } = await frozenManifest();
  const dataset = JSON.parse(files.get(`${top}dataset.json`)!.toString());
  const inTest = new Set(cases.filter(({ subset }: Data) => subset === 'TEST').map(({ studyId }: Data) => studyId));
  assert.ok(inTest.size > 0);
  // The fields that documentation/dataset_format.md of nnU-Net asks for.
  assert.deepEqual(dataset.channel_names, { 0: 'T1_PRE', 1: 'T1_POST', 2: 'BRAVO', 3: 'FLAIR' });
  assert.deepEqual(dataset.labels, { background: 0, metastasis: 1 });
  assert.deepEqual([dataset.numTraining, dataset.file_ending], [5 - inTest.size, '.nii.gz']);
  let count = 0;
  const sides: Record<string, string[]> = { TRAIN: [], DEVELOPMENT: [], TEST: [] };
  for (const [session, name] of Object.entries(sessionsOf)) {
    const { studyId, label, roles } = room.studies[name];
    const { subset } = cases.find((one: Data) => one.studyId === studyId);
    const id = session.replace('sub-', '').replace('/ses-', '_');
    sides[subset]!.push(id);
    const side = inTest.has(studyId) ? 'Ts' : 'Tr';
    for (const [n, role] of sequences.entries()) {
      const image = images[`images${side}/${id}_000${n}.nii.gz`];
      assertOnGrid(image, label.grid, `${id} ${role}`);
      const expected = roles.includes(role) ? written(role, role !== 'BRAVO') : Array(label.data.length).fill(0);
      assert.deepEqual(image.values, expected, `${id} ${role}`);
      count++;
    }
    const one = images[`labels${side}/${id}.nii.gz`];
    assertOnGrid(one, label.grid, id);
    assert.deepEqual(
      one.values,
      [...label.data].map((value) => Math.min(1, value)),
      id,
    );
    count++;
  }
  assert.equal(Object.keys(images).length, count);
  const splits = JSON.parse(files.get(`${top}splits_final.json`)!.toString());
  assert.deepEqual(splits, [{ train: sides.TRAIN, val: sides.DEVELOPMENT }]);
  assert.match(files.get(`${top}cases.tsv`)!.toString(), /^PCCCCCCCCCC_01\t.*\tFLAIR\t/m);
});

async function frozenManifest(): Promise<Data> {
  const { manifestSha256 } = (
    await room.ask(room.people.auditor, `{ node(id: "${room.datasetId}") { ... on Dataset { manifestSha256 } } }`)
  ).node;
  const bytes = await room.api.services.objects.get(objectKey(room.tenant.tenantId, manifestSha256));
  return JSON.parse(new TextDecoder().decode(bytes));
}

test('DICOM: the files as stored, and highdicom reads the SEG of each lesion voxel by voxel', {
  skip: dicomPython.skip,
}, async () => {
  const where = join(folder, 'dicom');
  const files = await room.exported('dicom-seg', where);
  await assertManifest(files, 'DICOM_SEG');
  const segs = await readBy(dicomPython, 'seg', where);
  for (const [session, name] of Object.entries(sessionsOf)) {
    const { images, label, roles } = room.studies[name];
    for (const role of sequences) {
      const own = [...files].filter(([path]) => path.startsWith(`${session}/${role}/`));
      assert.deepEqual(
        own.map(([, bytes]) => sha256Hex(bytes)),
        roles.includes(role) ? images[role]! : [],
        `${session} ${role}`,
      );
    }
    const seg = segs[`${session}/SEG/0001.dcm`];
    if (name === 'none') {
      assert.equal(seg, undefined);
      continue;
    }
    const toIndex = invertAffine(label.grid.indexToLps);
    const found = new Uint16Array(label.data.length);
    const [columns, rowCount] = label.grid.size;
    for (const [x, y, z, value] of seg.points) {
      const [i, j, k] = transformPoint(toIndex, [x, y, z]).map(Math.round);
      found[(k! * rowCount + j!) * columns + i!] = value;
    }
    assert.deepEqual(found, label.data, session);
    assert.deepEqual([seg.known, seg.creator], [true, ''], session);
  }
  assert.equal(Object.keys(segs).length, 4);
});

test('two exports of one dataset are the same bytes', async () => {
  const [one, two] = [await room.exported('bids'), await room.exported('bids')];
  assert.equal(readManifest(one).files.length, one.size - 1);
  assert.deepEqual([...one], [...two]);
});
