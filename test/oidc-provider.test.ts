import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { API_AUDIENCE, startOidcProvider, WEB_CLIENT_ID } from '../demo/services/oidc-provider.ts';
import { signIn } from '../demo/services/sign-in.ts';

const directory = await mkdtemp(join(tmpdir(), 'metloop-oidc-'));
const options = {
  port: 0,
  accounts: [
    { sub: 'reader-1', email: 'ada@north.example', name: 'Ada "North" <R>', password: 'correct horse & battery' },
    { sub: 'reader-2', email: 'ben@south.example', name: 'Ben South', password: 'another' },
  ],
  redirectUris: ['http://127.0.0.1:4000/auth/callback'],
  keysFile: join(directory, 'keys.json'),
};
const ada = { email: 'ada@north.example', password: 'correct horse & battery' };
let issuer: string;
let stop: () => Promise<void>;

async function verify(token: string, at = issuer, audience = API_AUDIENCE): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${at}/jwks`));
  const { payload } = await jwtVerify(token, keys, { issuer: at, audience, algorithms: ['ES256'] });
  return payload;
}

describe('the demo OIDC provider', () => {
  before(async () => {
    ({ issuer, stop } = await startOidcProvider(options));
  });
  after(async () => {
    await stop();
    await rm(directory, { recursive: true });
  });

  test('a person signs in and gets a JWT for the API that says who they are', async () => {
    const { accessToken, expiresAt } = await signIn({ issuer, ...ada });
    const payload = await verify(accessToken);
    assert.equal(payload.sub, 'reader-1');
    assert.equal(payload.email, ada.email);
    assert.equal(payload.name, 'Ada "North" <R>');
    assert.equal(payload.aud, API_AUDIENCE);
    assert.equal(payload.exp! - payload.iat!, 600);
    assert.ok(Math.abs(expiresAt.getTime() / 1000 - payload.exp!) < 5);
  });

  test('a wrong password and an unknown person are told the same', async () => {
    for (const who of [
      { ...ada, password: 'guessed' },
      { ...ada, password: '' },
      { email: 'nobody@north.example', password: '' },
    ]) {
      await assert.rejects(signIn({ issuer, ...who }), /Email or password is wrong\. \(HTTP 401\)/);
    }
  });

  test('a token is refused where another audience is expected, and not given for another resource', async () => {
    const { accessToken } = await signIn({ issuer, ...ada });
    await assert.rejects(verify(accessToken, issuer, 'another-api'), errors.JWTClaimValidationFailed);
    await assert.rejects(signIn({ issuer, ...ada, resource: 'urn:another:api' }), /invalid_target/);
  });

  test('a refresh token gives a new access token for the API', async () => {
    const { refreshToken } = await signIn({ issuer, ...ada });
    assert.ok(refreshToken);
    const body = { grant_type: 'refresh_token', client_id: 'metloop-demo-cli', refresh_token: refreshToken };
    const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(body) });
    const answer = (await response.json()) as { access_token: string };
    assert.equal((await verify(answer.access_token)).sub, 'reader-1');
  });

  test('the provider refuses a foreign redirect URI and a request without PKCE', async () => {
    const ask = (parameters: Record<string, string>): Promise<Response> => {
      const query = new URLSearchParams({
        client_id: WEB_CLIENT_ID,
        response_type: 'code',
        scope: 'openid',
        ...parameters,
      });
      return fetch(`${issuer}/auth?${query}`, { redirect: 'manual' });
    };
    const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    const foreign = await ask({ redirect_uri: 'http://127.0.0.1:4000/elsewhere', ...challenge });
    assert.equal(foreign.status, 400);
    assert.match(await foreign.text(), /invalid_redirect_uri/);
    const withoutPkce = await ask({ redirect_uri: options.redirectUris[0]! });
    assert.match(withoutPkce.headers.get('location') ?? '', /error=invalid_request.*PKCE/);
    const right = await ask({ redirect_uri: options.redirectUris[0]!, ...challenge });
    assert.match(right.headers.get('location') ?? '', /^\/sign-in\//);
    const withoutCookie = await fetch(new URL(right.headers.get('location')!, issuer));
    assert.equal(withoutCookie.status, 400);
    assert.match(await withoutCookie.text(), /Sign-in expired/);
  });

  test('tokens outlast a restart, and a short life can be asked for', async (t) => {
    const first = await startOidcProvider({ ...options, accessTokenSeconds: 5 });
    t.after(() => first.stop());
    const { accessToken } = await signIn({ issuer: first.issuer, ...ada });
    await first.stop();
    const second = await startOidcProvider({ ...options, port: Number(new URL(first.issuer).port) });
    t.after(() => second.stop());
    assert.equal(second.issuer, first.issuer);
    const payload = await verify(accessToken, second.issuer);
    assert.equal(payload.exp! - payload.iat!, 5);
    assert.equal((await stat(options.keysFile)).mode & 0o777, 0o600);
  });
});
