import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import pg from 'pg';
import WebSocket from 'ws';
import { serviceScope } from '#core/db/database.ts';
import { newId } from '#core/domain/ids.ts';
import { openLog } from '#core/log.ts';
import { Changes } from '../api/changes.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { Client as Person } from '../demo/client.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type FullTenant, fillTenant } from './harness/full-tenant.ts';
import type { Data } from './harness/services.ts';

let api: TestApi;
let own: FullTenant;
let foreign: FullTenant;
before(async () => {
  api = await startApi();
  own = await fillTenant(api.services.database, 'Own', api.issuer);
  foreign = await fillTenant(api.services.database, 'Foreign', api.issuer);
});
after(() => api?.stop());

const jobChanged = `subscription ($ids: [ID!]!, $after: String) {
  jobChanged(ids: $ids, after: $after) { cursor job { __typename id progress { fraction step } } } }`;

async function openClient(subject: string, claims: Readonly<Record<string, unknown>> = {}): Promise<Client> {
  const authorization = `Bearer ${await api.token(subject, claims)}`;
  return createClient({
    url: `${api.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization },
  });
}

/** Follows until `enough` of the events, the end, or a second and a half of silence. */
async function follow(
  client: Client,
  variables: object,
  options: { query?: string; enough?: number; after?: (events: readonly Data[]) => Promise<void> } = {},
): Promise<{ events: Data[]; ended: boolean; errors: Data[] }> {
  const { query = jobChanged, enough = Number.POSITIVE_INFINITY } = options;
  const events: Data[] = [];
  const iterator = client.iterate<Data>({ query, variables: { ...variables } })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), sleep(1500)]).catch((errors: Data) => ({ failed: errors }));
      if (!result) return { events, ended: false, errors: [] };
      if ('failed' in result)
        return { events, ended: true, errors: Array.isArray(result.failed) ? result.failed : [result.failed] };
      if (result.done) return { events, ended: true, errors: [] };
      if (result.value.errors) return { events, ended: true, errors: [...result.value.errors] };
      events.push(result.value.data.jobChanged);
      if (events.length >= enough) return { events, ended: false, errors: [] };
      await options.after?.(events);
    }
  } finally {
    void iterator.return?.();
  }
}

const write = (set: Readonly<Record<string, unknown>>, objectId = own.ids.Segmentation): Promise<unknown> =>
  api.services.database.inTenant(serviceScope(own.tenant.tenantId), (db) =>
    db
      .updateTable('job')
      .set(set as never)
      .where('object_id', '=', objectId)
      .execute(),
  );

test('it tells the present state, then changes within two seconds, and what was missed after a cursor', async () => {
  const client = await openClient(own.everybody.memberId);
  const ids = [globalId('Segmentation', own.ids.Segmentation)];
  let changedAt = 0;
  const first = await follow(
    client,
    { ids },
    {
      enough: 2,
      after: async () => {
        await sleep(200);
        changedAt = performance.now();
        await write({ state: 'RUNNING', step: 'read BRAVO', fraction: 0.25 });
      },
    },
  );
  assert.ok(performance.now() - changedAt < 2000);
  assert.deepEqual(
    first.events.map(({ job }) => job),
    [
      { __typename: 'Segmentation', id: ids[0], progress: { fraction: 0, step: null } },
      { __typename: 'Segmentation', id: ids[0], progress: { fraction: 0.25, step: 'read BRAVO' } },
    ],
  );
  await write({ fraction: 0.5 });
  const resumed = await follow(client, { ids, after: first.events[1].cursor }, { enough: 1 });
  assert.equal(resumed.events[0].job.progress.fraction, 0.5);
  const uptodate = await follow(client, { ids, after: resumed.events[0].cursor });
  assert.deepEqual(uptodate, { events: [], ended: false, errors: [] });
  await write({ state: 'SUCCEEDED', fraction: 1 });
  const ended = await follow(client, { ids, after: resumed.events[0].cursor });
  assert.deepEqual([ended.events.length, ended.ended], [1, true]);
  assert.deepEqual(await follow(client, { ids, after: ended.events[0].cursor }), {
    events: [],
    ended: true,
    errors: [],
  });
  for (const after of ['nonsense', Buffer.from('[1]').toString('base64url'), Buffer.from('null').toString('base64url')])
    assert.equal((await follow(client, { ids, after })).events.length, 1, 'an unknown cursor begins anew');
  await write({ state: 'QUEUED', fraction: 0 });
  await client.dispose();
});

test("of another tenant's job, an unknown one, and one that the role does not reach, nothing is told alike", async () => {
  const reader = await own.tenant.member('Reader', 'READER');
  const [everybody, client] = [await openClient(own.everybody.memberId), await openClient(reader.memberId)];
  const nothing = { events: [], ended: true, errors: [] };
  assert.deepEqual(await follow(everybody, { ids: [globalId('Segmentation', foreign.ids.Segmentation)] }), nothing);
  assert.deepEqual(await follow(everybody, { ids: [globalId('Segmentation', newId())] }), nothing);
  assert.deepEqual(await follow(client, { ids: [globalId('TrainingRun', newId())] }), nothing);
  assert.deepEqual(await follow(client, { ids: [globalId('TrainingRun', own.ids.TrainingRun)] }), nothing);
  assert.equal((await follow(everybody, { ids: [globalId('TrainingRun', own.ids.TrainingRun)] })).events.length, 1);
  for (const id of ['nonsense', globalId('Study', own.ids.Study), globalId('Study', foreign.ids.Study)]) {
    const { errors } = await follow(everybody, { ids: [id] });
    assert.equal(errors[0].message, 'This is no job that can be followed.');
    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
  }
  assert.match((await follow(everybody, { ids: [] })).errors[0].message, /1 to 100/);
  await everybody.dispose();
  await client.dispose();
});

test('it ends with the access token, even while nothing happens, and when the member is suspended', async () => {
  const ids = [globalId('Segmentation', own.ids.Segmentation)];
  // Five seconds of tolerance for clocks that differ are gone already.
  const brief = await openClient(own.everybody.memberId, { exp: Math.floor(Date.now() / 1000) + 1 });
  const expiring = await follow(brief, { ids });
  assert.equal(expiring.events.length, 1);
  assert.equal(expiring.errors[0].extensions.code, 'UNAUTHENTICATED');
  await brief.dispose();
  const guest = await own.tenant.member('Guest', 'CLINICIAN');
  const client = await openClient(guest.memberId);
  const suspended = await follow(
    client,
    { ids },
    {
      after: async () => {
        await api.services.database.inTenant(serviceScope(own.tenant.tenantId), (db) =>
          db.updateTable('member').set({ state: 'SUSPENDED' }).where('id', '=', guest.memberId).execute(),
        );
        await write({ message: 'a change that the guest may not see' });
      },
    },
  );
  assert.equal(suspended.events.length, 1);
  assert.equal(suspended.errors[0].extensions.code, 'UNAUTHENTICATED');
  await client.dispose();
});

test('a WebSocket without a good token is closed, and with one it takes subscriptions only', async () => {
  for (const authorization of ['', 'Bearer nonsense', undefined]) {
    const socket = new WebSocket(`${api.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: authorization === undefined ? {} : { authorization } }),
    );
    const [code] = await once(socket, 'close');
    assert.equal(code, 4403);
  }
  const client = await openClient(own.everybody.memberId);
  for (const query of [
    '{ viewer { permissions } }',
    'mutation { readStart(input: { readId: "x" }) { userErrors { code } } }',
  ]) {
    const { errors } = await follow(client, {}, { query });
    assert.match(errors[0].message, /Only subscriptions/);
  }
  const misspelt = await follow(client, {}, { query: 'subscription { jobChange(ids: []) { cursor } }' });
  assert.doesNotMatch(JSON.stringify(misspelt.errors), /Did you mean/);
  await client.dispose();
});

test('a fault of the service is not told in its own words', async () => {
  const owner = new pg.Client({ connectionString: api.ownerUrl });
  await owner.connect();
  const client = await openClient(own.everybody.memberId);
  try {
    await owner.query('alter table metloop.segmentation rename column dropped to dropped_away');
    await owner.query('alter table metloop.job rename column attempt to attempt_away');
    const ids = [globalId('Segmentation', own.ids.Segmentation)];
    const query = 'subscription ($ids: [ID!]!) { jobChanged(ids: $ids) { job { progress { attempt } } } }';
    const { errors } = await follow(client, { ids }, { query });
    assert.equal(errors[0]?.extensions?.code, 'INTERNAL_SERVER_ERROR', JSON.stringify(errors));
    assert.doesNotMatch(JSON.stringify(errors), /attempt_away|does not exist|non-nullable/);
  } finally {
    await owner.query('alter table metloop.segmentation rename column dropped_away to dropped');
    await owner.query('alter table metloop.job rename column attempt_away to attempt');
    await owner.end();
    await client.dispose();
  }
});

test('whoever can sign in again follows a job beyond the end of an access token', async () => {
  const seen: (string | null)[] = [];
  let tokens = 0;
  const person = new Person(api.address, async () => {
    // As of a provider whose tokens end in two seconds.
    const exp = Math.floor(Date.now() / 1000) + 2;
    tokens++;
    return { accessToken: await api.token(own.everybody.memberId, { exp }), expiresAt: new Date(exp * 1000) };
  });
  await write({ state: 'RUNNING', step: 'first' });
  const ids = [globalId('Segmentation', own.ids.Segmentation)];
  const ended = person.follow<Data>(jobChanged, { ids }, (event) => seen.push(event.jobChanged.job.progress.step));
  await sleep(3500);
  await write({ state: 'SUCCEEDED', step: 'last' });
  await ended;
  assert.ok(tokens >= 2, `${tokens} tokens`);
  assert.deepEqual([seen[0], seen.at(-1)], ['first', 'last']);
  await write({ state: 'RUNNING', step: 'first' });
});

test('who leaves is forgotten at once', async () => {
  const { changes } = api.services;
  let listeners = 0;
  const listen = changes.listen.bind(changes);
  changes.listen = (listener) => {
    listeners++;
    const stop = listen(listener);
    return () => {
      listeners--;
      return stop();
    };
  };
  const ids = [globalId('Segmentation', own.ids.Segmentation)];
  const client = await openClient(own.everybody.memberId);
  assert.equal((await follow(client, { ids }, { enough: 1 })).events.length, 1);
  await sleep(500);
  assert.equal(listeners, 0, 'after the subscription was ended');
  void follow(client, { ids });
  await sleep(300);
  assert.equal(listeners, 1);
  client.terminate();
  await sleep(500);
  assert.equal(listeners, 0, 'after the connection was lost');
  changes.listen = listen;
  await client.dispose();
});

/** A TCP door in front of PostgreSQL that can be shut. */
async function openDoor(
  target: URL,
): Promise<{ url: string; attempts: () => number; shut(): void; open(): void; server: Server }> {
  let isShut = false;
  let attempts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    attempts++;
    if (isShut) return socket.destroy();
    const other = connect(Number(target.port), target.hostname);
    for (const [from, to] of [[socket, other] as const, [other, socket] as const]) {
      sockets.add(from);
      from.on('error', () => {}).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  [url.hostname, url.port] = ['127.0.0.1', String((server.address() as { port: number }).port)];
  const shut = (): void => {
    isShut = true;
    for (const socket of sockets) socket.destroy();
  };
  const open = (): void => {
    isShut = false;
  };
  return { url: url.href, attempts: () => attempts, shut, open, server };
}

test('listening goes on after the database was away, by one connection', async () => {
  const door = await openDoor(new URL(api.appUrl));
  const changes = new Changes(door.url, openLog('test', 'silent'));
  await changes.start();
  const heard: unknown[] = [];
  changes.listen((change) => heard.push(change));
  try {
    await write({ message: 'one' });
    await sleep(200);
    assert.deepEqual(heard.length, 1);
    door.shut();
    await write({ message: 'missed' });
    await sleep(5200);
    const attempts = door.attempts();
    assert.ok(attempts >= 3 && attempts <= 8, `${attempts} attempts in five seconds`);
    door.open();
    await sleep(1500);
    assert.equal(heard.filter((change) => change === undefined).length, 1, 'listeners are told once to look again');
    await write({ message: 'two' });
    await sleep(200);
    assert.equal(heard.length, 3);
  } finally {
    await changes.stop();
    door.server.close();
  }
});
