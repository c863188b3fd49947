/** Where results may be sent, whom a receiver has to prove to be, and what becomes of its token. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { parseHostRules } from '#core/delivery/host-rules.ts';
import type { DestinationId } from '#core/domain/ids.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { deliverStage } from '../gpu-worker/stages/deliver.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type DeliveryDesk, deliverySettings, openDeliveryDesk, testLimits } from './harness/delivery-desk.ts';
import { rowId } from './harness/learning.ts';
import { codes, mutate } from './harness/mutate.ts';
import { type Data, type TestServices, testServices } from './harness/services.ts';
import { type StowReceiver, startStowReceiver, status, stored } from './harness/stow-receiver.ts';
import { requireTool } from './tools.ts';

const openssl = await requireTool('openssl');
const folder = await mkdtemp(join(tmpdir(), 'metloop-tls-'));
const token = `Secret-${randomBytes(12).toString('hex')}`;
let api: TestApi;
let t: TestServices;
let desk: DeliveryDesk;
let receiver: StowReceiver;
/** The receiver's own certificate. */
let authority: string;
before(async () => {
  // With HTTP, so that there are logs to look for the token in.
  api = await startApi({ delivery: deliverySettings });
  t = testServices(api.services, api.stop);
  desk = await openDeliveryDesk(t, api.issuer);
  if (openssl.skip !== false) return;
  const own = await certificate('receiver', 'IP:127.0.0.1');
  receiver = await startStowReceiver(own);
  authority = own.cert;
});
after(async () => {
  await receiver?.stop();
  await api?.stop();
  await rm(folder, { recursive: true, force: true });
});
test.beforeEach(() => receiver?.answer(stored));

/** A certificate of its own authority, for these names. */
async function certificate(name: string, names: string): Promise<{ key: string; cert: string }> {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
  await promisify(execFile)(openssl.path, ['req', '-x509', ...options, ...subject, '-keyout', key, '-out', cert]);
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

/** As an operator names a hospital's own authority by NODE_EXTRA_CA_CERTS. */
async function trusting<T>(authorities: readonly string[], body: () => Promise<T>): Promise<T> {
  const usual = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...usual, ...authorities]);
  try {
    return await body();
  } finally {
    tls.setDefaultCACertificates(usual);
  }
}

async function sent(destinationId: string): Promise<Data> {
  const { delivery } = await desk.push(await desk.answer(), destinationId, { results: ['SEG'] });
  await desk.work(delivery.id);
  return desk.look(delivery.id);
}
const update = (destinationId: string, ifMatch: string, change: object): Promise<Data> =>
  mutate(
    t,
    desk.people.admin,
    'destinationUpdate',
    { destinationId, ifMatch, ...change },
    'destination { name url hasToken etag }',
  );
const inputOf = (input: object): object => ({
  ...{ name: 'Somewhere', siteId: globalId('Site', desk.tenant.siteIds[0]), url: 'https://127.0.0.1:9' },
  ...input,
});
const create = (input: object, caller = desk.people.admin): Promise<Data> =>
  mutate(t, caller, 'destinationCreate', inputOf(input), 'destination { id }');
const rowOf = (id: string) =>
  desk.rows.inTenant((db) =>
    db.selectFrom('destination').selectAll().where('id', '=', rowId<DestinationId>(id)).executeTakeFirstOrThrow(),
  );

test('a receiver is trusted by its certificate alone, and only then given the token', {
  skip: openssl.skip,
}, async () => {
  const destination = await desk.destination(receiver.address, { token });
  assert.deepEqual([destination.hasToken, destination.etag], [true, '1']);
  const distrusted = await sent(destination.id);
  assert.equal(distrusted.state, 'FAILED');
  assert.match(distrusted.message, /certificate cannot be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  const other = await certificate('other', 'DNS:pacs.example.org');
  const misnamed = await startStowReceiver(other);
  const elsewhere = await desk.destination(misnamed.address, { token });
  await trusting([other.cert], async () =>
    assert.match((await sent(elsewhere.id)).message, /ERR_TLS_CERT_ALTNAME_INVALID/),
  );
  assert.deepEqual([receiver.received.length, misnamed.received.length], [0, 0]);
  await misnamed.stop();
  await trusting([authority], async () => assert.equal((await sent(destination.id)).state, 'DELIVERED'));
  assert.equal(receiver.received[0]!.headers.authorization, `Bearer ${token}`);
  // Not even where verification is switched off for the whole process.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    assert.equal((await sent(destination.id)).state, 'FAILED');
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
});

test('a token is encrypted at rest, bound to its row, and shown and logged nowhere', {
  skip: openssl.skip,
}, async () => {
  const bearer = await api.token(desk.people.admin.memberId);
  const query = `mutation ($input: DestinationCreateInput!) { destinationCreate(input: $input) {
    destination { id hasToken } userErrors { code message path } } }`;
  const over = async (input: object): Promise<Data> => {
    const siteId = globalId('Site', desk.tenant.siteIds[0]);
    const variables = { input: { siteId, url: receiver.address, ...input } };
    const { text, json } = await api.post(bearer, { query, variables });
    assert.ok(!text.includes(token), text);
    return json.data.destinationCreate;
  };
  const refused = await over({ name: 'Bad token', token: `${token} and more` });
  assert.deepEqual([codes(refused), refused.userErrors[0].path], [['INVALID'], ['token']]);
  const made = await over({ name: 'With token', token });
  assert.ok(made.destination.hasToken);
  const row = await rowOf(made.destination.id);
  assert.ok(row.sealed_token && !JSON.stringify(row).includes(token));
  // The same token looks otherwise in another row, and one row's does not open in another.
  const other = await desk.destination(receiver.address, { token });
  assert.notEqual((await rowOf(other.id)).sealed_token, row.sealed_token);
  await desk.rows.inTenant((db) =>
    db
      .updateTable('destination')
      .set({ sealed_token: row.sealed_token })
      .where('id', '=', rowId<DestinationId>(other.id))
      .execute(),
  );
  assert.match((await sent(other.id)).message, /token of the destination cannot be opened/);
  await trusting([authority], async () => assert.equal((await sent(made.destination.id)).state, 'DELIVERED'));
  receiver.answer(status(401));
  await trusting([authority], async () =>
    assert.match((await sent(made.destination.id)).message, /does not accept the token/),
  );
  const trail = JSON.stringify(await desk.rows.inTenant((db) => db.selectFrom('audit_event').selectAll().execute()));
  assert.ok(trail.includes('destinationCreate'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const logs = api.logLines.join('\n');
  assert.ok(/"msg":"job"/.test(logs) && /"msg":"request"/.test(logs));
  for (const secret of [token, row.sealed_token]) assert.ok(!trail.includes(secret) && !logs.includes(secret));
});

test('a token is kept by a service with a key alone, and goes by https alone', async () => {
  const plain = await create({ url: 'http://127.0.0.1:9/dicom-web', token });
  assert.deepEqual([codes(plain), plain.userErrors[0].path], [['INVALID'], ['token']]);
  const { config } = api.services;
  const keyless = { ...api.services, config: { ...config, delivery: { ...deliverySettings, key: undefined } } };
  const refused = await mutate(
    testServices(keyless, async () => {}),
    desk.people.admin,
    'destinationCreate',
    inputOf({ token }),
    'destination { id }',
  );
  assert.deepEqual(codes(refused), ['INVALID']);
  assert.match(refused.userErrors[0].message, /DESTINATION_KEY/);
});

test('another host loses the token; another path or name does not', async () => {
  const { id } = await desk.destination('https://127.0.0.1:1/dicom-web/', { token });
  const renamed = await update(id, '1', { name: 'Archive', url: 'https://127.0.0.1:1/other/studies/' });
  assert.deepEqual(renamed.destination, {
    name: 'Archive',
    url: 'https://127.0.0.1:1/other',
    hasToken: true,
    etag: '2',
  });
  assert.deepEqual(codes(await update(id, '1', { name: 'Late' })), ['STALE']);
  const moved = await update(id, '2', { url: 'https://127.0.0.2:1/other' });
  assert.deepEqual([moved.destination.hasToken, moved.destination.etag], [false, '3']);
  assert.equal((await update(id, '3', { token })).destination.hasToken, true);
  assert.equal((await update(id, '4', { token: null })).destination.hasToken, false);
  const second = await desk.destination('https://127.0.0.1:1');
  assert.deepEqual(codes(await update(second.id, '1', { name: 'Archive' })), ['INVALID']);
});

test('only permitted hosts are set up', async () => {
  for (const url of [
    ...['ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://8.8.8.8/', 'http://169.254.169.254/latest', 'http://[::1]/'],
    ...[
      'http://name:password@127.0.0.1/',
      'http://127.0.0.1/?a=b',
      'http://127.0.0.1/#a',
      `http://127.0.0.1/${'x'.repeat(1000)}`,
    ],
    ...['http://0x08080808/', 'http://[::ffff:169.254.169.254]/', 'http://0.0.0.0/'],
  ]) {
    const refused = await create({ url });
    assert.deepEqual([codes(refused), refused.userErrors[0]?.path], [['INVALID'], ['url']], url);
  }
  assert.match((await create({ url: 'https://127.0.0.1/' }, desk.people.coordinator)).errors[0], /^FORBIDDEN/);
});

test('what a name stands for is looked at when it is connected to, and where a list has been narrowed since', async () => {
  const everything = parseHostRules('localhost, 0.0.0.0/0, ::/0');
  const rebound = { hosts: parseHostRules('localhost, 10.0.0.0/8'), key: undefined };
  const plain = await startStowReceiver();
  const { port } = new URL(plain.address);
  const destination = await desk.destination(plain.address);
  for (const [url, hosts] of [
    [`http://localhost:${port}`, rebound.hosts],
    [`http://127.0.0.1:${port}`, rebound.hosts],
    ['http://169.254.169.254', everything],
    [`http://[::ffff:a9fe:a9fe]:${port}`, everything],
  ] as const) {
    await desk.rows.inTenant((db) =>
      db.updateTable('destination').set({ url }).where('id', '=', rowId<DestinationId>(destination.id)).execute(),
    );
    const { delivery } = await desk.push(await desk.answer(), destination.id);
    const stages = { ...desk.worker.stages, DELIVER: deliverStage({ ...rebound, hosts }, testLimits) };
    await desk.work(delivery.id, { stages });
    const { state, message } = await desk.look(delivery.id);
    assert.equal(state, 'FAILED', url);
    assert.match(message, /does not permit/, url);
  }
  assert.deepEqual(plain.received, []);
  // The same name, once the operator lists this machine's address.
  await desk.rows.inTenant((db) =>
    db
      .updateTable('destination')
      .set({ url: `http://localhost:${port}` })
      .where('id', '=', rowId<DestinationId>(destination.id))
      .execute(),
  );
  assert.equal((await sent(destination.id)).state, 'DELIVERED');
  await plain.stop();
});

test('destinations are told to those of the site who send, without their addresses', async () => {
  const { admin, clinician, clinicianAtB, engineer } = desk.people;
  const made = await desk.destination('https://127.0.0.1:7');
  const list = '{ destinations(first: 100) { edges { node { id name url site { id } } } } }';
  const seen = async (caller: typeof admin) =>
    (await t.ask(caller, list)).data.destinations.edges.map(({ node }: Data) => node);
  const own = (await seen(clinician)).find(({ id }: Data) => id === made.id);
  assert.deepEqual([own.name, own.url], [made.name, null]);
  assert.equal((await seen(admin)).find(({ id }: Data) => id === made.id).url, 'https://127.0.0.1:7');
  assert.deepEqual(await seen(clinicianAtB), []);
  assert.match((await t.ask(engineer, list)).errors[0]!, /^FORBIDDEN/);
  const node = `{ node(id: "${made.id}") { id } }`;
  assert.deepEqual(
    [(await t.ask(clinicianAtB, node)).data.node, (await t.ask(engineer, node)).data.node],
    [null, null],
  );
});
