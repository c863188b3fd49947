import type { FastifyInstance } from 'fastify';
import type { Log } from '#core/log.ts';
import { seal, unseal } from '#core/seal.ts';
import { type CookieAccess, isFromUs } from './cookie-access.ts';
import { type Attempt, type OidcClient, SignInRefused } from './oidc-client.ts';

interface Options {
  readonly publicUrl: string;
  readonly key: Uint8Array;
  readonly oidc: OidcClient;
  readonly access: CookieAccess;
  readonly log: Log;
}

interface RememberedAttempt extends Attempt {
  /** Page to come back to. */
  readonly to: string;
  readonly begunAt: number;
}

const attemptCookie = 'metloop-sign-in';
const attemptSeconds = 600;

/** Sign-in through the provider and back, and sign-out. */
export async function authRoutes(app: FastifyInstance, { publicUrl, key, oidc, access, log }: Options): Promise<void> {
  // Lax: it has to come along when the provider, another site, sends the browser back.
  const cookie = { path: '/auth', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') } as const;

  app.get<{ Querystring: { to?: string } }>('/auth/login', async (request, reply) => {
    const { location, attempt } = await oidc.begin();
    const remembered: RememberedAttempt = { ...attempt, to: localPath(request.query.to), begunAt: Date.now() };
    return reply
      .setCookie(attemptCookie, seal(key, 'sign-in', remembered), { ...cookie, maxAge: attemptSeconds })
      .header('cache-control', 'no-store')
      .redirect(location);
  });

  app.get<{ Querystring: { code?: string; state?: string; error?: string } }>(
    '/auth/callback',
    async (request, reply) => {
      reply.header('cache-control', 'no-store').clearCookie(attemptCookie, cookie);
      const attempt = unseal<RememberedAttempt>(key, 'sign-in', request.cookies[attemptCookie] ?? '');
      const { code, state, error } = request.query;
      if (!attempt || attempt.state !== state || Date.now() - attempt.begunAt > attemptSeconds * 1000)
        return reply.redirect('/sign-in?problem=expired');
      if (!code) {
        log.info({ error }, 'the OIDC provider refused a sign-in');
        return reply.redirect('/sign-in?problem=refused');
      }
      try {
        access.remember(reply, { ...(await oidc.redeem(code, attempt)), signedInAt: Date.now() });
      } catch (refusal) {
        if (!(refusal instanceof SignInRefused)) throw refusal;
        log.warn({ err: refusal }, 'the OIDC provider gave no tokens for a code');
        return reply.redirect('/sign-in?problem=refused');
      }
      return reply.redirect(attempt.to);
    },
  );

  app.post('/auth/logout', async (request, reply) => {
    if (!isFromUs(request, new URL(publicUrl).origin))
      return reply.code(403).send({ message: 'Sign out from a page of Metloop.' });
    const refreshToken = access.session(request.headers)?.refreshToken;
    if (refreshToken)
      await oidc.revoke(refreshToken).catch((err) => log.warn({ err }, 'a refresh token could not be revoked'));
    access.forget(reply);
    return { location: (await oidc.endSession(`${publicUrl}/`).catch(() => undefined)) ?? '/' };
  });
}

/** A path of this site; anything else becomes the front page, so that no link leads through our sign-in to a stranger's page. */
export function localPath(to: string | undefined): string {
  if (to === undefined || !to.startsWith('/')) return '/';
  const base = 'http://metloop.invalid';
  const url = URL.canParse(to, base) ? new URL(to, base) : undefined;
  return url?.origin === base ? `${url.pathname}${url.search}${url.hash}` : '/';
}
