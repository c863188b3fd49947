import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '#core/db/migrate.ts';
import { demoPassword, people, stranger } from './cast.ts';
import { startOidcProvider } from './services/oidc-provider.ts';
import { startPostgres } from './services/postgres.ts';
import type { Supervisor } from './services/processes.ts';
import { provisionDatabase } from './services/provision-database.ts';

export interface NeighbourOptions {
  readonly dataDir: string;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
}

/**
 * The database, migrated: PostgreSQL of our own, or one's own by DATABASE_URL and DATABASE_OWNER_URL. One's own should be empty at the
 * first start: the demonstration's people become members in it.
 * @returns the address for the application's role
 */
export async function openDatabase({ dataDir, supervisor, log }: NeighbourOptions): Promise<string> {
  const { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl } = process.env;
  if (appUrl) {
    if (!ownerUrl) throw new Error('DATABASE_URL is set: set DATABASE_OWNER_URL too, the same database as its owner');
    await migrate(ownerUrl, decodeURIComponent(new URL(appUrl).username));
    return appUrl;
  }
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), log });
  supervisor.add('PostgreSQL', () => postgres.stop());
  const embedded = await provisionDatabase({ superuserUrl: postgres.superuserUrl, database: 'metloop' });
  await migrate(embedded.ownerUrl, new URL(embedded.appUrl).username);
  return embedded.appUrl;
}

/** The issuer of access tokens: a provider of our own, or another by OIDC_ISSUER that knows the demonstration's people. */
export async function openIssuer(
  { dataDir, supervisor }: NeighbourOptions,
  port: number,
  apiAddress: string,
): Promise<string> {
  if (process.env.OIDC_ISSUER) return process.env.OIDC_ISSUER;
  const accounts = [...people, stranger].map(({ key, email, name }) => ({
    sub: `demo-${key}`,
    email,
    name,
    password: demoPassword,
  }));
  const provider = await startOidcProvider({
    port,
    accounts,
    redirectUris: [`${apiAddress}/auth/callback`],
    keysFile: join(dataDir, 'oidc-keys.json'),
  });
  supervisor.add('the OIDC provider', () => provider.stop());
  return provider.issuer;
}

/** What tells API and worker of the object store: a folder, unless S3_BUCKET names one's own, which they inherit. */
export async function objectStoreEnvironment({ dataDir }: NeighbourOptions): Promise<Record<string, string>> {
  if (process.env.S3_BUCKET) return {};
  const folder = join(dataDir, 'objects');
  await mkdir(folder, { recursive: true });
  return { METLOOP_STORE_DIR: folder };
}
