import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import pg from 'pg';
import { type AuditEntry, audit } from '#core/db/audit.ts';
import { type Db, serviceScope } from '#core/db/database.ts';
import { verifyAudit } from '#core/db/verify-audit.ts';
import type { TenantId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { startDatabase, type TestDatabase } from './harness/database.ts';
import { createTenant } from './harness/tenant.ts';

let server: TestDatabase;
/** Bound by nothing: as somebody who has broken into the database. */
let intruder: pg.Client;
before(async () => {
  server = await startDatabase();
  const url = new URL(server.superuserUrl);
  url.pathname = new URL(server.ownerUrl).pathname;
  intruder = new pg.Client({ connectionString: url.href, options: '-c search_path=metloop' });
  await intruder.connect();
  await intruder.query('set session_replication_role = replica');
});
after(async () => {
  await intruder?.end();
  await server?.stop();
});

interface Trail {
  readonly tenantId: TenantId;
  readonly caller: Caller;
  append(entry?: Partial<AuditEntry>): Promise<void>;
  verify(): ReturnType<typeof verifyAudit>;
  within<T>(body: (db: Db) => Promise<T>): Promise<T>;
}

async function openTrail(name: string, events: number): Promise<Trail> {
  const tenant = await createTenant(server.database, name);
  const { tenantId } = tenant;
  const caller = await tenant.member('Anna', 'READER');
  const within: Trail['within'] = (body) => server.database.inTenant(serviceScope(tenantId), body);
  const append: Trail['append'] = (entry = {}) =>
    within((db) =>
      audit(
        db,
        { tenantId, memberId: caller.memberId, requestId: 'a request' },
        { action: 'readSubmit', objectType: 'Read', objectId: caller.memberId, ...entry },
      ),
    );
  for (let n = 0; n < events; n++) await append({ changes: { n, state: 'SUBMITTED', b: null, a: true } });
  return { tenantId, caller, append, verify: () => within(verifyAudit), within };
}

test('a chain is whole, whatever it tells', async () => {
  const trail = await openTrail('Whole', 0);
  assert.deepEqual(await trail.verify(), { eventCount: 0, broken: undefined });
  await trail.append({ reason: 'because of ÄÖ, 日本, 😀 and "quotes"' });
  await trail.append({ changes: { b: 0.1, a: -0, c: 1e-7, d: 1e21, e: 2 ** 53 - 1, ä: 'ö', A: 'x', _: false } });
  await trail.append({ reason: '', changes: {} });
  // Half a surrogate pair, which no encoding of Unicode can hold, must not make an honest chain look forged.
  await trail.append({ reason: 'cut \ud83d here', changes: { 'key\udc00': 'value \ud83d' } });
  assert.deepEqual(await trail.verify(), { eventCount: 4, broken: undefined });
});

test('events that are appended at once make no gap and no fork; what is rolled back leaves none', async () => {
  const trail = await openTrail('Busy', 0);
  const undone = (n: number): Promise<unknown> =>
    trail
      .within(async (db) => {
        const source = { tenantId: trail.tenantId, memberId: null, requestId: `undone ${n}` };
        await audit(db, source, { action: 'undone', objectType: 'Read', objectId: trail.tenantId });
        throw new Error('undone');
      })
      .catch(() => {});
  await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 4 === 3 ? undone(n) : trail.append({ changes: { n } }))));
  assert.deepEqual(await trail.verify(), { eventCount: 45, broken: undefined });
  const rows = await trail.within((db) => db.selectFrom('audit_event').select(['number', 'action']).execute());
  assert.deepEqual(
    rows.map(({ number }) => number).sort((a, b) => a - b),
    Array.from({ length: 45 }, (_, n) => n + 1),
  );
  assert.ok(rows.every(({ action }) => action === 'readSubmit'));
});

test('a chain longer than one page is verified while it grows', async () => {
  const trail = await openTrail('Long', 0);
  await trail.within(async (db) => {
    const source = { tenantId: trail.tenantId, memberId: null, requestId: 'many' };
    for (let n = 0; n < 1010; n++)
      await audit(db, source, { action: 'jobSEGMENT', objectType: 'Job', objectId: trail.tenantId });
  });
  const [verdict] = await Promise.all([trail.verify(), trail.append(), trail.append()]);
  assert.equal(verdict.broken, undefined);
  assert.ok(verdict.eventCount >= 1010);
});

const tampering: Readonly<Record<string, { statement: string; broken: number; why: RegExp }>> = {
  'a changed reason': {
    statement: "update audit_event set reason = 'another' where number = 3",
    broken: 3,
    why: /was changed/,
  },
  'a changed time': {
    statement: "update audit_event set at = at - interval '1 day' where number = 4",
    broken: 4,
    why: /was changed/,
  },
  'another person': {
    statement: 'update audit_event set member_id = null where number = 1',
    broken: 1,
    why: /changed/,
  },
  'changed fields': {
    statement: `update audit_event set changes = '{"n": 2, "state": "RETURNED"}' where number = 2`,
    broken: 2,
    why: /was changed/,
  },
  'a lost event': { statement: 'delete from audit_event where number = 3', broken: 3, why: /is missing/ },
  'a lost beginning': { statement: 'delete from audit_event where number < 3', broken: 1, why: /is missing/ },
  'a lost end': { statement: 'delete from audit_event where number > 4', broken: 5, why: /is missing/ },
  'everything lost': { statement: 'delete from audit_event', broken: 1, why: /is missing/ },
  'events in another order': {
    statement: [
      'update audit_event set number = 99 where number = 2',
      'update audit_event set number = 2 where number = 3',
      'update audit_event set number = 3 where number = 99',
    ].join(';'),
    broken: 2,
    why: /follow|changed/,
  },
  'a forged end': {
    statement:
      'update audit_head set number = 4, hash = (select hash from audit_event e where e.number = 4 and e.tenant_id = audit_head.tenant_id)',
    broken: 5,
    why: /behind the end/,
  },
  'another hash at the end': {
    statement: "update audit_head set hash = sha256('x')",
    broken: 6,
    why: /end of the chain/,
  },
};

for (const [what, { statement, broken, why }] of Object.entries(tampering)) {
  test(`the verifier finds ${what}, and names the first event at fault`, async () => {
    const trail = await openTrail(what, 6);
    assert.deepEqual(await trail.verify(), { eventCount: 6, broken: undefined });
    const condition = `tenant_id = '${trail.tenantId}'`;
    for (const one of statement.split(';')) {
      const ofTenant = /\bwhere number/.test(one)
        ? one.replace(/\bwhere (number.*)$/, `where ${condition} and $1`)
        : `${one} where ${condition}`;
      assert.ok((await intruder.query(ofTenant)).rowCount! > 0, ofTenant);
    }
    const verdict = await trail.verify();
    assert.equal(verdict.broken?.number, broken);
    assert.match(verdict.broken!.why, why);
  });
}

test('nobody may write the future: an event put behind the end stops the next one', async () => {
  const trail = await openTrail('Future', 2);
  await intruder.query(
    `insert into audit_event select tenant_id, 3, at, member_id, action, object_type, object_id, reason, changes, request_id, hash, hash
     from audit_event where tenant_id = $1 and number = 2`,
    [trail.tenantId],
  );
  assert.equal((await trail.verify()).broken?.number, 3);
  await assert.rejects(trail.append(), { code: '23505' });
});
