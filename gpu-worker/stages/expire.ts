import { audit } from '#core/db/audit.ts';
import type { Db } from '#core/db/database.ts';
import type { ReadId } from '#core/domain/ids.ts';
import type { Desk } from '#core/reading/assign.ts';
import { expireRead } from '#core/reading/expire-read.ts';
import type { JobContext, Stage } from '../jobs/stage.ts';

/** EXPIRE: ends a read whose time is up, and gives its place to another reader by the protocol's rule. */
export const expireStage: Stage = {
  begin: async () => {},
  // The read stays with its reader; a coordinator can give it to another.
  fail: async () => {},
  run: async (context) => (db) => expireRead(deskOf(context, db), context.job.object_id as ReadId),
};

/** The desk as the service itself keeps it. */
export const deskOf = ({ tenantId, queue, job }: JobContext, db: Db): Desk => ({
  db,
  queue,
  tenantId,
  record: (entry) => audit(db, { tenantId, memberId: null, requestId: `job:${job.id}:${job.attempt}` }, entry),
});
