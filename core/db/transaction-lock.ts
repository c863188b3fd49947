import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Holds a name until the transaction ends: who else wants it waits, and then sees what was committed. For decisions that rest on
 * rows which are not there yet, such as a first use of an idempotency key. Names should begin with the tenant's id.
 */
export async function holdUntilCommit(db: Db, ...name: readonly string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name.join(' ')}, 0))`.execute(db);
}
