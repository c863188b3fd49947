import { createHash, randomBytes } from 'node:crypto';

export interface SignedIn {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly refreshToken: string | undefined;
}

/** The redirect URI of programs; nothing needs to listen there, for the redirect is not followed. */
const CALLBACK = 'http://127.0.0.1:1/callback';
const MAX_STEPS = 12;

/**
 * Signs a person in as their browser would: authorization code with PKCE, the provider's pages, their form and cookies.
 * @param options.resource What the token is for; the provider's default if not given.
 * @throws Error with the provider's own words if it refuses.
 */
export async function signIn(options: {
  issuer: string;
  email: string;
  password: string;
  clientId?: string;
  resource?: string;
}): Promise<SignedIn> {
  const clientId = options.clientId ?? 'metloop-demo-cli';
  const { authorizationEndpoint, tokenEndpoint } = await discover(options.issuer);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(authorizationEndpoint);
  start.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid email profile api',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(options.resource === undefined ? {} : { resource: options.resource }),
  }).toString();
  const callback = await browse(start, options);
  if (callback.get('error')) {
    throw new Error(
      `Sign-in was refused: ${callback.get('error')} (${callback.get('error_description') ?? 'no reason'})`,
    );
  }
  if (callback.get('state') !== state) throw new Error('Sign-in failed: the answer is not to our question (state).');
  return redeem(tokenEndpoint, {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    code: callback.get('code') ?? '',
    code_verifier: verifier,
  });
}

/** Follows redirects and fills in the form until we are sent back. Returns the parameters of the callback. */
async function browse(start: URL, who: { email: string; password: string }): Promise<URLSearchParams> {
  const cookies = new CookieJar();
  let url = start;
  let form: URLSearchParams | undefined;
  let submitted = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: cookies.headerFor(url) },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    cookies.store(url, response.headers.getSetCookie());
    form = undefined;
    const location = response.headers.get('location');
    const page = await response.text();
    if (location !== null) {
      url = new URL(location, url);
      if (url.href.startsWith(`${CALLBACK}?`)) return url.searchParams;
    } else if (submitted || !page.includes('name="password"')) {
      throw new Error(`Sign-in of ${who.email} failed: ${messageOf(page)} (HTTP ${response.status})`);
    } else {
      form = new URLSearchParams({ email: who.email, password: who.password });
      submitted = true;
    }
  }
  throw new Error(`Sign-in of ${who.email} failed: the provider redirected more than ${MAX_STEPS} times.`);
}

async function discover(issuer: string): Promise<{ authorizationEndpoint: string; tokenEndpoint: string }> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const found = (await response.json()) as { authorization_endpoint?: string; token_endpoint?: string };
  if (found.authorization_endpoint === undefined || found.token_endpoint === undefined) {
    throw new Error(`${issuer} does not describe itself as an OpenID Connect provider.`);
  }
  return { authorizationEndpoint: found.authorization_endpoint, tokenEndpoint: found.token_endpoint };
}

async function redeem(endpoint: string, body: Record<string, string>): Promise<SignedIn> {
  const requestedAt = Date.now();
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(body) });
  const answer = (await response.json()) as Record<string, unknown>;
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = answer;
  if (typeof accessToken !== 'string' || typeof seconds !== 'number') {
    throw new Error(`Sign-in failed: ${answer.error} (${answer.error_description ?? 'no reason'})`);
  }
  return {
    accessToken,
    expiresAt: new Date(requestedAt + seconds * 1000),
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
  };
}

/** The text of a page's alert, else of its body. */
function messageOf(page: string): string {
  const alert = /role="alert">([^<]*)</.exec(page)?.[1] ?? /<p>([^<]*)</.exec(page)?.[1];
  return (alert ?? page.slice(0, 200)).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** Cookies of one host, by path. */
class CookieJar {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  store(url: URL, headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const attribute = (wanted: string): string | undefined =>
        attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? '/';
      const expires = attribute('expires');
      const key = `${url.host} ${path} ${name}`;
      if (expires !== undefined && Date.parse(expires) <= Date.now()) this.#cookies.delete(key);
      else this.#cookies.set(key, { name, value, path });
    }
  }

  headerFor(url: URL): string {
    const fits = ({ path }: { path: string }): boolean =>
      path === '/' || url.pathname === path || url.pathname.startsWith(`${path}/`);
    return [...this.#cookies.entries()]
      .filter(([key, cookie]) => key.startsWith(`${url.host} `) && fits(cookie))
      .map(([, { name, value }]) => `${name}=${value}`)
      .join('; ');
  }
}
