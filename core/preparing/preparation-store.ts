import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { DB } from '../db/tables.generated.ts';
import type { JobId, PreparationId, StudyId, TenantId } from '../domain/ids.ts';

export type PreparationRow = Selectable<DB['preparation']>;
type StudyRow = Selectable<DB['study']>;

/**
 * Holds the study until the end of the transaction, so that two cannot begin a preparation of it at once. Who stores files of the study is
 * not held up by this lock: they count them on the series, for which whoever holds the study waits.
 */
export const lockStudy = (db: Db, id: StudyId): Promise<StudyRow | undefined> =>
  db.selectFrom('study').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();

/** The newest preparation; a worker that is about to begin it is waited for, and no worker begins it until the transaction ends. */
export const lockNewestPreparation = (db: Db, studyId: StudyId): Promise<PreparationRow | undefined> =>
  db
    .selectFrom('preparation')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();

export interface NewPreparation {
  readonly tenantId: TenantId;
  readonly id: PreparationId;
  readonly studyId: StudyId;
  readonly jobId: JobId;
  readonly number: number;
  readonly plan: object;
  readonly planHash: string;
}

export const insertPreparation = (db: Db, one: NewPreparation): Promise<PreparationRow> =>
  db
    .insertInto('preparation')
    .values({
      tenant_id: one.tenantId,
      id: one.id,
      study_id: one.studyId,
      job_id: one.jobId,
      number: one.number,
      plan: JSON.stringify(one.plan),
      plan_hash: one.planHash,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

/** True if a series of the study, with or without images, is its BRAVO. */
export const studyHasBravo = async (db: Db, studyId: StudyId): Promise<boolean> =>
  (await db
    .selectFrom('series')
    .select('id')
    .where('study_id', '=', studyId)
    .where('role', '=', 'BRAVO')
    .where('derived_from_id', 'is', null)
    .executeTakeFirst()) !== undefined;
