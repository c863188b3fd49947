// Our side of the bench: the API in a process of its own, as an operator runs it, with PostgreSQL and a provider of tokens.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Database } from '#core/db/database.ts';
import { migrate } from '#core/db/migrate.ts';
import { openPool } from '#core/db/pool.ts';
import type { SiteId, TenantId } from '#core/domain/ids.ts';
import { globalId } from '../../api/graphql/global-id.ts';
import { provisionTenant } from '../../api/tenant/provision.ts';
import { startOidcProvider } from '../../demo/services/oidc-provider.ts';
import { startPostgres } from '../../demo/services/postgres.ts';
import { superviseProcesses } from '../../demo/services/processes.ts';
import { provisionDatabase } from '../../demo/services/provision-database.ts';
import { signIn } from '../../demo/services/sign-in.ts';
import { cacheFolder } from '../../gpu-worker/native/engine-folder.ts';
import { buildWeb } from '../../web/build.ts';
import type { Archive } from './archive.ts';

const root = join(import.meta.dirname, '../..');
/** Longer than a bench takes. */
const tokenSeconds = 3600;

/** A tenant of two sites, and somebody of it who asks. */
export interface BenchTenant {
  readonly tenantId: TenantId;
  readonly siteIds: readonly [SiteId, SiteId];
  readonly archive: Archive;
}

export interface OurStack {
  /** Makes a tenant whose one member is a coordinator everywhere, or a clinician of the first site. */
  tenant(name: string, role: 'COORDINATOR' | 'CLINICIAN'): Promise<BenchTenant>;
  /** Reaches every table: for rows that are made up. */
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

/** Those who can be asked for in `tenant`. */
const names = ['archive', 'few', 'many'];

/** @param folder Everything is kept in it, and nothing is left running. @throws Error if something does not start */
export async function startOurStack(folder: string, log: (line: string) => void): Promise<OurStack> {
  const supervisor = await superviseProcesses({ recordFile: join(folder, 'processes.json'), log });
  try {
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log });
    supervisor.add('PostgreSQL', () => postgres.stop());
    const { ownerUrl, appUrl } = await provisionDatabase({ superuserUrl: postgres.superuserUrl, database: 'metloop' });
    await migrate(ownerUrl, new URL(appUrl).username);
    const password = randomBytes(16).toString('hex');
    const accounts = names.map((name) => ({ sub: name, email: `${name}@bench.example`, name, password }));
    const keysFile = join(folder, 'oidc-keys.json');
    const provider = await startOidcProvider({
      ...{ port: 0, accounts, redirectUris: [], keysFile, accessTokenSeconds: tokenSeconds },
    });
    supervisor.add('the OIDC provider', () => provider.stop());
    await buildWeb({ cacheFolder: cacheFolder(), log });
    const address = `http://127.0.0.1:${await freePort()}`;
    const env = {
      ...{ DATABASE_URL: appUrl, METLOOP_STORE_DIR: join(folder, 'objects'), OIDC_ISSUER: provider.issuer },
      ...{ PORT: new URL(address).port, PUBLIC_URL: address, SESSION_KEY: randomBytes(32).toString('hex') },
    };
    await mkdir(env.METLOOP_STORE_DIR);
    const args = [join(root, 'bin/start.mjs'), 'api'];
    const ready = { url: `${address}/readyz` };
    await supervisor.start({ name: 'api', command: process.execPath, args, env, cwd: root, ready });
    const database = new Database(openPool(appUrl, { name: 'metloop-bench', max: 2 }));
    supervisor.add('the connection', () => database.close());

    const tenant: OurStack['tenant'] = async (name, role) => {
      const sites = ['First', 'Second'];
      const grants = [role === 'CLINICIAN' ? { role, site: 'First' } : { role }];
      const member = { name, email: `${name}@bench.example`, issuer: provider.issuer, subject: name, grants };
      const spec = { name, preparedSizePixels: 256, sites, members: [member] };
      const { tenantId, siteIds } = await provisionTenant(database, spec);
      const { accessToken } = await signIn({ issuer: provider.issuer, email: member.email, password });
      const archive: Archive = {
        name: 'Metloop',
        dicomweb: `${address}/dicomweb`,
        storePath: `/sites/${globalId('Site', siteIds.First!)}/studies`,
        headers: { authorization: `Bearer ${accessToken}` },
      };
      return { tenantId, siteIds: [siteIds.First!, siteIds.Second!], archive };
    };
    return { tenant, superuserUrl: databaseOf(postgres.superuserUrl, 'metloop'), stop: () => supervisor.stopAll() };
  } catch (error) {
    await supervisor.stopAll();
    throw error;
  }
}

function databaseOf(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
