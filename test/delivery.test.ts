/** Results sent to a STOW-RS receiver: what each answer of the receiver's comes to. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { after, before } from 'node:test';
import { sql } from 'kysely';
import type { ObjectStore } from '#core/storage/object-store.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type DeliveryDesk, deliverySettings, openDeliveryDesk } from './harness/delivery-desk.ts';
import { rowId } from './harness/learning.ts';
import { codes, mutate } from './harness/mutate.ts';
import { freePort } from './harness/s3-server.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';
import { refused, type StowReceiver, startStowReceiver, status, stored } from './harness/stow-receiver.ts';
import { createTenant } from './harness/tenant.ts';

let t: TestServices;
let desk: DeliveryDesk;
let receiver: StowReceiver;
before(async () => {
  t = await startServices({ delivery: deliverySettings });
  desk = await openDeliveryDesk(t);
  receiver = await startStowReceiver();
});
after(async () => {
  await receiver?.stop();
  await t?.stop();
});
test.beforeEach(() => receiver.answer(stored));

type Answer = Awaited<ReturnType<DeliveryDesk['answer']>>;

/** Sends a new answer to a new destination of the receiver's. */
async function begin(more: object = {}): Promise<{ answer: Answer; destination: Data; id: string }> {
  const answer = await desk.answer();
  const destination = await desk.destination(receiver.address);
  const { delivery, userErrors } = await desk.push(answer, destination.id, more);
  assert.deepEqual(userErrors, []);
  assert.deepEqual([delivery.state, delivery.attempts], ['PENDING', 0]);
  return { answer, destination, id: delivery.id };
}

/** Seconds until the next try, by PostgreSQL's clock. */
const waits = (id: string): Promise<number> =>
  desk.rows.inTenant(async (db) => {
    const { rows } = await sql<{ wait: number }>`
      select extract(epoch from next_attempt_at - clock_timestamp())::float8 as wait from delivery where id = ${rowId(id)}`.execute(
      db,
    );
    return rows[0]!.wait;
  });
const near = (value: number, expected: number): void =>
  assert.ok(value > expected - 5 && value <= expected, `${value} is about ${expected}`);

test('everything arrives in one request, byte for byte, and is told as delivered', async () => {
  const { answer, id } = await begin();
  const before = receiver.received.length;
  await desk.work(id);
  const delivery = await desk.look(id);
  assert.deepEqual(
    [delivery.state, delivery.attempts, delivery.lastStatus, delivery.message],
    ['DELIVERED', 1, 200, null],
  );
  assert.ok(delivery.deliveredAt);
  const [request, ...rest] = receiver.received.slice(before);
  assert.deepEqual(rest, []);
  assert.equal(request!.path, '/dicom-web/studies');
  assert.equal(request!.headers.accept, 'application/dicom+json');
  assert.equal(request!.headers.authorization, undefined);
  assert.ok(Number(request!.headers['content-length']) > 0);
  const expected = [...answer.files.values()].map(({ sopInstanceUid, bytes }) => [
    sopInstanceUid,
    createHash('sha256').update(bytes).digest('hex'),
  ]);
  assert.equal(expected.length, 4);
  assert.deepEqual(new Map(request!.parts), new Map(expected as [string, string][]));
  // A second ticket of the same job does nothing.
  await desk.work(id);
  assert.equal(receiver.received.length, before + 1);
});

test('a receiver that is busy is asked again, later each time, and not before it says', async () => {
  const { id } = await begin({ results: ['SEG'] });
  receiver.answer(
    status(503),
    status(429, { 'retry-after': '600' }),
    status(503, retryDate(7200)),
    status(503, { 'retry-after': '999999' }),
    stored,
  );
  for (const [tries, expected] of [
    [1, 30],
    [2, 600],
    [3, 7200],
    [4, 21_600],
  ] as const) {
    await desk.work(id);
    const waiting = await desk.look(id);
    assert.deepEqual([waiting.state, waiting.attempts, waiting.deliveredAt], ['PENDING', tries, null]);
    assert.match(waiting.message, /answered (503|429)/);
    near(await waits(id), expected);
    near(await ticketWait(id), expected);
  }
  await desk.work(id);
  assert.deepEqual((await desk.look(id)).state, 'DELIVERED');
});

test('silence, a refused connection and a connection that is cut are tried again', async () => {
  const { id } = await begin();
  receiver.answer('HANG', 'HANG_UP', stored);
  await desk.work(id);
  assert.match((await desk.look(id)).message, /Nothing was heard for 0.4 s/);
  await desk.work(id);
  assert.match((await desk.look(id)).message, /could not be reached, or hung up \((ECONNRESET|EPIPE)\)/);
  await desk.work(id);
  assert.equal((await desk.look(id)).state, 'DELIVERED');
  const dead = await desk.destination(`http://127.0.0.1:${await freePort()}`);
  const { delivery } = await desk.push(await desk.answer(), dead.id);
  await desk.work(delivery.id);
  const waiting = await desk.look(delivery.id);
  assert.deepEqual([waiting.state, waiting.lastStatus], ['PENDING', null]);
  assert.match(waiting.message, /ECONNREFUSED/);
});

test('an answer that trickles in for ever ends with the time for the whole', async () => {
  const { id } = await begin();
  let timer: NodeJS.Timeout | undefined;
  receiver.answer((_, response) => {
    response.writeHead(200);
    timer = setInterval(() => response.write(' '), 50);
  });
  const began = performance.now();
  await desk.work(id);
  clearInterval(timer);
  assert.ok(performance.now() - began < 4000);
  assert.match((await desk.look(id)).message, /longer than 1.5 s/);
});

test('it is given up after twelve tries, which a person can have begun anew', async () => {
  const { id } = await begin({ results: ['MEASUREMENTS'] });
  receiver.answer(status(500));
  const pauses: number[] = [];
  for (let tries = 1; tries <= 12; tries++) {
    assert.equal((await desk.look(id)).state, 'PENDING');
    await desk.work(id);
    if (tries < 12) pauses.push(Math.ceil(await waits(id)));
  }
  assert.deepEqual(pauses, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]);
  const given = await desk.look(id);
  assert.deepEqual(
    [given.state, given.attempts, given.nextAttemptAt, given.progress.failure.code],
    ['FAILED', 12, null, 'NOT_DELIVERED'],
  );
  assert.match(given.message, /answered 500.*12 tries/);
  receiver.answer(stored);
  await desk.work(id);
  assert.equal((await desk.look(id)).state, 'FAILED', 'a ticket too many does nothing');
  const retry = () =>
    mutate(t, desk.people.coordinator, 'deliveryRetry', { deliveryId: id }, 'delivery { state attempts }');
  assert.deepEqual((await retry()).delivery, { state: 'PENDING', attempts: 12 });
  assert.deepEqual(codes(await retry()), ['WRONG_STATE']);
  await desk.work(id);
  assert.deepEqual([(await desk.look(id)).state, (await desk.look(id)).attempts], ['DELIVERED', 13]);
});

test('202 and 409 say which results failed and why, and are not tried again', async () => {
  const { answer, id } = await begin();
  const map = answer.files.get('PROBABILITY_MAP')!.sopInstanceUid;
  receiver.answer(refused(202, (uid) => (uid === map ? 0x0122 : undefined)));
  await desk.work(id);
  const partly = await desk.look(id);
  assert.deepEqual([partly.state, partly.lastStatus], ['FAILED', 202]);
  assert.match(partly.message, /did not take 1 of 4/);
  const failed = partly.items.filter(({ failure }: Data) => failure !== null);
  assert.deepEqual(failed, [
    {
      kind: 'PROBABILITY_MAP',
      failureReason: 0x0122,
      failure: 'The receiver refused it: it does not take this kind of object.',
    },
  ]);
  await mutate(t, desk.people.clinician, 'deliveryRetry', { deliveryId: id }, 'delivery { id }');
  // What is there already may be refused as a duplicate; here it has been sent before.
  receiver.answer(refused(409, () => 0x0111));
  await desk.work(id);
  const whole = await desk.look(id);
  assert.equal(whole.state, 'DELIVERED');
  assert.deepEqual(
    whole.items.map(({ failure }: Data) => failure),
    [null, null, null, null],
  );
  // To who never had it before, the same answer is a refusal.
  const other = await begin();
  await desk.work(other.id);
  const refusal = await desk.look(other.id);
  assert.deepEqual([refusal.state, refusal.items.length], ['FAILED', 4]);
  assert.match(refusal.items[0].failure, /another instance under this UID/);
});

test('other answers are the end: refusals, redirects, and more text than anybody reads', async () => {
  const elsewhere = await startStowReceiver();
  for (const [answering, message] of [
    [status(400), /answered 400/],
    [status(401), /token/],
    [status(404), /no STOW-RS service/],
    [status(307, { location: `${elsewhere.address}/studies` }), /not followed/],
    [status(200, {}, 'x'.repeat(5000)), /more text than is read/],
    [status(409, {}, '{'), /did not take 4 of 4/],
  ] as const) {
    const { id } = await begin();
    receiver.answer(answering);
    await desk.work(id);
    const { state, message: said, nextAttemptAt } = await desk.look(id);
    assert.deepEqual([state, nextAttemptAt], ['FAILED', null]);
    assert.match(said, message);
  }
  assert.deepEqual(elsewhere.received, []);
  await elsewhere.stop();
});

test('a receiver that answers before everything was sent is heard', async () => {
  const answer = await desk.answer();
  const early = http.createServer((_, response) => response.writeHead(413).end());
  early.listen(0, '127.0.0.1');
  await once(early, 'listening');
  const destination = await desk.destination(`http://127.0.0.1:${(early.address() as AddressInfo).port}`);
  const { delivery } = await desk.push(answer, destination.id);
  await desk.work(delivery.id);
  assert.match((await desk.look(delivery.id)).message, /413/);
  early.close();
});

/** The object store, whose streams go through `change`. */
function storeWith(change: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>): ObjectStore {
  const { objects } = t.services;
  return new Proxy(objects, {
    get: (store, name: keyof ObjectStore) =>
      name === 'stream'
        ? (...args: Parameters<ObjectStore['stream']>) => change(store.stream(...args))
        : store[name].bind(store),
  });
}

test('bytes that changed in the store are not sent as a whole instance', async () => {
  const { answer, id } = await begin({ results: ['SEG', 'MEASUREMENTS'] });
  const before = receiver.received.length;
  const spoiled = answer.files.get('SEG')!.bytes;
  const spoiling = storeWith(async function* (pieces) {
    for await (const piece of pieces) {
      const copy = Buffer.from(piece);
      if (copy.length === spoiled.length) copy[copy.length - 1]! ^= 1;
      yield copy;
    }
  });
  await desk.work(id, { objects: spoiling });
  const { state, progress } = await desk.look(id);
  assert.deepEqual([state, progress.failure.code, receiver.received.length], ['FAILED', 'HASH_MISMATCH', before]);
});

test('a store that cannot be read is no fault of the receiver', async () => {
  const { id } = await begin();
  // biome-ignore lint/correctness/useYield: it fails before its first piece
  const broken = storeWith(async function* () {
    throw Object.assign(new Error('the store hung up'), { code: 'ECONNRESET', syscall: 'read' });
  });
  for (let attempt = 1; attempt <= 3; attempt++) await desk.work(id, { objects: broken });
  const { state, message, progress } = await desk.look(id);
  assert.deepEqual([state, progress.failure.code], ['FAILED', 'INTERNAL']);
  assert.match(message, /service failed/);
});

test('a removed destination is not sent to, and what waited for it says so', async () => {
  const { destination, id } = await begin();
  const remove = (etag: string) =>
    mutate(
      t,
      desk.people.admin,
      'destinationDelete',
      { destinationId: destination.id, ifMatch: etag },
      'destination { name removedAt hasToken }',
    );
  assert.deepEqual(codes(await remove('7')), ['STALE']);
  assert.ok((await remove('1')).destination.removedAt);
  assert.deepEqual(codes(await remove('2')), ['NOT_FOUND']);
  await desk.work(id);
  assert.match((await desk.look(id)).message, /removed/);
  const retried = await mutate(t, desk.people.clinician, 'deliveryRetry', { deliveryId: id }, 'delivery { id }');
  assert.deepEqual(codes(retried), ['WRONG_STATE']);
  assert.deepEqual(codes(await desk.push(await desk.answer(), destination.id)), ['NOT_FOUND']);
  const { data } = await t.ask(
    desk.people.clinician,
    `{ node(id: "${id}") { ... on Delivery { target { ... on Destination { name url } } } } }`,
  );
  assert.deepEqual(data.node.target, { name: destination.name, url: null });
});

test('who may push what, and where to', async () => {
  const { clinician, clinicianAtB, coordinator, engineer, admin } = desk.people;
  const answer = await desk.answer();
  const destination = await desk.destination(receiver.address);
  assert.match((await desk.push(answer, destination.id, {}, engineer)).errors[0], /^FORBIDDEN/);
  assert.match((await desk.push(answer, destination.id, {}, admin)).errors[0], /^FORBIDDEN/);
  const hidden = await desk.push(answer, destination.id, {}, clinicianAtB);
  assert.deepEqual(codes(hidden), ['NOT_FOUND']);
  const nothing = { segmentationId: globalId('Segmentation', answer.id.replace(/^./, '0')) };
  assert.deepEqual(hidden.userErrors, (await desk.push(answer, destination.id, nothing, clinicianAtB)).userErrors);
  const [, siteB] = desk.tenant.siteIds;
  const elsewhere = await desk.destination(receiver.address, { siteId: globalId('Site', siteB) });
  assert.deepEqual(codes(await desk.push(answer, elsewhere.id)), ['NOT_FOUND']);
  assert.deepEqual(codes(await desk.push(answer, destination.id, { results: ['SEG', 'SEG'] })), ['INVALID']);
  assert.deepEqual(codes(await desk.push(answer, destination.id, { results: [] })), ['INVALID']);
  assert.deepEqual(codes(await desk.push(answer, destination.id, { idempotencyKey: 'short' })), ['INVALID']);
  const key = { idempotencyKey: 'one and the same' };
  const pushes = await Promise.all([1, 2, 3].map(() => desk.push(answer, destination.id, key)));
  assert.equal(new Set(pushes.map(({ delivery }) => delivery.id)).size, 1);
  assert.deepEqual(codes(await desk.push(answer, destination.id, { ...key, results: ['SEG'] })), [
    'IDEMPOTENCY_CONFLICT',
  ]);
  const theirs = await desk.push(answer, destination.id, key, coordinator);
  assert.notEqual(theirs.delivery.id, pushes[0].delivery.id);
  const seen = `{ node(id: "${globalId('Segmentation', answer.id)}") { ... on Segmentation { deliveries { edges { node { id } } } } } }`;
  assert.equal((await t.ask(clinician, seen)).data.node.deliveries.edges.length, 2);
  assert.deepEqual((await t.ask(engineer, seen)).data.node.deliveries.edges, []);
  assert.equal(await desk.look(pushes[0].delivery.id, clinicianAtB), null);
  const stranger = await createTenant(t.services.database, 'Strangers');
  assert.equal(
    await desk.look(pushes[0].delivery.id, await stranger.member('admin', 'TENANT_ADMIN', 'CLINICIAN')),
    null,
  );
  await desk.rows.inTenant((db) =>
    db.updateTable('segmentation').set({ state: 'FAILED' }).where('id', '=', answer.id).execute(),
  );
  assert.deepEqual(codes(await desk.push(answer, destination.id)), ['WRONG_STATE']);
});

/** A moment so many seconds from now, as HTTP writes it; the receiver's own clock is an hour off. */
function retryDate(seconds: number): Record<string, string> {
  const clock = Date.now() - 3_600_000;
  return { date: new Date(clock).toUTCString(), 'retry-after': new Date(clock + seconds * 1000).toUTCString() };
}

/** Seconds until the newest ticket of the delivery's job may be taken. */
async function ticketWait(id: string): Promise<number> {
  const jobId = await desk.jobOf(id);
  const { rows } = await desk.rows.inTenant((db) =>
    sql<{ wait: number }>`select extract(epoch from start_after - now())::float8 as wait from pgboss.job
      where data ->> 'jobId' = ${jobId} order by created_on desc, start_after desc limit 1`.execute(db),
  );
  return rows[0]!.wait;
}
