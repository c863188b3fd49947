import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import pg from 'pg';
import { serviceScope } from '#core/db/database.ts';
import { newId } from '#core/domain/ids.ts';
import { roles } from '#core/domain/roles.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type NodeType, nodeTypes } from '../api/graphql/node-types.ts';
import { unanswered } from '../api/graphql/unanswered.ts';
import { buildSchema, policy } from '../api/schema.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type FullTenant, fillTenant } from './harness/full-tenant.ts';
import { fill, typeOfId } from './harness/mutation-inputs.ts';

const schema = buildSchema();
const operations = ['Query', 'Mutation', 'Subscription'] as const;

let api: TestApi;
let own: FullTenant;
let foreign: FullTenant;
let reader: Caller;
let token: string;
let readerToken: string;
before(async () => {
  api = await startApi();
  own = await fillTenant(api.services.database, 'Own', api.issuer);
  foreign = await fillTenant(api.services.database, 'Foreign', api.issuer);
  reader = await own.tenant.member('Reader', 'READER');
  token = await api.token(own.everybody.memberId);
  readerToken = await api.token(reader.memberId);
});
after(() => api?.stop());

const ask = (query: string, variables: object = {}, bearer = token) => api.post(bearer, { query, variables });

test('every operation of the schema is answered and has a policy, and a forgotten one stops the start', () => {
  const names = operations.flatMap((type) => Object.keys(schema.getType(type)?.toConfig() ? fieldsOf(type) : {}));
  assert.ok(names.length > 30);
  assert.deepEqual(names.toSorted(), Object.keys(policy).toSorted());
  for (const allowed of Object.values(policy))
    if (allowed !== 'ANY') assert.ok(allowed.length > 0 && allowed.every((role) => roles.includes(role)));
  assert.deepEqual(unanswered(schema), []);
  const typeDefs = 'type Query { a: Int b: Int } type Mutation { c: Int } type Subscription { d: Int e: Int }';
  const half = makeExecutableSchema({
    typeDefs,
    resolvers: { Query: { a: () => 1 }, Subscription: { d: { subscribe: () => {} } } },
  });
  assert.deepEqual(unanswered(half), ['Query.b', 'Mutation.c', 'Subscription.e']);
});

const fieldsOf = (type: (typeof operations)[number]) =>
  ({
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  })[type]!.getFields();

test('without a credential nothing is answered, by POST or GET', async () => {
  const { status, json } = await api.post(undefined, { query: '{ viewer { permissions } }' });
  assert.equal(status, 401);
  assert.deepEqual(json.errors[0].extensions, { code: 'UNAUTHENTICATED' });
  const got = await fetch(`${api.address}/graphql?query={viewer{permissions}}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  assert.equal(got.status, 401);
  await got.text();
});

test('who lacks the role is told which one is needed, before the arguments are looked at', async () => {
  const uploads = await ask('{ uploads { edges { node { id } } } }', {}, readerToken);
  assert.equal(uploads.json.errors[0].extensions.code, 'FORBIDDEN');
  assert.match(uploads.json.errors[0].message, /uploads needs one of the roles COORDINATOR/);
  const text = 'mutation { preparationStart(input: { studyId: "x" }) { userErrors { code } } }';
  assert.equal((await ask(text, {}, readerToken)).json.errors[0].extensions.code, 'FORBIDDEN');
  const { json } = await ask('{ viewer { permissions } }', {}, readerToken);
  const allowed = Object.entries(policy).flatMap(([name, who]) =>
    who === 'ANY' || who.includes('READER') ? [name] : [],
  );
  assert.deepEqual(json.data.viewer.permissions.toSorted(), allowed.toSorted());
});

test("for every id of every mutation another tenant's answers the bytes of an unknown one, and a malformed one the same code", async () => {
  let compared = 0;
  for (const [name, field] of Object.entries(fieldsOf('Mutation'))) {
    const type = field.args[0]!.type;
    const names = new Set<string>();
    fill(type, name, (id) => {
      names.add(id);
      return id;
    });
    const text = `mutation ($input: ${type}) { ${name}(input: $input) { userErrors { code path message ... on ConflictError { current { id } } } } }`;
    for (const asked of names) {
      const typed = (id: string): NodeType => typeOfId(name, id);
      // All others are the caller's own, so that the one asked about decides.
      const answer = async (global: string): Promise<string> =>
        (
          await ask(text, {
            input: fill(type, name, (id) => (id === asked ? global : globalId(typed(id), own.ids[typed(id)]))),
          })
        ).text;
      const theirs = await answer(globalId(typed(asked), foreign.ids[typed(asked)]));
      const what = `${name}, ${asked}: ${theirs}`;
      assert.equal(await answer(globalId(typed(asked), newId())), theirs, what);
      const malformed = JSON.parse(await answer('bm9uc2Vuc2U'));
      assert.match(theirs, /"userErrors":\[\{/, what);
      if (/"NOT_FOUND"/.test(theirs)) {
        compared++;
        assert.equal(malformed.data[name].userErrors[0].code, 'NOT_FOUND', what);
      }
    }
  }
  assert.ok(compared >= 20, `${compared} ids of what is not there were asked about`);
});

test('for every type node() answers null alike, and the own object to whom may see it', async () => {
  const text = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  const answer = async (id: string): Promise<string> => (await ask(text, { id })).text;
  const nothing = await answer('nonsense');
  assert.equal(JSON.parse(nothing).data.node, null);
  for (const type of Object.keys(nodeTypes) as NodeType[]) {
    const id = globalId(type, own.ids[type]);
    assert.equal(await answer(id), `${JSON.stringify({ data: { node: { __typename: type, id } } })}\n`, type);
    assert.equal(await answer(globalId(type, foreign.ids[type])), nothing, type);
    assert.equal(await answer(globalId(type, newId())), nothing, type);
  }
  for (const id of ['', '::::', 'U3R1ZHk6', Buffer.from('constructor:x').toString('base64url'), '\u0000', '💥'])
    assert.equal(await answer(id), nothing, id);
});

test('nodes() answers in order, at most a hundred', async () => {
  const text = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const id = globalId('Site', own.ids.Site);
  const { json } = await ask(text, { ids: [globalId('Site', foreign.ids.Site), id, 'x', id] });
  assert.deepEqual(json.data.nodes, [null, { id }, null, { id }]);
  const many = await ask(text, { ids: Array(101).fill(id) });
  assert.equal(many.json.errors[0].extensions.code, 'BAD_USER_INPUT');
  assert.match(many.json.errors[0].message, /100/);
});

test('pages have 1 to 100 rows and cursors of their own, at the top and within', async () => {
  const cursor = (key: string): string => Buffer.from(key).toString('base64url');
  const bad = [
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { after: 'x' },
    { after: cursor('after:') },
    { after: cursor('after:not-a-uuid') },
    { after: cursor("after:' or 1=1 --") },
    { after: cursor('after:\u0000') },
  ];
  for (const args of bad) {
    for (const list of ['studies', 'tasks', 'uploads', 'datasets', 'auditEvents', 'reads', 'segmentations']) {
      const text = `query ($first: Int, $after: String) { ${list}(first: $first, after: $after) { pageInfo { hasNextPage } } }`;
      const { json } = await ask(text, args);
      assert.equal(json.errors?.[0].extensions.code, 'BAD_USER_INPUT', `${list} ${JSON.stringify([args, json])}`);
    }
    const within =
      'query ($first: Int, $after: String) { viewer { sites(first: $first, after: $after) { pageInfo { hasNextPage } } } }';
    const { json } = await ask(within, args);
    assert.equal(json.errors?.[0].extensions.code, 'BAD_USER_INPUT', JSON.stringify([args, json]));
    assert.deepEqual(json.errors[0].path, ['viewer', 'sites']);
  }
  const page =
    'query ($after: String) { viewer { sites(first: 1, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } } }';
  const one = (await ask(page)).json.data.viewer.sites;
  const two = (await ask(page, { after: one.pageInfo.endCursor })).json.data.viewer.sites;
  assert.deepEqual([one.pageInfo.hasNextPage, two.pageInfo.hasNextPage], [true, false]);
  assert.deepEqual(
    [one.edges[0].node.id, two.edges[0].node.id].toSorted(),
    own.tenant.siteIds.map((id) => globalId('Site', id)).toSorted(),
  );
});

test('text that the database cannot hold is a fault of the input, not of the service', async () => {
  const { json } = await ask(
    'query ($uid: String!) { studies(filter: { studyInstanceUid: $uid }) { edges { node { id } } } }',
    {
      uid: '1.2\u0000.3',
    },
  );
  assert.equal(json.errors[0].extensions.code, 'BAD_USER_INPUT');
});

test('the schema is not told where it is not a demonstration', async () => {
  for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Study") { name } }']) {
    const { json } = await ask(query);
    assert.match(json.errors[0].message, /introspection/i);
    assert.equal(json.data, undefined);
  }
  for (const query of [
    '{ viewr { id } }',
    '{ viewer { membr { id } } }',
    '{ node(idd: 1) { id } }',
    'query ($a: Studdy) { viewer { permissions } }',
    '{ tasks(filter: { states: [OPENN] }) { edges { node { id } } } }',
    'mutation { preparationStart(input: { studId: 1 }) { userErrors { code } } }',
  ]) {
    const { text, json } = await ask(query);
    assert.ok(json.errors.length > 0);
    assert.doesNotMatch(text, /Did you mean/, query);
  }
});

test('requests that never become an operation do not use up connections', async () => {
  const bodies = [
    '{}',
    '{"query": 1}',
    '[]',
    '[{"query":"{ viewer { permissions } }"}]',
    '{"query":"{"}',
    '{"query":""}',
  ];
  bodies.push(
    '{"query":"{ viewr }"}',
    '{"query":"{ viewer { permissions } }","operationName":"x"}',
    'null',
    '{"id":"x"}',
  );
  for (let round = 0; round < 2; round++)
    for (const body of bodies) {
      const { status } = await api.post(token, body);
      assert.ok(status >= 400 && status < 500, `${body}: ${status}`);
    }
  const get = await fetch(`${api.address}/graphql?query=mutation{readStart(input:{readId:"x"}){userErrors{code}}}`, {
    headers: { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' },
  });
  assert.ok(get.status >= 400 && get.status < 500);
  await get.text();
  const answer = await Promise.race([
    ask('{ viewer { permissions } }'),
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 3000)),
  ]);
  assert.equal(answer?.status, 200, 'a request is answered afterwards');
  const client = new pg.Client({ connectionString: api.ownerUrl });
  await client.connect();
  const { rows } = await client.query(
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
  );
  await client.end();
  assert.deepEqual(rows, [{ n: 0 }]);
});

test('a mutation that meets an unexpected error leaves nothing, nor do the others of its operation', async () => {
  const count = () =>
    api.services.database.inTenant(serviceScope(own.tenant.tenantId), async (db) => {
      const { n } = await db
        .selectFrom('protocol')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      const { number } = await db.selectFrom('audit_head').select('number').executeTakeFirstOrThrow();
      return { n: Number(n), number };
    });
  const before = await count();
  const one = (name: string, rest = '') =>
    `protocolPublish(input: { name: "${name}", instructions: "" ${rest} }) { protocol { id } userErrors { code } }`;
  // The database stumbles at the second one.
  const broken = await ask(`mutation { a: ${one('First of two')} b: ${one('Second \\u0000 of two')} }`);
  assert.ok(broken.json.errors?.length > 0, broken.text);
  assert.deepEqual(await count(), before);
  const client = new pg.Client({ connectionString: api.ownerUrl });
  await client.connect();
  try {
    await client.query('alter table metloop.protocol add constraint stumble check (name <> $$Stumble$$)');
    const failed = await ask(`mutation { a: ${one('First of three')} b: ${one('Stumble')} c: ${one('Third')} }`);
    assert.equal(failed.json.errors[0].extensions.code, 'INTERNAL_SERVER_ERROR');
    assert.doesNotMatch(failed.text, /constraint|stumble|stack|select|insert/i, 'nothing of the inside is told');
    assert.deepEqual(await count(), before);
  } finally {
    await client.query('alter table metloop.protocol drop constraint stumble');
    await client.end();
  }
  // A refusal leaves the others of its operation standing.
  const twice = await ask(`mutation { a: ${one('Kept')} b: ${one('Kept')} c: ${one('Kept too')} }`);
  assert.deepEqual(twice.json.data.b.userErrors.length, 1, twice.text);
  assert.equal((await count()).n, before.n + 2);
});

test('the pool recovers from connections that are lost in the middle of operations', async () => {
  const locker = new pg.Client({ connectionString: api.ownerUrl });
  const superuser = new pg.Client({ connectionString: api.superuserUrl });
  await Promise.all([locker.connect(), superuser.connect()]);
  try {
    for (let round = 0; round < 3; round++) {
      await locker.query('begin; lock table metloop.site in access exclusive mode');
      const waiting = [1, 2, 3, 4].map(() => ask('{ viewer { sites { edges { node { id } } } } }'));
      const ended = new Set<number>();
      while (ended.size < waiting.length) {
        const { rows } = await superuser.query<{ pid: number }>(
          "select pid from pg_stat_activity where datname = $1 and wait_event_type = 'Lock' and pid <> all ($2)",
          [new URL(api.ownerUrl).pathname.slice(1), [...ended]],
        );
        for (const { pid } of rows) {
          ended.add(pid);
          await superuser.query('select pg_terminate_backend($1)', [pid]);
        }
      }
      await locker.query('rollback');
      for (const { json } of await Promise.all(waiting))
        assert.equal(json.errors[0].extensions.code, 'INTERNAL_SERVER_ERROR');
    }
    const after = await Promise.race([
      Promise.all(Array.from({ length: 12 }, () => ask('{ viewer { permissions } }'))),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 5000)),
    ]);
    assert.ok(
      after?.every(({ status }) => status === 200),
      'all twelve are answered, by a pool of eight',
    );
  } finally {
    await Promise.all([locker.end(), superuser.end()]);
  }
});
