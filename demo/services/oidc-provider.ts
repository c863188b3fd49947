import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider';
import { errors, Provider } from 'oidc-provider';
import { type ProviderKeys, readProviderKeys } from './oidc-keys.ts';
import { messagePage, signInPage, signOutPage } from './sign-in-page.ts';

/** Somebody who can sign in to the demo. */
export interface DemoAccount {
  /** The subject of the tokens: what a member is known by. */
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** The audience of the access tokens. */
export const API_AUDIENCE = 'metloop-api';
/** What a client may name as `resource`, which must be a URI; it is assumed if none is named. */
export const API_RESOURCE = 'urn:metloop:api';
/** The web application: public, authorization code with PKCE. */
export const WEB_CLIENT_ID = 'metloop-web';
/** Programs on this machine: any port, redirect URI http://127.0.0.1:<port>/callback. */
export const CLI_CLIENT_ID = 'metloop-demo-cli';

const MAX_FORM_BYTES = 10_000;

export interface OidcProviderOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly accounts: readonly DemoAccount[];
  /** Where the web application may have people sent back to; its origins may read tokens by CORS. */
  readonly redirectUris: readonly string[];
  /** Signing keys, made at the first start. */
  readonly keysFile: string;
  /** Life of an access token; 600 by default. */
  readonly accessTokenSeconds?: number;
}

/**
 * Starts an OpenID Connect provider for the demo, on 127.0.0.1, with accounts from a list: authorization code with PKCE,
 * refresh tokens, and access tokens that are JWTs (ES256) with `sub`, `email` and `name` for the audience `metloop-api`.
 * Sessions and refresh tokens are kept in memory; access tokens stay valid over a restart.
 */
export async function startOidcProvider(
  options: OidcProviderOptions,
): Promise<{ readonly issuer: string; stop(): Promise<void> }> {
  const keys = await readProviderKeys(options.keysFile);
  const server = createServer();
  // Longer than this process is ever busy: a client would find an idle connection closed under its hands.
  server.keepAliveTimeout = 60_000;
  const issuer = `http://127.0.0.1:${await listen(server, options.port)}`;
  const provider = new Provider(issuer, configuration(options, keys));
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/sign-in/')) {
      signIn(provider, options.accounts, request, response).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        sendPage(response, 400, messagePage('Sign-in expired', `Go back to Metloop and start again (${reason}).`));
      });
    } else {
      void handle(request, response);
    }
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, stop };
}

function configuration(options: OidcProviderOptions, keys: ProviderKeys): Configuration {
  const { accounts, redirectUris, accessTokenSeconds = 600 } = options;
  const origins = new Set(redirectUris.map((uri) => new URL(uri).origin));
  const accountOf = (sub: string): DemoAccount | undefined => accounts.find((account) => account.sub === sub);
  const publicClient = {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
  } as const;
  return {
    clients: [
      {
        ...publicClient,
        client_id: WEB_CLIENT_ID,
        client_name: 'Metloop',
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...origins].map((origin) => `${origin}/`),
      },
      {
        ...publicClient,
        client_id: CLI_CLIENT_ID,
        client_name: 'Metloop demo',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    jwks: keys.jwks as NonNullable<Configuration['jwks']>,
    cookies: { keys: keys.cookieKeys },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin) => origins.has(origin),
    findAccount: (_ctx, sub) => {
      const account = accountOf(sub);
      if (account === undefined) return undefined;
      const { email, name } = account;
      return { accountId: sub, claims: () => ({ sub, email, email_verified: true, name }) };
    },
    extraTokenClaims: (_ctx, token) => {
      const account = 'accountId' in token ? accountOf(token.accountId) : undefined;
      return account && { email: account.email, name: account.name };
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    loadExistingGrant: grantEverything,
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API_RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== API_RESOURCE) throw new errors.InvalidTarget('the only resource is urn:metloop:api');
          return {
            scope: 'api',
            audience: API_AUDIENCE,
            accessTokenTTL: accessTokenSeconds,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = messagePage('Signed out', 'You may close this page.');
        },
      },
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Grant: 14 * 86_400,
      RefreshToken: 14 * 86_400,
      Session: 14 * 86_400,
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = messagePage('Sign-in failed', `${out.error}: ${out.error_description ?? 'no further description'}`);
    },
  };
}

/** Both clients are our own: nobody is asked whether they may have what they ask for. */
async function grantEverything(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, provider, result } = ctx.oidc;
  const grantId = result?.consent?.grantId ?? session?.grantIdFor(client!.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
  grant.addOIDCScope('openid email profile offline_access');
  grant.addResourceScope(API_RESOURCE, 'api');
  await grant.save();
  return grant;
}

/** Shows the form, or checks what was posted. The provider's cookie proves that the request belongs to this sign-in. */
async function signIn(
  provider: Provider,
  accounts: readonly DemoAccount[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (request.url !== `/sign-in/${interaction.uid}`) throw new Error('the address is of another sign-in');
  // Asked for again whenever a native client signs in; both clients are our own.
  if (interaction.prompt.name === 'consent') return provider.interactionFinished(request, response, { consent: {} });
  if (request.method !== 'POST') return sendPage(response, 200, signInPage({}));
  const form = new URLSearchParams(await readBody(request));
  const email = form.get('email')?.trim().toLowerCase() ?? '';
  const account = accounts.find((candidate) => candidate.email.toLowerCase() === email);
  const right = equal(form.get('password') ?? '', account?.password ?? '') && account !== undefined;
  if (!right) return sendPage(response, 401, signInPage({ email, message: 'Email or password is wrong.' }));
  await provider.interactionFinished(request, response, { login: { accountId: account.sub } });
}

function equal(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > MAX_FORM_BYTES) throw new Error('the form is too large');
  }
  return body;
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
  };
  response.writeHead(status, headers).end(html);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sign-in service has no port.');
  return address.port;
}
