import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { type Db, type Scope, serviceScope } from '#core/db/database.ts';
import { scopeOf } from '../../api/context.ts';
import { startDatabase, type TestDatabase } from '../harness/database.ts';
import { type FullTenant, fillTenant } from '../harness/full-tenant.ts';

let server: TestDatabase;
let owner: pg.Client;
let first: FullTenant;
let second: FullTenant;
let tables: string[];
before(async () => {
  server = await startDatabase();
  owner = new pg.Client({ connectionString: server.ownerUrl });
  await owner.connect();
  first = await fillTenant(server.database, 'First');
  second = await fillTenant(server.database, 'Second');
  tables = (await all<{ name: string }>(`${ofMetloop} and relkind in ('r', 'p') order by 1`)).map(({ name }) => name);
});
after(async () => {
  await owner?.end();
  await server?.stop();
});

const ofMetloop = `select relname as name from pg_class c where relnamespace = 'metloop'::regnamespace`;
const all = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> => (await owner.query<T>(text)).rows;
/** Tables that hold nobody's data. */
const shared = ['schema_migration'];
const tenantTables = (): string[] => tables.filter((name) => !shared.includes(name));

const countIn = (db: Db, table: string): Promise<number> =>
  sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db).then(({ rows }) => rows[0]!.n);
const counts = (scope: Scope): Promise<Record<string, number>> =>
  server.database.inTenant(scope, async (db) => {
    const entries: [string, number][] = [];
    for (const table of tenantTables()) entries.push([table, await countIn(db, table)]);
    return Object.fromEntries(entries);
  });

test('every table is under forced row-level security, by a policy for every command and role', async () => {
  const rows = await all<{ name: string; enabled: boolean; forced: boolean; policies: string[] }>(
    `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       coalesce((select array_agg(p.polcmd::text || ' ' || p.polpermissive || ' ' || (p.polroles = '{0}') || ' ' || (p.polqual is not null)
         || ' ' || (p.polwithcheck is not null)) from pg_policy p where p.polrelid = c.oid), '{}') as policies
     from pg_class c where relnamespace = 'metloop'::regnamespace and relkind in ('r', 'p')`,
  );
  const known = rows.filter(({ name }) => !shared.includes(name));
  assert.ok(known.length > 30);
  for (const { name, enabled, forced, policies } of known) {
    assert.deepEqual({ enabled, forced }, { enabled: true, forced: true }, name);
    // One permissive policy for all commands and roles: permissive ones are joined by OR, so that a second could only widen the first.
    assert.deepEqual(policies, ['* true true true true'], name);
  }
});

test('every key and every reference between tables carries the tenant', async () => {
  const rows = await all<{ on: string; to: string | null; kind: string; columns: string[]; refers: string[] | null }>(
    `select k.conrelid::regclass::text as on, k.confrelid::regclass::text as to, k.contype as kind,
       (select array_agg(a.attname::text order by n) from unnest(k.conkey) with ordinality u(at, n)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.at) as columns,
       (select array_agg(a.attname::text order by n) from unnest(k.confkey) with ordinality u(at, n)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.at) as refers
     from pg_constraint k where k.connamespace = 'metloop'::regnamespace and k.contype in ('p', 'u', 'f')`,
  );
  const ownKey = (table: string): string => (table === 'metloop.tenant' ? 'id' : 'tenant_id');
  for (const { on, to, kind, columns, refers } of rows) {
    if (shared.includes(on.replace('metloop.', ''))) continue;
    const what = `${kind} (${columns}) of ${on}${to === '-' ? '' : ` to ${to} (${refers})`}`;
    assert.ok(columns.includes(ownKey(on)), what);
    // A reference without the tenant would be answered by PostgreSQL past row-level security.
    if (kind === 'f') assert.equal(refers![columns.indexOf(ownKey(on))], ownKey(to!), what);
  }
  const keyless = await all<{ name: string }>(
    `${ofMetloop} and relkind = 'r' and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u'))`,
  );
  assert.deepEqual(keyless, []);
  const indexes = await all<{ name: string }>(
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'metloop'::regnamespace and i.indisunique and c.relname not in ('schema_migration', 'tenant')
       and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum = any (i.indkey))`,
  );
  assert.deepEqual(indexes, [], 'a unique index over tenants tells one of what another has');
});

test('no view, sequence or function looks past row-level security', async () => {
  const views = await all(
    `${ofMetloop} and (relkind = 'm' or (relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)))`,
  );
  assert.deepEqual(views, []);
  assert.deepEqual(await all(`${ofMetloop} and relkind = 'S'`), [], 'a sequence tells how much others have');
  const definers = await all(
    `select proname as name from pg_proc where pronamespace = 'metloop'::regnamespace and prosecdef`,
  );
  assert.deepEqual(definers, []);
});

test("the application's role owns nothing and may neither truncate, refer, trigger nor rewrite history", async () => {
  const app = new URL(server.appUrl).username;
  const { rows: owned } = await owner.query(
    `select relname from pg_class where relowner = $1::regrole and relpersistence <> 't'
     union all select proname from pg_proc where proowner = $1::regrole
     union all select nspname from pg_namespace where nspowner = $1::regrole
     union all select datname from pg_database where datdba = $1::regrole`,
    [app],
  );
  assert.deepEqual(owned, []);
  const { rows } = await owner.query<{ name: string; privileges: string[] }>(
    `select c.relname as name, array(select p from unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN', 'UPDATE', 'DELETE']) p
       where has_table_privilege($1, c.oid, p)) as privileges
     from pg_class c where relnamespace = 'metloop'::regnamespace and relkind in ('r', 'p', 'v')`,
    [app],
  );
  const may = Object.fromEntries(rows.map(({ name, privileges }) => [name, privileges]));
  for (const [name, privileges] of Object.entries(may))
    for (const never of ['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'])
      assert.ok(!privileges.includes(never), `${never} on ${name}`);
  for (const kept of [
    'audit_event',
    'revision',
    'review',
    'lesion',
    'comment',
    'rollout_step',
    'instance',
    'schema_migration',
  ])
    assert.deepEqual(may[kept], [], kept);
  const { rows: create } = await owner.query(
    `select has_schema_privilege($1, 'metloop', 'create') as metloop, has_schema_privilege($1, 'public', 'create') as public`,
    [app],
  );
  assert.deepEqual(create, [{ metloop: false, public: false }]);
});

test('history can be changed by nobody: neither by the application nor by the owner of the tables', async () => {
  const { tenantId } = first.tenant;
  for (const statement of [
    "update audit_event set reason = 'changed'",
    'delete from audit_event',
    "update revision set label_sha256 = repeat('0', 64)",
    'delete from revision',
  ]) {
    const attempt = server.database.inTenant(serviceScope(tenantId), (db) => sql.raw(statement).execute(db));
    await assert.rejects(attempt, { code: '42501' }, statement);
    await owner.query('begin');
    await owner.query('set local search_path = metloop');
    await owner.query("select set_config('metloop.tenant', $1, true)", [tenantId]);
    await assert.rejects(owner.query(statement), { code: '23001' }, `${statement}, as the owner`);
    await owner.query('rollback');
  }
  await owner.query('begin');
  await assert.rejects(owner.query('truncate metloop.audit_event'), { code: '23001' });
  await owner.query('rollback');
});

test('another tenant sees no row of any table, and nobody sees one without a tenant', async () => {
  const own = await counts(serviceScope(first.tenant.tenantId));
  const empty = Object.entries(own).flatMap(([table, n]) => (n === 0 ? [table] : []));
  assert.deepEqual(empty, [], 'tables without a row here prove nothing: add one to test/harness/full-tenant.ts');
  for (const table of tenantTables()) {
    const column = table === 'tenant' ? 'id' : 'tenant_id';
    const foreign = await server.database.inTenant(serviceScope(second.tenant.tenantId), (db) =>
      sql<{
        n: number;
      }>`select count(*)::int as n from ${sql.table(table)} where ${sql.ref(column)} = ${first.tenant.tenantId}`.execute(
        db,
      ),
    );
    assert.equal(foreign.rows[0]!.n, 0, table);
  }
  const stranger = { issuer: 'https://login.example', subject: 'unknown' };
  for (const table of tenantTables())
    assert.equal(
      await server.database.asIdentity(stranger, (db) => countIn(db, table)),
      0,
      `${table} without a tenant`,
    );
  const anna = { issuer: 'https://login.example', subject: first.everybody.memberId };
  for (const table of tenantTables())
    assert.equal(await server.database.asIdentity(anna, (db) => countIn(db, table)), table === 'member' ? 1 : 0, table);
});

test('a row of another tenant cannot be written, changed nor deleted', async () => {
  const { tenantId } = first.tenant;
  for (const table of tenantTables()) {
    const row = await server.database.inTenant(serviceScope(tenantId), (db) =>
      sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t limit 1`
        .execute(db)
        .then(({ rows }) => JSON.stringify(rows[0]!.row)),
    );
    const insert = server.database.inTenant(serviceScope(second.tenant.tenantId), (db) =>
      sql`insert into ${sql.table(table)} select * from jsonb_populate_record(null::${sql.table(table)}, ${row}::jsonb)`.execute(
        db,
      ),
    );
    // The trigger of dataset_case asks first, and finds no such patient.
    const expected = table === 'dataset_case' ? { code: '23001' } : { code: '42501', message: /row-level security/ };
    await assert.rejects(insert, expected, table);
  }
  const changed = await server.database.inTenant(serviceScope(second.tenant.tenantId), (db) =>
    sql`update site set name = 'taken' where tenant_id = ${tenantId}`.execute(db),
  );
  assert.equal(changed.numAffectedRows, 0n);
});

const bySite = [
  ...['site', 'study', 'series', 'instance', 'preparation', 'registration', 'upload', 'refusal', 'task', 'read'],
  ...['revision', 'lesion', 'lesion_agreement', 'agreement_lesion', 'verdict', 'segmentation', 'segmentation_result'],
  ...['rollout', 'rollout_site', 'rollout_step', 'read_figures', 'comment', 'comment_resolution'],
  ...['destination', 'delivery', 'delivery_item'],
];

test('a member limited to a site sees nothing of another site, and one without a role nothing of any', async () => {
  const [here, there] = first.tenant.siteIds;
  const one = await counts(scopeOf(await first.tenant.member('Here', ['COORDINATOR', here])));
  const other = await counts(scopeOf(await first.tenant.member('There', ['COORDINATOR', there], ['READER', there])));
  const none = await counts(scopeOf(await first.tenant.member('None')));
  for (const table of bySite) {
    assert.ok(one[table]! > 0, `${table} at one's own site`);
    // Their own site is one row.
    assert.equal(other[table], table === 'site' ? 1 : 0, table);
    assert.equal(none[table], 0, `${table} without a role`);
  }
});

test('settings end with their transaction: the next borrower of a connection starts from nothing', async () => {
  const { tenantId } = first.tenant;
  for (let n = 0; n < 20; n++) {
    const seen = await Promise.all([
      server.database.inTenant(serviceScope(tenantId), (db) => countIn(db, 'study')),
      server.database
        .inTenant(serviceScope(second.tenant.tenantId), async (db) => {
          await countIn(db, 'study');
          throw new Error('undone');
        })
        .catch(() => 0),
      server.database.asIdentity({ issuer: 'x', subject: 'y' }, (db) => countIn(db, 'study')),
    ]);
    assert.deepEqual(seen, [2, 0, 0]);
  }
});
