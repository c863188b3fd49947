import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { asService, type Db } from '#core/db/database.ts';
import type { PreparationId, ProtocolId, SiteId, StudyId, TaskId, TenantId } from '#core/domain/ids.ts';
import { type ReadState, statesBefore, type TaskState } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { PreparationRow, TaskRow } from '../graphql/rows.ts';

export interface TaskFilter {
  readonly siteIds: readonly SiteId[] | undefined;
  /** Judged by the state as the caller may know it. */
  readonly states: readonly TaskState[] | undefined;
  readonly studyId: StudyId | undefined;
}

/** Oldest first. */
export const readTasks = (
  db: Db,
  { limit, after }: Page,
  { siteIds, states, studyId }: TaskFilter,
): Promise<TaskRow[]> =>
  db
    .selectFrom('task')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after as TaskId))
    .$if(studyId !== undefined, (query) => query.where('study_id', '=', studyId!))
    .$if(states !== undefined, (query) => query.where(sql<boolean>`seen_task_state(id, state) = any(${states})`))
    .$if(siteIds !== undefined, (query) =>
      query.where('study_id', 'in', (eb) =>
        eb.selectFrom('study').select('study.id').where(sql<boolean>`site_id = any(${siteIds}::uuid[])`),
      ),
    )
    .orderBy('id')
    .limit(limit + 1)
    .execute();

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
  readonly protocolId: ProtocolId;
  readonly preparationId: PreparationId;
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
