import { createHash } from 'node:crypto';
import { seal, unseal } from '#core/seal.ts';
import { type OidcClient, SignInRefused, type Tokens } from './oidc-client.ts';

/** A browser's session; it lives in a cookie that only the server can read. */
export interface Session extends Tokens {
  /** ms since 1970. */
  readonly signedInAt: number;
}

/** A shift; then one signs in again, even if the provider would go on renewing. */
const longestSessionMs = 12 * 3600_000;
const renewBeforeMs = 60_000;
/** How long the answer to a renewal is kept for requests that were sent with the older cookie. */
const keepRenewedMs = 120_000;
/** Browsers keep no cookie beyond 4096 bytes, name and attributes included. */
const longestCookie = 3900;
const purpose = 'session';

/** Opens, renews and seals sessions. */
export class Sessions {
  readonly #key: Uint8Array;
  readonly #oidc: OidcClient;
  /**
   * By hash of the refresh token. A provider that rotates refresh tokens takes the second use of one for theft, and a viewer
   * sends a hundred requests at once: the first renews for all. (Behind a balancer a browser must keep to one instance.)
   */
  readonly #renewals = new Map<string, Promise<Session | undefined>>();

  constructor(key: Uint8Array, oidc: OidcClient) {
    this.#key = key;
    this.#oidc = oidc;
  }

  /** @throws Error if the provider's tokens do not fit into a cookie. */
  seal(session: Session): string {
    const text = seal(this.#key, purpose, session);
    if (text.length > longestCookie)
      throw new Error(
        `the tokens of the OIDC provider need ${text.length} bytes, more than a cookie holds: ask for fewer claims`,
      );
    return text;
  }

  /** The session of a cookie, whether its access token still holds or not; undefined if it is none of ours or too old. */
  open(text: string): Session | undefined {
    const session = unseal<Session>(this.#key, purpose, text);
    return session && Date.now() - session.signedInAt < longestSessionMs ? session : undefined;
  }

  /** The same session, or one with new tokens if the old end soon; undefined if the provider gives no more. */
  async renewed(session: Session): Promise<Session | undefined> {
    const left = session.expiresAt - Date.now();
    if (left > renewBeforeMs) return session;
    const stillHolds = left > 0 ? session : undefined;
    if (session.refreshToken === undefined) return stillHolds;
    const id = createHash('sha256').update(session.refreshToken).digest('base64');
    let renewal = this.#renewals.get(id);
    if (!renewal) {
      renewal = this.#renew(session, session.refreshToken);
      this.#renewals.set(id, renewal);
      const forget = (): boolean => this.#renewals.delete(id);
      renewal.then(
        () => setTimeout(forget, keepRenewedMs).unref(),
        () => forget(),
      );
    }
    return renewal;
  }

  /** @throws Error if the provider cannot be reached. */
  async #renew(session: Session, refreshToken: string): Promise<Session | undefined> {
    try {
      return { ...(await this.#oidc.renew(refreshToken)), signedInAt: session.signedInAt };
    } catch (error) {
      if (error instanceof SignInRefused) return undefined;
      throw error;
    }
  }
}
