import { readFile } from 'node:fs/promises';
import { provisionTenant, type TenantSpec } from '../../api/tenant/provision.ts';
import { Database } from '../../core/db/database.ts';
import { openPool } from '../../core/db/pool.ts';

/** Sets up a tenant from a JSON file (docs/operation.md shows one): `tenant FILE`. */
export async function run([file]: readonly string[]): Promise<number> {
  const { DATABASE_URL: databaseUrl } = process.env;
  if (!file || !databaseUrl) {
    process.stderr.write('tenant needs a JSON file that describes it, and DATABASE_URL.\n');
    return 2;
  }
  const spec = JSON.parse(await readFile(file, 'utf8')) as TenantSpec;
  const database = new Database(openPool(databaseUrl, { name: 'metloop-tenant', max: 1 }));
  try {
    const { tenantId, siteIds } = await provisionTenant(database, spec);
    process.stdout.write(
      `tenant ${tenantId}\n${Object.entries(siteIds)
        .map(([name, id]) => `site   ${id} ${name}\n`)
        .join('')}`,
    );
    return 0;
  } finally {
    await database.close();
  }
}
