import type { Selectable } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { DefacingId, JobId, MemberId, StudyId, TenantId } from '#core/domain/ids.ts';

export type DefacingRow = Selectable<DB['defacing']>;
export type DefacingState = Selectable<DB['job']>['state'];

/** How many images of the study are withheld; only the service sees any. */
export const countWithheld = async (db: Db, studyId: StudyId): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('withheld_instance')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('study_id', '=', studyId)
        .executeTakeFirstOrThrow()
    ).count,
  );

/** Newest first, at most 20. */
export const readDefacings = (db: Db, studyId: StudyId): Promise<DefacingRow[]> =>
  db.selectFrom('defacing').selectAll().where('study_id', '=', studyId).orderBy('id', 'desc').limit(20).execute();

/** The state of the study's newest job about its withheld images; undefined if there was none. A worker that is about to begin it waits. */
export const lockNewestDefacing = async (db: Db, studyId: StudyId): Promise<DefacingState | undefined> =>
  (
    await db
      .selectFrom('job as j')
      .select('j.state')
      .where('j.id', '=', (eb) =>
        eb.selectFrom('defacing').select('job_id').where('study_id', '=', studyId).orderBy('id', 'desc').limit(1),
      )
      .forUpdate()
      .executeTakeFirst()
  )?.state;

export const insertDefacing = (
  db: Db,
  one: { tenantId: TenantId; id: DefacingId; studyId: StudyId; jobId: JobId } & (
    | { decision: 'DEFACE' | 'RELEASE'; decidedBy: MemberId; reason: string }
    | { decision: 'DEFACE'; decidedBy: null; reason: null }
  ),
): Promise<unknown> =>
  db
    .insertInto('defacing')
    .values({
      ...{ tenant_id: one.tenantId, id: one.id, study_id: one.studyId, job_id: one.jobId },
      ...{ decision: one.decision, decided_by: one.decidedBy, reason: one.reason },
    })
    .execute();
