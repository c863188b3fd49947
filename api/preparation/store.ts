import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { MemberId, PreparationId, SeriesId, StudyId } from '#core/domain/ids.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import type { PreparationRow, RegistrationRow } from '../graphql/rows.ts';

/** Newest preparations, by study id. */
export const newestPreparations = (db: Db): DataLoader<string, PreparationRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('preparation')
      .selectAll()
      .distinctOn('study_id')
      .where('study_id', 'in', ids as StudyId[])
      .orderBy('study_id')
      .orderBy('number', 'desc')
      .execute();
    const byStudy = new Map(rows.map((row) => [row.study_id as string, row]));
    return ids.map((id) => byStudy.get(id) ?? null);
  });

/** Registrations, by preparation id. */
export const registrationsByPreparation = (db: Db): DataLoader<string, RegistrationRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('registration')
      .selectAll()
      .where('preparation_id', 'in', ids as PreparationId[])
      .orderBy('id')
      .execute();
    return ids.map((id) => rows.filter(({ preparation_id }) => preparation_id === id));
  });

const newest = (db: Db, studyId: StudyId) =>
  db.selectFrom('preparation').selectAll().where('study_id', '=', studyId).orderBy('number', 'desc').limit(1);

export const newestPreparation = (db: Db, studyId: StudyId): Promise<PreparationRow | undefined> =>
  newest(db, studyId).executeTakeFirst();

/** Takes a preparation from NEEDS_REVIEW to what the judgement says; undefined if it is not in NEEDS_REVIEW. */
export const judgePreparation = (
  db: Db,
  id: PreparationId,
  { decision, memberId, reason }: { decision: 'USABLE' | 'UNUSABLE'; memberId: MemberId; reason: string },
): Promise<PreparationRow | undefined> => {
  const to = decision === 'USABLE' ? 'READY' : 'FAILED';
  return db
    .updateTable('preparation')
    .set({ state: to, judged_by: memberId, judgement: decision, judgement_reason: reason, judged_at: new Date() })
    .where('id', '=', id)
    .where('state', '=', 'NEEDS_REVIEW')
    .where('state', 'in', statesBefore('preparation.state', to))
    .returningAll()
    .executeTakeFirst();
};

/** Gives the role to this series alone. */
export async function setSeriesRole(db: Db, studyId: StudyId, seriesId: SeriesId, role: SeriesRole): Promise<void> {
  if (role !== 'OTHER') {
    await db
      .updateTable('series')
      .set({ role: 'OTHER', role_reason: 'A member gave its role to another series.', role_set_by_member: true })
      .where('study_id', '=', studyId)
      .where('role', '=', role)
      .where('derived_from_id', 'is', null)
      .where('id', '<>', seriesId)
      .execute();
  }
  await db
    .updateTable('series')
    .set({ role, role_reason: 'A member said so.', role_set_by_member: true })
    .where('id', '=', seriesId)
    .execute();
}
