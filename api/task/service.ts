import { DomainError, notFound } from '#core/domain/errors.ts';
import { type MemberId, newId, type ProtocolId, type StudyId, type TaskId } from '#core/domain/ids.ts';
import type { TaskState } from '#core/domain/lifecycle.ts';
import { type Desk, fillPlacesByRule, putIntoQueue } from '#core/reading/assign.ts';
import { isEligible } from '#core/reading/desk-store.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { StudyRow, TaskRow } from '../graphql/rows.ts';
import { newestVersion, refuseOldVersion } from '../protocol/service.ts';
import {
  blindnessByTask,
  excludeTask,
  hasDelineated,
  insertTask,
  readNewestPreparation,
  readOpenTask,
  setPriority,
  tasksByStudy,
} from './store.ts';

const greatestList = 100;
const greatestPriority = 1e6;

/** How the tasks to be made are read. */
interface Wanted {
  readonly protocolId: ProtocolId;
  readonly priority: number;
  readonly reopenedReason?: string;
  readonly repeatOf?: TaskRow;
}

/** @throws DomainError INVALID, NOT_FOUND, NOT_PREPARED, STALE, or WRONG_STATE where an open round is there; then none is made */
export async function createTasks(ctx: Context, studyIds: readonly StudyId[], wanted: Wanted): Promise<TaskRow[]> {
  checkCount(studyIds, 'studyIds', 'studies');
  checkPriority(wanted.priority);
  await checkProtocol(ctx, wanted.protocolId);
  const tasks: TaskRow[] = [];
  for (const [index, studyId] of studyIds.entries()) {
    const path = ['studyIds', String(index)];
    const study = await ctx.loaders.row('study', studyId);
    if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR')) throw notFound('Study', path);
    tasks.push(await createTask(ctx, study, wanted, 'taskCreate', path));
  }
  return tasks;
}

async function checkProtocol(ctx: Context, protocolId: ProtocolId): Promise<void> {
  if (!(await ctx.loaders.row('protocol', protocolId))) throw notFound('Protocol', ['protocolId']);
  await refuseOldVersion(ctx, protocolId, ['protocolId']);
}

async function createTask(
  ctx: Context,
  study: StudyRow,
  wanted: Wanted,
  action: 'taskCreate' | 'taskReopen' | 'taskRepeat',
  path: readonly string[],
): Promise<TaskRow> {
  const task = await openRound(ctx, study, wanted, action, path);
  if (!wanted.repeatOf) await fillPlacesByRule(deskOf(ctx), task);
  ctx.loaders.clear();
  return ctx.loaders.need('task', task.id);
}

/** The next round of a study, OPEN, on the grid of its newest preparation. */
async function openRound(
  ctx: Context,
  study: StudyRow,
  {
    protocolId,
    priority,
    reopenedReason = '',
    repeatOf,
  }: Omit<Wanted, 'protocolId'> & { readonly protocolId: ProtocolId | null },
  action: 'taskCreate' | 'taskReopen' | 'taskRepeat' | 'groundTruthImport',
  path: readonly string[],
): Promise<TaskRow> {
  const preparation = await readNewestPreparation(ctx.db, study.id);
  if (preparation?.state !== 'READY') {
    const state = preparation ? `is ${preparation.state}` : 'is missing';
    const message = `The newest preparation of the study ${state}; a task needs one in READY.`;
    throw new DomainError('NOT_PREPARED', message, { path });
  }
  if (repeatOf && repeatOf.preparation_id !== preparation.id)
    throw new DomainError('NOT_PREPARED', 'The study was prepared anew since: outlines could not be compared.', {
      path,
    });
  const id = newId<TaskId>();
  const task = await insertTask(ctx.db, {
    ...{ tenantId: ctx.caller.tenantId, id, studyId: study.id, protocolId, preparationId: preparation.id, priority },
    reopenedReason: reopenedReason || null,
    repeatOfId: repeatOf?.id ?? null,
  });
  if (!task) {
    const open = await readOpenTask(ctx.db, study.id);
    throw new DomainError('WRONG_STATE', 'The study has an open task; a new round begins after its end.', {
      path,
      ...(open && { current: { type: 'Task', id: open.id } }),
    });
  }
  const repeat = repeatOf && { repeatOfId: repeatOf.id };
  const changes = {
    studyId: study.id,
    protocolId,
    preparationId: preparation.id,
    round: task.round,
    priority,
    ...repeat,
  };
  const entry = { action, objectType: 'Task', objectId: id, changes };
  await auditRequest(ctx, reopenedReason ? { ...entry, reason: reopenedReason } : entry);
  return task;
}

/** Where the caller's reads are handed out. */
export const deskOf = (ctx: Context): Desk => ({
  db: ctx.db,
  queue: ctx.services.queue,
  tenantId: ctx.caller.tenantId,
  record: (entry) => auditRequest(ctx, entry),
});

/**
 * Opens a new round of a study whose newest task has ended. Nothing of the rounds before changes: what was accepted stands until the
 * new round is.
 * @throws DomainError NOT_FOUND, INVALID, NOT_PREPARED, STALE, WRONG_STATE
 */
export async function reopenTask(
  ctx: Context,
  taskId: TaskId,
  reason: string,
  given: ProtocolId | undefined,
): Promise<TaskRow> {
  const task = await ctx.loaders.row('task', taskId);
  const study = task && (await ctx.loaders.need('study', task.study_id));
  if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR', 'ADJUDICATOR')) throw notFound('Task', ['taskId']);
  checkReason(reason);
  if (given) await checkProtocol(ctx, given);
  const [newest] = await ctx.loaders.list(tasksByStudy).load(task.study_id);
  const ended = task.state === 'ACCEPTED' || task.state === 'EXCLUDED';
  if (!ended || newest?.id !== taskId) {
    const message = 'Only the newest task of a study is reopened, once it is ACCEPTED or EXCLUDED.';
    const current = { type: 'Task', id: newest?.id ?? taskId };
    throw new DomainError('WRONG_STATE', message, { path: ['taskId'], current });
  }
  const protocolId = given ?? (await protocolOfBefore(ctx, task));
  const wanted = { protocolId, priority: task.priority, reopenedReason: reason };
  return createTask(ctx, study, wanted, 'taskReopen', ['taskId']);
}

/** @throws DomainError INVALID after a round that had none */
async function protocolOfBefore(ctx: Context, { protocol_id }: TaskRow): Promise<ProtocolId> {
  if (protocol_id) return (await newestVersion(ctx, await ctx.loaders.need('protocol', protocol_id))).id;
  const message = 'The label of this round was imported; say by which protocol the new one is read.';
  throw new DomainError('INVALID', message, { path: ['protocolId'] });
}

/**
 * Opens a round that nobody reads, for a label that is accepted in the same transaction.
 * @param followsReason Why a round follows one that has ended; undefined where none may have been.
 * @throws DomainError NOT_PREPARED, WRONG_STATE
 */
export async function openImportRound(
  ctx: Context,
  study: StudyRow,
  followsReason: string | undefined,
): Promise<TaskRow> {
  const [newest] = await ctx.loaders.list(tasksByStudy).load(study.id);
  if (newest && (newest.state === 'ACCEPTED' || newest.state === 'EXCLUDED') && !followsReason) {
    const message = `A round of this study has ended ${newest.state}; say that a new round is to follow it.`;
    throw new DomainError('WRONG_STATE', message, { path: ['newRound'], current: { type: 'Task', id: newest.id } });
  }
  const wanted = { protocolId: null, priority: 0, reopenedReason: newest ? (followsReason ?? '') : '' };
  return openRound(ctx, study, wanted, 'groundTruthImport', ['studyId']);
}

/**
 * Gives an accepted study to one of its readers once more, who cannot tell that from a first read: whoever reads blind sees no other
 * round. The repeat is no ground truth; it says how well they agree with themselves.
 * @throws DomainError NOT_FOUND, INVALID, OWN_WORK, NOT_PREPARED, WRONG_STATE
 */
export async function repeatTask(ctx: Context, taskId: TaskId, readerId: MemberId): Promise<TaskRow> {
  const task = await taskOfCoordinator(ctx, taskId, ['taskId']);
  await refuseOwnTask(ctx, taskId, ['taskId']);
  const study = await ctx.loaders.need('study', task.study_id);
  if (readerId === ctx.caller.memberId)
    throw new DomainError('OWN_WORK', 'A repeat is hidden from its reader; another coordinator must plan yours.', {
      path: ['readerId'],
    });
  if (task.state !== 'ACCEPTED')
    throw new DomainError('WRONG_STATE', `The task is ${task.state}; only an ACCEPTED one is repeated.`, {
      path: ['taskId'],
      current: { type: 'Task', id: taskId },
    });
  // Nobody has delineated a round whose label was imported, which has no protocol.
  const { protocol_id: protocolId } = task;
  const eligible = protocolId && (await isEligible(ctx.db, readerId, 'DELINEATE', study.site_id, protocolId));
  if (!eligible || !(await hasDelineated(ctx.db, taskId, readerId)))
    throw new DomainError('INVALID', 'The reader must be an active READER who delineated this task.', {
      path: ['readerId'],
    });
  const wanted = { protocolId, priority: task.priority, repeatOf: task };
  const repeat = await createTask(ctx, study, wanted, 'taskRepeat', ['taskId']);
  await putIntoQueue(deskOf(ctx), { task: repeat, kind: 'DELINEATE', readerId });
  ctx.loaders.clear();
  return ctx.loaders.need('task', repeat.id);
}

/** Says which tasks come first; all or none. @throws DomainError NOT_FOUND, INVALID, OWN_WORK */
export async function prioritizeTasks(ctx: Context, ids: readonly TaskId[], priority: number): Promise<TaskRow[]> {
  checkCount(ids, 'taskIds', 'tasks');
  checkPriority(priority);
  for (const [index, id] of ids.entries()) {
    await taskOfCoordinator(ctx, id, ['taskIds', String(index)]);
    await refuseOwnTask(ctx, id, ['taskIds', String(index)]);
  }
  const rows = await setPriority(ctx.db, ids, priority);
  for (const id of ids)
    await auditRequest(ctx, { action: 'taskPrioritize', objectType: 'Task', objectId: id, changes: { priority } });
  return ids.map((id) => rows.find((row) => row.id === id)!);
}

function checkCount(ids: readonly string[], path: string, what: string): void {
  if (ids.length < 1 || ids.length > greatestList)
    throw new DomainError('INVALID', `Name 1 to ${greatestList} ${what}.`, { path: [path] });
}

function checkPriority(priority: number): void {
  if (!(Math.abs(priority) <= greatestPriority))
    throw new DomainError('INVALID', 'A priority is -1,000,000 to 1,000,000.', { path: ['priority'] });
}

/** @throws DomainError OWN_WORK for a task that the caller reads blind */
export async function refuseOwnTask(ctx: Context, taskId: TaskId, path: readonly string[]): Promise<void> {
  if (!(await isBlind(ctx, taskId))) return;
  throw new DomainError('OWN_WORK', 'You read this task yourself; another coordinator must do this.', { path });
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
