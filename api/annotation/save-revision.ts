import { DomainError } from '#core/domain/errors.ts';
import type { Grid } from '#core/domain/geometry.ts';
import { type LesionId, newId, type ReadId, type RevisionId, type TaskId } from '#core/domain/ids.ts';
import { putContent } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ReadRow, RevisionRow } from '../graphql/rows.ts';
import { checkSegments, compareCounts, type SentSegment } from './count.ts';
import type { LabelFile } from './label-file.ts';
import { measureLabel, packLabel } from './label-thread.ts';
import { lesionsOf, lockOwnRead, wrongReadState } from './service.ts';
import { deleteStagedLabel, insertRevision, readChild, readStagedLabel, type StagedLabelRow } from './store.ts';

export interface NewRevision {
  readonly readId: ReadId;
  readonly parentId: RevisionId | null;
  /** Null for no metastasis: a SEG cannot be empty. */
  readonly segSopInstanceUid: string | null;
  /** As the client counts them. */
  readonly segments: readonly SentSegment[];
  readonly autosaved: boolean;
  readonly secondsSpent: number;
}

/**
 * Saves a label as the new head of a read of the caller's. It returns only after the stored label was read back and every segment
 * has as many voxels as the client counted. A repeat of the same SEG from the same parent gives the revision that is there.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, STALE, LABEL_UNREADABLE, GRID_MISMATCH, COUNT_MISMATCH
 */
export async function saveRevision(ctx: Context, input: NewRevision): Promise<RevisionRow> {
  checkInput(input);
  // Saves of one read come one after the other, so that the second of two from one parent is seen to be stale.
  const read = await lockOwnRead(ctx, input.readId);
  const uid = input.segSopInstanceUid;
  const staged = uid === null ? undefined : await readStagedLabel(ctx.db, ctx.caller.memberId, uid);
  const repeated = await findRepeat(ctx, input, staged);
  if (repeated) return repeated;
  if (read.state !== 'STARTED') throw wrongReadState(read, 'Labels are saved in a STARTED read');
  refuseStaleParent(read, input.parentId);
  const { bytes } = await readStaged(ctx, read.task_id, input, staged);
  const { objects } = ctx.services;
  const { key, sha256 } = await putContent(objects, ctx.caller.tenantId, bytes);
  const lesions = await measureLabel(await objects.getVerified(key, sha256));
  compareCounts(input.segments, lesions, 'as read back from the store');

  const id = newId<RevisionId>();
  const coarse = new Set(input.segments.filter((segment) => segment.coarse).map(({ number }) => number));
  const voxelCount = lesions.reduce((sum, lesion) => sum + lesion.voxelCount, 0);
  const revision = await insertRevision(
    ctx.db,
    {
      tenant_id: ctx.caller.tenantId,
      id,
      task_id: read.task_id,
      read_id: read.id,
      parent_id: input.parentId,
      member_id: ctx.caller.memberId,
      autosaved: input.autosaved,
      label_sha256: sha256,
      seg_sha256: staged?.sha256 ?? null,
      seg_sop_instance_uid: staged?.sop_instance_uid ?? null,
      seg_series_instance_uid: staged?.series_instance_uid ?? null,
      voxel_count: voxelCount,
      lesion_count: lesions.length,
    },
    lesions.map((lesion) => ({ ...lesion, id: newId<LesionId>(), coarse: coarse.has(lesion.number) })),
    input.secondsSpent,
  );
  // The SEG's bytes stay in the object store: the revision names them.
  if (staged) await deleteStagedLabel(ctx.db, staged.id);
  const changes = { readId: read.id, labelSha256: sha256, lesionCount: lesions.length, voxelCount };
  await auditRequest(ctx, { action: 'revisionSave', objectType: 'Revision', objectId: id, changes });
  return revision;
}

function checkInput({ segSopInstanceUid, segments, secondsSpent }: NewRevision): void {
  checkSegments(segments);
  const labelled = segments.some(({ voxelCount }) => voxelCount > 0);
  if (labelled !== (segSopInstanceUid !== null)) {
    const message = labelled
      ? 'Segments with voxels need the SEG that holds them.'
      : 'A SEG without a voxel says nothing: to save that there is no metastasis, leave the SEG out.';
    throw new DomainError('INVALID', message, { path: ['segSopInstanceUid'] });
  }
  if (secondsSpent < 0 || secondsSpent > 86_400)
    throw new DomainError('INVALID', 'The time spent is 0 to 86,400 seconds.', { path: ['secondsSpent'] });
}

/** The revision that an earlier call with the same SEG and parent made, whose answer may have been lost. */
async function findRepeat(
  ctx: Context,
  { readId, parentId, segSopInstanceUid, segments }: NewRevision,
  staged: StagedLabelRow | undefined,
): Promise<RevisionRow | undefined> {
  const child = await readChild(ctx.db, readId, parentId);
  if (!child || child.seg_sop_instance_uid !== segSopInstanceUid) return undefined;
  // Other bytes under the same UID are no repeat.
  if (staged && staged.sha256 !== child.seg_sha256) return undefined;
  const lesions = await lesionsOf(ctx, child.id);
  const counts = lesions.map(({ number, voxel_count }) => ({ number, voxelCount: voxel_count }));
  compareCounts(segments, counts, 'in the revision that was saved from this SEG');
  if (staged) await deleteStagedLabel(ctx.db, staged.id);
  return child;
}

function refuseStaleParent({ head_id }: ReadRow, parentId: RevisionId | null): void {
  if (head_id === parentId) return;
  throw new DomainError('STALE', 'Another revision was saved meanwhile; take it as the parent and save again.', {
    path: ['parentId'],
    ...(head_id && { current: { type: 'Revision', id: head_id } }),
  });
}

/** The label that the client sent, on the grid of the task's BRAVO. */
async function readStaged(
  ctx: Context,
  taskId: TaskId,
  { segSopInstanceUid, segments }: NewRevision,
  staged: StagedLabelRow | undefined,
): Promise<LabelFile> {
  const path = ['segSopInstanceUid'];
  const { objects } = ctx.services;
  if (segSopInstanceUid !== null && !staged)
    throw new DomainError('NOT_FOUND', 'You have sent no SEG with this UID: store it by STOW-RS first.', { path });
  const task = await ctx.loaders.need('task', taskId);
  const study = await ctx.loaders.need('study', task.study_id);
  const { bravo_grid } = await ctx.loaders.need('preparation', task.preparation_id);
  const seg = staged && (await objects.getVerified(objectKey(ctx.caller.tenantId, staged.sha256), staged.sha256));
  const packed = await packLabel(seg ?? null, bravo_grid as unknown as Grid);
  if ('code' in packed) throw new DomainError(packed.code, packed.message, { path });
  if (staged && (staged.study_id !== study.id || packed.studyInstanceUid !== study.study_instance_uid))
    throw new DomainError('INVALID', 'The SEG belongs to another study than the read.', { path });
  compareCounts(segments, packed.segments, 'in the SEG');
  return packed;
}
