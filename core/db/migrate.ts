import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createQueues } from '../jobs/queues.ts';

const folder = join(import.meta.dirname, '../../migrations');
/** Any number that no other program locks in this database. */
const advisoryLock = 7_301_552_016;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(name.slice(0, 4));
      if (number !== index + 1)
        throw new Error(`migrations must be numbered without gaps: ${name} is the ${index + 1}. file`);
      const sql = await readFile(join(folder, name), 'utf8');
      return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the database up to date: forward only, each migration in a transaction of its own, safe when several start at once.
 * @param ownerUrl Connects as the role that owns the schema. The application must not: see `refuseUnsafeRole`.
 * @param appRole Role that the application connects as; it is granted what each migration names.
 * @returns Names of the migrations applied now.
 * @throws Error if an applied migration's text has changed since, or the database is newer than this code.
 */
export async function migrate(ownerUrl: string, appRole: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'metloop-migrate' });
  await client.connect();
  try {
    // One migrator at a time; the others wait here and then find nothing to do.
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    const role = pg.escapeIdentifier(appRole);
    await client.query(`create schema if not exists metloop`);
    await client.query(`grant usage on schema metloop to ${role}`);
    await client.query('set search_path = metloop');
    await client.query(
      'create table if not exists schema_migration (number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())',
    );
    await client.query(`grant select on schema_migration to ${role}`);
    const applied = await applyMissing(client, await readMigrations(), role);
    await createQueues(ownerUrl, role);
    return applied;
  } finally {
    await client.end();
  }
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[], role: string): Promise<string[]> {
  const { rows } = await client.query<{ number: number; name: string; sha256: string }>(
    'select number, name, sha256 from schema_migration order by number',
  );
  const newest = rows.at(-1)?.number ?? 0;
  if (newest > migrations.length) {
    throw new Error(
      `the database has migration ${newest}, this code knows only ${migrations.length}: start the newer code`,
    );
  }
  for (const { number, name, sha256 } of rows) {
    if (migrations[number - 1]?.sha256 !== sha256) {
      throw new Error(
        `migration ${name} was changed after it had been applied; restore it and put the change into a new one`,
      );
    }
  }
  const missing = migrations.slice(newest);
  for (const { number, name, sql, sha256 } of missing) {
    await client.query('begin');
    try {
      await client.query(sql.replaceAll(':app_role', role));
      await client.query('insert into schema_migration (number, name, sha256) values ($1, $2, $3)', [
        number,
        name,
        sha256,
      ]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  return missing.map(({ name }) => name);
}
