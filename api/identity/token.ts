import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** What a verified access token says. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly expiresAt: Date;
}

/** The credential is missing, malformed, expired or not for Metloop. Its message may be shown. */
export class Unauthenticated extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unauthenticated';
  }
}

/** Asymmetric algorithms only: nobody who can verify a token can make one. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const clockToleranceSeconds = 5;
/** What jose throws when the provider's keys cannot be had: no fault of the token, which may be good. */
const outages: ReadonlySet<string> = new Set([errors.JWKSTimeout.code, errors.JOSEError.code]);

/** Verifies OIDC access tokens (RFC 9068) of one issuer for one audience. */
export class TokenVerifier {
  readonly #issuer: string;
  readonly #audience: string;
  #keys: JWTVerifyGetKey | undefined;

  constructor(issuer: string, audience: string) {
    this.#issuer = issuer;
    this.#audience = audience;
  }

  /** @throws Unauthenticated saying what is wrong with the token. */
  async verify(token: string): Promise<Identity> {
    const keys = (this.#keys ??= await this.#discoverKeys());
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.#issuer,
        audience: this.#audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
      });
      return { issuer: this.#issuer, subject: payload.sub!, expiresAt: new Date(payload.exp! * 1000) };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new Unauthenticated('The access token has expired; sign in again.', { cause: error });
      if (error instanceof errors.JOSEError && !outages.has(error.code))
        throw new Unauthenticated('The access token is not valid here.', { cause: error });
      throw error;
    }
  }

  async #discoverKeys(): Promise<JWTVerifyGetKey> {
    const address = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}; is OIDC_ISSUER right?`);
    const { issuer, jwks_uri: jwksUri } = (await response.json()) as { issuer?: string; jwks_uri?: string };
    if (issuer !== this.#issuer || !jwksUri)
      throw new Error(`${address} names issuer "${issuer}", not "${this.#issuer}"`);
    return createRemoteJWKSet(new URL(jwksUri));
  }
}
