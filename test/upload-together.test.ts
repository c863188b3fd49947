/** Files of one upload that come at once are written together, and none stands in another's way. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { serviceScope } from '#core/db/database.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import type { Caller } from '../api/context.ts';
import { type Outcome, UploadSession } from '../api/upload/service.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { startServices, type TestServices } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

const phantom = generatePhantom({ seed: 13, size: 48 });
let t: TestServices;
let tenant: TestTenant;
let coordinator: Caller;
before(async () => {
  t = await startServices();
  tenant = await createTenant(t.services.database, 'Consortium');
  await t.services.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db
      .insertInto('tenant_secret')
      .values({ tenant_id: tenant.tenantId, deidentification_key: Buffer.alloc(32, 5) })
      .execute(),
  );
  coordinator = await tenant.member('Coordinator', ['COORDINATOR', tenant.siteIds[0]]);
});
after(() => t?.stop());

/** So many files of a study of its own. */
async function filesOf(label: string, count: number): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, { label })) if (files.push(bytes) === count) break;
  return files;
}
const open = (): Promise<UploadSession> => UploadSession.open(t.services, coordinator, tenant.siteIds[0]);
/** All at once, each a copy, since a session takes the bytes. */
const receive = (session: UploadSession, files: readonly Uint8Array[]): Promise<Outcome>[] =>
  files.map((file) => session.receive(Uint8Array.from(file)));
const told = (outcome: Outcome): string => (outcome.stored ? 'stored' : outcome.code);

/** Rows of instances, what is counted by series, and what de-identification has counted. */
const counts = () =>
  t.services.database.inTenant(serviceScope(tenant.tenantId), async (db) => {
    const sum = (rows: readonly { n: number }[]): number => rows.reduce((total, { n }) => total + n, 0);
    const instances = await db.selectFrom('instance').select('id').execute();
    const series = await db.selectFrom('series').select('instance_count as n').execute();
    const outcomes = await db.selectFrom('deidentification_outcome').select('instance_count as n').execute();
    return { instances: instances.length, series: sum(series), outcomes: sum(outcomes) };
  });

test('what comes at once is written in few transactions, and counted once', async () => {
  const files = await filesOf('together', 40);
  const before = await counts();
  let began = 0;
  const { database } = t.services;
  const begin = database.begin.bind(database);
  database.begin = (scope) => {
    began++;
    return begin(scope);
  };
  const session = await open();
  const outcomes = await Promise.all(receive(session, files));
  Reflect.deleteProperty(database, 'begin');
  assert.deepEqual([...new Set(outcomes.map(told))], ['stored']);
  const more = files.length;
  assert.deepEqual(await counts(), {
    ...{ instances: before.instances + more, series: before.series + more, outcomes: before.outcomes + more },
  });
  // Two for each file, if each were written by itself.
  assert.ok(began < files.length, `${began} transactions`);
});

test('of two files with one UID the first to come is stored, the same one again is no other, another is refused', async () => {
  const [file, neighbour] = await filesOf('twice', 2);
  const other = Uint8Array.from(file!);
  other[other.length - 1]! ^= 1;
  const before = await counts();
  const outcomes = await Promise.all(receive(await open(), [file!, file!, neighbour!, file!]));
  assert.deepEqual(outcomes.map(told), Array(4).fill('stored'));
  assert.deepEqual(await counts(), {
    ...{ instances: before.instances + 2, series: before.series + 2, outcomes: before.outcomes + 2 },
  });
  assert.deepEqual((await Promise.all(receive(await open(), [other, neighbour!]))).map(told), [
    'UID_CONFLICT',
    'stored',
  ]);
  const [first, second] = await Promise.all(receive(await open(), await contradicting()));
  assert.deepEqual([told(first!), told(second!)].sort(), ['UID_CONFLICT', 'stored']);
});

/** Two files that are not stored yet, with one UID and different pixels. */
async function contradicting(): Promise<Uint8Array[]> {
  const [one] = await filesOf('contradicting', 1);
  const other = Uint8Array.from(one!);
  other[other.length - 1]! ^= 1;
  return [one!, other];
}

test('a file that cannot be written does not keep out those that came with it', async (context) => {
  const files = await filesOf('one fails', 8);
  const { objects } = t.services;
  const put = objects.put.bind(objects);
  let spoiled: string | undefined;
  const running = new Set<string>();
  let [overlapping, puts] = [0, 0];
  context.mock.method(objects, 'put', async (...[key, ...rest]: Parameters<typeof put>) => {
    // Not the first, which is written alone.
    if (++puts === 4) spoiled = key;
    if (key === spoiled) throw new Error('the disk is bad');
    if (running.has(key)) overlapping++;
    running.add(key);
    await setTimeout(50);
    await put(key, ...rest);
    running.delete(key);
  });
  const settled = await Promise.allSettled(receive(await open(), files));
  context.mock.restoreAll();
  const failed = settled.filter(({ status }) => status === 'rejected');
  assert.deepEqual([failed.length, settled.length], [1, 8]);
  assert.deepEqual([overlapping, running.size], [0, 0], 'what is tried again has ended before');
  // Nothing of it was kept: sent again it is stored.
  const again = await Promise.all(receive(await open(), files));
  assert.deepEqual(again.map(told), Array(8).fill('stored'));
});

test('a study that cannot be recognized does not keep the others of an upload from it, and the upload ends', async () => {
  const session = await open();
  const files = [...(await filesOf('first of two', 2)), ...(await filesOf('second of two', 2))];
  assert.deepEqual((await Promise.all(receive(session, files))).map(told), Array(4).fill('stored'));
  const { database } = t.services;
  const begin = database.begin.bind(database);
  let began = 0;
  database.begin = (scope) => (++began === 1 ? Promise.reject(new Error('the line broke')) : begin(scope));
  await assert.rejects(session.finish(), /the line broke/);
  Reflect.deleteProperty(database, 'begin');
  // The first study, the second, the end of the upload.
  assert.equal(began, 3);
  const uploads = await t.services.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db.selectFrom('upload').selectAll().where('received_files', '=', 4).where('ended_at', 'is not', null).execute(),
  );
  assert.equal(uploads.at(-1)?.stored_instances, 4);
});

test('one transaction writes files of one series, so that it holds the rows of no two', async () => {
  const all = await filesOf('several series', 300);
  const series = [...Map.groupBy(all, (file) => parsePart10(file).dataset.requireText('SeriesInstanceUID')).values()];
  const mixed = [0, 1, 2, 3, 4, 5].flatMap((n) => series.slice(0, 2).map((files) => files[n]!));
  const outcomes = await Promise.all(receive(await open(), mixed));
  assert.deepEqual(outcomes.map(told), Array(12).fill('stored'));
  const { rows } = await t.services.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    sql<{ files: number; series: number }>`select count(*)::int as files, count(distinct series_id)::int as series
      from instance group by xmin::text`.execute(db),
  );
  assert.ok(rows.some(({ files }) => files > 1));
  assert.deepEqual([...new Set(rows.map((row) => row.series))], [1]);
});

test('an image that is withheld while it is about to be stored is not stored too', async (context) => {
  const files = await filesOf('withheld meanwhile', 3);
  const { objects, database } = t.services;
  const plain = await open();
  await database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db
      .insertInto('deidentification_profile')
      .values({
        ...{ tenant_id: tenant.tenantId, site_id: tenant.siteIds[0], version: 2, set_by: coordinator.memberId },
        ...{ clean_descriptors: true, clean_structured_content: true, retain_longitudinal: true, deface: true },
        ...{ retain_patient_characteristics: true, retain_device_identity: false, retain_safe_private: true },
      })
      .execute(),
  );
  const defacing = await open();
  const put = objects.put.bind(objects);
  let meanwhile: Promise<Outcome[]> | undefined;
  context.mock.method(objects, 'put', async (...of: Parameters<typeof put>) => {
    if (!meanwhile) {
      meanwhile = Promise.all(receive(defacing, files.slice(0, 2)));
      await meanwhile;
    }
    return put(...of);
  });
  assert.deepEqual((await Promise.all(receive(plain, files))).map(told), Array(3).fill('stored'));
  context.mock.restoreAll();
  assert.deepEqual((await meanwhile!).map(told), Array(2).fill('stored'));
  const both = await database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db
      .selectFrom('withheld_instance')
      .select([
        'sop_instance_uid',
        (eb) =>
          eb
            .exists(
              eb
                .selectFrom('instance as i')
                .select('i.id')
                .whereRef('i.sop_instance_uid', '=', 'withheld_instance.sop_instance_uid'),
            )
            .as('stored'),
      ])
      .execute(),
  );
  assert.deepEqual(
    both.map(({ stored }) => stored),
    [false, false],
  );
});
