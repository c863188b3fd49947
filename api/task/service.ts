import { DomainError, notFound } from '#core/domain/errors.ts';
import { newId, type ProtocolId, type StudyId, type TaskId } from '#core/domain/ids.ts';
import type { TaskState } from '#core/domain/lifecycle.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { StudyRow, TaskRow } from '../graphql/rows.ts';
import { blindnessByTask, excludeTask, insertTask, readNewestPreparation, readOpenTask } from './store.ts';

const greatestList = 100;

/** @throws DomainError INVALID, NOT_FOUND, NOT_PREPARED, or WRONG_STATE where an open round is there; then none is made */
export async function createTasks(
  ctx: Context,
  studyIds: readonly StudyId[],
  protocolId: ProtocolId,
): Promise<TaskRow[]> {
  if (studyIds.length < 1 || studyIds.length > greatestList)
    throw new DomainError('INVALID', `Name 1 to ${greatestList} studies.`, { path: ['studyIds'] });
  if (!(await ctx.loaders.row('protocol', protocolId))) throw notFound('Protocol', ['protocolId']);
  const tasks: TaskRow[] = [];
  for (const [index, studyId] of studyIds.entries()) {
    const path = ['studyIds', String(index)];
    const study = await ctx.loaders.row('study', studyId);
    if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR')) throw notFound('Study', path);
    tasks.push(await createTask(ctx, study, protocolId, path));
  }
  return tasks;
}

async function createTask(ctx: Context, study: StudyRow, protocolId: ProtocolId, path: string[]): Promise<TaskRow> {
  const preparation = await readNewestPreparation(ctx.db, study.id);
  if (preparation?.state !== 'READY') {
    const state = preparation ? `is ${preparation.state}` : 'is missing';
    const message = `The newest preparation of the study ${state}; a task needs one in READY.`;
    throw new DomainError('NOT_PREPARED', message, { path });
  }
  const id = newId<TaskId>();
  const { tenantId } = ctx.caller;
  const task = await insertTask(ctx.db, { tenantId, id, studyId: study.id, protocolId, preparationId: preparation.id });
  if (!task) {
    const open = await readOpenTask(ctx.db, study.id);
    throw new DomainError('WRONG_STATE', 'The study has an open task; a new round begins after its end.', {
      path,
      ...(open && { current: { type: 'Task', id: open.id } }),
    });
  }
  const changes = { studyId: study.id, protocolId, preparationId: preparation.id, round: task.round };
  await auditRequest(ctx, { action: 'taskCreate', objectType: 'Task', objectId: id, changes });
  return task;
}

/** @throws DomainError NOT_FOUND, INVALID, or WRONG_STATE for a task that has ended */
export async function leaveOutTask(ctx: Context, taskId: TaskId, reason: string): Promise<TaskRow> {
  await taskOfCoordinator(ctx, taskId, ['taskId']);
  checkReason(reason);
  const task = await excludeTask(ctx.db, taskId, reason);
  if (!task) {
    throw new DomainError('WRONG_STATE', 'The task has ended, accepted or excluded; only an open one is left out.', {
      path: ['taskId'],
      current: { type: 'Task', id: taskId },
    });
  }
  await auditRequest(ctx, { action: 'taskExclude', objectType: 'Task', objectId: taskId, reason });
  return task;
}

/** A task at a site that the caller coordinates. @throws DomainError NOT_FOUND */
export async function taskOfCoordinator(ctx: Context, taskId: TaskId, path: readonly string[]): Promise<TaskRow> {
  const task = await ctx.loaders.row('task', taskId);
  const study = task && (await ctx.loaders.need('study', task.study_id));
  if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR')) throw notFound('Task', path);
  return task;
}

/** @throws DomainError INVALID unless the reason has 5 to 500 characters */
export function checkReason(reason: string): void {
  if (reason.trim().length < 5 || reason.length > 500)
    throw new DomainError('INVALID', 'Give a reason of 5 to 500 characters.', { path: ['reason'] });
}

/** True while the caller, as a reader of the task, must learn nothing of the other reads. */
export const isBlind = (ctx: Context, taskId: TaskId): Promise<boolean> =>
  ctx.loaders.list(blindnessByTask).load(taskId);

/** The state of a task as the caller may know it: to its readers it is DELINEATING until it has ended. */
export async function seenState(ctx: Context, { id, state }: TaskRow): Promise<TaskState> {
  if (state === 'ACCEPTED' || state === 'EXCLUDED') return state;
  return (await isBlind(ctx, id)) ? 'DELINEATING' : state;
}
