import { DomainError, notFound } from '#core/domain/errors.ts';
import type { MemberId, ReadId, RevisionId, SegmentationId, TaskId } from '#core/domain/ids.ts';
import { renewDue } from '#core/reading/assign.ts';
import { lockTask } from '#core/reading/desk-store.ts';
import { protocolOf } from '#core/reading/places.ts';
import { auditRequest, type Context, hasRole, hasRoleAt } from '../context.ts';
import type { LesionRow, ReadRow, TaskRow } from '../graphql/rows.ts';
import { checkReason, deskOf } from '../task/service.ts';
import { findNewestAnswer, lesionsByRevision, lockRead, readsByTask, returnRead } from './store.ts';

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

/** True for whoever has or had a read of the task, and for coordinators at its site. */
export async function takesPart(ctx: Context, { id, study_id }: TaskRow): Promise<boolean> {
  const { site_id } = await ctx.loaders.need('study', study_id);
  if (hasRoleAt(ctx.caller, site_id, 'COORDINATOR')) return true;
  const reads = await ctx.loaders.list(readsByTask).load(id);
  return reads.some(({ reader_id }) => reader_id === ctx.caller.memberId);
}

/**
 * The version's answer that the reader of a STARTED read of their own may be shown: of an assisted delineation the one that it starts
 * from, of an adjudication the newest. Undefined where none is or none may be: without drafts, and in the sealed test set.
 */
export async function answerShownIn(ctx: Context, read: ReadRow): Promise<SegmentationId | undefined> {
  if (read.state !== 'STARTED' || read.reader_id !== ctx.caller.memberId) return undefined;
  const task = await ctx.loaders.need('task', read.task_id);
  const { pre_annotation } = await ctx.loaders.need('protocol', protocolOf(task));
  const { subset } = await ctx.loaders.need('subject', (await ctx.loaders.need('study', task.study_id)).subject_id);
  if (!pre_annotation || subset === 'TEST') return undefined;
  // Not with the service's eyes: this is asked beside other questions in one transaction, which would see with them too.
  if (read.kind === 'ADJUDICATE') return findNewestAnswer(ctx.db, task.preparation_id);
  return read.arm === 'ASSISTED' ? (read.pre_annotation_id ?? undefined) : undefined;
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
