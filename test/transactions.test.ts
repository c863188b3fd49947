import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { asService, type Db, inSavepoint, type Scope } from '#core/db/database.ts';
import { scopeOf } from '../api/context.ts';
import { startDatabase, type TestDatabase } from './harness/database.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let server: TestDatabase;
let tenant: TestTenant;
let scope: Scope;
before(async () => {
  server = await startDatabase();
  tenant = await createTenant(server.database, 'Consortium');
  scope = scopeOf(await tenant.member('Here', ['COORDINATOR', tenant.siteIds[0]]));
});
after(() => server?.stop());

const rename = (db: Db, name: string): Promise<unknown> =>
  sql`update site set name = ${name} where id = ${tenant.siteIds[0]}`.execute(db);
const siteName = async (db: Db): Promise<string> =>
  (await db.selectFrom('site').select('name').where('id', '=', tenant.siteIds[0]).executeTakeFirstOrThrow()).name;
const fail = (): never => {
  throw new Error('undone');
};

test('a savepoint undoes all that was done in it, what another one within it had undone included', async () => {
  await server.database.inTenant(scope, async (db) => {
    await rename(db, 'before');
    const outer = inSavepoint(db, async () => {
      await rename(db, 'in the outer one');
      await inSavepoint(db, async () => {
        await rename(db, 'in the inner one');
        fail();
      }).catch(() => {});
      assert.equal(await siteName(db), 'in the outer one');
      fail();
    });
    await assert.rejects(outer, /undone/);
    assert.equal(await siteName(db), 'before');
    await inSavepoint(db, () => rename(db, 'kept'));
    await assert.rejects(
      inSavepoint(db, () => sql`select 1 / 0`.execute(db)),
      { code: '22012' },
    );
    assert.equal(await siteName(db), 'kept');
  });
});

test("the service's eyes are lent for a moment only, and to nobody after an error", async () => {
  const sites = async (db: Db): Promise<number> => (await db.selectFrom('site').select('id').execute()).length;
  await server.database.inTenant(scope, async (db) => {
    assert.equal(await sites(db), 1);
    assert.equal(await asService(db, () => sites(db)), 2);
    assert.equal(await sites(db), 1);
    await inSavepoint(db, () => asService(db, async () => fail())).catch(() => {});
    assert.equal(await sites(db), 1);
    await asService(db, () => asService(db, () => sites(db)));
    assert.equal(await sites(db), 1);
  });
  const none: Scope = { ...scope, siteIds: [] };
  await server.database.inTenant(none, async (db) => {
    assert.equal(await sites(db), 0);
    assert.equal(await asService(db, () => sites(db)), 2);
    assert.equal(await sites(db), 0);
  });
});

test('a transaction that cannot be committed says so and gives its connection back', async () => {
  const owner = new pg.Client({ connectionString: server.ownerUrl });
  await owner.connect();
  await owner.query(
    'alter table metloop.protocol add constraint late unique (tenant_id, instructions) deferrable initially deferred',
  );
  const insert = async (): Promise<void> => {
    const { db, commit } = await server.database.begin(scope);
    const protocol = { tenant_id: tenant.tenantId, instructions: 'the same' };
    for (const name of ['one', 'two'])
      await db
        .insertInto('protocol')
        .values({ ...protocol, id: crypto.randomUUID() as never, name })
        .execute();
    await commit();
  };
  try {
    for (let n = 0; n < 12; n++) await assert.rejects(insert(), { code: '23505' }, 'of a pool of eight');
    const aborted = await server.database.begin(scope);
    await assert.rejects(sql`select 1 / 0`.execute(aborted.db));
    await assert.rejects(aborted.commit(), 'nothing of an aborted transaction is there');
    await aborted.rollback();
    await server.database.ping();
  } finally {
    await owner.end();
  }
});
