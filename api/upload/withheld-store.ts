import { sql } from 'kysely';
import { asService, type Db } from '#core/db/database.ts';
import type { KnownInstance, NewInstance } from './store.ts';

/** Asked with the service's eyes: no member sees a withheld image. */
export const findWithheld = (
  db: Db,
  sopInstanceUids: readonly string[],
): Promise<(KnownInstance & { sop_instance_uid: string })[]> =>
  db
    .selectFrom('withheld_instance')
    .select(['sop_instance_uid', 'source_hash', 'study_id'])
    .where('sop_instance_uid', 'in', sopInstanceUids)
    .execute();

/**
 * Remembers images that nobody may read until their faces are removed. Their study is held until the transaction ends, within which the
 * caller stores the bytes: whoever erases bytes of the study that no row names waits for that.
 * @returns as `insertInstances`
 */
export const insertWithheld = (db: Db, instances: readonly NewInstance[]): Promise<Set<string>> =>
  asService(db, async () => {
    if (instances.length === 0) return new Set();
    const inserted = await db
      .insertInto('withheld_instance')
      .values(
        instances.map((one) => ({
          tenant_id: one.tenantId,
          sop_instance_uid: one.header.sopInstanceUid,
          study_id: one.studyId,
          series_id: one.seriesId,
          frame_count: one.header.numberOfFrames,
          sha256: one.sha256,
          source_hash: one.sourceHash,
          size_bytes: one.sizeBytes,
          // Not when the transaction began: it may have waited while a coordinator decided about the images that were there.
          created_at: sql<Date>`clock_timestamp()`,
        })),
      )
      .onConflict((conflict) => conflict.columns(['tenant_id', 'sop_instance_uid']).doNothing())
      .returning('sop_instance_uid')
      .execute();
    return new Set(inserted.map((row) => row.sop_instance_uid));
  });
