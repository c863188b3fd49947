import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import { insertLesions } from '#core/db/lesion-store.ts';
import {
  type LesionAgreementId,
  type LesionId,
  type MemberId,
  newId,
  type ReadId,
  type RevisionId,
  type StudyId,
  type TaskId,
  type TenantId,
} from '#core/domain/ids.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { statesBefore, type TaskState } from '#core/domain/lifecycle.ts';
import type { AgreementGroup, AgreementRule } from '#core/label/agreement.ts';

/** A submitted read's label. */
export interface SubmittedRead {
  readonly id: ReadId;
  readonly readerId: MemberId;
  readonly labelSha256: string;
  /** Ids of its lesions by number. */
  readonly lesionIds: ReadonlyMap<number, LesionId>;
}

export interface TaskToCompare {
  readonly id: TaskId;
  readonly studyId: StudyId;
  readonly state: TaskState;
  /** The task whose reader reads it once more; null for a first read. */
  readonly repeatOfId: TaskId | null;
  readonly rule: AgreementRule;
  /** An adjudicator judges each lesion of the one read. */
  readonly adjudicateSoleRead: boolean;
  /** A second reader checks the first one's outlines. */
  readonly checked: boolean;
  /** Delineations in the order in which they were assigned. */
  readonly reads: readonly SubmittedRead[];
  /** The adjudicator's read, with a label only if lesions were redrawn. */
  readonly adjudication: SubmittedRead | undefined;
  /** The second reader's read, with a label only if lesions were redrawn or added. */
  readonly check: SubmittedRead | undefined;
}

export async function readToCompare(db: Db, id: TaskId): Promise<TaskToCompare> {
  const task = await db
    .selectFrom('task as t')
    .innerJoin('protocol as p', (join) =>
      join.onRef('p.tenant_id', '=', 't.tenant_id').onRef('p.id', '=', 't.protocol_id'),
    )
    .select(['t.id', 't.study_id', 't.state', 't.repeat_of_id', 'p.min_dice', 'p.max_hd95_mm', 'p.small_lesion_mm'])
    .select(['p.adjudicate_sole_read', 'p.check_kind'])
    .where('t.id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('read as r')
    .leftJoin('revision as v', (join) => join.onRef('v.tenant_id', '=', 'r.tenant_id').onRef('v.id', '=', 'r.head_id'))
    .select(['r.id', 'r.kind', 'r.reader_id', 'v.id as revision_id', 'v.label_sha256'])
    .where('r.task_id', '=', id)
    .where('r.state', '=', 'SUBMITTED')
    .orderBy('r.id')
    .execute();
  const lesions = await db
    .selectFrom('lesion')
    .select(['id', 'revision_id', 'number'])
    .where('revision_id', 'in', [...rows.flatMap(({ revision_id }) => revision_id ?? []), id as unknown as RevisionId])
    .execute();
  const read = (row: (typeof rows)[number]): SubmittedRead => ({
    id: row.id,
    readerId: row.reader_id,
    labelSha256: row.label_sha256 ?? '',
    lesionIds: new Map(
      lesions.filter(({ revision_id }) => revision_id === row.revision_id).map((lesion) => [lesion.number, lesion.id]),
    ),
  });
  const check = rows.find(({ kind }) => kind === 'CROSS_CHECK');
  const adjudication = rows.find(({ kind }) => kind === 'ADJUDICATE');
  return {
    id,
    studyId: task.study_id,
    state: task.state,
    repeatOfId: task.repeat_of_id,
    rule: { minDice: task.min_dice, maxHd95Mm: task.max_hd95_mm, smallLesionMm: task.small_lesion_mm },
    adjudicateSoleRead: task.adjudicate_sole_read,
    checked: task.check_kind === 'DELINEATE_THEN_CHECK',
    reads: rows.filter(({ kind }) => kind === 'DELINEATE').map(read),
    adjudication: adjudication && read(adjudication),
    check: check && read(check),
  };
}

/**
 * Writes the places of a comparison. Those that were written when they were to be checked become what the check has made of them.
 * @param reads Whose lesions the groups name, in their order.
 */
export async function writeAgreements(
  db: Db,
  tenantId: TenantId,
  taskId: TaskId,
  reads: readonly SubmittedRead[],
  groups: readonly AgreementGroup[],
): Promise<void> {
  for (const group of groups) {
    const { id } = await db
      .insertInto('lesion_agreement')
      .values({
        ...{ tenant_id: tenantId, id: newId<LesionAgreementId>(), task_id: taskId, number: group.number },
        ...{ kind: group.kind, dice: group.dice, hd95_mm: group.hd95Mm },
      })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'task_id', 'number'])
          .doUpdateSet({ kind: group.kind, dice: group.dice, hd95_mm: group.hd95Mm }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    const lesionIds = group.lesionNumbers.flatMap((numbers, read) =>
      numbers.map((number) => reads[read]!.lesionIds.get(number)!),
    );
    await db
      .insertInto('agreement_lesion')
      .values(lesionIds.map((lesion_id) => ({ tenant_id: tenantId, agreement_id: id, lesion_id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** From now on a second reader can be given what is to be checked. */
export const openCheck = (db: Db, id: TaskId): Promise<unknown> =>
  db
    .updateTable('task')
    .set({ checkable_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'CROSS_CHECKING')
    .execute();

/** Verdicts of a read, with the number of the group that each settles. */
export const readVerdicts = (db: Db, readId: ReadId) =>
  db
    .selectFrom('verdict as v')
    .innerJoin('lesion_agreement as a', (join) =>
      join.onRef('a.tenant_id', '=', 'v.tenant_id').onRef('a.id', '=', 'v.agreement_id'),
    )
    .select(['a.number', 'v.decision', 'v.lesion_ids'])
    .where('v.read_id', '=', readId)
    .execute();

export const moveTask = async (db: Db, id: TaskId, to: 'ADJUDICATING'): Promise<void> => {
  const { numUpdatedRows } = await db
    .updateTable('task')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('task.state', to))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`task ${id} cannot become ${to}`);
};

/** A repeat is over: it is no ground truth, and its reader may see the study again. */
export async function endRepeat(db: Db, id: TaskId): Promise<void> {
  await db
    .updateTable('task')
    .set({ state: 'EXCLUDED', excluded_reason: 'A hidden repeat, to hold its reader against themselves.' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('task.state', 'EXCLUDED'))
    .execute();
  await db.deleteFrom('blind_reader').where('task_id', '=', id).execute();
}

export interface AcceptedLabel {
  readonly labelSha256: string;
  readonly voxelCount: number;
  readonly lesions: readonly LesionMeasure[];
  readonly seg:
    | { readonly sha256: string; readonly sopInstanceUid: string; readonly seriesInstanceUid: string }
    | undefined;
}

/** Accepted ground truth: an immutable revision of no single read; nobody is blind to the task any more. */
export async function acceptTask(db: Db, tenantId: TenantId, taskId: TaskId, label: AcceptedLabel): Promise<void> {
  const revisionId = newId<RevisionId>();
  await db
    .insertInto('revision')
    .values({
      tenant_id: tenantId,
      id: revisionId,
      task_id: taskId,
      label_sha256: label.labelSha256,
      seg_sha256: label.seg?.sha256 ?? null,
      seg_sop_instance_uid: label.seg?.sopInstanceUid ?? null,
      seg_series_instance_uid: label.seg?.seriesInstanceUid ?? null,
      voxel_count: label.voxelCount,
      lesion_count: label.lesions.length,
    })
    .execute();
  await insertLesions(db, tenantId, { revisionId }, label.lesions);
  const { numUpdatedRows } = await db
    .updateTable('task')
    .set({ state: 'ACCEPTED', ground_truth_id: revisionId, accepted_at: new Date() })
    .where('id', '=', taskId)
    .where('state', 'in', statesBefore('task.state', 'ACCEPTED'))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`task ${taskId} cannot become ACCEPTED`);
  await db.deleteFrom('blind_reader').where('task_id', '=', taskId).execute();
}
