import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { type DeliverySettings, readDeliverySettings } from '#core/delivery/settings.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { Changes } from '../../api/changes.ts';
import type { Services } from '../../api/context.ts';
import { createServer } from '../../api/server.ts';
import { readProviderKeys } from '../../demo/services/oidc-keys.ts';
import { API_AUDIENCE, type DemoAccount, startOidcProvider } from '../../demo/services/oidc-provider.ts';
import { startDatabase } from './database.ts';
import { freePort } from './s3-server.ts';
import type { Data } from './services.ts';

export interface TestApi {
  readonly address: string;
  readonly issuer: string;
  readonly superuserUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly objectsFolder: string;
  readonly services: Services;
  /** Every line that the API logged. */
  readonly logLines: readonly string[];
  /** An access token as the provider signs it, for this subject; `claims` take the place of its own. */
  token(subject: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  post(token: string | undefined, body: unknown, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The parsed text. */
  readonly json: Data;
}

/** The whole API on a free port, with the demo's OIDC provider, PostgreSQL, and a file object store in a temporary folder. */
export async function startApi(
  options: {
    readonly demo?: boolean;
    readonly accounts?: readonly DemoAccount[];
    /** Addresses in answers lead back to the API, for clients that follow them. */
    readonly followable?: boolean;
    readonly delivery?: DeliverySettings;
  } = {},
): Promise<TestApi> {
  const { superuserUrl, appUrl, ownerUrl, database, stop: stopDatabase } = await startDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'metloop-api-'));
  const keysFile = join(folder, 'keys.json');
  const provider = await startOidcProvider({ port: 0, accounts: options.accounts ?? [], redirectUris: [], keysFile });
  const { issuer } = provider;
  const [key] = (await readProviderKeys(keysFile)).jwks.keys;
  const signingKey = await importJWK(key!, 'ES256');
  const logLines: string[] = [];
  const log = openLog('api', 'debug', { write: (line) => void logLines.push(line) });
  const queue = await openQueue(appUrl, { max: 2, supervise: false });
  const changes = new Changes(appUrl, log);
  await changes.start();
  const port = options.followable ? await freePort() : 0;
  const config = {
    databaseUrl: appUrl,
    publicUrl: `http://127.0.0.1${options.followable ? `:${port}` : ''}`,
    oidc: { issuer, audience: API_AUDIENCE },
    host: '127.0.0.1',
    port,
    demo: options.demo ?? false,
    logLevel: 'debug',
    delivery: options.delivery ?? readDeliverySettings({}),
  };
  const objectsFolder = join(folder, 'objects');
  const services: Services = { config, database, queue, objects: await openFileStore(objectsFolder), changes, log };
  const app = await createServer(services);
  await app.listen({ host: config.host, port });
  const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const token: TestApi['token'] = (subject, claims = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: issuer, aud: API_AUDIENCE, sub: subject, iat: now, exp: now + 600, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key!.kid! })
      .sign(signingKey);
  };
  const stop = async (): Promise<void> => {
    await app.close();
    await changes.stop();
    await queue.stop({ graceful: false });
    await stopDatabase();
    await provider.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const post: TestApi['post'] = async (bearer, body, headers = {}) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  return { address, issuer, superuserUrl, ownerUrl, appUrl, objectsFolder, services, logLines, token, post, stop };
}
