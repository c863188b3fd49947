import DataLoader from 'dataloader';
import { type Insertable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { MemberId, ReadId, RevisionId, SiteId, StudyId, TaskId, TenantId } from '#core/domain/ids.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { type ReadState, statesBefore, type TaskState } from '#core/domain/lifecycle.ts';
import type { Role } from '#core/domain/roles.ts';
import type { Page } from '../graphql/connection.ts';
import type { LesionRow, ReadRow, RevisionRow, Row, TaskRow } from '../graphql/rows.ts';

export type ReadKind = ReadRow['kind'];
export type StagedLabelRow = Row<'staged_label'>;

export interface ReadFilter {
  readonly kinds: readonly ReadKind[] | undefined;
  readonly states: readonly ReadState[] | undefined;
  /** Only of this reader. */
  readonly readerId: MemberId | undefined;
}

/** In the order in which they were assigned. */
export const readReads = (
  db: Db,
  { limit, after }: Page,
  { kinds, states, readerId }: ReadFilter,
): Promise<ReadRow[]> =>
  db
    .selectFrom('read')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after as ReadId))
    .$if(readerId !== undefined, (query) => query.where('reader_id', '=', readerId!))
    .$if(kinds !== undefined, (query) => query.where(sql<boolean>`kind = any(${kinds})`))
    .$if(states !== undefined, (query) => query.where(sql<boolean>`state = any(${states})`))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

export const readReadsOfTask = (db: Db, taskId: TaskId): Promise<ReadRow[]> =>
  db.selectFrom('read').selectAll().where('task_id', '=', taskId).orderBy('id').execute();

/** The task, which no other transaction changes until this one ends. */
export const lockTask = (db: Db, id: TaskId): Promise<TaskRow | undefined> =>
  db.selectFrom('task').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** The read, which no other transaction changes until this one ends. Whoever needs its task too locks that first. */
export const lockRead = (db: Db, id: ReadId): Promise<ReadRow | undefined> =>
  db.selectFrom('read').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** True if the member is active and holds the role at the site or everywhere. */
export const memberHasRole = async (db: Db, memberId: MemberId, role: Role, siteId: SiteId): Promise<boolean> => {
  const found = await db
    .selectFrom('member_role')
    .innerJoin('member', 'member.id', 'member_role.member_id')
    .select('member.id')
    .where('member.id', '=', memberId)
    .where('member.state', '=', 'ACTIVE')
    .where('member_role.role', '=', role)
    .where((eb) => eb.or([eb('member_role.site_id', 'is', null), eb('member_role.site_id', '=', siteId)]))
    .executeTakeFirst();
  return found !== undefined;
};

export const insertRead = (db: Db, read: Insertable<DB['read']>): Promise<ReadRow> =>
  db.insertInto('read').values(read).returningAll().executeTakeFirstOrThrow();

/** From now on the reader learns nothing of the other reads of the task. */
export const blindReader = (
  db: Db,
  row: { tenant_id: TenantId; task_id: TaskId; study_id: StudyId; member_id: MemberId },
): Promise<unknown> =>
  db
    .insertInto('blind_reader')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();

/** Takes the step; undefined if the task is in no state that allows it. */
export const setTaskState = (db: Db, id: TaskId, to: TaskState): Promise<TaskRow | undefined> =>
  db
    .updateTable('task')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('task.state', to))
    .returningAll()
    .executeTakeFirst();

/** Takes the step; undefined if the read is in no state that allows it. */
export const setReadState = (db: Db, id: ReadId, to: 'STARTED' | 'EXPIRED'): Promise<ReadRow | undefined> =>
  db
    .updateTable('read')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('read.state', to))
    .returningAll()
    .executeTakeFirst();

/** Gives a signed read back; undefined if it is not SUBMITTED. The signature stays in the audit trail. */
export const returnRead = (db: Db, id: ReadId, reason: string): Promise<ReadRow | undefined> =>
  db
    .updateTable('read')
    .set({
      state: 'RETURNED',
      returned_reason: reason,
      signed_name: null,
      signed_meaning: null,
      signed_sha256: null,
      signed_at: null,
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('read.state', 'RETURNED'))
    .returningAll()
    .executeTakeFirst();

/** The first read in a member's queue. */
export const nextInQueue = (db: Db, readerId: MemberId): Promise<ReadRow | undefined> =>
  db
    .selectFrom('read')
    .selectAll()
    .where('reader_id', '=', readerId)
    .where('state', 'in', statesBefore('read.state', 'STARTED'))
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();

/** A SEG that the member has sent and not saved yet. */
export const readStagedLabel = (
  db: Db,
  memberId: MemberId,
  sopInstanceUid: string,
): Promise<StagedLabelRow | undefined> =>
  db
    .selectFrom('staged_label')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('sop_instance_uid', '=', sopInstanceUid)
    .executeTakeFirst();

export const deleteStagedLabel = (db: Db, id: string): Promise<unknown> =>
  db.deleteFrom('staged_label').where('id', '=', id).execute();

/** The one revision of the read that was made from this parent, if there is one. */
export const readChild = (db: Db, readId: ReadId, parentId: RevisionId | null): Promise<RevisionRow | undefined> =>
  db
    .selectFrom('revision')
    .selectAll()
    .where('read_id', '=', readId)
    .where('parent_id', 'is not distinct from', parentId)
    .executeTakeFirst();

/** Newest first. */
export const readRevisionsOfRead = (db: Db, readId: ReadId, { limit, after }: Page): Promise<RevisionRow[]> =>
  db
    .selectFrom('revision')
    .selectAll()
    .where('read_id', '=', readId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as RevisionId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** Adds a revision with its lesions, the new head of its read. */
export async function insertRevision(
  db: Db,
  revision: Insertable<DB['revision']> & { read_id: ReadId },
  lesions: readonly (LesionMeasure & { readonly id: DB['lesion']['id'] })[],
  secondsSpent: number,
): Promise<RevisionRow> {
  const row = await db.insertInto('revision').values(revision).returningAll().executeTakeFirstOrThrow();
  if (lesions.length > 0) {
    await db
      .insertInto('lesion')
      .values(
        lesions.map((lesion) => ({
          tenant_id: row.tenant_id,
          id: lesion.id,
          revision_id: row.id,
          number: lesion.number,
          voxel_count: lesion.voxelCount,
          volume_mm3: lesion.volumeMm3,
          longest_diameter_mm: lesion.longestDiameterMm,
          perpendicular_diameter_mm: lesion.perpendicularDiameterMm,
          slice_count: lesion.sliceCount,
          slice_index: lesion.sliceIndex,
          centroid_lps: [...lesion.centroidLps],
        })),
      )
      .execute();
  }
  await db
    .updateTable('read')
    .set((eb) => ({ head_id: row.id, seconds_spent: eb('seconds_spent', '+', secondsSpent) }))
    .where('id', '=', revision.read_id)
    .execute();
  return row;
}

/** Reads that the caller may see, by task id, oldest first. */
export const readsByTask = (db: Db): DataLoader<string, ReadRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('read')
      .selectAll()
      .where('task_id', 'in', ids as TaskId[])
      .orderBy('id')
      .execute();
    return ids.map((id) => rows.filter(({ task_id }) => task_id === id));
  });

/** Lesions of revisions, by revision id, in the order of their numbers. */
export const lesionsByRevision = (db: Db): DataLoader<string, LesionRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('lesion')
      .selectAll()
      .where('revision_id', 'in', ids as RevisionId[])
      .orderBy('number')
      .execute();
    const byRevision = Map.groupBy(rows, ({ revision_id }) => revision_id as string);
    return ids.map((id) => byRevision.get(id) ?? []);
  });

/** The newest accepted label of studies, by study id; null where there is none that the caller may see. */
export const groundTruthByStudy = (db: Db): DataLoader<string, RevisionRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('task')
      .innerJoin('revision', 'revision.id', 'task.ground_truth_id')
      .selectAll('revision')
      .select('task.study_id')
      .distinctOn('task.study_id')
      .where('task.study_id', 'in', ids as StudyId[])
      .orderBy('task.study_id')
      .orderBy('task.round', 'desc')
      .execute();
    return ids.map((id) => rows.find(({ study_id }) => study_id === id) ?? null);
  });
