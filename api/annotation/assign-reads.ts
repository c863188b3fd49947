import { asService } from '#core/db/database.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import type { MemberId, ReadId, TaskId } from '#core/domain/ids.ts';
import { fillPlaces, putIntoQueue } from '#core/reading/assign.ts';
import { countHeld, endRead, isEligible, lockTask } from '#core/reading/desk-store.ts';
import { placesOf, protocolOf, type ReadKind } from '#core/reading/places.ts';
import type { Context } from '../context.ts';
import type { ReadRow, TaskRow } from '../graphql/rows.ts';
import { deskOf, refuseOwnTask, taskOfCoordinator } from '../task/service.ts';
import { readReadsOfTask } from './store.ts';

const greatestList = 100;

export interface Assignment {
  readonly taskIds: readonly TaskId[];
  readonly kind: ReadKind;
  /** Undefined for whoever has the least to do. */
  readonly readerId: MemberId | undefined;
  /** By the protocol if undefined. */
  readonly dueAt: Date | undefined;
  /** A read of the only task that the reader takes over. */
  readonly insteadOfReadId: ReadId | undefined;
}

/** Puts reads of each task into queues; all or none. @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, OWN_WORK, ALREADY_READ */
export async function assignReads(ctx: Context, assignment: Assignment): Promise<ReadRow[]> {
  checkAssignment(assignment);
  const reads: ReadRow[] = [];
  for (const [index, taskId] of assignment.taskIds.entries()) {
    reads.push(...(await assignTask(ctx, taskId, ['taskIds', String(index)], assignment)));
  }
  return reads;
}

function checkAssignment({ taskIds, insteadOfReadId, readerId, dueAt }: Assignment): void {
  if (taskIds.length < 1 || taskIds.length > greatestList)
    throw new DomainError('INVALID', `Name 1 to ${greatestList} tasks.`, { path: ['taskIds'] });
  if (insteadOfReadId && taskIds.length > 1)
    throw new DomainError('INVALID', 'A read is taken over in its own task only; name that one.', {
      path: ['taskIds'],
    });
  if (insteadOfReadId && !readerId)
    throw new DomainError('INVALID', 'Say who takes the read over.', { path: ['readerId'] });
  const hours = dueAt ? (dueAt.getTime() - Date.now()) / 3_600_000 : 1;
  if (!(hours > 0 && hours <= 8760))
    throw new DomainError('INVALID', 'A read is due in the future, within 8,760 hours.', { path: ['dueAt'] });
}

async function assignTask(ctx: Context, taskId: TaskId, path: readonly string[], a: Assignment): Promise<ReadRow[]> {
  const { study_id } = await taskOfCoordinator(ctx, taskId, path);
  await refuseOwnTask(ctx, taskId, path);
  const { site_id } = await ctx.loaders.need('study', study_id);
  const { protocol_id } = await ctx.loaders.need('task', taskId);
  if (!protocol_id) {
    const current = { type: 'Task', id: taskId };
    throw new DomainError('WRONG_STATE', 'The label of this task was imported; nobody reads it.', { path, current });
  }
  if (a.readerId && !(await isEligible(ctx.db, a.readerId, a.kind, site_id, protocol_id))) {
    const who = a.kind === 'ADJUDICATE' ? 'ADJUDICATOR of the protocol’s' : 'READER at the study’s site';
    throw new DomainError('INVALID', `The reader must be an active ${who}.`, { path: ['readerId'] });
  }
  const task = await lockTask(ctx.db, taskId);
  if (!task) throw notFound('Task', path);
  await checkTaskTakes(ctx, task, a.kind, path);
  if (!a.readerId) return fillPlaces(deskOf(ctx), task, a.dueAt);
  return [await assignTo(ctx, task, a.readerId, path, a)];
}

async function assignTo(
  ctx: Context,
  task: TaskRow,
  readerId: MemberId,
  path: readonly string[],
  { kind, dueAt, insteadOfReadId }: Assignment,
): Promise<ReadRow> {
  const present = await asService(ctx.db, () => readReadsOfTask(ctx.db, task.id));
  checkReaderIsNew(present, readerId, kind, path);
  if (insteadOfReadId) await takeOver(ctx, present, insteadOfReadId, kind);
  const count = placesOf(await ctx.loaders.need('protocol', protocolOf(task)), task)?.count ?? 0;
  if ((await countHeld(ctx.db, task.id, kind)) >= count)
    throw new DomainError('INVALID', `The task has its ${count} ${kind} reads; name one to be taken over.`, { path });
  return putIntoQueue(deskOf(ctx), { task, kind, readerId, dueAt, insteadOfReadId });
}

async function checkTaskTakes(ctx: Context, task: TaskRow, kind: ReadKind, path: readonly string[]): Promise<void> {
  // A round whose label was imported has no protocol and takes no read.
  const protocol = task.protocol_id && (await ctx.loaders.need('protocol', task.protocol_id));
  const places = protocol ? placesOf(protocol, task) : undefined;
  if (places?.kind === kind) return;
  const takes = places ? `a ${places.kind} read` : 'no read';
  const message = `The task is ${task.state}, in which ${takes} is assigned, not a ${kind} read.`;
  throw new DomainError('WRONG_STATE', message, { path, current: { type: 'Task', id: task.id } });
}

function checkReaderIsNew(
  present: readonly ReadRow[],
  readerId: MemberId,
  kind: ReadKind,
  path: readonly string[],
): void {
  const earlier = present.find(({ reader_id }) => reader_id === readerId);
  if (!earlier) return;
  if (kind === 'ADJUDICATE' && earlier.kind !== 'ADJUDICATE')
    throw new DomainError('OWN_WORK', 'Whoever read a task may not adjudicate it; name another reader.', { path });
  throw new DomainError('ALREADY_READ', 'This reader has or had a read of this task; name another reader.', { path });
}

/** Ends a read whose place another reader takes. */
async function takeOver(ctx: Context, present: readonly ReadRow[], id: ReadId, kind: ReadKind): Promise<void> {
  const path = ['insteadOfReadId'];
  if (!present.some((read) => read.id === id && read.kind === kind)) throw notFound('Read', path);
  if (await endRead(ctx.db, id)) return;
  const message = 'Only a read that is neither SUBMITTED nor EXPIRED is taken over.';
  throw new DomainError('WRONG_STATE', message, { path, current: { type: 'Read', id } });
}
