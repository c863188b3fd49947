import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { DB } from '../db/tables.generated.ts';
import type { MemberId, ProtocolId, ReadId, SegmentationId, SiteId, TaskId } from '../domain/ids.ts';
import { statesBefore, type TaskState } from '../domain/lifecycle.ts';
import { protocolOf, type ReadKind } from './places.ts';

export type ReadRow = Selectable<DB['read']>;
export type TaskRow = Selectable<DB['task']>;
export type ProtocolRow = Selectable<DB['protocol']>;

export const readProtocol = (db: Db, id: ProtocolId): Promise<ProtocolRow> =>
  db.selectFrom('protocol').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

export interface StudyOfTask {
  readonly site_id: SiteId;
  /** True for a patient of the sealed test set. */
  readonly sealed: boolean;
}

export const readStudyOfTask = async (db: Db, { study_id }: TaskRow): Promise<StudyOfTask> => {
  const { site_id, subset } = await db
    .selectFrom('study as s')
    .innerJoin('subject as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.subject_id'),
    )
    .select(['s.site_id', 'p.subset'])
    .where('s.id', '=', study_id)
    .executeTakeFirstOrThrow();
  return { site_id, sealed: subset === 'TEST' };
};

/** The task, which no other transaction changes until this one ends. */
export const lockTask = (db: Db, id: TaskId): Promise<TaskRow | undefined> =>
  db.selectFrom('task').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Reads of a kind that count towards those that the task needs. */
export const countHeld = async (db: Db, taskId: TaskId, kind: ReadKind): Promise<number> => {
  const { count } = await db
    .selectFrom('read')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('task_id', '=', taskId)
    .where('kind', '=', kind)
    .where('state', '<>', 'EXPIRED')
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** Who may read: role, site, and for adjudication the protocol's own list. */
export const mayRead = (kind: ReadKind, siteId: SiteId, protocolId: ProtocolId) => sql<boolean>`m.state = 'ACTIVE'
  and exists (select from member_role g where g.tenant_id = m.tenant_id and g.member_id = m.id
    and g.role = ${kind === 'ADJUDICATE' ? 'ADJUDICATOR' : 'READER'} and (g.site_id is null or g.site_id = ${siteId}))
  and (${kind} <> 'ADJUDICATE' or not exists (select from protocol_adjudicator a where a.protocol_id = ${protocolId})
    or exists (select from protocol_adjudicator a where a.protocol_id = ${protocolId} and a.member_id = m.id))`;

/** True if the member may have a read of this kind. */
export const isEligible = async (
  db: Db,
  memberId: MemberId,
  kind: ReadKind,
  siteId: SiteId,
  protocolId: ProtocolId,
): Promise<boolean> => {
  const found = await db
    .selectFrom('member as m')
    .select('m.id')
    .where('m.id', '=', memberId)
    .where(mayRead(kind, siteId, protocolId))
    .executeTakeFirst();
  return found !== undefined;
};

/** Of those who may and never had a read of the task, who has the fewest to do; then who was given one longest ago. */
export const findFreeReader = async (
  db: Db,
  task: TaskRow,
  kind: ReadKind,
  siteId: SiteId,
): Promise<MemberId | undefined> => {
  const row = await db
    .selectFrom('member as m')
    .leftJoin('read as r', (join) => join.onRef('r.tenant_id', '=', 'm.tenant_id').onRef('r.reader_id', '=', 'm.id'))
    .select('m.id')
    .where(mayRead(kind, siteId, protocolOf(task)))
    .where(sql<boolean>`not exists (select from read t where t.task_id = ${task.id} and t.reader_id = m.id)`)
    .groupBy('m.id')
    .orderBy(sql`count(*) filter (where r.state in ('ASSIGNED', 'STARTED', 'RETURNED'))`)
    .orderBy(sql`max(r.created_at) nulls first`)
    .orderBy('m.id')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
};

/** Newest answer about the preparation that labels are drawn on. */
export const findPreAnnotation = async (db: Db, { preparation_id }: TaskRow): Promise<SegmentationId | undefined> => {
  const row = await db
    .selectFrom('segmentation')
    .select('id')
    .where('preparation_id', '=', preparation_id)
    .where('state', '=', 'COMPLETED')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
};

/** @param due Hours from now, or a moment. */
export const insertRead = (
  db: Db,
  read: Omit<Insertable<DB['read']>, 'due_at'>,
  due: number | Date,
): Promise<ReadRow> =>
  db
    .insertInto('read')
    .values({ ...read, due_at: due instanceof Date ? due : sql<Date>`now() + ${due} * interval '1 hour'` })
    .returningAll()
    .executeTakeFirstOrThrow();

/** @param hours From now. */
export const setDue = (db: Db, id: ReadId, hours: number): Promise<ReadRow> =>
  db
    .updateTable('read')
    .set({ due_at: sql<Date>`now() + ${hours} * interval '1 hour'` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** From now on the reader learns nothing of the other reads of the task; of an open protocol's, everything. */
export const setInsight = (db: Db, task: TaskRow, member_id: MemberId, blind: boolean): Promise<unknown> => {
  const row = { tenant_id: task.tenant_id, task_id: task.id, member_id };
  return blind
    ? db
        .insertInto('blind_reader')
        .values({ ...row, study_id: task.study_id })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    : db
        .insertInto('read_insight')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
};

/** Lets the second reader see the signed label of the first, and nothing else of that read. */
export const showLabelToCheck = (db: Db, { tenant_id, id }: TaskRow, member_id: MemberId): Promise<unknown> =>
  db
    .insertInto('read_insight')
    .columns(['tenant_id', 'task_id', 'member_id', 'revision_id'])
    .expression((eb) =>
      eb
        .selectFrom('read')
        .select((column) => [
          'tenant_id',
          'task_id',
          column.val(member_id).as('member_id'),
          column.ref('head_id').as('revision_id'),
        ])
        .where('tenant_id', '=', tenant_id)
        .where('task_id', '=', id)
        .where('kind', '=', 'DELINEATE')
        .where('state', '=', 'SUBMITTED'),
    )
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

export const findRead = (db: Db, id: ReadId): Promise<ReadRow | undefined> =>
  db.selectFrom('read').selectAll().where('id', '=', id).executeTakeFirst();

/** Seconds until the read is due; 0 or less once it is, undefined if it is never. */
export const secondsToDue = async (db: Db, id: ReadId): Promise<number | undefined> => {
  const row = await db
    .selectFrom('read')
    .select(sql<number>`extract(epoch from due_at - now())::float8`.as('seconds'))
    .where('id', '=', id)
    .where('due_at', 'is not', null)
    .executeTakeFirst();
  return row?.seconds;
};

/** Ends a read without a signature; undefined if it is signed or ended. What was saved in it is kept; what it checked is hidden again. */
export async function endRead(db: Db, id: ReadId): Promise<ReadRow | undefined> {
  const ended = await db
    .updateTable('read')
    .set({ state: 'EXPIRED' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('read.state', 'EXPIRED'))
    .returningAll()
    .executeTakeFirst();
  if (ended?.kind === 'CROSS_CHECK')
    await db
      .deleteFrom('read_insight')
      .where('task_id', '=', ended.task_id)
      .where('member_id', '=', ended.reader_id)
      .where('revision_id', 'is not', null)
      .execute();
  return ended;
}

/** The most urgent task of a PRIORITY protocol that wants a reader whom the member can be; locked. */
export const findTaskToPull = (db: Db, memberId: MemberId): Promise<TaskRow | undefined> =>
  db
    .selectFrom('task as t')
    .innerJoin('protocol as p', (join) =>
      join.onRef('p.tenant_id', '=', 't.tenant_id').onRef('p.id', '=', 't.protocol_id'),
    )
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 't.tenant_id').onRef('s.id', '=', 't.study_id'))
    .selectAll('t')
    .where('p.assignment', '=', 'PRIORITY')
    .where('t.state', 'in', ['OPEN', 'DELINEATING'])
    .where('t.repeat_of_id', 'is', null)
    .where(
      sql<boolean>`exists (select from member m join member_role g on g.tenant_id = m.tenant_id and g.member_id = m.id
        where m.id = ${memberId} and m.state = 'ACTIVE' and g.role = 'READER' and (g.site_id is null or g.site_id = s.site_id))`,
    )
    .where(sql<boolean>`not exists (select from read r where r.task_id = t.id and r.reader_id = ${memberId})`)
    .where(
      sql<boolean>`(select count(*) from read r where r.task_id = t.id and r.kind = 'DELINEATE' and r.state <> 'EXPIRED') < p.reader_count`,
    )
    .orderBy('t.priority', 'desc')
    .orderBy('t.id')
    .limit(1)
    .forUpdate('t')
    .skipLocked()
    .executeTakeFirst();
