import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { after, before } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { serviceScope } from '#core/db/database.ts';
import type { Caller } from '../api/context.ts';
import { TokenVerifier, Unauthenticated } from '../api/identity/token.ts';
import { signIn } from '../demo/services/sign-in.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let api: TestApi;
let tenant: TestTenant;
let anna: Caller;
before(async () => {
  const account = { sub: 'demo-real', email: 'real@example.org', name: 'Real', password: 'a password' };
  api = await startApi({ accounts: [account] });
  tenant = await createTenant(api.services.database, 'Consortium', api.issuer);
  anna = await tenant.member('Anna', 'READER');
});
after(() => api?.stop());

const whoAmI = '{ viewer { member { name } roles tenant { name } } }';
const ask = (token: string | undefined, headers?: Record<string, string>) =>
  api.post(token, { query: whoAmI }, headers);

/** Asserts that an answer refuses the credential, with a sentence that may be shown. */
async function refused(token: string | undefined, words: RegExp): Promise<void> {
  const { status, json } = await ask(token);
  assert.equal(status, 401, JSON.stringify(json));
  assert.equal(json.data, undefined);
  assert.equal(json.errors.length, 1);
  assert.equal(json.errors[0].extensions.code, 'UNAUTHENTICATED');
  assert.match(json.errors[0].message, words);
  assert.match(json.errors[0].message, /^[A-Z].*[.>]$/, 'a sentence');
}

test('a token that the provider itself issued is accepted, and roles come from the database', async () => {
  await api.services.database.inTenant(serviceScope(tenant.tenantId), async (db) => {
    const member = { tenant_id: tenant.tenantId, id: crypto.randomUUID() as never };
    const person = { issuer: api.issuer, subject: 'demo-real', email: 'real@example.org', name: 'Real' };
    await db
      .insertInto('member')
      .values({ ...member, ...person })
      .execute();
    await db
      .insertInto('member_role')
      .values({ tenant_id: tenant.tenantId, member_id: member.id, role: 'AUDITOR' })
      .execute();
  });
  const { accessToken } = await signIn({ issuer: api.issuer, email: 'real@example.org', password: 'a password' });
  const { json } = await ask(accessToken);
  assert.deepEqual(json.data.viewer, {
    member: { name: 'Real' },
    roles: ['AUDITOR'],
    tenant: { name: 'Consortium' },
  });
  const claimed = await api.token(anna.memberId, { roles: ['TENANT_ADMIN'], scope: 'admin', role: 'TENANT_ADMIN' });
  assert.deepEqual((await ask(claimed)).json.data.viewer.roles, ['READER']);
});

test('tokens that are expired, not for Metloop, from elsewhere, unsigned or changed are refused with a sentence', async () => {
  const subject = anna.memberId;
  const now = Math.floor(Date.now() / 1000);
  const good = await api.token(subject);
  await refused(undefined, /access token/);
  await refused('not-a-token', /not valid/);
  await refused(await api.token(subject, { iat: now - 700, exp: now - 100 }), /expired/);
  await refused(await api.token(subject, { aud: 'another-api' }), /not valid/);
  await refused(await api.token(subject, { iss: 'https://login.example' }), /not valid/);
  await refused(await api.token(subject, { nbf: now + 300 }), /not valid/);
  await refused(await api.token(subject, { exp: undefined }), /not valid/);
  await refused(await api.token(subject, { sub: undefined }), /not valid/);
  const unsecured = new UnsecuredJWT({ sub: subject })
    .setIssuer(api.issuer)
    .setAudience('metloop-api')
    .setExpirationTime('1h');
  await refused(unsecured.encode(), /access token|not valid/);
  const [header, , signature] = good.split('.');
  const other = Buffer.from(JSON.stringify({ iss: api.issuer, aud: 'metloop-api', sub: 'x', exp: now + 600 }));
  await refused(`${header}.${other.toString('base64url')}.${signature}`, /not valid/);
  const { privateKey } = await generateKeyPair('ES256');
  const forged = new SignJWT({ sub: subject }).setProtectedHeader({ alg: 'ES256' }).setIssuer(api.issuer);
  await refused(await forged.setAudience('metloop-api').setExpirationTime('1h').sign(privateKey), /not valid/);
  // A symmetric signature by what everybody can read: the provider's public key.
  const published = await (await fetch(`${api.issuer}/jwks`)).text();
  const symmetric = new SignJWT({ sub: subject }).setProtectedHeader({ alg: 'HS256' }).setIssuer(api.issuer);
  const confused = symmetric.setAudience('metloop-api').setExpirationTime('1h').sign(Buffer.from(published));
  await refused(await confused, /not valid/);
  assert.equal((await ask(good)).status, 200);
});

test('who is suspended, or a member nowhere, is refused at the next request', async () => {
  const boris = await tenant.member('Boris', 'READER');
  const token = await api.token(boris.memberId);
  assert.equal((await ask(token)).status, 200);
  await api.services.database.inTenant(serviceScope(tenant.tenantId), (db) =>
    db.updateTable('member').set({ state: 'SUSPENDED' }).where('id', '=', boris.memberId).execute(),
  );
  await refused(token, /no active member/);
  await refused(await api.token('nobody-knows-this-subject'), /no active member/);
});

test('who is in two tenants names one; naming a foreign one is refused', async () => {
  const second = await createTenant(api.services.database, 'Second', api.issuer);
  const stranger = await createTenant(api.services.database, 'Strangers', api.issuer);
  await api.services.database.inTenant(serviceScope(second.tenantId), async (db) => {
    const ids = { tenant_id: second.tenantId, id: crypto.randomUUID() as never };
    const person = { issuer: api.issuer, subject: anna.memberId, email: 'anna@second.example', name: 'Anna II' };
    await db
      .insertInto('member')
      .values({ ...ids, ...person })
      .execute();
  });
  const token = await api.token(anna.memberId);
  await refused(token, /several tenants/);
  const named = async (tenantId: string) => (await ask(token, { 'metloop-tenant': tenantId })).json.data.viewer;
  assert.deepEqual(await named(tenant.tenantId), {
    member: { name: 'Anna' },
    roles: ['READER'],
    tenant: { name: 'Consortium' },
  });
  assert.deepEqual(await named(second.tenantId), {
    member: { name: 'Anna II' },
    roles: [],
    tenant: { name: 'Second' },
  });
  for (const foreign of [stranger.tenantId, 'nonsense', "' or 1=1"]) {
    const { status, json } = await ask(token, { 'metloop-tenant': foreign });
    assert.equal(status, 401);
    assert.match(json.errors[0].message, /no active member/);
  }
});

test('a member without any role sees no site and nothing at one', async () => {
  const nobody = await tenant.member('Nobody');
  const query = '{ viewer { sites { edges { node { name } } } } studies { edges { node { id } } } }';
  const { json } = await api.post(await api.token(nobody.memberId), { query });
  assert.deepEqual(json.data.viewer.sites.edges, []);
});

test('a provider that does not answer is a fault of the service, not of the token', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  let broken = false;
  const server = createServer(async (request, response) => {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (request.url === '/jwks' && broken) return response.writeHead(500).end();
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }];
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = await new SignJWT({ sub: 'x' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience('metloop-api')
    .setExpirationTime('1h')
    .sign(privateKey);
  try {
    broken = true;
    const verifier = new TokenVerifier(issuer, 'metloop-api');
    await assert.rejects(verifier.verify(token), (error) => !(error instanceof Unauthenticated));
    broken = false;
    assert.equal((await verifier.verify(token)).subject, 'x');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
