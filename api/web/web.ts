import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Config } from '#core/config.ts';
import type { Log } from '#core/log.ts';
import { authRoutes } from './auth-routes.ts';
import type { WebConfig } from './config.ts';
import { CookieAccess } from './cookie-access.ts';
import { OidcClient } from './oidc-client.ts';
import { addPages } from './pages.ts';
import { Sessions } from './sessions.ts';

/** Everything for people's browsers: sign-in, the session cookie, the web app and the viewer. */
export async function addWeb(
  app: FastifyInstance,
  { publicUrl, oidc: { issuer } }: Config,
  web: WebConfig,
  log: Log,
): Promise<CookieAccess> {
  const redirectUri = `${publicUrl}/auth/callback`;
  const oidc = new OidcClient({ issuer, clientId: web.clientId, scope: web.scope, redirectUri });
  const access = new CookieAccess(new Sessions(web.sessionKey, oidc), publicUrl);
  await app.register(fastifyCookie);
  access.install(app);
  await app.register(authRoutes, { publicUrl, key: web.sessionKey, oidc, access, log });
  await addPages(app, web.folders, publicUrl);
  return access;
}
