import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '#core/db/database.ts';
import { migrate } from '#core/db/migrate.ts';
import { openPool } from '#core/db/pool.ts';
import { startPostgres } from '../../demo/services/postgres.ts';

export interface EmptyDatabase {
  /** Connects to the server's own database. */
  readonly superuserUrl: string;
  /** Connects as the owner of the tables. */
  readonly ownerUrl: string;
  /** Connects as the application, which row-level security binds. */
  readonly appUrl: string;
  stop(): Promise<void>;
}

export interface TestDatabase extends EmptyDatabase {
  readonly database: Database;
}

/** As `startEmptyDatabase`, migrated. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = await startEmptyDatabase();
  try {
    await migrate(server.ownerUrl, new URL(server.appUrl).username);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const database = new Database(openPool(server.appUrl, { max: 8, name: 'metloop-test' }));
  const stop = async (): Promise<void> => {
    await database.close();
    await server.stop();
  };
  return { ...server, database, stop };
}

/**
 * A fresh database with roles of its own, on a PostgreSQL started for it; METLOOP_TEST_SUPERUSER_URL names a running one to be used
 * instead.
 */
export async function startEmptyDatabase(): Promise<EmptyDatabase> {
  const server = await startServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const [owner, app] = [`${name}_owner`, `${name}_app`];
  try {
    await asSuperuser(server.superuserUrl, [
      ...[owner, app].map((role) => `create role ${role} login nosuperuser nobypassrls password '${name}'`),
      `create database ${name} owner ${owner}`,
    ]);
    const urlOf = (role: string): string => {
      const url = new URL(server.superuserUrl);
      [url.username, url.password, url.pathname] = [role, name, `/${name}`];
      return url.href;
    };
    const stop = async (): Promise<void> => {
      await asSuperuser(server.superuserUrl, [
        `drop database ${name} with (force)`,
        `drop role ${owner}`,
        `drop role ${app}`,
      ]);
      await server.stop();
    };
    return { superuserUrl: server.superuserUrl, ownerUrl: urlOf(owner), appUrl: urlOf(app), stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startServer(): Promise<{ superuserUrl: string; stop(): Promise<void> }> {
  const running = process.env.METLOOP_TEST_SUPERUSER_URL;
  if (running) return { superuserUrl: running, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'metloop-test-'));
  const server = await startPostgres({ dataDir, log: () => {} });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { superuserUrl: server.superuserUrl, stop };
}

async function asSuperuser(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
