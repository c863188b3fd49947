import { asService, type Db } from '#core/db/database.ts';
import type { StudyId } from '#core/domain/ids.ts';
import type { NewInstance } from './store.ts';

/** Asked with the service's eyes: no member sees a withheld image. */
export const findWithheld = (
  db: Db,
  sopInstanceUid: string,
): Promise<{ source_hash: string; study_id: StudyId } | undefined> =>
  db
    .selectFrom('withheld_instance')
    .select(['source_hash', 'study_id'])
    .where('sop_instance_uid', '=', sopInstanceUid)
    .executeTakeFirst();

/**
 * Remembers an image that nobody may read until its face is removed. Its study is held until the transaction ends, within which the caller
 * stores the bytes: whoever erases bytes of the study that no row names waits for that.
 * @returns as `insertInstance`
 */
export const insertWithheld = (db: Db, one: NewInstance): Promise<'CREATED' | 'REPEATED' | 'CONFLICT'> =>
  asService(db, async () => {
    const { header } = one;
    const inserted = await db
      .insertInto('withheld_instance')
      .values({
        tenant_id: one.tenantId,
        sop_instance_uid: header.sopInstanceUid,
        study_id: one.studyId,
        series_id: one.seriesId,
        frame_count: header.numberOfFrames,
        sha256: one.sha256,
        source_hash: one.sourceHash,
        size_bytes: one.sizeBytes,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'sop_instance_uid']).doNothing())
      .returning('sop_instance_uid')
      .executeTakeFirst();
    if (inserted) return 'CREATED';
    const present = await findWithheld(db, header.sopInstanceUid);
    return present?.source_hash === one.sourceHash ? 'REPEATED' : 'CONFLICT';
  });
