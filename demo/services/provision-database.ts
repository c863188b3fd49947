import { createHmac } from 'node:crypto';
import pg from 'pg';

/** Migrates the database: owns it and its tables. */
export const OWNER_ROLE = 'metloop_owner';
/** Serves requests: neither owner nor superuser, so that row-level security binds it. */
export const APP_ROLE = 'metloop_app';

/** Any number, the same for all who provision. */
const PROVISIONING_LOCK = 7_263_105;

/**
 * Makes sure that the two roles exist, and a database that belongs to the owner and that no other role than these two
 * may enter. May be repeated and run by several processes at once.
 *
 * The passwords are derived from the superuser's, which is random and kept with the data: they outlast restarts
 * without being kept anywhere else.
 */
export async function provisionDatabase(options: {
  superuserUrl: string;
  database: string;
}): Promise<{ ownerUrl: string; appUrl: string }> {
  const { superuserUrl, database } = options;
  const superuserPassword = new URL(superuserUrl).password;
  const passwordOf = (role: string): string => createHmac('sha256', superuserPassword).update(role).digest('hex');
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PROVISIONING_LOCK]);
    for (const role of [OWNER_ROLE, APP_ROLE]) {
      const found = await client.query('select from pg_roles where rolname = $1', [role]);
      const attributes = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
      await client.query(
        `${found.rowCount ? 'alter' : 'create'} role ${role} ${attributes} password '${passwordOf(role)}'`,
      );
    }
    const name = client.escapeIdentifier(database);
    const found = await client.query('select from pg_database where datname = $1', [database]);
    if (!found.rowCount) await client.query(`create database ${name} owner ${OWNER_ROLE}`);
    await client.query(`revoke all on database ${name} from public`);
    await client.query(`grant connect on database ${name} to ${APP_ROLE}`);
  } finally {
    await client.end();
  }
  const urlOf = (role: string): string => {
    const url = new URL(superuserUrl);
    url.username = role;
    url.password = passwordOf(role);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  };
  return { ownerUrl: urlOf(OWNER_ROLE), appUrl: urlOf(APP_ROLE) };
}
