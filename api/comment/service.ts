import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type Grid, invertAffine, type PointLps, transformPoint } from '#core/domain/geometry.ts';
import { type CommentId, newId, type TaskId } from '#core/domain/ids.ts';
import { takesPart } from '../annotation/service.ts';
import { auditRequest, type Context } from '../context.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { CommentRow, TaskRow } from '../graphql/rows.ts';
import { checkedText } from '../graphql/text-length.ts';
import { findByKey, insertComment, putResolution } from './store.ts';

export interface NewComment {
  readonly taskId: TaskId;
  readonly body: string;
  /** mm. */
  readonly point: PointLps;
  readonly idempotencyKey: string;
}

/**
 * Pins a comment to a place of a study that the caller reads or coordinates; a repeat with the same key gives the first one.
 * @throws DomainError NOT_FOUND, INVALID, IDEMPOTENCY_CONFLICT
 */
export async function addComment(
  ctx: Context,
  { taskId, body, point, idempotencyKey }: NewComment,
): Promise<CommentRow> {
  const { db, caller } = ctx;
  checkIdempotencyKey(idempotencyKey);
  const text = checkedText('body', body, { min: 1, max: 2000 });
  const task = await ctx.loaders.row('task', taskId);
  if (!task || !(await takesPart(ctx, task))) throw notFound('Task of yours', ['taskId']);
  await holdUntilCommit(db, caller.tenantId, caller.memberId, 'commentAdd', idempotencyKey);
  const earlier = await findByKey(db, caller.memberId, idempotencyKey);
  if (earlier) {
    const same = earlier.point_lps.every((value, axis) => value === point[axis]);
    if (same && earlier.task_id === taskId && earlier.body === text) return earlier;
    throw new DomainError('IDEMPOTENCY_CONFLICT', 'This key said something else; choose a new key.', {
      path: ['idempotencyKey'],
    });
  }
  await checkPlace(ctx, task, point);
  const id = newId<CommentId>();
  const comment = await insertComment(db, {
    ...{ tenant_id: caller.tenantId, id, task_id: taskId, member_id: caller.memberId },
    ...{ body: text, point_lps: [...point], idempotency_key: idempotencyKey },
  });
  await auditRequest(ctx, { action: 'commentAdd', objectType: 'Comment', objectId: id, changes: { taskId } });
  return comment;
}

/** Settles a comment, or opens it again. @throws DomainError NOT_FOUND, also for whoever only looks on */
export async function resolveComment(ctx: Context, id: CommentId, resolved: boolean): Promise<CommentRow> {
  const comment = await ctx.loaders.row('comment', id);
  if (!comment || !(await takesPart(ctx, await ctx.loaders.need('task', comment.task_id))))
    throw notFound('Comment that you may settle', ['commentId']);
  const { tenantId, memberId } = ctx.caller;
  await putResolution(ctx.db, { tenant_id: tenantId, comment_id: id, member_id: memberId, resolved });
  const changes = { taskId: comment.task_id, resolved };
  await auditRequest(ctx, { action: 'commentResolve', objectType: 'Comment', objectId: id, changes });
  return comment;
}

/** @throws DomainError INVALID unless the place lies in a voxel of BRAVO */
async function checkPlace(ctx: Context, { preparation_id }: TaskRow, point: PointLps): Promise<void> {
  const { bravo_grid } = await ctx.loaders.need('preparation', preparation_id);
  const { size, indexToLps } = bravo_grid as unknown as Grid;
  const index = transformPoint(invertAffine(indexToLps), point);
  if (index.every((at, axis) => at >= -0.5 && at <= size[axis]! - 0.5)) return;
  throw new DomainError('INVALID', 'The place lies outside BRAVO.', { path: ['point'] });
}
