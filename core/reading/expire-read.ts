import type { ReadId, TaskId } from '../domain/ids.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { type Desk, fillPlacesByRule } from './assign.ts';
import { countHeld, endRead, findRead, lockTask, type ReadRow, secondsToDue, setTaskState } from './desk-store.ts';

/**
 * Ends a read whose time is up and gives its place to another by the protocol's rule. What was saved in it is kept. A task that nobody
 * reads any more is OPEN again. Nothing happens to a read that is signed or ended; one whose time was put off is looked at then.
 */
export async function expireRead(desk: Desk, readId: ReadId): Promise<void> {
  const { db } = desk;
  const seen = await findRead(db, readId);
  if (!seen) return;
  await lockTask(db, seen.task_id);
  const seconds = await secondsToDue(db, readId);
  if (seconds === undefined) return;
  if (seconds > 0) {
    const delaySeconds = Math.ceil(seconds);
    await enqueue(db, desk.queue, desk.tenantId, { kind: 'EXPIRE', objectId: readId, delaySeconds });
    return;
  }
  const ended = await endRead(db, readId);
  if (!ended) return;
  await desk.record({
    action: 'readExpire',
    objectType: 'Read',
    objectId: readId,
    reason: 'Its time was up.',
    changes: { taskId: ended.task_id, headId: ended.head_id },
  });
  await vacate(desk, ended);
}

/** What follows for the task from a read that ended without a signature and whose place nobody has taken. */
async function vacate(desk: Desk, { task_id, kind }: ReadRow): Promise<void> {
  if (kind === 'DELINEATE' && (await countHeld(desk.db, task_id, kind)) === 0)
    await setTaskState(desk.db, task_id, 'OPEN');
  await handOut(desk, task_id);
}

/** Finds readers by rule for the places of a task as it stands now. */
export async function handOut(desk: Desk, taskId: TaskId): Promise<ReadRow[]> {
  const task = await lockTask(desk.db, taskId);
  return task ? fillPlacesByRule(desk, task) : [];
}
