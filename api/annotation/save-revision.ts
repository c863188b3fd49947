import { asService } from '#core/db/database.ts';
import type { ObjectIdentity } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { DomainError } from '#core/domain/errors.ts';
import type { Grid } from '#core/domain/geometry.ts';
import { type LesionId, newId, type ReadId, type RevisionId, type TaskId } from '#core/domain/ids.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { putContent } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ReadRow, RevisionRow } from '../graphql/rows.ts';
import { type CountedSegment, checkLabelled, checkSegments, compareCounts, type SentSegment } from './count.ts';
import type { LabelFile, Resampled } from './label-file.ts';
import { measureLabel, packLabel } from './label-thread.ts';
import { type Resampling, resamplingOf } from './resampling.ts';
import { lesionsOf, lockOwnRead, wrongReadState } from './service.ts';
import { deleteStagedLabel, insertRevision, readChild, readStagedLabel, type StagedLabelRow } from './store.ts';

export interface NewRevision {
  readonly readId: ReadId;
  readonly parentId: RevisionId | null;
  /** Null for no metastasis: a SEG cannot be empty. */
  readonly segSopInstanceUid: string | null;
  /** As the client counts them. */
  readonly segments: readonly SentSegment[];
  /** True lets a SEG on another grid be brought onto BRAVO's. */
  readonly resample: boolean;
  readonly autosaved: boolean;
  readonly secondsSpent: number;
}

/**
 * Saves a label as the new head of a read of the caller's. It returns only after the stored label was read back and every segment
 * has as many voxels as the client counted. A repeat of the same SEG from the same parent gives the revision that is there.
 * What was drawn on BRAVO is never resampled; what was not, only where the caller asks for it.
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
  const packed = await readStaged(ctx, read.task_id, input, staged);
  const { bytes, resampled } = packed.file;
  const { objects } = ctx.services;
  const { key, sha256 } = await putContent(objects, ctx.caller.tenantId, bytes);
  const lesions = await measureLabel(await objects.getVerified(key, sha256));
  compareCounts(expectedCounts(input.segments, resampled), lesions, 'as read back from the store');
  const seg = await storeSeg(ctx, staged, packed);

  const id = newId<RevisionId>();
  const coarse = coarseNumbers(input.segments, resampled);
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
      ...seg,
      voxel_count: voxelCount,
      lesion_count: lesions.length,
    },
    lesions.map((lesion) => ({ ...lesion, id: newId<LesionId>(), coarse: coarse.has(lesion.number) })),
    input.secondsSpent,
  );
  // The SEG's bytes stay in the object store: the revision names them.
  if (staged) await deleteStagedLabel(ctx.db, staged.id);
  const changes = {
    ...{ readId: read.id, labelSha256: sha256, lesionCount: lesions.length, voxelCount },
    ...(resampled && { resampled: resampled.rule, sentSha256: staged?.sha256 ?? null }),
  };
  await auditRequest(ctx, { action: 'revisionSave', objectType: 'Revision', objectId: id, changes });
  return revision;
}

function checkInput({ segSopInstanceUid, segments, secondsSpent }: NewRevision): void {
  checkSegments(segments);
  checkLabelled(segments, segSopInstanceUid);
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
  const sent = child && sentAs(child);
  if (!child || !sent || sent.sopInstanceUid !== segSopInstanceUid) return undefined;
  // Other bytes under the same UID are no repeat.
  if (staged && staged.sha256 !== sent.sha256) return undefined;
  const lesions = await lesionsOf(ctx, child.id);
  const counts = sent.counts ?? lesions.map(({ number, voxel_count }) => ({ number, voxelCount: voxel_count }));
  compareCounts(segments, counts, 'in the revision that was saved from this SEG');
  // A flag that was set or taken back since is a change, which would be lost: the caller's parent is stale.
  const coarse = coarseNumbers(segments, sent.resampled);
  if (lesions.some((lesion) => lesion.coarse !== coarse.has(lesion.number))) return undefined;
  if (staged) await deleteStagedLabel(ctx.db, staged.id);
  return child;
}

/** What a revision was sent as, which is not its SEG where that was resampled. */
function sentAs({ seg_sop_instance_uid, seg_sha256, resampling }: RevisionRow) {
  const of = resampling as unknown as Resampling | null;
  if (!of) return { sopInstanceUid: seg_sop_instance_uid, sha256: seg_sha256 };
  const counts = of.segments.map(({ sentNumber, voxelCountBefore }) => ({
    number: sentNumber,
    voxelCount: voxelCountBefore,
  }));
  return { sopInstanceUid: of.sopInstanceUid, sha256: of.sha256, counts, resampled: of };
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
  { segSopInstanceUid, segments, resample }: NewRevision,
  staged: StagedLabelRow | undefined,
): Promise<PackedLabel> {
  const path = ['segSopInstanceUid'];
  const { objects } = ctx.services;
  if (segSopInstanceUid !== null && !staged)
    throw new DomainError('NOT_FOUND', 'You have sent no SEG with this UID: store it by STOW-RS first.', { path });
  const task = await ctx.loaders.need('task', taskId);
  const study = await ctx.loaders.need('study', task.study_id);
  const { bravo_grid } = await ctx.loaders.need('preparation', task.preparation_id);
  const seg = staged && (await objects.getVerified(objectKey(ctx.caller.tenantId, staged.sha256), staged.sha256));
  const identity = objectIdentity({
    ...{ sopInstanceUid: randomUid(), seriesInstanceUid: randomUid() },
    ...{ seriesNumber: 900, seriesDescription: 'Label of a read, resampled' },
  });
  const source = seg && resample && (await asService(ctx.db, () => readBravoSource(ctx.db, study.id)));
  const request = source ? { source, identity } : undefined;
  const packed = await packLabel(seg ?? null, bravo_grid as unknown as Grid, request);
  if ('code' in packed) throw new DomainError(packed.code, packed.message, { path });
  if (staged && (staged.study_id !== study.id || packed.studyInstanceUid !== study.study_instance_uid))
    throw new DomainError('INVALID', 'The SEG belongs to another study than the read.', { path });
  compareCounts(segments, packed.segments, 'in the SEG');
  return { file: packed, identity };
}

/** A label on BRAVO's grid, and what its SEG is called if that had to be written. */
interface PackedLabel {
  readonly file: LabelFile;
  readonly identity: ObjectIdentity;
}

/** What the stored label has to hold. */
const expectedCounts = (sent: readonly CountedSegment[], resampled: Resampled | undefined): readonly CountedSegment[] =>
  resampled?.segments.map(({ number, voxelCountAfter }) => ({ number, voxelCount: voxelCountAfter })) ?? sent;

/** Numbers of the stored label whose outlines are coarse. */
function coarseNumbers(
  sent: readonly SentSegment[],
  resampled: Pick<Resampled | Resampling, 'segments'> | undefined,
): ReadonlySet<number> {
  const coarse = new Set(sent.filter((segment) => segment.coarse).map(({ number }) => number));
  if (!resampled) return coarse;
  return new Set(resampled.segments.filter(({ sentNumber }) => coarse.has(sentNumber)).map(({ number }) => number));
}

/** The SEG of a revision: the one that was sent, or the one on BRAVO's grid with where it comes from. */
async function storeSeg({ services, caller }: Context, staged: StagedLabelRow | undefined, packed: PackedLabel) {
  const { resampled } = packed.file;
  if (!staged || !resampled)
    return {
      seg_sha256: staged?.sha256 ?? null,
      seg_sop_instance_uid: staged?.sop_instance_uid ?? null,
      seg_series_instance_uid: staged?.series_instance_uid ?? null,
    };
  const { sha256 } = await putContent(services.objects, caller.tenantId, resampled.seg);
  return {
    seg_sha256: sha256,
    seg_sop_instance_uid: packed.identity.sopInstanceUid,
    seg_series_instance_uid: packed.identity.seriesInstanceUid,
    resampling: JSON.stringify(resamplingOf(resampled, staged)),
  };
}
