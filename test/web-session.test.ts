import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import Fastify from 'fastify';
import type { Config } from '#core/config.ts';
import { openLog } from '#core/log.ts';
import { addWeb } from '../api/web/web.ts';
import { startOidcProvider } from '../demo/services/oidc-provider.ts';

const account = { sub: 'one', email: 'one@demo.metloop', name: 'One', password: 'secret' };

/** The session cookie as browsers keep it. */
class Browser {
  readonly cookies = new Map<string, string>();

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const header of response.headers.getSetCookie()) {
      const [pair = ''] = header.split(';');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(header)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows a sign-in from its first address to our own page. @returns where it led. */
  async signIn(from: string, origin: string): Promise<string> {
    let url = from;
    for (let step = 0; step < 12; step++) {
      let response = await this.fetch(url);
      if (response.status === 200) {
        const body = new URLSearchParams({ email: account.email, password: account.password });
        response = await this.fetch(url, { method: 'POST', body });
      }
      url = new URL(response.headers.get('location') ?? assert.fail(`${url}: HTTP ${response.status}`), url).href;
      const page = new URL(url);
      if (page.origin === origin && !page.pathname.startsWith('/auth/')) return url.slice(origin.length);
    }
    return assert.fail('the sign-in leads nowhere');
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Sign-in, with access tokens that end so soon that each request renews them, and one route that says who asks. */
async function start(accessTokenSeconds: number) {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-web-'));
  await mkdir(join(folder, 'viewer'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const provider = await startOidcProvider({
    port: 0,
    accounts: [account],
    redirectUris: [`${origin}/auth/callback`],
    keysFile: join(folder, 'keys.json'),
    accessTokenSeconds,
  });
  const app = Fastify();
  const config = { publicUrl: origin, oidc: { issuer: provider.issuer } } as Config;
  const web = { clientId: 'metloop-web', scope: 'openid email profile api', sessionKey: randomBytes(32) };
  const access = await addWeb(
    app,
    config,
    { ...web, folders: { app: folder, viewer: join(folder, 'viewer') } },
    openLog('test', 'silent'),
  );
  app.get('/token', async ({ headers }) => ({ authorization: headers.authorization ?? null }));
  app.post('/token', async ({ headers }) => ({ authorization: headers.authorization ?? null }));
  await app.listen({ host: '127.0.0.1', port });
  const stop = async (): Promise<void> => {
    await app.close();
    await provider.stop();
    await rm(folder, { recursive: true });
  };
  return { origin, access, stop };
}

const tokenOf = async (response: Response): Promise<string | null> =>
  ((await response.json()) as { authorization: string | null }).authorization;

test('a browser signs in, asks with its cookie, and signs out', async (t) => {
  const { origin, access, stop } = await start(600);
  t.after(stop);
  const browser = new Browser();
  assert.equal(await tokenOf(await browser.fetch(`${origin}/token`)), null);
  assert.equal(await browser.signIn(`${origin}/auth/login?to=/studies?x=1`, origin), '/studies?x=1');
  const token = await tokenOf(await browser.fetch(`${origin}/token`));
  assert.match(token ?? '', /^Bearer ey/);
  assert.doesNotMatch(browser.cookies.get('metloop') ?? '', /ey[\w-]*\./, 'the token can be read off the cookie');

  const change = (headers: Record<string, string>) => browser.fetch(`${origin}/token`, { method: 'POST', headers });
  assert.equal(await tokenOf(await change({})), null, 'a form of another site is served');
  assert.equal(await tokenOf(await change({ 'metloop-csrf': '1', origin: 'https://evil.example' })), null);
  assert.equal(await tokenOf(await change({ 'metloop-csrf': '1' })), token);

  const cookie = `metloop=${browser.cookies.get('metloop')}`;
  assert.equal(access.ofSocket({ cookie, origin }), token);
  assert.throws(() => access.ofSocket({ cookie, origin: 'https://evil.example' }), /other sites/);
  assert.throws(() => access.ofSocket({ cookie }), /other sites/);

  assert.equal((await browser.fetch(`${origin}/auth/logout`, { method: 'POST' })).status, 403);
  const out = await browser.fetch(`${origin}/auth/logout`, { method: 'POST', headers: { 'metloop-csrf': '1' } });
  assert.match(((await out.json()) as { location: string }).location, /session\/end/);
  assert.equal(await tokenOf(await browser.fetch(`${origin}/token`)), null);
});

test('an answer to another sign-in, or to none, gives no session', async (t) => {
  const { origin, stop } = await start(600);
  t.after(stop);
  const browser = new Browser();
  const callback = `${origin}/auth/callback?code=x&state=y`;
  assert.equal((await browser.fetch(callback)).headers.get('location'), '/sign-in?problem=expired');
  await browser.fetch(`${origin}/auth/login`);
  assert.equal((await browser.fetch(callback)).headers.get('location'), '/sign-in?problem=expired');
  assert.equal(browser.cookies.has('metloop'), false);
});

test('a hundred requests at once renew a session once, and it goes on', async (t) => {
  const { origin, stop } = await start(20);
  t.after(stop);
  const browser = new Browser();
  await browser.signIn(`${origin}/auth/login`, origin);
  for (let round = 0; round < 3; round++) {
    const before = browser.cookies.get('metloop');
    const tokens = await Promise.all(
      Array.from({ length: 100 }, async () => tokenOf(await browser.fetch(`${origin}/token`))),
    );
    assert.equal(new Set(tokens).size, 1, 'renewed more than once');
    assert.match(tokens[0] ?? '', /^Bearer ey/, `round ${round}: the provider has ended the session`);
    assert.notEqual(browser.cookies.get('metloop'), before);
  }
});
