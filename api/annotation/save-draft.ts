import { asService } from '#core/db/database.ts';
import { randomUid } from '#core/dicom/uid.ts';
import type { Grid } from '#core/domain/geometry.ts';
import { type LesionId, newId, type RevisionId, type SegmentationId } from '#core/domain/ids.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { putContent } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ReadRow } from '../graphql/rows.ts';
import { makeDraft, measureLabel } from './label-thread.ts';
import { findAnswer, insertRevision, lockRead } from './store.ts';

/**
 * Gives an assisted read that has no revision yet what its version found, as a revision to start from, and as a SEG of its own: the
 * answer itself stays hidden from who reads blind.
 * @returns the read with its new head; undefined if it wants no draft
 */
export async function saveDraft(ctx: Context, read: ReadRow): Promise<ReadRow | undefined> {
  if (!read.pre_annotation_id || read.head_id) return undefined;
  const { objects } = ctx.services;
  const { tenantId } = ctx.caller;
  const { answer, grid, source } = await readInput(ctx, read, read.pre_annotation_id);
  const seg = answer && (await objects.getVerified(objectKey(tenantId, answer.sha256), answer.sha256));
  const uids = { sopInstanceUid: randomUid(), seriesInstanceUid: randomUid() };
  const identity = objectIdentity({ ...uids, seriesNumber: 900, seriesDescription: 'Draft' });
  const draft = await makeDraft({ seg: seg ?? null, grid, source, identity });
  const label = await putContent(objects, tenantId, draft.label);
  const stored = draft.seg && (await putContent(objects, tenantId, draft.seg));
  const lesions = await measureLabel(await objects.getVerified(label.key, label.sha256));
  const id = newId<RevisionId>();
  await insertRevision(
    ctx.db,
    {
      ...{ tenant_id: tenantId, id, task_id: read.task_id, read_id: read.id, member_id: read.reader_id },
      ...{ label_sha256: label.sha256, seg_sha256: stored?.sha256 ?? null },
      seg_sop_instance_uid: stored ? uids.sopInstanceUid : null,
      seg_series_instance_uid: stored ? uids.seriesInstanceUid : null,
      voxel_count: lesions.reduce((sum, { voxelCount }) => sum + voxelCount, 0),
      lesion_count: lesions.length,
      pre_annotation_id: read.pre_annotation_id,
    },
    lesions.map((lesion) => ({ ...lesion, id: newId<LesionId>(), coarse: false })),
    0,
  );
  const changes = { readId: read.id, labelSha256: label.sha256, preAnnotationId: read.pre_annotation_id };
  await auditRequest(ctx, { action: 'readStart', objectType: 'Revision', objectId: id, changes });
  return lockRead(ctx.db, read.id);
}

const readInput = async (ctx: Context, { task_id }: ReadRow, segmentationId: SegmentationId) => {
  const { study_id, preparation_id } = await ctx.loaders.need('task', task_id);
  const { bravo_grid } = await ctx.loaders.need('preparation', preparation_id);
  return {
    answer: await asService(ctx.db, () => findAnswer(ctx.db, segmentationId)),
    grid: bravo_grid as unknown as Grid,
    source: await readBravoSource(ctx.db, study_id),
  };
};
