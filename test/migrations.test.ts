import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import pg from 'pg';
import { migrate } from '#core/db/migrate.ts';
import { openPool } from '#core/db/pool.ts';
import { refuseUnsafeRole } from '#core/db/role-check.ts';
import { type EmptyDatabase, startEmptyDatabase } from './harness/database.ts';

const files = readdirSync(join(import.meta.dirname, '../migrations')).filter((name) => name.endsWith('.sql'));

let server: EmptyDatabase;
before(async () => {
  server = await startEmptyDatabase();
});
after(() => server?.stop());

async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
const role = (): string => new URL(server.appUrl).username;
const asOwner = (...statements: string[]) => query(server.ownerUrl, ...statements);

test('two servers that migrate an empty database at once apply each migration once', async () => {
  const applied = await Promise.all([1, 2, 3].map(() => migrate(server.ownerUrl, role())));
  assert.deepEqual(applied.flat().sort(), files.toSorted());
  assert.deepEqual(await migrate(server.ownerUrl, role()), []);
  const recorded = await asOwner('select name from metloop.schema_migration order by number');
  assert.deepEqual(
    recorded.map(({ name }) => name),
    files.toSorted(),
  );
});

test('a migration that was changed after it had been applied is refused by name', async () => {
  const change = "update metloop.schema_migration set sha256 = 'x' || substr(sha256, 2) where number = 2";
  await asOwner('create table keep as select * from metloop.schema_migration', change);
  await assert.rejects(migrate(server.ownerUrl, role()), /migration 0002_audit\.sql was changed.*new one/);
  await asOwner(
    'update metloop.schema_migration m set sha256 = k.sha256 from keep k where k.number = m.number',
    'drop table keep',
  );
  assert.deepEqual(await migrate(server.ownerUrl, role()), []);
});

test('a database that is newer than the code is refused', async () => {
  await asOwner("insert into metloop.schema_migration values (9999, '9999_later.sql', 'x')");
  await assert.rejects(migrate(server.ownerUrl, role()), /migration 9999.*start the newer code/);
  await asOwner('delete from metloop.schema_migration where number = 9999');
});

test('the server refuses to start as a role that row-level security does not bind, and says why', async () => {
  const app = role();
  const owner = new URL(server.ownerUrl).username;
  const judge = async (url: string): Promise<void> => {
    const pool = openPool(url, { name: 'metloop-test', max: 1 });
    try {
      await refuseUnsafeRole(pool);
    } finally {
      await pool.end();
    }
  };
  const superuserHere = new URL(server.superuserUrl);
  superuserHere.pathname = new URL(server.appUrl).pathname;
  const asSuperuser = (...statements: string[]) => query(superuserHere.href, ...statements);
  await judge(server.appUrl);
  await assert.rejects(judge(superuserHere.href), /role "\w+": it is a superuser/);
  await assert.rejects(judge(server.ownerUrl), /owns, or belongs to the owner of, \d+ of Metloop's tables/);
  await asSuperuser(`alter role ${app} bypassrls`);
  await assert.rejects(judge(server.appUrl), /BYPASSRLS/);
  await asSuperuser(`alter role ${app} nobypassrls`, `grant ${owner} to ${app}`);
  await assert.rejects(judge(server.appUrl), /belongs to the owner/);
  // Such a member does not inherit, but may become the owner by SET ROLE.
  await asSuperuser(`revoke ${owner} from ${app}`, `grant ${owner} to ${app} with inherit false`);
  await assert.rejects(judge(server.appUrl), /belongs to the owner/);
  await asSuperuser(
    `revoke ${owner} from ${app}`,
    `create role ${app}_root bypassrls`,
    `grant ${app}_root to ${app} with inherit false`,
  );
  await assert.rejects(judge(server.appUrl), /may become .*_root/);
  await asSuperuser(`drop role ${app}_root`);
  await judge(server.appUrl);
});
