import { DomainError, notFound } from '#core/domain/errors.ts';
import type { MemberId, ReadId, RevisionId, TaskId } from '#core/domain/ids.ts';
import { renewDue } from '#core/reading/assign.ts';
import { lockTask } from '#core/reading/desk-store.ts';
import { protocolOf } from '#core/reading/places.ts';
import { auditRequest, type Context, hasRole, hasRoleAt } from '../context.ts';
import type { LesionRow, ReadRow, TaskRow } from '../graphql/rows.ts';
import { checkReason, deskOf } from '../task/service.ts';
import { lesionsByRevision, lockRead, returnRead } from './store.ts';

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
  return renewDue(deskOf(ctx), returned, task);
}

/** A read of the caller's. @throws DomainError NOT_FOUND, also for another's */
export async function ownRead(ctx: Context, readId: ReadId): Promise<ReadRow> {
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

/** Reads of others are judged by what was drawn, not by who drew it: under a blind protocol adjudicators learn names once the task is ACCEPTED. */
export async function mayNameReader(ctx: Context, taskId: TaskId, readerId: MemberId): Promise<boolean> {
  if (readerId === ctx.caller.memberId || hasRole(ctx.caller, 'COORDINATOR', 'ENGINEER', 'AUDITOR')) return true;
  const task = await ctx.loaders.row('task', taskId);
  return task?.state === 'ACCEPTED' || (task !== null && !(await ctx.loaders.need('protocol', protocolOf(task))).blind);
}
