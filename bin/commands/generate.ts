import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../core/db/migrate.ts';
import { startPostgres } from '../../demo/services/postgres.ts';
import { provisionDatabase } from '../../demo/services/provision-database.ts';
import { resolverTypes } from '../generate/resolver-types.ts';
import { tableTypes } from '../generate/table-types.ts';

const root = join(import.meta.dirname, '../..');

/** Writes what is generated: table types from the migrated database, resolver types from schema.graphql. `--check` only compares. */
export async function run(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const wanted = new Map([
    ['core/db/tables.generated.ts', await tableTypesOfMigrations()],
    ['api/generated/resolver-types.ts', await resolverTypes()],
  ]);
  let stale = 0;
  for (const [name, text] of wanted) {
    const present = await readFile(join(root, name), 'utf8').catch(() => '');
    if (present === text) continue;
    stale++;
    if (!check) await writeFile(join(root, name), text);
    process.stdout.write(check ? `${name} is not what would be generated: run npm run generate\n` : `wrote ${name}\n`);
  }
  return check && stale > 0 ? 1 : 0;
}

async function tableTypesOfMigrations(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'metloop-generate-'));
  const server = await startPostgres({ dataDir, log: () => {} });
  try {
    const { ownerUrl, appUrl } = await provisionDatabase({ superuserUrl: server.superuserUrl, database: 'metloop' });
    await migrate(ownerUrl, new URL(appUrl).username);
    return await tableTypes(ownerUrl);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
