/** Images of a site that removes faces: read by nobody before that is done, and nothing of the face is left afterwards. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import pg from 'pg';
import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { pixelLayout } from '#core/dicom/pixel-layout.ts';
import { encapsulate } from '#core/dicom/pixels/encapsulated.ts';
import { type MrInstance, readMrInstance } from '#core/dicom/read.ts';
import { uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { invertAffine, multiply, type PointLps, transformPoint } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { quarantinePrefix } from '#core/storage/keys.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { planAcquisitions } from '../demo/phantom/acquisition.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { phantomUids, writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import { createJobWorker, type JobWorker } from './harness/job-worker.ts';
import type { Data } from './harness/services.ts';

const motion = { degrees: 6, mm: 6 };
const phantom = generatePhantom({ seed: 61, size: 96, motion });
let intake: Intake;
let worker: JobWorker;
let database: pg.Client;
before(async () => {
  intake = await startIntake();
  worker = createJobWorker({ services: intake.api.services } as never, intake.tenantId);
  const url = new URL(intake.api.superuserUrl);
  url.pathname = new URL(intake.api.ownerUrl).pathname;
  database = new pg.Client({ connectionString: url.href, options: '-c search_path=metloop' });
  await database.connect();
  const input = {
    ...{ siteId: intake.siteId, version: 1, cleanDescriptors: true, cleanStructuredContent: true, deface: true },
    ...{
      retainLongitudinal: true,
      retainPatientCharacteristics: true,
      retainDeviceIdentity: false,
      retainSafePrivate: true,
    },
  };
  const { deidentificationProfileSet } = await intake.ask(
    `mutation ($input: DeidentificationProfileSetInput!) { deidentificationProfileSet(input: $input) {
      profile { deface methods { code } } userErrors { code } } }`,
    { input },
  );
  assert.equal(deidentificationProfileSet.profile.deface, true);
  assert.ok(deidentificationProfileSet.profile.methods.some(({ code }: Data) => code === '113102'));
});
after(async () => {
  await database?.end();
  await intake?.stop();
});

const query = async (text: string, values: unknown[] = []): Promise<Data[]> =>
  (await database.query(text, values)).rows;
const seriesUids = phantomUids(phantom).series;
const seriesOf = (file: Uint8Array): string => parsePart10(file).dataset.requireText('SeriesInstanceUID');

async function filesOf(label?: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, label ? { label } : {})) files.push(Uint8Array.from(bytes));
  return files;
}

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
const codec = (await createRequire(import.meta.url)('@cornerstonejs/codec-openjph/wasmjs')({ print() {} })) as {
  HTJ2KEncoder: new () => Encoder;
};

/** The file with its frame in HTJ2K, reversibly. */
function compressed(file: Uint8Array): Uint8Array {
  const { dataset } = parsePart10(file);
  const { rows: height, columns: width, signed: isSigned, bitsAllocated: bitsPerSample } = pixelLayout(dataset);
  const encoder = new codec.HTJ2KEncoder();
  const frame = { width, height, bitsPerSample, componentCount: 1, isSigned, isUsingColorTransform: false };
  encoder.getDecodedBuffer(frame).set(dataset.bytes('PixelData')!.subarray(0, 2 * width * height));
  encoder.encode();
  const pixels = encapsulate(0x7fe00010, [Uint8Array.from(encoder.getEncodedBuffer())]);
  return writePart10(new Dataset([...dataset.elements.values(), pixels]), '1.2.840.10008.1.2.4.201');
}

/** A series of classic images as one enhanced multi-frame image of another series. */
function enhanced(files: readonly Uint8Array[]): Uint8Array {
  const datasets = files.map((file) => parsePart10(file).dataset);
  const first = datasets[0]!;
  const { rows, columns } = pixelLayout(first);
  const pixels = Buffer.concat(datasets.map((dataset) => dataset.bytes('PixelData')!.subarray(0, 2 * rows * columns)));
  const own = buildDataset({
    SOPClassUID: uids.enhancedMrImage,
    SOPInstanceUID: `${seriesUids.T1_PRE}.1`.slice(0, 64),
    SeriesInstanceUID: `${seriesUids.T1_PRE}.2`.slice(0, 64),
    SeriesNumber: 77,
    InstanceNumber: 1,
    NumberOfFrames: files.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [
          { PixelSpacing: first.numbers('PixelSpacing'), SliceThickness: first.number('SliceThickness') },
        ],
        PlaneOrientationSequence: [{ ImageOrientationPatient: first.numbers('ImageOrientationPatient') }],
      },
    ],
    PerFrameFunctionalGroupsSequence: datasets.map((dataset) => ({
      PlanePositionSequence: [{ ImagePositionPatient: dataset.numbers('ImagePositionPatient') }],
    })),
    PixelData: new Uint16Array(pixels.buffer.slice(pixels.byteOffset, pixels.byteOffset + pixels.length)),
  });
  const plane = new Set([0x00180050, 0x00280030, 0x00200032, 0x00200037]);
  const kept = [...first.elements.values()].filter(({ tag }) => !plane.has(tag));
  const merged = new Map([...kept, ...own.elements.values()].map((element) => [element.tag, element]));
  return writePart10(new Dataset([...merged.values()].sort((a, b) => a.tag - b.tag)));
}

const get = async (path: string, role = 'COORDINATOR', accept?: string): Promise<Response> =>
  fetch(`${intake.api.address}/dicomweb${path}`, {
    headers: { authorization: `Bearer ${await intake.api.token(role)}`, ...(accept ? { accept } : {}) },
  });
const defacingText = `query ($uid: String!) { studies(filter: { studyInstanceUid: $uid }) { edges { node { id series { instanceCount }
  defacing { withheldInstances runs { decision version instanceCount changedInstances reason decidedBy { name }
    progress { failure { code message retryable } } } } } } } }`;
const defacingOf = async (uid: string): Promise<Data> =>
  (await intake.ask(defacingText, { uid })).studies.edges[0].node;
const decide = async (studyId: string, decision: string, role = 'COORDINATOR'): Promise<Data> =>
  (
    await intake.api.post(await intake.api.token(role), {
      query: `mutation ($input: DefacingDecideInput!) { defacingDecide(input: $input) { study { id } userErrors { code } } }`,
      variables: { input: { studyId, decision, reason: 'as the committee said' } },
    })
  ).json;

/** Every address of the study's withheld images that there is. */
async function readingAll(uid: string): Promise<void> {
  const images = await query(
    `select e.series_instance_uid as series, w.sop_instance_uid as image from withheld_instance w join series e on e.id = w.series_id
     join study s on s.id = e.study_id where s.study_instance_uid = $1 order by w.sop_instance_uid limit 2`,
    [uid],
  );
  assert.ok(images.length > 0, 'there are withheld images');
  for (const role of ['COORDINATOR', 'AUDITOR']) {
    for (const { series, image } of images)
      for (const path of [
        `/studies/${uid}`,
        ...['', '/metadata', '/rendered', '/thumbnail'].map((end) => `/studies/${uid}/series/${series}${end}`),
        ...['', '/metadata', '/rendered', '/thumbnail', '/frames/1', '/bulkdata/7fe00010'].map(
          (end) => `/studies/${uid}/series/${series}/instances/${image}${end}`,
        ),
      ]) {
        const { status } = await get(path, role);
        assert.ok(status === 404 || status === 406, `${role} ${path}: ${status}`);
      }
    for (const path of ['/series', '/instances', `/studies/${uid}/series`, `/studies/${uid}/instances`]) {
      const found = (await (
        await get(`${path}?StudyInstanceUID=${uid}`, role, 'application/dicom+json')
      ).json()) as Data[];
      assert.deepEqual(found, [], `${role} ${path}`);
    }
  }
  const { series } = await defacingOf(uid);
  assert.ok(series.every(({ instanceCount }: Data) => instanceCount === 0));
}

async function objectNames(): Promise<string[]> {
  const entries = await readdir(intake.api.objectsFolder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

const quarantined = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of intake.api.services.objects.list(quarantinePrefix(intake.tenantId))) keys.push(key);
  return keys;
};

/** Files of the store by the image's series number and instance number, which stay. */
async function givenOut(): Promise<Map<string, Uint8Array>> {
  const rows = await query(
    'select sha256 from instance where series_id in (select id from series where derived_from_id is null)',
  );
  const wanted = new Set(rows.map(({ sha256 }) => sha256));
  const files = new Map<string, Uint8Array>();
  for (const path of await objectNames())
    if (wanted.has(path.split('/').at(-1)!)) {
      const bytes = await readFile(path);
      const { dataset } = parsePart10(bytes);
      files.set(`${dataset.number('SeriesNumber')}/${dataset.number('InstanceNumber')}`, bytes);
    }
  return files;
}

const ellipsoid = (p: PointLps, centre: PointLps, radii: PointLps): boolean =>
  p.reduce((sum, x, axis) => sum + ((x - centre[axis]!) / radii[axis]!) ** 2, 0) < 1;
/** Of the phantom's head: what stands out in front and at the sides, and the front of the eyes. */
const isFeature = ([x, y, z]: PointLps): boolean =>
  (ellipsoid([x, y, z], [0, -102, -62], [13, 19, 24]) && y < -100) ||
  (ellipsoid([Math.abs(x), y, z], [83, 20, -28], [5, 15, 27]) && Math.abs(x) > 82) ||
  (ellipsoid([Math.abs(x), y, z], [32, -78, -36], [12, 12, 12]) && y < -84);

const acquisitions = planAcquisitions(phantom.seed, phantom.size, motion);
const brain = phantom.truth.brainMask;

/** Brain or a lesion of the truth at a point of BRAVO. */
function isBrain(bravoToIndex: readonly number[], p: PointLps): boolean {
  const [i, j, k] = transformPoint(bravoToIndex as number[], p).map(Math.round) as [number, number, number];
  const [columns, rows, slices] = brain.grid.size;
  if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return false;
  const n = (k * rows + j) * columns + i;
  return brain.data[n] === 1 || phantom.truth.labels.data[n]! > 0;
}

function compare(sequence: Sequence, before: MrInstance, after: MrInstance): { features: number; changed: number } {
  const acquisition = acquisitions.find((one) => one.sequence === sequence)!;
  const toBravo = invertAffine(acquisition.refToSeries);
  const bravoToIndex = invertAffine(brain.grid.indexToLps);
  let [features, changed] = [0, 0];
  for (const [n, frame] of before.frames.entries()) {
    const [ax, ay, az, bx, by, bz] = frame.imageOrientation;
    const [down, along] = frame.pixelSpacingMm;
    const [px, py, pz] = frame.imagePosition;
    for (let at = 0; at < frame.pixels.length; at++) {
      const [i, j] = [(at % before.columns) * along, Math.floor(at / before.columns) * down];
      const p: PointLps = [px + ax * i + bx * j, py + ay * i + by * j, pz + az * i + bz * j];
      const value = after.frames[n]!.pixels[at]!;
      if (isFeature(transformPoint(acquisition.toHead, p))) {
        features++;
        assert.equal(value, 0, `${sequence} shows a feature at ${p}`);
      }
      if (value === frame.pixels[at]) continue;
      changed++;
      assert.equal(value, 0, 'one value takes the place of what was removed');
      assert.ok(!isBrain(multiply(bravoToIndex, toBravo), p), `${sequence} lost brain at ${p}`);
    }
  }
  return { features, changed };
}

test('images are withheld from everybody, lose face and ears and nothing of the brain, and are prepared then', async () => {
  const files = await filesOf();
  const pre = files.filter((file) => seriesOf(file) === seriesUids.T1_PRE);
  const sent = files.map((file) => (seriesOf(file) === seriesUids.FLAIR ? compressed(file) : file));
  const late = sent.splice(3, 1);
  const multiFrame = enhanced(pre);
  const {
    status,
    uids: [uid],
  } = await intake.store([...sent, multiFrame]);
  assert.equal(status, 200);
  await readingAll(uid!);
  const { defacing } = await defacingOf(uid!);
  assert.equal(defacing.withheldInstances, sent.length + 1);
  assert.equal((await query('select 1 from preparation')).length, 0, 'nothing is prepared');
  const originals = await query('select sha256 from withheld_instance');
  assert.equal((await quarantined()).length, originals.length);

  // A worker that dies between the swap and the erasing: the next attempt erases.
  const { objects } = worker.worker;
  let broken = 3;
  const failing = {
    ...objects,
    delete: (key: string) => (broken-- > 0 ? Promise.reject(new Error('gone')) : objects.delete(key)),
  };
  await worker.work('DEFACE', { ...worker.worker, objects: failing });
  assert.ok((await quarantined()).length > 0, 'it was interrupted');
  while (await worker.work('DEFACE'));

  const done = (await defacingOf(uid!)).defacing;
  assert.equal(done.withheldInstances, 0, JSON.stringify(done));
  assert.deepEqual((({ decision, version, instanceCount }) => ({ decision, version, instanceCount }))(done.runs[0]), {
    decision: 'DEFACE',
    version: '1',
    instanceCount: sent.length + 1,
  });
  assert.deepEqual(await quarantined(), [], 'no original is left');
  const names = (await objectNames()).map((path) => path.split('/').at(-1)!);
  assert.ok(originals.every(({ sha256 }) => !names.includes(sha256)));

  const given = await givenOut();
  const counts = { features: 0, changed: 0 };
  for (const file of [...sent, multiFrame]) {
    const { dataset } = parsePart10(file);
    const sequence =
      (Object.keys(seriesUids) as Sequence[]).find((one) => seriesUids[one] === seriesOf(file)) ?? 'T1_PRE';
    const copy = given.get(`${dataset.number('SeriesNumber')}/${dataset.number('InstanceNumber')}`)!;
    const found = compare(sequence, readMrInstance(file), readMrInstance(copy));
    counts.features += found.features;
    counts.changed += found.changed;
    const { dataset: marked } = parsePart10(copy);
    assert.equal(marked.text('RecognizableVisualFeatures'), 'NO');
    const codes = marked.items('DeidentificationMethodCodeSequence').map((item) => item.text('CodeValue'));
    assert.ok(codes.includes('113102') && codes.includes('113100'), `${codes}`);
  }
  assert.ok(counts.features > 500 && counts.changed > 5000, JSON.stringify(counts));

  const { preparation } = await intake.prepare(uid!);
  assert.equal(preparation.state, 'READY', JSON.stringify(preparation));

  // The same files again are repeats; a late one is withheld in its turn.
  assert.equal((await intake.store(sent.slice(0, 20))).status, 200);
  assert.equal((await defacingOf(uid!)).defacing.withheldInstances, 0);
  await intake.store(late);
  assert.equal((await defacingOf(uid!)).defacing.withheldInstances, 1);
  assert.equal((await query('select 1 from instance')).length >= sent.length + 1, true);
  while (await worker.work('DEFACE'));
  assert.equal((await defacingOf(uid!)).defacing.withheldInstances, 0);
  assert.deepEqual(await quarantined(), []);
  const [audited] = await query(`select count(*)::int as n from audit_event where action = 'studyGivenOut'`);
  assert.equal(audited!.n, 2);
});

test('what cannot be cut stays withheld with a reason, until a coordinator decides', async () => {
  const blank = (await filesOf('blank')).map((file) => {
    const copy = Uint8Array.from(file);
    const at = copy.length - 2 * 64 * 8;
    copy.fill(0, copy.length - parsePart10(file).dataset.bytes('PixelData')!.length);
    copy[at] = 1;
    return copy;
  });
  const sent = blank.slice(0, 12);
  const {
    uids: [uid],
  } = await intake.store(sent);
  while (await worker.work('DEFACE'));
  await readingAll(uid!);
  const { id, defacing } = await defacingOf(uid!);
  assert.equal(defacing.withheldInstances, sent.length);
  const { failure } = defacing.runs[0].progress;
  assert.ok(['EMPTY_BRAIN_MASK', 'BAD_INPUT'].includes(failure.code), JSON.stringify(failure));
  const released = await decide(id, 'RELEASE', 'AUDITOR');
  assert.ok(released.errors || released.data.defacingDecide.userErrors.length > 0, 'only a coordinator decides');
  assert.equal(
    (await decide(globalId('Study', crypto.randomUUID()), 'RELEASE')).data.defacingDecide.userErrors[0].code,
    'NOT_FOUND',
  );

  assert.deepEqual((await decide(id, 'DEFACE')).data.defacingDecide.userErrors, []);
  assert.equal((await decide(id, 'RELEASE')).data.defacingDecide.userErrors[0].code, 'WRONG_STATE', 'a job waits');
  while (await worker.work('DEFACE'));
  assert.equal((await defacingOf(uid!)).defacing.withheldInstances, sent.length, 'it failed again');

  // Whoever is writing images of the study ends first: none comes in under a decision that did not count it.
  const studyId = localId('Study', id, []);
  await database.query('begin');
  await database.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${intake.tenantId} files of ${studyId}`,
  ]);
  let isDecided = false;
  const decided = decide(id, 'RELEASE').finally(() => {
    isDecided = true;
  });
  while (!isDecided && (await query(`select from pg_locks where locktype = 'advisory' and not granted`)).length === 0);
  assert.ok(!isDecided, 'it waits');
  await database.query('commit');
  assert.deepEqual((await decided).data.defacingDecide.userErrors, []);
  // Before a worker does it more images come: about those nobody has decided.
  const late = blank.slice(12, 15);
  assert.equal((await intake.store(late)).status, 200);
  while (await worker.work('DEFACE'));
  const after = (await defacingOf(uid!)).defacing;
  assert.equal(after.withheldInstances, late.length);
  assert.equal((await quarantined()).length, late.length);
  const [tried, release] = after.runs;
  assert.deepEqual([tried.decision, tried.decidedBy, tried.instanceCount], ['DEFACE', null, null]);
  assert.deepEqual(
    [release.decision, release.version, release.reason, release.decidedBy.name, release.instanceCount],
    ['RELEASE', null, 'as the committee said', 'COORDINATOR', sent.length],
  );
  assert.deepEqual((await decide(id, 'RELEASE')).data.defacingDecide.userErrors, []);
  while (await worker.work('DEFACE'));
  assert.equal((await defacingOf(uid!)).defacing.withheldInstances, 0);
  assert.equal((await get(`/studies/${uid}/metadata`)).status, 200);
  assert.deepEqual(await quarantined(), []);
  const [audited] = await query(
    `select reason from audit_event where action = 'defacingDecide' order by number desc limit 1`,
  );
  assert.equal(audited!.reason, 'as the committee said');
  assert.equal(
    (await decide(id, 'RELEASE')).data.defacingDecide.userErrors[0].code,
    'WRONG_STATE',
    'nothing is withheld',
  );
});
