import { createHash, randomBytes } from 'node:crypto';

/** Tokens of one sign-in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** When the access token ends, ms since 1970. */
  readonly expiresAt: number;
}

/** What must be remembered between leaving for the provider and coming back. */
export interface Attempt {
  readonly state: string;
  readonly verifier: string;
}

/** The provider refused; its words may be shown. */
export class SignInRefused extends Error {}

interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
  readonly revocation_endpoint?: string;
}

const timeoutMs = 10_000;

/** Authorization code with PKCE (RFC 7636) as a public client. */
export class OidcClient {
  readonly #issuer: string;
  readonly #clientId: string;
  readonly #scope: string;
  readonly #redirectUri: string;
  #endpoints: Endpoints | undefined;

  constructor(options: { issuer: string; clientId: string; scope: string; redirectUri: string }) {
    this.#issuer = options.issuer.replace(/\/$/, '');
    this.#clientId = options.clientId;
    this.#scope = options.scope;
    this.#redirectUri = options.redirectUri;
  }

  /** Where to send the browser, and what to remember meanwhile. */
  async begin(): Promise<{ location: string; attempt: Attempt }> {
    const attempt = { state: randomBytes(16).toString('base64url'), verifier: randomBytes(32).toString('base64url') };
    const location = new URL((await this.#discover()).authorization_endpoint);
    for (const [name, value] of Object.entries({
      client_id: this.#clientId,
      response_type: 'code',
      redirect_uri: this.#redirectUri,
      scope: this.#scope,
      state: attempt.state,
      code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })) {
      location.searchParams.set(name, value);
    }
    return { location: location.href, attempt };
  }

  /** @throws SignInRefused */
  redeem(code: string, { verifier }: Attempt): Promise<Tokens> {
    return this.#tokens({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: this.#redirectUri,
    });
  }

  /** @throws SignInRefused */
  async renew(refreshToken: string): Promise<Tokens> {
    const tokens = await this.#tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
    return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
  }

  /** Tells the provider that a refresh token is no longer wanted, where it can be told. */
  async revoke(refreshToken: string): Promise<void> {
    const { revocation_endpoint: endpoint } = await this.#discover();
    if (endpoint) await this.#post(endpoint, { token: refreshToken, token_type_hint: 'refresh_token' });
  }

  /** Where the provider's own session is ended; undefined if it has no such page. */
  async endSession(backTo: string): Promise<string | undefined> {
    const { end_session_endpoint: endpoint } = await this.#discover();
    if (!endpoint) return undefined;
    const location = new URL(endpoint);
    location.searchParams.set('client_id', this.#clientId);
    location.searchParams.set('post_logout_redirect_uri', backTo);
    return location.href;
  }

  async #tokens(form: Readonly<Record<string, string>>): Promise<Tokens> {
    const requestedAt = Date.now();
    const response = await this.#post((await this.#discover()).token_endpoint, form);
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
    if (!response.ok || typeof accessToken !== 'string')
      throw new SignInRefused(String(answer.error_description ?? answer.error ?? `HTTP ${response.status}`));
    return {
      accessToken,
      refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
      expiresAt: requestedAt + (typeof seconds === 'number' ? seconds : 300) * 1000,
    };
  }

  #post(endpoint: string, form: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: this.#clientId }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  async #discover(): Promise<Endpoints> {
    if (this.#endpoints) return this.#endpoints;
    const address = `${this.#issuer}/.well-known/openid-configuration`;
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}; is OIDC_ISSUER right?`);
    return (this.#endpoints = (await response.json()) as Endpoints);
  }
}
