import { type Selectable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { DefacingId, JobId, MemberId, StudyId, TenantId } from '#core/domain/ids.ts';

export type DefacingRow = Selectable<DB['defacing']>;
export type NewestDefacing = Pick<Selectable<DB['job']>, 'state'> & Pick<DefacingRow, 'decision'>;

/** How many images of the study are withheld. They themselves are not asked, which only the service sees. */
export const countWithheld = async (db: Db, studyId: StudyId): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('series')
        .select((eb) => eb.fn.sum<string | null>('withheld_count').as('count'))
        .where('study_id', '=', studyId)
        .executeTakeFirstOrThrow()
    ).count ?? 0,
  );

/** Newest first, at most 20. */
export const readDefacings = (db: Db, studyId: StudyId): Promise<DefacingRow[]> =>
  db.selectFrom('defacing').selectAll().where('study_id', '=', studyId).orderBy('id', 'desc').limit(20).execute();

/**
 * The study's newest job about its withheld images; undefined if there was none. A worker that is about to begin it waits. One that
 * holds it is not waited for, since it may in turn wait for the study, which the caller holds: it is RUNNING.
 */
export async function lockNewestDefacing(db: Db, studyId: StudyId): Promise<NewestDefacing | undefined> {
  const newest = await db
    .selectFrom('defacing')
    .select(['job_id', 'decision'])
    .where('study_id', '=', studyId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest) return undefined;
  const job = await db
    .selectFrom('job')
    .select('state')
    .where('id', '=', newest.job_id)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return { decision: newest.decision, state: job?.state ?? 'RUNNING' };
}

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
      // Not when the transaction began: it may have waited for files that this decision counts.
      created_at: sql<Date>`clock_timestamp()`,
    })
    .execute();
