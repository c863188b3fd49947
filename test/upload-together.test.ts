/** Files of one upload that come at once are written together, and none stands in another's way. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { serviceScope } from '#core/db/database.ts';
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
  context.mock.method(objects, 'put', (...[key, ...rest]: Parameters<typeof put>) => {
    spoiled ??= key;
    return key === spoiled ? Promise.reject(new Error('the disk is bad')) : put(key, ...rest);
  });
  const settled = await Promise.allSettled(receive(await open(), files));
  context.mock.restoreAll();
  const failed = settled.filter(({ status }) => status === 'rejected');
  assert.deepEqual([failed.length, settled.length], [1, 8]);
  // Nothing of it was kept: sent again it is stored.
  const again = await Promise.all(receive(await open(), files));
  assert.deepEqual(again.map(told), Array(8).fill('stored'));
});
