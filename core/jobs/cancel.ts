import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { JobId } from '../domain/ids.ts';
import { statesBefore } from '../domain/lifecycle.ts';

/**
 * Cancels a job that has not ended. A worker that holds it finds out at its next heartbeat or write, which its attempt no longer
 * fences. Take this step before the one of the thing that the job is for: workers lock in that order too.
 * @returns false if the job had ended
 */
export async function cancelJob(db: Db, id: JobId): Promise<boolean> {
  const cancelled = await db
    .updateTable('job')
    .set({ state: 'CANCELLED', lease_until: null, ended_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('job.state', 'CANCELLED'))
    .returning('id')
    .executeTakeFirst();
  return cancelled !== undefined;
}
