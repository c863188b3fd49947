import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import { provisionTenant } from '../api/tenant/provision.ts';
import { cacheFolder } from '../gpu-worker/native/engine-folder.ts';
import { buildWeb } from '../web/build.ts';
import { people, siteA, siteB, stranger } from './cast.ts';
import { objectStoreEnvironment, openDatabase, openIssuer } from './neighbours.ts';
import { type Supervisor, superviseProcesses } from './services/processes.ts';

const root = join(import.meta.dirname, '..');

/** What a demonstration remembers between starts. */
export interface DemoState {
  /** Ports stay the same, since members are known by their issuer, which has its port in its name. */
  readonly apiPort: number;
  readonly oidcPort: number;
  readonly siteIds: Readonly<Record<string, string>>;
  readonly sizePixels: number;
  /** True once the studies were uploaded. */
  readonly filled: boolean;
}

export interface DemoStack {
  readonly address: string;
  readonly issuer: string;
  readonly supervisor: Supervisor;
  readonly state: DemoState;
  saveState(state: DemoState): Promise<void>;
}

export interface StackOptions {
  readonly dataDir: string;
  readonly sizePixels: number;
  readonly log: (line: string) => void;
  /** Not the ports that people remember: for several stacks that start at once. */
  readonly anyPorts?: boolean;
}

/**
 * Starts PostgreSQL, the OIDC provider, the API and a worker, and sets up the two tenants at the first start. The neighbours are
 * embedded unless the environment names others (demo/neighbours.ts).
 */
export async function startStack({ dataDir, sizePixels, log, anyPorts }: StackOptions): Promise<DemoStack> {
  await mkdir(dataDir, { recursive: true });
  const supervisor = await superviseProcesses({ recordFile: join(dataDir, 'processes.json'), log });
  try {
    const neighbours = { dataDir, supervisor, log };
    const appUrl = await openDatabase(neighbours);
    const stateFile = join(dataDir, 'demo.json');
    const known = await readState(stateFile);
    const [apiPort, oidcPort] = anyPorts ? [0, 0] : [8080, 8081];
    const ports = known ?? { apiPort: await freePort(apiPort), oidcPort: await freePort(oidcPort) };
    const address = `http://127.0.0.1:${ports.apiPort}`;
    const issuer = await openIssuer(neighbours, ports.oidcPort, address);
    const state = known ?? {
      ...ports,
      ...(await setUpTenants(appUrl, issuer, sizePixels)),
      sizePixels,
      filled: false,
    };
    const saveState = (next: DemoState): Promise<void> => writeFile(stateFile, `${JSON.stringify(next, null, 2)}\n`);
    if (!known) await saveState(state);
    const env = {
      DATABASE_URL: appUrl,
      ...(await objectStoreEnvironment(neighbours)),
      OIDC_ISSUER: issuer,
      METLOOP_DEMO: 'true',
      SESSION_KEY: await readSessionKey(join(dataDir, 'session-key')),
    };
    const start = (
      name: string,
      extra: Record<string, string>,
      ready: { url: string } | { line: RegExp },
    ): Promise<void> =>
      supervisor.start({
        name,
        command: process.execPath,
        args: [join(root, 'bin/start.mjs'), name],
        env: { ...env, ...extra },
        cwd: root,
        ready,
        stopWithinMs: 60_000,
      });
    // Here, since the first time it fetches the viewer, which takes longer than a start may.
    await buildWeb({ cacheFolder: cacheFolder(), log });
    await start('api', { PORT: String(ports.apiPort), PUBLIC_URL: address }, { url: `${address}/readyz` });
    await start('worker', {}, { line: /the worker is ready/ });
    return { address, issuer, supervisor, state, saveState };
  } catch (error) {
    await supervisor.stopAll();
    throw error;
  }
}

export const wipeStack = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true });

/** Seals the cookies of the web app; made at the first start. */
async function readSessionKey(file: string): Promise<string> {
  await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch(() => {});
  return readFile(file, 'utf8');
}

const readState = async (file: string): Promise<DemoState | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DemoState);
};

async function setUpTenants(appUrl: string, issuer: string, sizePixels: number): Promise<Pick<DemoState, 'siteIds'>> {
  const database = new Database(openPool(appUrl, { name: 'metloop-demo', max: 2 }));
  const memberOf = ({ key, name, email, grants }: (typeof people)[number] | typeof stranger) => ({
    name,
    email,
    grants,
    issuer,
    subject: `demo-${key}`,
  });
  try {
    const { siteIds } = await provisionTenant(database, {
      name: 'Northern Metastasis Consortium',
      preparedSizePixels: sizePixels,
      sites: [siteA, siteB],
      members: people.map(memberOf),
    });
    await provisionTenant(database, {
      name: 'Another Consortium',
      preparedSizePixels: sizePixels,
      sites: ['Elsewhere'],
      members: [memberOf(stranger)],
    });
    return { siteIds };
  } finally {
    await database.close();
  }
}

/** The port if it is free, otherwise, and for 0, any that is. */
async function freePort(wanted: number): Promise<number> {
  const listen = (port: number): Promise<number | undefined> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
      });
    });
  const port = (await listen(wanted)) ?? (await listen(0));
  if (port === undefined) throw new Error('no port of 127.0.0.1 is free');
  return port;
}
