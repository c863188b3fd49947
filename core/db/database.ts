import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import type pg from 'pg';
import type { MemberId, SiteId, TenantId } from '../domain/ids.ts';
import type { DB } from './tables.generated.ts';

/** A transaction bound to one tenant: all that stores ever hold. */
export type Db = Transaction<DB>;

/** For whom a transaction acts; row-level security reads it. */
export interface Scope {
  readonly tenantId: TenantId;
  /** Null for a worker, which acts for the service itself. */
  readonly memberId: MemberId | null;
  /** Sites that the member is limited to, empty for who may see none; null for all. */
  readonly siteIds: readonly SiteId[] | null;
  /** True for roles that look at other people's reads. */
  readonly oversight: boolean;
}

/** The scope of a worker in a tenant. */
export const serviceScope = (tenantId: TenantId): Scope => ({
  tenantId,
  memberId: null,
  siteIds: null,
  oversight: true,
});

/** A transaction whose end is decided elsewhere: of one GraphQL operation. */
export interface OpenTransaction {
  readonly db: Db;
  /** If it fails, the connection is given back all the same. */
  commit(): Promise<void>;
  /** Never fails: where the connection is lost, the database has rolled back by itself. */
  rollback(): Promise<void>;
}

/** The only way to the tables: every transaction says first whose it is. */
export class Database {
  readonly #kysely: Kysely<DB>;

  constructor(pool: pg.Pool) {
    this.#kysely = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  }

  /** Runs `body` in one transaction of the scope; it is rolled back if `body` throws. */
  inTenant<T>(scope: Scope, body: (db: Db) => Promise<T>): Promise<T> {
    return this.#kysely.transaction().execute(async (db) => {
      await enter(db, scope);
      return body(db);
    });
  }

  /** Opens a transaction of the scope that the caller must commit or roll back. */
  async begin(scope: Scope): Promise<OpenTransaction> {
    const db = await this.#kysely.startTransaction().execute();
    const rollback = (): Promise<void> =>
      db
        .rollback()
        .execute()
        .catch(() => {});
    const orRollBack = async (step: Promise<unknown>): Promise<void> => {
      try {
        await step;
      } catch (error) {
        await rollback();
        throw error;
      }
    };
    await orRollBack(enter(db, scope));
    return { db, commit: () => orRollBack(db.commit().execute()), rollback };
  }

  /** Runs `body` for a verified token whose tenant is not known yet; it sees that identity's own memberships only. */
  asIdentity<T>(identity: { issuer: string; subject: string }, body: (db: Db) => Promise<T>): Promise<T> {
    return this.#kysely.transaction().execute(async (db) => {
      await sql`select set_config('metloop.issuer', ${identity.issuer}, true), set_config('metloop.subject', ${identity.subject}, true)`.execute(
        db,
      );
      return body(db);
    });
  }

  /** Answers as long as the database does. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#kysely);
  }

  close(): Promise<void> {
    return this.#kysely.destroy();
  }
}

const enter = (db: Db, { tenantId, memberId, siteIds, oversight }: Scope): Promise<unknown> =>
  sql`select set_config('metloop.tenant', ${tenantId}, true), set_config('metloop.member', ${memberId ?? ''}, true),
    set_config('metloop.sites', ${siteIds ? `{${siteIds.join(',')}}` : ''}, true), set_config('metloop.oversight', ${String(oversight)}, true)`.execute(
    db,
  );

/**
 * Runs `body` in the same transaction with the service's eyes, which blindness does not veil: for decisions that the server takes
 * (are all reads in?), never for what is shown to the caller.
 */
export async function asService<T>(db: Db, body: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ member: string | null; sites: string | null }>`
    select current_setting('metloop.member', true) as member, current_setting('metloop.sites', true) as sites`.execute(
    db,
  );
  const become = (member: string, sites: string): Promise<unknown> =>
    sql`select set_config('metloop.member', ${member}, true), set_config('metloop.sites', ${sites}, true)`.execute(db);
  await become('', '');
  // After an error the transaction is rolled back, and the settings with it.
  const result = await body();
  await become(rows[0]?.member ?? '', rows[0]?.sites ?? '');
  return result;
}

/** Runs `body` so that what it did is undone if it throws, while the transaction goes on. */
export async function inSavepoint<T>(db: Db, body: () => Promise<T>): Promise<T> {
  await sql`savepoint undo`.execute(db);
  try {
    const result = await body();
    await sql`release savepoint undo`.execute(db);
    return result;
  } catch (error) {
    // Released too: left behind, it would catch the rollback of a savepoint around this one, which has the same name.
    await sql`rollback to savepoint undo`.execute(db);
    await sql`release savepoint undo`.execute(db);
    throw error;
  }
}
