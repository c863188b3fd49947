import type { PgBoss } from 'pg-boss';
import type { AuditEntry } from '../db/audit.ts';
import { asService, type Db } from '../db/database.ts';
import { type MemberId, newId, type ReadId, type TenantId } from '../domain/ids.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { drawArm } from './arm.ts';
import {
  countHeld,
  findFreeReader,
  findPreAnnotation,
  findTaskToPull,
  insertRead,
  type ProtocolRow,
  type ReadRow,
  readProtocol,
  readStudyOfTask,
  type StudyOfTask,
  setDue,
  setInsight,
  setTaskState,
  showLabelToCheck,
  type TaskRow,
} from './desk-store.ts';
import { placesOf, protocolOf, type ReadKind } from './places.ts';

/** Where reads are handed out: by a person's request or by a job, in its transaction. */
export interface Desk {
  readonly db: Db;
  readonly queue: PgBoss;
  readonly tenantId: TenantId;
  /** Remembers what was done, as its doer. */
  readonly record: (entry: AuditEntry) => Promise<void>;
}

export interface NewRead {
  /** Locked by the caller. */
  readonly task: TaskRow;
  readonly kind: ReadKind;
  readonly readerId: MemberId;
  /** When it expires; by the protocol's hours if left out. */
  readonly dueAt?: Date | undefined;
  /** The read whose place it takes. */
  readonly insteadOfReadId?: ReadId | undefined;
}

/**
 * Puts a read into its reader's queue, with the job that ends it when its time is up. Whether the reader may have it was looked at
 * before. The first one takes its task from OPEN to DELINEATING.
 */
export const putIntoQueue = (desk: Desk, read: NewRead): Promise<ReadRow> =>
  // With the service's eyes: who assigns may be limited to sites, and who pulls is blind to what a version has found.
  asService(desk.db, () => insert(desk, read));

async function insert(desk: Desk, { task, kind, readerId, dueAt, insteadOfReadId }: NewRead): Promise<ReadRow> {
  const { db, tenantId } = desk;
  const protocol = await readProtocol(db, protocolOf(task));
  const study = await readStudyOfTask(db, task);
  const row = { tenant_id: tenantId, id: newId<ReadId>(), task_id: task.id, kind, reader_id: readerId };
  const start = kind === 'DELINEATE' ? await chooseStart(db, task, protocol, study, readerId) : {};
  const read = await insertRead(db, { ...row, ...start }, dueAt ?? protocol.due_hours);
  if (kind === 'DELINEATE') {
    await setInsight(db, task, readerId, protocol.blind || task.repeat_of_id !== null);
    await setTaskState(db, task.id, 'DELINEATING');
  }
  if (kind === 'CROSS_CHECK') await showLabelToCheck(db, task, readerId);
  const delaySeconds = dueAt ? Math.max(1, (dueAt.getTime() - Date.now()) / 1000) : protocol.due_hours * 3600;
  await enqueue(db, desk.queue, tenantId, {
    kind: 'EXPIRE',
    objectId: read.id,
    siteId: study.site_id,
    delaySeconds: Math.ceil(delaySeconds),
  });
  const changes = {
    taskId: task.id,
    kind,
    readerId,
    insteadOfReadId: insteadOfReadId ?? null,
    dueAt: read.due_at?.toISOString() ?? null,
    arm: read.arm,
    preAnnotationId: read.pre_annotation_id,
  };
  await desk.record({ action: 'readAssign', objectType: 'Read', objectId: read.id, changes });
  return read;
}

/** Gives a read that was sent back the protocol's hours anew. */
export async function renewDue({ db, queue, tenantId }: Desk, read: ReadRow, task: TaskRow): Promise<ReadRow> {
  const { due_hours } = await readProtocol(db, protocolOf(task));
  const { site_id } = await readStudyOfTask(db, task);
  const delaySeconds = due_hours * 3600;
  await enqueue(db, queue, tenantId, { kind: 'EXPIRE', objectId: read.id, siteId: site_id, delaySeconds });
  return setDue(db, read.id, due_hours);
}

/** What a delineation starts from: never a version's answer where its patient is of the sealed test set. */
async function chooseStart(
  db: Db,
  task: TaskRow,
  { pre_annotation, unassisted_share, seed }: ProtocolRow,
  { sealed }: StudyOfTask,
  readerId: MemberId,
): Promise<Partial<Pick<ReadRow, 'arm' | 'pre_annotation_id'>>> {
  if (!pre_annotation || sealed) return {};
  const found = await findPreAnnotation(db, task);
  if (!found) return {};
  const arm = drawArm({ seed, unassistedShare: unassisted_share }, task.repeat_of_id ?? task.id, readerId);
  return { arm, pre_annotation_id: arm === 'ASSISTED' ? found : null };
}

/** Gives every place of a task that nobody holds to whoever has the least to do. @returns the reads, fewer than places if readers are */
export const fillPlaces = ({ ...desk }: Desk, task: TaskRow, dueAt?: Date): Promise<ReadRow[]> =>
  asService(desk.db, async () => {
    const places = placesOf(await readProtocol(desk.db, protocolOf(task)), task);
    if (!places) return [];
    const { site_id } = await readStudyOfTask(desk.db, task);
    const reads: ReadRow[] = [];
    for (let n = await countHeld(desk.db, task.id, places.kind); n < places.count; n++) {
      const readerId = await findFreeReader(desk.db, task, places.kind, site_id);
      if (!readerId) break;
      reads.push(await insert(desk, { task, kind: places.kind, readerId, dueAt }));
    }
    return reads;
  });

/** As the protocol's rule says when a task begins to want reads: nothing where a person assigns, and nothing where readers pull. */
export async function fillPlacesByRule(desk: Desk, task: TaskRow): Promise<ReadRow[]> {
  const protocol = await readProtocol(desk.db, protocolOf(task));
  const pulled = protocol.assignment === 'PRIORITY' && placesOf(protocol, task)?.kind === 'DELINEATE';
  return protocol.assignment === 'MANUAL' || pulled ? [] : fillPlaces(desk, task);
}

/** Takes the most urgent task that its protocol lets readers pull into the member's queue; undefined if there is none. */
export const pullRead = (desk: Desk, memberId: MemberId): Promise<ReadRow | undefined> =>
  asService(desk.db, async () => {
    const task = await findTaskToPull(desk.db, memberId);
    return task && insert(desk, { task, kind: 'DELINEATE', readerId: memberId });
  });
