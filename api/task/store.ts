import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { asService, type Db } from '#core/db/database.ts';
import type { MemberId, PreparationId, ProtocolId, SiteId, StudyId, TaskId, TenantId } from '#core/domain/ids.ts';
import { type ReadState, statesBefore, type TaskState } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { PreparationRow, TaskRow } from '../graphql/rows.ts';

export interface TaskFilter {
  readonly siteIds: readonly SiteId[] | undefined;
  /** Judged by the state as the caller may know it. */
  readonly states: readonly TaskState[] | undefined;
  readonly studyId: StudyId | undefined;
  readonly protocolId: ProtocolId | undefined;
  /** Whether they want a read that nobody holds. */
  readonly unassigned: boolean | undefined;
}

/**
 * Reads that a task wants in its state and nobody holds (placesOf in core/reading/places.ts); none to whoever may not see its reads. In SQL,
 * so that lists can be filtered by it. With a task t and its protocol p.
 */
const unassignedReads = sql<number>`case when is_blind_to_task(t.id) or not has_oversight() or t.repeat_of_id is not null then 0
  when t.state in ('OPEN', 'DELINEATING') then p.reader_count - (
    select count(*)::int from read r where r.task_id = t.id and r.kind = 'DELINEATE' and r.state <> 'EXPIRED')
  when t.state = 'CROSS_CHECKING' and t.checkable_at is not null then 1 - (
    select count(*)::int from read r where r.task_id = t.id and r.kind = 'CROSS_CHECK' and r.state <> 'EXPIRED')
  when t.state = 'ADJUDICATING' then 1 - (
    select count(*)::int from read r where r.task_id = t.id and r.kind = 'ADJUDICATE' and r.state <> 'EXPIRED')
  else 0 end`;

/** Oldest first. */
export const readTasks = (
  db: Db,
  { limit, after }: Page,
  { siteIds, states, studyId, protocolId, unassigned }: TaskFilter,
): Promise<TaskRow[]> =>
  db
    .selectFrom('task as t')
    // An imported label has no protocol.
    .leftJoin('protocol as p', (join) =>
      join.onRef('p.tenant_id', '=', 't.tenant_id').onRef('p.id', '=', 't.protocol_id'),
    )
    .selectAll('t')
    .$if(after !== undefined, (query) => query.where('t.id', '>', after as TaskId))
    .$if(studyId !== undefined, (query) => query.where('t.study_id', '=', studyId!))
    .$if(protocolId !== undefined, (query) => query.where('t.protocol_id', '=', protocolId!))
    .$if(states !== undefined, (query) => query.where(sql<boolean>`seen_task_state(t.id, t.state) = any(${states})`))
    .$if(unassigned !== undefined, (query) => query.where(sql<boolean>`(${unassignedReads} > 0) = ${unassigned}`))
    .$if(siteIds !== undefined, (query) =>
      query.where('t.study_id', 'in', (eb) =>
        eb.selectFrom('study').select('study.id').where(sql<boolean>`site_id = any(${siteIds}::uuid[])`),
      ),
    )
    .orderBy('t.id')
    .limit(limit + 1)
    .execute();

/** Reads that tasks want and nobody holds, by task id. */
export const unassignedByTask = (db: Db): DataLoader<string, number> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('task as t')
      .leftJoin('protocol as p', (join) =>
        join.onRef('p.tenant_id', '=', 't.tenant_id').onRef('p.id', '=', 't.protocol_id'),
      )
      .select(['t.id', unassignedReads.as('count')])
      .where('t.id', 'in', ids as TaskId[])
      .execute();
    const counts = new Map<string, number>(rows.map(({ id, count }) => [id, count]));
    return ids.map((id) => counts.get(id) ?? 0);
  });

/** Tasks of studies, by study id, newest round first. */
export const tasksByStudy = (db: Db): DataLoader<string, TaskRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('task')
      .selectAll()
      .where('study_id', 'in', ids as StudyId[])
      .orderBy('round', 'desc')
      .execute();
    return ids.map((id) => rows.filter(({ study_id }) => study_id === id));
  });

/** True by task id where the caller must learn nothing of the other reads. */
export const blindnessByTask = (db: Db): DataLoader<string, boolean> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('task')
      .select('id')
      .where('id', 'in', ids as TaskId[])
      .where(sql<boolean>`is_blind_to_task(id)`)
      .execute();
    const blind = new Set<string>(rows.map(({ id }) => id));
    return ids.map((id) => blind.has(id));
  });

/** The newest preparation of a study, whatever its state. */
export const readNewestPreparation = (db: Db, studyId: StudyId): Promise<PreparationRow | undefined> =>
  db
    .selectFrom('preparation')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();

export interface NewTask {
  readonly tenantId: TenantId;
  readonly id: TaskId;
  readonly studyId: StudyId;
  /** Null for a round whose label is imported. */
  readonly protocolId: ProtocolId | null;
  readonly preparationId: PreparationId;
  readonly priority: number;
  readonly reopenedReason: string | null;
  readonly repeatOfId: TaskId | null;
}

/** The next round of its study; undefined if an open round is there. */
export const insertTask = (db: Db, task: NewTask): Promise<TaskRow | undefined> =>
  db
    .insertInto('task')
    .values((eb) => ({
      tenant_id: task.tenantId,
      id: task.id,
      study_id: task.studyId,
      protocol_id: task.protocolId,
      preparation_id: task.preparationId,
      priority: task.priority,
      reopened_reason: task.reopenedReason,
      repeat_of_id: task.repeatOfId,
      round: eb
        .selectFrom('task')
        .select(sql<number>`coalesce(max(round), 0) + 1`.as('round'))
        .where('study_id', '=', task.studyId),
    }))
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

export const readOpenTask = (db: Db, studyId: StudyId): Promise<TaskRow | undefined> =>
  db
    .selectFrom('task')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('state', 'not in', ['ACCEPTED', 'EXCLUDED'])
    .executeTakeFirst();

/** Whether the member delineated and signed the task; with the service's eyes, in mutations alone. */
export const hasDelineated = (db: Db, id: TaskId, readerId: MemberId): Promise<boolean> =>
  asService(db, async () => {
    const found = await db
      .selectFrom('read')
      .select('id')
      .where('task_id', '=', id)
      .where('reader_id', '=', readerId)
      .where('kind', '=', 'DELINEATE')
      .where('state', '=', 'SUBMITTED')
      .executeTakeFirst();
    return found !== undefined;
  });

export const setPriority = (db: Db, ids: readonly TaskId[], priority: number): Promise<TaskRow[]> =>
  db.updateTable('task').set({ priority }).where('id', 'in', ids).returningAll().execute();

/** Leaves the task out, ends its reads and lifts blindness; undefined if it was ended already. */
export async function excludeTask(db: Db, id: TaskId, reason: string): Promise<TaskRow | undefined> {
  const task = await db
    .updateTable('task')
    .set({ state: 'EXCLUDED', excluded_reason: reason })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('task.state', 'EXCLUDED'))
    .returningAll()
    .executeTakeFirst();
  if (!task) return undefined;
  const expired: ReadState = 'EXPIRED';
  // With the service's eyes: whoever excludes may be a reader of the task, to whom the other reads are hidden.
  await asService(db, async () => {
    await db
      .updateTable('read')
      .set({ state: expired })
      .where('task_id', '=', id)
      .where('state', 'in', statesBefore('read.state', expired))
      .execute();
    await db.deleteFrom('blind_reader').where('task_id', '=', id).execute();
  });
  return task;
}
