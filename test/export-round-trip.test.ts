/** What is exported from one tenant and imported into another is the same there: images, where they lie, and every lesion. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { serviceScope } from '#core/db/database.ts';
import { type LabelVolume, sameGrid, type Volume } from '#core/domain/geometry.ts';
import type { JobId, TenantId } from '#core/domain/ids.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import { sha256Hex } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { assembleSeries } from '#core/volume/assemble.ts';
import { slicesOfFile } from '#core/volume/slices-of-file.ts';
import { provisionTenant } from '../api/tenant/provision.ts';
import { runTicket } from '../gpu-worker/jobs/run-job.ts';
import { createStages } from '../gpu-worker/stages/stages.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { phantomOf, writeBrainMetShare } from './harness/data-sets.ts';
import type { Data } from './harness/services.ts';
import { unpack } from './harness/unpacked.ts';

let api: TestApi;
let folder: string;
const stages = createStages();
before(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'metloop-round-trip-'));
});
after(async () => {
  await stages.close();
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface House {
  readonly tenantId: TenantId;
  readonly token: string;
}

/** A tenant with somebody who coordinates and trains. */
async function open(name: string): Promise<House> {
  const grants = (['COORDINATOR', 'ENGINEER'] as const).map((role) => ({ role }));
  const { tenantId } = await provisionTenant(api.services.database, {
    ...{ name, preparedSizePixels: 48, sites: ['Hospital'] },
    members: [{ name, email: `${name}@example.org`, issuer: api.issuer, subject: name, grants }],
  });
  return { tenantId, token: await api.token(name) };
}

async function metloop({ token }: House, ...args: readonly string[]): Promise<{ code: number; out: string }> {
  const program = join(import.meta.dirname, '..', 'bin', 'metloop.ts');
  const env = { ...process.env, METLOOP_TOKEN: token, XDG_STATE_HOME: join(folder, 'state') };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => void (out += text));
  const [code] = await once(child, 'close');
  return { code, out };
}

/** Prepares so many of the tenant's studies: the newest preparation of each, which is the one that counts. */
async function prepare({ tenantId }: House, count: number): Promise<void> {
  const newest = await inTenant(tenantId, (db) =>
    db
      .selectFrom('preparation')
      .distinctOn('study_id')
      .select('job_id')
      .orderBy('study_id')
      .orderBy('number', 'desc')
      .execute(),
  );
  const { database, objects, queue, log } = api.services;
  const worker = { database, objects, queue, log, stages: stages.byKind, draining: new AbortController().signal };
  for (const { job_id } of newest.slice(0, count)) await runTicket(worker, { tenantId, jobId: job_id as JobId });
}

const inTenant: <T>(tenantId: TenantId, body: Parameters<typeof api.services.database.inTenant<T>>[1]) => Promise<T> = (
  tenantId,
  body,
) => api.services.database.inTenant(serviceScope(tenantId), body);

/** Imports a folder, with the labels of as many cases as are prepared. */
async function bringIn(house: House, path: string, cases: { all: number; prepared: number }): Promise<void> {
  const args = ['import', path, '--to', api.address, '--site', 'Hospital', '--source', 'A round trip', '--wait', '0'];
  const first = await metloop(house, ...args);
  assert.match(first.out, new RegExp(`Imported the images of ${cases.all} cases`), first.out);
  await prepare(house, cases.prepared);
  const second = await metloop(house, ...args);
  assert.match(second.out, new RegExp(`${cases.prepared} labels`), second.out);
}

interface Found {
  readonly images: Readonly<Partial<Record<Sequence, Volume>>>;
  readonly copies: Readonly<Partial<Record<Sequence, Volume>>>;
  /** Undefined where none was accepted. */
  readonly label: LabelVolume | undefined;
  readonly lesions: readonly Data[];
}

/** What a tenant has, by the voxels of BRAVO. */
async function contentsOf({ tenantId }: House): Promise<Map<string, Found>> {
  const load = (sha256: string): Promise<Uint8Array> =>
    api.services.objects.getVerified(objectKey(tenantId, sha256), sha256);
  const rows = await inTenant(tenantId, (db) =>
    db
      .selectFrom('series as e')
      .innerJoin('instance as i', 'i.series_id', 'e.id')
      .select(['e.study_id', 'e.role', 'e.derived_from_id', 'i.sha256'])
      .where('e.replaced', '=', false)
      .execute(),
  );
  const labels = await inTenant(tenantId, (db) =>
    db
      .selectFrom('task as t')
      .innerJoin('revision as r', 'r.id', 't.ground_truth_id')
      .select(['t.study_id', 'r.id', 'r.label_sha256'])
      .execute(),
  );
  const found = new Map<string, Found>();
  for (const [studyId, own] of Map.groupBy(rows, ({ study_id }) => study_id)) {
    const volumes = async (copies: boolean): Promise<Found['images']> => {
      const made: Partial<Record<Sequence, Volume>> = {};
      for (const role of sequences) {
        const files = own.filter((one) => one.role === role && (one.derived_from_id !== null) === copies);
        if (files.length > 0)
          made[role] = assembleSeries(
            (await Promise.all(files.map(({ sha256 }) => load(sha256)))).flatMap((bytes) => slicesOfFile(bytes)),
          );
      }
      return made;
    };
    const images = await volumes(false);
    const label = labels.find(({ study_id }) => study_id === studyId);
    const lesions = await inTenant(tenantId, (db) =>
      db
        .selectFrom('lesion')
        .select(['number', 'voxel_count', 'slice_count', 'slice_index', 'volume_mm3', 'centroid_lps'])
        .where('revision_id', '=', label?.id ?? null)
        .orderBy('number')
        .execute(),
    );
    found.set(sha256Hex(new Uint8Array(images.BRAVO!.data.buffer)), {
      ...{ images, copies: await volumes(true), lesions },
      label: label && decodeLabel(await load(label.label_sha256)),
    });
  }
  return found;
}

function assertSame(there: Volume | undefined, here: Volume | undefined, what: string): void {
  assert.ok(there && here, what);
  assert.deepEqual(there.grid.size, here.grid.size, what);
  assert.ok(sameGrid(there.grid, here.grid, 0.01), `${what}: ${there.grid.indexToLps} is ${here.grid.indexToLps}`);
  assert.ok(Buffer.from(there.data.buffer).equals(Buffer.from(here.data.buffer)), `${what}: the voxels differ`);
}

test('a dataset goes out in each form, comes back elsewhere, and is the same', async () => {
  const home = await open('Home');
  const set = join(folder, 'set');
  for (const seed of [61, 62, 63]) await writeBrainMetShare(set, `Mets_${seed}`, phantomOf(seed, 2));
  await bringIn(home, set, { all: 3, prepared: 3 });
  const mutate = async (text: string): Promise<Data> => (await api.post(home.token, { query: text })).json.data;
  const { dataset } = (await mutate('mutation { datasetCreate(input: { name: "Whole" }) { dataset { id } } }'))
    .datasetCreate;
  const choice = `{ datasetId: "${dataset.id}", testPerGroup: 1, trainPerDevelopment: 1 }`;
  const frozen = await mutate(
    `mutation { datasetFreeze(input: ${choice}) { dataset { state } userErrors { message } } }`,
  );
  assert.deepEqual(frozen.datasetFreeze.userErrors, []);
  const here = await contentsOf(home);
  assert.equal(here.size, 3);

  for (const [format, prepared] of [
    ['bids', 1],
    ['nnunet', 1],
    ['dicom-seg', 1],
  ] as const) {
    const file = join(folder, `${format}.zip`);
    const taken = await metloop(home, 'export', 'Whole', '--from', api.address, '--format', format, '--to', file);
    assert.equal(taken.code, 0, taken.out);
    const unpacked = join(folder, format);
    const paths = await unpack(await readFile(file), unpacked);
    const away = await open(`Away ${format}`);
    const top = [...paths.keys()][0]!.startsWith('Dataset') ? [...paths.keys()][0]!.split('/')[0]! : '';
    await bringIn(away, join(unpacked, top), { all: 3, prepared });
    const there = await contentsOf(away);
    assert.deepEqual([...there.keys()].sort(), [...here.keys()].sort(), format);
    let labels = 0;
    for (const [key, { images, label, lesions }] of there) {
      const source = here.get(key)!;
      for (const role of sequences) {
        const onBravo = format === 'nnunet' && role !== 'BRAVO';
        assertSame(images[role], (onBravo ? source.copies : source.images)[role], `${format} ${role}`);
      }
      if (!label) continue;
      labels++;
      assert.deepEqual(label.data, source.label!.data, format);
      assert.ok(sameGrid(label.grid, source.label!.grid, 0.01), format);
      assert.equal(lesions.length, source.lesions.length);
      for (const [n, { centroid_lps, volume_mm3, ...counts }] of lesions.entries()) {
        const { centroid_lps: centre, volume_mm3: volume, ...others } = source.lesions[n];
        assert.deepEqual(counts, others, format);
        assert.ok(Math.abs(volume_mm3 - volume) < 1e-3 * volume, `${format}: ${volume_mm3} mm3 is ${volume}`);
        for (const axis of [0, 1, 2]) assert.ok(Math.abs(centroid_lps[axis] - centre[axis]) < 0.01, format);
      }
    }
    assert.equal(labels, prepared, format);
  }
});
