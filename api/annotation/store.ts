import DataLoader from 'dataloader';
import { type Insertable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { MemberId, PreparationId, ReadId, RevisionId, SegmentationId, StudyId, TaskId } from '#core/domain/ids.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { type ReadState, statesBefore } from '#core/domain/lifecycle.ts';
import type { ReadKind } from '#core/reading/places.ts';
import type { Page } from '../graphql/connection.ts';
import type { LesionRow, ReadRow, RevisionRow, Row } from '../graphql/rows.ts';

export type StagedLabelRow = Row<'staged_label'>;

export interface ReadFilter {
  readonly kinds: readonly ReadKind[] | undefined;
  readonly states: readonly ReadState[] | undefined;
  /** Only of this reader. */
  readonly readerId: MemberId | undefined;
}

/** Greater priority first, then what is due sooner, then what was assigned earlier. With a read r and its task t. */
const queueOrder = sql`(-t.priority, coalesce(r.due_at, 'infinity'), r.id)`;

/** In the order of their queue. */
export const readReads = (
  db: Db,
  { limit, after }: Page,
  { kinds, states, readerId }: ReadFilter,
): Promise<ReadRow[]> =>
  db
    .selectFrom('read as r')
    .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'r.tenant_id').onRef('t.id', '=', 'r.task_id'))
    .selectAll('r')
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from read q join task u on u.tenant_id = q.tenant_id and u.id = q.task_id
          where q.id = ${after} and ${queueOrder} > (-u.priority, coalesce(q.due_at, 'infinity'), q.id))`,
      ),
    )
    .$if(readerId !== undefined, (query) => query.where('r.reader_id', '=', readerId!))
    .$if(kinds !== undefined, (query) => query.where(sql<boolean>`r.kind = any(${kinds})`))
    .$if(states !== undefined, (query) => query.where(sql<boolean>`r.state = any(${states})`))
    .orderBy(queueOrder)
    .limit(limit + 1)
    .execute();

export const readReadsOfTask = (db: Db, taskId: TaskId): Promise<ReadRow[]> =>
  db.selectFrom('read').selectAll().where('task_id', '=', taskId).orderBy('id').execute();

/** The read, which no other transaction changes until this one ends. Whoever needs its task too locks that first. */
export const lockRead = (db: Db, id: ReadId): Promise<ReadRow | undefined> =>
  db.selectFrom('read').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Begins it; undefined if the read is in no state that allows it. */
export const setStarted = (db: Db, id: ReadId): Promise<ReadRow | undefined> =>
  db
    .updateTable('read')
    .set({ state: 'STARTED' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('read.state', 'STARTED'))
    .returningAll()
    .executeTakeFirst();

/** True if its time is up, though the job that ends it has not come to it yet. */
export const isPastDue = async (db: Db, id: ReadId): Promise<boolean> => {
  const row = await db
    .selectFrom('read')
    .select('id')
    .where('id', '=', id)
    .where('due_at', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  return row !== undefined;
};

/** The SEG of a version's answer; undefined where it found nothing. */
export const findAnswer = (db: Db, id: SegmentationId): Promise<{ sha256: string } | undefined> =>
  db
    .selectFrom('segmentation_result')
    .select('sha256')
    .where('segmentation_id', '=', id)
    .where('kind', '=', 'SEG')
    .executeTakeFirst();

/** The newest answer on a preparation that the caller may see. */
export const findNewestAnswer = async (db: Db, preparationId: PreparationId): Promise<SegmentationId | undefined> => {
  const row = await db
    .selectFrom('segmentation')
    .select('id')
    .where('preparation_id', '=', preparationId)
    .where('state', '=', 'COMPLETED')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
};

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
    .selectFrom('read as r')
    .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'r.tenant_id').onRef('t.id', '=', 'r.task_id'))
    .selectAll('r')
    .where('r.reader_id', '=', readerId)
    .where('r.state', 'in', statesBefore('read.state', 'STARTED'))
    .where(sql<boolean>`coalesce(r.due_at, 'infinity') > now()`)
    .orderBy(queueOrder)
    .limit(1)
    .forUpdate('r')
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
  lesions: readonly (LesionMeasure & { readonly id: DB['lesion']['id']; readonly coarse: boolean })[],
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
          coarse: lesion.coarse,
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
