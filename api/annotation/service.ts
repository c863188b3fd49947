import { DomainError, notFound } from '#core/domain/errors.ts';
import { type MemberId, newId, type ReadId, type RevisionId, type TaskId } from '#core/domain/ids.ts';
import { auditRequest, type Context, hasRole, hasRoleAt } from '../context.ts';
import type { LesionRow, ReadRow, TaskRow } from '../graphql/rows.ts';
import { checkReason, isBlind, taskOfCoordinator } from '../task/service.ts';
import {
  blindReader,
  insertRead,
  lesionsByRevision,
  lockRead,
  lockTask,
  memberHasRole,
  nextInQueue,
  type ReadKind,
  readReadsOfTask,
  returnRead,
  setReadState,
  setTaskState,
} from './store.ts';

const greatestList = 100;

export interface Assignment {
  readonly taskIds: readonly TaskId[];
  readonly kind: ReadKind;
  readonly readerId: MemberId;
  /** A read of the only task that the reader takes over. */
  readonly insteadOfReadId: ReadId | undefined;
}

/** Puts a read of each task into the reader's queue. @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, OWN_WORK, ALREADY_READ */
export async function assignReads(ctx: Context, assignment: Assignment): Promise<ReadRow[]> {
  const { taskIds, insteadOfReadId } = assignment;
  if (taskIds.length < 1 || taskIds.length > greatestList)
    throw new DomainError('INVALID', `Name 1 to ${greatestList} tasks.`, { path: ['taskIds'] });
  if (insteadOfReadId && taskIds.length > 1)
    throw new DomainError('INVALID', 'A read is taken over in its own task only; name that one.', {
      path: ['taskIds'],
    });
  const reads: ReadRow[] = [];
  for (const [index, taskId] of taskIds.entries()) {
    reads.push(await assignRead(ctx, taskId, ['taskIds', String(index)], assignment));
  }
  return reads;
}

async function assignRead(ctx: Context, taskId: TaskId, path: readonly string[], a: Assignment): Promise<ReadRow> {
  const { study_id } = await taskOfCoordinator(ctx, taskId, path);
  if (await isBlind(ctx, taskId))
    throw new DomainError('OWN_WORK', 'You read this task yourself; another coordinator must assign its reads.', {
      path,
    });
  const { site_id } = await ctx.loaders.need('study', study_id);
  const role = a.kind === 'DELINEATE' ? 'READER' : 'ADJUDICATOR';
  if (!(await memberHasRole(ctx.db, a.readerId, role, site_id)))
    throw new DomainError('INVALID', `The reader must be an active ${role} at the study's site.`, {
      path: ['readerId'],
    });
  const task = await lockTask(ctx.db, taskId);
  if (!task) throw notFound('Task', path);
  checkTaskTakes(task, a.kind, path);
  const present = await readReadsOfTask(ctx.db, taskId);
  checkReaderIsNew(present, a, path);
  const leaving = a.insteadOfReadId && (await takeOver(ctx, present, a.insteadOfReadId, a.kind));
  const held = present.filter(({ id, kind, state }) => kind === a.kind && state !== 'EXPIRED' && id !== leaving);
  const wanted = a.kind === 'DELINEATE' ? (await ctx.loaders.need('protocol', task.protocol_id)).reader_count : 1;
  if (held.length >= wanted)
    throw new DomainError('INVALID', `The task has its ${wanted} ${a.kind} reads; name one to be taken over.`, {
      path,
    });

  const { tenantId } = ctx.caller;
  const id = newId<ReadId>();
  if (a.kind === 'DELINEATE') {
    await blindReader(ctx.db, { tenant_id: tenantId, task_id: taskId, study_id, member_id: a.readerId });
    if (task.state === 'OPEN') await setTaskState(ctx.db, taskId, 'DELINEATING');
  }
  const row = { tenant_id: tenantId, id, task_id: taskId, kind: a.kind, reader_id: a.readerId };
  const read = await insertRead(ctx.db, row);
  const changes = { taskId, kind: a.kind, readerId: a.readerId, insteadOfReadId: leaving ?? null };
  await auditRequest(ctx, { action: 'readAssign', objectType: 'Read', objectId: id, changes });
  return read;
}

function checkTaskTakes({ id, state }: TaskRow, kind: ReadKind, path: readonly string[]): void {
  const allowed = kind === 'DELINEATE' ? ['OPEN', 'DELINEATING'] : ['ADJUDICATING'];
  if (allowed.includes(state)) return;
  const message = `The task is ${state}; a ${kind} read is assigned while it is ${allowed.join(' or ')}.`;
  throw new DomainError('WRONG_STATE', message, { path, current: { type: 'Task', id } });
}

function checkReaderIsNew(present: readonly ReadRow[], { readerId, kind }: Assignment, path: readonly string[]): void {
  const earlier = present.find(({ reader_id }) => reader_id === readerId);
  if (!earlier) return;
  if (kind === 'ADJUDICATE' && earlier.kind === 'DELINEATE')
    throw new DomainError('OWN_WORK', 'Whoever delineated a task may not adjudicate it; name another reader.', {
      path,
    });
  throw new DomainError('ALREADY_READ', 'This reader has or had a read of this task; name another reader.', { path });
}

/** Ends a read whose place another reader takes. */
async function takeOver(ctx: Context, present: readonly ReadRow[], id: ReadId, kind: ReadKind): Promise<ReadId> {
  const path = ['insteadOfReadId'];
  if (!present.some((read) => read.id === id && read.kind === kind)) throw notFound('Read', path);
  if (!(await setReadState(ctx.db, id, 'EXPIRED'))) {
    const message = 'Only a read that is neither SUBMITTED nor EXPIRED is taken over.';
    throw new DomainError('WRONG_STATE', message, { path, current: { type: 'Read', id } });
  }
  return id;
}

/** Begins a read of the caller's, or the next in their queue; null if that is empty. @throws DomainError NOT_FOUND, WRONG_STATE */
export async function startRead(ctx: Context, readId: ReadId | undefined): Promise<ReadRow | null> {
  const read = readId ? await ownRead(ctx, readId) : await nextInQueue(ctx.db, ctx.caller.memberId);
  if (!read) return null;
  const started = await setReadState(ctx.db, read.id, 'STARTED');
  if (!started) throw wrongReadState(read, 'Only a read that is ASSIGNED or RETURNED is begun');
  await auditRequest(ctx, { action: 'readStart', objectType: 'Read', objectId: read.id });
  return started;
}

/** Gives a read back to its reader, before anything was compared. @throws DomainError NOT_FOUND, INVALID, OWN_WORK, WRONG_STATE */
export async function giveBackRead(ctx: Context, readId: ReadId, reason: string): Promise<ReadRow> {
  const read = await ctx.loaders.row('read', readId);
  const task = read && (await ctx.loaders.need('task', read.task_id));
  const study = task && (await ctx.loaders.need('study', task.study_id));
  if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR', 'ADJUDICATOR')) throw notFound('Read', ['readId']);
  if (read.reader_id === ctx.caller.memberId)
    throw new DomainError('OWN_WORK', 'One does not return a read of one’s own.', { path: ['readId'] });
  checkReason(reason);
  const { state } = (await lockTask(ctx.db, task.id)) ?? task;
  if (state !== 'DELINEATING') {
    throw new DomainError('WRONG_STATE', `The task is ${state}; reads are returned while it is DELINEATING.`, {
      path: ['readId'],
      current: { type: 'Task', id: task.id },
    });
  }
  const returned = await returnRead(ctx.db, readId, reason);
  if (!returned) throw wrongReadState(read, 'Only a SUBMITTED read is returned');
  await auditRequest(ctx, { action: 'readReturn', objectType: 'Read', objectId: readId, reason });
  return returned;
}

/** A read of the caller's. @throws DomainError NOT_FOUND, also for another's */
async function ownRead(ctx: Context, readId: ReadId): Promise<ReadRow> {
  const read = await ctx.loaders.row('read', readId);
  if (read?.reader_id !== ctx.caller.memberId) throw notFound('Read of yours', ['readId']);
  return read;
}

/** A read of the caller's, which no other transaction changes until this one ends. @throws DomainError NOT_FOUND, also for another's */
export async function lockOwnRead(ctx: Context, readId: ReadId): Promise<ReadRow> {
  const { id } = await ownRead(ctx, readId);
  const read = await lockRead(ctx.db, id);
  if (!read) throw notFound('Read', ['readId']);
  return read;
}

/** As `lockOwnRead`, with its task, locked first: of two readers who close a task at once, the second sees that the first has. */
export async function lockOwnReadAndTask(ctx: Context, readId: ReadId): Promise<{ read: ReadRow; task: TaskRow }> {
  const task = await lockTask(ctx.db, (await ownRead(ctx, readId)).task_id);
  if (!task) throw notFound('Read', ['readId']);
  return { read: await lockOwnRead(ctx, readId), task };
}

/** Lesions of a revision, in the order of their numbers. */
export const lesionsOf = (ctx: Context, revisionId: RevisionId): Promise<LesionRow[]> =>
  ctx.loaders.list(lesionsByRevision).load(revisionId);

/** @param rule Which states allow the step, as the beginning of a sentence. */
export const wrongReadState = ({ id, state }: ReadRow, rule: string): DomainError =>
  new DomainError('WRONG_STATE', `${rule}; this one is ${state}.`, { path: ['readId'], current: { type: 'Read', id } });

/** Reads of others are judged by what was drawn, not by who drew it: adjudicators learn names once the task is ACCEPTED. */
export async function mayNameReader(ctx: Context, taskId: TaskId, readerId: MemberId): Promise<boolean> {
  if (readerId === ctx.caller.memberId || hasRole(ctx.caller, 'COORDINATOR', 'ENGINEER', 'AUDITOR')) return true;
  return (await ctx.loaders.row('task', taskId))?.state === 'ACCEPTED';
}
