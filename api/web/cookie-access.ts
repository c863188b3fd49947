import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Unauthenticated } from '../identity/token.ts';
import type { Session, Sessions } from './sessions.ts';

/** A page of ours says so with each change it sends; other origins cannot add a header without asking first (CORS), which is refused. */
export const csrfHeader = 'metloop-csrf';

const harmlessMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Lets the session cookie stand in for the Authorization header. */
export class CookieAccess {
  readonly #sessions: Sessions;
  readonly #origin: string;
  readonly #secure: boolean;

  constructor(sessions: Sessions, publicUrl: string) {
    this.#sessions = sessions;
    this.#origin = new URL(publicUrl).origin;
    this.#secure = publicUrl.startsWith('https:');
  }

  /** `__Host-` makes browsers refuse such a cookie from a neighbouring host or without TLS. */
  get #name(): string {
    return this.#secure ? '__Host-metloop' : 'metloop';
  }

  /** Renews sessions that end soon before anything else looks at a request. */
  install(app: FastifyInstance): void {
    app.addHook('onRequest', async (request, reply) => {
      const session = request.headers.authorization ? undefined : this.#open(request.headers);
      if (!session) return;
      const renewed = await this.#sessions.renewed(session);
      if (!renewed) this.forget(reply);
      else if (renewed !== session) this.remember(reply, renewed);
      request.headers.authorization =
        renewed && isFromUs(request, this.#origin) ? `Bearer ${renewed.accessToken}` : undefined;
    });
  }

  /**
   * The credential of a WebSocket that a page of ours opened, as an Authorization header.
   * @throws Unauthenticated if another site's page opened it, or there is no session.
   */
  ofSocket(headers: IncomingHttpHeaders): string {
    if (headers.origin !== this.#origin) throw new Unauthenticated('Pages of other sites may not use this session.');
    const session = this.#open(headers);
    if (!session || session.expiresAt < Date.now()) throw new Unauthenticated('The session has ended; sign in again.');
    return `Bearer ${session.accessToken}`;
  }

  session(headers: IncomingHttpHeaders): Session | undefined {
    return this.#open(headers);
  }

  remember(reply: FastifyReply, session: Session): void {
    // Strict: no other site's link or form ever carries it. The page that a sign-in leads to needs no cookie itself; what it then asks does carry it.
    reply.setCookie(this.#name, this.#sessions.seal(session), this.#attributes);
  }

  forget(reply: FastifyReply): void {
    reply.clearCookie(this.#name, this.#attributes);
  }

  get #attributes() {
    return { path: '/', httpOnly: true, sameSite: 'strict', secure: this.#secure } as const;
  }

  #open(headers: IncomingHttpHeaders): Session | undefined {
    const pair = headers.cookie?.split(/; */).find((one) => one.startsWith(`${this.#name}=`));
    return pair === undefined ? undefined : this.#sessions.open(pair.slice(this.#name.length + 1));
  }
}

/** True for what reads, and for changes that a page of this origin sends (against cross-site request forgery, beside SameSite). */
export function isFromUs({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>, ownOrigin: string): boolean {
  if (harmlessMethods.has(method)) return true;
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== ownOrigin) return false;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers[csrfHeader] === '1' || site === 'same-origin';
}
