/** `metloop import`, run as its users run it: folders as public data sets have them, through the whole API, and read back by others' software. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { promisify } from 'node:util';
import { encode } from 'fast-png';
import { type LabelVolume, transformPoint } from '#core/domain/geometry.ts';
import { writeNifti } from '#core/nifti/write.ts';
import { phantomOf, seriesOf, writeBrainMetShare, writeBrats, writePictures } from './harness/data-sets.ts';
import { type FaultProxy, startFaultProxy } from './harness/fault-proxy.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import type { Data } from './harness/services.ts';
import { dicomReaders, pythonWith } from './tools.ts';

const python = await pythonWith(dicomReaders);
let intake: Intake;
let proxy: FaultProxy;
let folder: string;
before(async () => {
  intake = await startIntake();
  proxy = await startFaultProxy(Number(new URL(intake.api.address).port));
  folder = await mkdtemp(join(tmpdir(), 'metloop-import-'));
});
after(async () => {
  await proxy?.stop();
  await intake?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function runImport(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const program = join(import.meta.dirname, '..', 'bin', 'metloop.ts');
  const child = spawn(process.execPath, [program, 'import', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, METLOOP_TOKEN: intake.token, XDG_STATE_HOME: join(folder, 'state') },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}
const target = (): string[] => ['--to', `http://127.0.0.1:${proxy.port}`, '--site', 'Hospital'];

const studiesText = `{ studies(first: 100) { edges { node { id studyInstanceUid missingRoles subject { patientId }
  series { role roleSetByMember instanceCount derivedFrom { role } } preparation { state }
  groundTruth { segSeriesInstanceUid provenance lesions { voxelCount } imported { source beganAsDraft member { name } } } } } } }`;
const studies = async (): Promise<Data[]> =>
  (await intake.ask(studiesText)).studies.edges.map(({ node }: { node: Data }) => node);
const newest = async (): Promise<Data> => (await studies())[0];
async function prepareAll(): Promise<void> {
  for (const { studyInstanceUid, preparation } of await studies())
    if (preparation?.state === 'QUEUED') {
      const { preparation: after } = await intake.prepare(studyInstanceUid);
      assert.equal(after.state, 'READY', JSON.stringify(after));
    }
}

/** Rounded so that neither halves nor quarters of a millimetre lie on an edge: DICOM's decimals and Python's differ in the last one. */
const wholeMm = (mm: number): string => (Math.round(mm + 0.04) + 0).toFixed(0);

/** Where the label's voxels lie, LPS mm, rounded: they are 5 mm apart. */
const placesOf = ({ grid, data }: LabelVolume): string[] => {
  const [columns, rows] = grid.size;
  return Array.from(data.keys())
    .filter((n) => data[n]! > 0)
    .map((n) => {
      const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
      return transformPoint(grid.indexToLps, index)
        .map((mm) => wholeMm(mm))
        .join(' ');
    })
    .sort();
};

/** The accepted ground truth of a study as highdicom reads it. */
async function acceptedPlaces({ studyInstanceUid, groundTruth }: Data): Promise<string[]> {
  const series = `${intake.api.address}/dicomweb/studies/${studyInstanceUid}/series/${groundTruth.segSeriesInstanceUid}`;
  const response = await fetch(series, {
    headers: { authorization: `Bearer ${intake.token}`, accept: 'multipart/related; type="application/dicom"' },
  });
  assert.equal(response.status, 200);
  const body = Buffer.from(await response.arrayBuffer());
  const from = body.indexOf('\r\n\r\n') + 4;
  const file = join(folder, 'accepted.dcm');
  await writeFile(file, body.subarray(from, body.lastIndexOf('\r\n--')));
  const { stdout } = await promisify(execFile)(python.path, [join(import.meta.dirname, 'import-reader.py'), file], {
    maxBuffer: 2 ** 26,
  });
  return (JSON.parse(stdout) as number[][]).map(([x, y, z]) => [x!, y!, z!].map((mm) => wholeMm(mm)).join(' ')).sort();
}

test('BrainMetShare, release 3: images, roles and labels, in two runs over a failing connection', {
  skip: python.skip,
}, async () => {
  const phantom = phantomOf(41);
  const set = join(folder, 'release3');
  await writeBrainMetShare(set, 'Mets_041', phantom);
  const shown = await runImport(set, '--dry-run');
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /1 cases, laid out as brainmetshare\.\nMets_041, patient Mets_041\n {2}BRAVO {3}48 x 48 x /);
  assert.match(
    shown.out,
    /\n {2}label {3}3 lesions, \d+ voxels\nWould import 1 cases, 1 with a label\. Nothing was sent\.\n$/,
  );
  assert.equal(proxy.count('POST'), 0);

  proxy.next('POST', 'REFUSE', 'LOSE_ANSWER');
  const first = await runImport(set, ...target(), '--wait', '0');
  assert.equal(first.code, 1, first.err);
  assert.match(first.out, /Imported the images of 1 cases and 0 labels/);
  assert.match(first.out, /1 cases wait for their preparation.*:\n {2}Mets_041: it is still QUEUED after 0 minutes/);
  const sent = await newest();
  const acquired = sent.series.filter(({ derivedFrom }: Data) => !derivedFrom);
  assert.deepEqual(acquired.map(({ role }: Data) => role).sort(), ['BRAVO', 'FLAIR', 'T1_POST', 'T1_PRE']);
  assert.ok(
    acquired.every(({ roleSetByMember }: Data) => roleSetByMember),
    'set, not guessed',
  );
  for (const { role, instanceCount } of acquired)
    assert.equal(instanceCount, seriesOf(phantom, role).grid.size[2], role);
  await prepareAll();

  const second = await runImport(set, ...target(), '--wait', '1');
  assert.equal(second.code, 0, second.out + second.err);
  assert.match(second.out, /Imported the images of 1 cases and 1 labels with 3 lesions\./);
  const { groundTruth, ...study } = await newest();
  assert.deepEqual(
    [groundTruth.provenance, groundTruth.imported],
    [
      'IMPORTED',
      { source: 'BrainMetShare (Stanford), release 3', beganAsDraft: false, member: { name: 'COORDINATOR' } },
    ],
  );
  assert.deepEqual(await acceptedPlaces({ groundTruth, ...study }), placesOf(phantom.truth.labels));
  assert.equal((await studies()).length, 1);

  const posts = proxy.count('POST');
  const third = await runImport(set, ...target(), '--wait', '1');
  assert.match(third.out, /1 cases were imported by an earlier run\./);
  assert.equal(proxy.count('POST'), posts + 1, 'one question: which site');
  // Without its journal everything is done once more, and nothing is there twice.
  const lost = await runImport(set, ...target(), '--wait', '1', '--journal', join(folder, 'lost.txt'));
  assert.equal(lost.code, 0, lost.out + lost.err);
  assert.equal((await newest()).preparation.state, 'READY', 'nothing is prepared anew');
  assert.equal((await studies()).length, 1);
});

test('BraTS-METS: one T1 after contrast takes two places, oedema is no metastasis, left-handed axes', {
  skip: python.skip,
}, async () => {
  const set = join(folder, 'brats');
  const truth = await writeBrats(set, 'BraTS-MET-00007-000', phantomOf(42));
  const shown = await runImport(set, '--dry-run');
  assert.match(shown.out, /t1c takes the places of BRAVO and of T1_POST\.\nt2w is kept as OTHER/);
  assert.match(shown.out, /BraTS-MET-00007-000, patient BraTS-MET-00007\n/);
  assert.match(shown.out, /values scaled to whole numbers/);
  await runImport(set, ...target(), '--wait', '0');
  await prepareAll();
  const { code, out, err } = await runImport(set, ...target(), '--wait', '1');
  assert.equal(code, 0, out + err);
  const study = await newest();
  assert.deepEqual(study.missingRoles, []);
  assert.ok(study.series.some(({ role, derivedFrom }: Data) => role === 'OTHER' && !derivedFrom));
  assert.deepEqual(await acceptedPlaces(study), placesOf(truth));
});

test('BrainMetShare, releases 1 and 2: pictures on an assumed lattice', { skip: python.skip }, async () => {
  const set = join(folder, 'pictures');
  const phantom = phantomOf(43);
  await writePictures(set, 'Mets_005', phantom);
  const shown = await runImport(set, '--dry-run');
  assert.match(shown.out, /laid out as brainmetshare-png\.\nPixels are taken to be 0\.9375 mm wide/);
  assert.match(shown.out, /voxels of 0\.94 x 0\.94 x 1\.00 mm/);
  const spacing = ['--spacing-mm', '5,5,5'];
  await runImport(set, ...target(), ...spacing, '--wait', '0');
  await prepareAll();
  const { code, out, err } = await runImport(set, ...target(), ...spacing, '--wait', '1');
  assert.equal(code, 0, out + err);
  const [columns, rows, slices] = phantom.truth.labels.grid.size;
  const at = (n: number): number => (-5 * (n - 1)) / 2;
  const indexToLps = [5, 0, 0, at(columns), 0, 5, 0, at(rows), 0, 0, 5, at(slices), 0, 0, 0, 1];
  const { size } = phantom.truth.labels.grid;
  assert.deepEqual(
    await acceptedPlaces(await newest()),
    placesOf({ grid: { size, indexToLps }, data: phantom.truth.labels.data }),
  );
});

/** The same on voxels of half the size along each axis. */
function halved({ grid, data }: LabelVolume): LabelVolume {
  const [columns, rows, slices] = grid.size;
  const finer = new Uint16Array(8 * data.length);
  for (let n = 0; n < finer.length; n++) {
    const [i, j, k] = [
      n % (2 * columns),
      Math.floor(n / (2 * columns)) % (2 * rows),
      Math.floor(n / (4 * columns * rows)),
    ];
    finer[n] = data[((k >> 1) * rows + (j >> 1)) * columns + (i >> 1)]!;
  }
  const origin = transformPoint(grid.indexToLps, [-0.25, -0.25, -0.25]);
  const indexToLps = grid.indexToLps.map((value, n) =>
    n >= 12 ? value : n % 4 === 3 ? origin[(n - 3) / 4]! : value / 2,
  );
  return { grid: { size: [2 * columns, 2 * rows, 2 * slices], indexToLps }, data: finer };
}

test('a label on a finer grid is brought onto BRAVO where that is asked for', { skip: python.skip }, async () => {
  const set = join(folder, 'finer');
  const phantom = phantomOf(46);
  const path = await writeBrainMetShare(set, 'Mets_046', phantom);
  const { labels } = phantom.truth;
  await writeFile(join(path, 'seg.nii.gz'), writeNifti(halved(labels), { gzip: true }));
  const without = await runImport(set, '--dry-run');
  assert.match(without.out, /Its label lies on another grid than BRAVO: .*; --resample takes it nevertheless\./);
  const shown = await runImport(set, '--dry-run', '--resample');
  assert.equal(shown.code, 0, shown.out);
  assert.match(
    shown.out,
    /3 lesions, \d+ voxels\n +to be brought onto BRAVO's grid from 96 x 96 x .* of 2\.50 x 2\.50 x /,
  );
  await runImport(set, ...target(), '--resample', '--wait', '0');
  await prepareAll();
  const { code, out, err } = await runImport(set, ...target(), '--resample', '--wait', '1');
  assert.equal(code, 0, out + err);
  assert.deepEqual(await acceptedPlaces(await newest()), placesOf(labels));
});

test('a label of which a lesion would vanish on BRAVO is refused before anything is sent', async () => {
  const set = join(folder, 'vanishing');
  const phantom = phantomOf(47);
  const path = await writeBrainMetShare(set, 'Mets_047', phantom);
  const finer = halved(phantom.truth.labels);
  // An eighth of a voxel of BRAVO's, away from all lesions.
  finer.data[0] = 9;
  await writeFile(join(path, 'seg.nii.gz'), writeNifti(finer, { gzip: true }));
  const before = (await studies()).length;
  const { code, out } = await runImport(set, ...target(), '--resample');
  assert.equal(code, 1);
  assert.match(out, /Its label cannot be brought onto BRAVO's grid, a segment being a lesion: Nothing would be left/);
  assert.equal((await studies()).length, before);
});

test('what does not fit together is refused whole, with the reason', async () => {
  const set = join(folder, 'bad');
  const phantom = phantomOf(44, 1);
  const cases = await Promise.all(
    ['a-missing', 'b-grid', 'c-cut', 'd-empty'].map((name) => writeBrainMetShare(set, name, phantom)),
  );
  await unlink(join(cases[0]!, 'flair.nii.gz'));
  const { grid, data } = phantom.truth.labels;
  const moved = { size: grid.size, indexToLps: grid.indexToLps.map((value, n) => (n === 11 ? value + 2 : value)) };
  await writeFile(join(cases[1]!, 'seg.nii.gz'), writeNifti({ grid: moved, data }, { gzip: true }));
  const whole = await readFile(join(cases[2]!, 't1_gd.nii.gz'));
  await writeFile(join(cases[2]!, 't1_gd.nii.gz'), whole.subarray(0, whole.length / 2));
  const blank = new Int16Array(data.length);
  await writeFile(join(cases[3]!, 'bravo.nii.gz'), writeNifti({ grid, data: blank }, { gzip: true }));
  const before = (await studies()).length;
  for (const args of [['--dry-run'], target()]) {
    const { code, out } = await runImport(set, ...args);
    assert.equal(code, 1);
    assert.match(out, /4 cases (would be|were) refused:\n/);
    assert.match(out, / {2}a-missing: It lacks flair\.nii\.gz; --allow-missing/);
    assert.match(out, / {2}b-grid: Its label lies on another grid than BRAVO: 48 x 48 x .* at \(/);
    assert.match(out, / {2}c-cut: .*t1_gd\.nii\.gz: The compressed file ends in the middle\./);
    assert.match(out, / {2}d-empty: Its BRAVO is 0 everywhere/);
  }
  assert.equal((await studies()).length, before);

  const pictures = join(folder, 'bad-pictures');
  const path = await writePictures(pictures, 'Mets_009', phantom);
  await writeFile(
    join(path, '2', '3.png'),
    encode({ width: 5, height: 4, data: new Uint8Array(20), channels: 1, depth: 8 }),
  );
  const other = await runImport(pictures, ...target());
  assert.equal(other.code, 1);
  assert.match(other.out, /3\.png: 5 x 4 pixels, the first slice has 48 x 48\./);
  assert.equal((await studies()).length, before);
});

test('files named one by one, and the exit codes', async () => {
  const set = join(folder, 'own');
  await mkdir(set);
  const phantom = phantomOf(45, 1);
  const labels = phantom.truth.labels;
  await writeFile(join(set, 'a.nii'), writeNifti(seriesOf(phantom, 'BRAVO')));
  await writeFile(join(set, 'b.nii.gz'), writeNifti(seriesOf(phantom, 'FLAIR'), { gzip: true }));
  await writeFile(join(set, 'l.nii'), writeNifti(labels));
  const named = [set, '--role', 'BRAVO=a.nii', '--role', 'FLAIR=b.nii.gz', '--label', 'l.nii'];
  const shown = await runImport(...named, '--source', 'Our archive', '--subject', 'P7', '--dry-run');
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /P7, patient P7\n {2}BRAVO .*\n {2}FLAIR .*\n {2}label {3}1 lesions/);
  const wrong: string[][] = [
    [],
    [set, '--dry-run'],
    [...named, '--dry-run'],
    [set, '--role', 'FLAIR=b.nii.gz', '--dry-run'],
    [set, '--role', 'BEST=b.nii.gz', '--dry-run'],
    [set, '--label', 'l.nii', '--dry-run'],
    [set, '--layout', 'bids-of-mars', '--dry-run'],
    [set, '--spacing-mm', '1,1', '--dry-run'],
    [join(folder, 'none'), '--layout', 'brats-mets', '--dry-run'],
  ];
  for (const args of wrong) assert.equal((await runImport(...args)).code, 2, args.join(' '));
  const given = [...named, '--source', 'Our archive'];
  assert.equal((await runImport(...given, ...target().slice(0, 2), '--site', 'elsewhere')).code, 4);
  const nowhere = await runImport(...given, '--to', 'http://127.0.0.1:9', '--site', 'x', '--retries', '0');
  assert.equal(nowhere.code, 3, nowhere.err);
});
