import { asService } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import type { Grid } from '#core/domain/geometry.ts';
import { newId, type RevisionId, type StudyId } from '#core/domain/ids.ts';
import { queueRetrainingIfDue } from '#core/learning/retraining-store.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { putContent } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { RevisionRow, StudyRow, TaskRow } from '../graphql/rows.ts';
import { checkedText, reasonLength } from '../graphql/text-length.ts';
import { openImportRound } from '../task/service.ts';
import { type CountedSegment, checkLabelled, checkSegments, compareCounts } from './count.ts';
import { acceptImported, findImport } from './import-store.ts';
import { adoptLabel, measureLabel, packLabel } from './label-thread.ts';
import { resamplingOf } from './resampling.ts';
import { deleteStagedLabel, readStagedLabel } from './store.ts';

/** As many as a reader may draw. */
const greatestLesionCount = 1000;

export interface TruthImport {
  readonly studyId: StudyId;
  /** Null for no metastasis, by declaration of the source. */
  readonly segSopInstanceUid: string | null;
  /** As the sender counts them. */
  readonly segments: readonly CountedSegment[];
  /** True lets a SEG on another grid be brought onto BRAVO's. */
  readonly resample: boolean;
  readonly source: string;
  readonly reason: string;
  readonly beganAsDraft: boolean;
  /** Says that an earlier round of the study has ended and this one follows it. */
  readonly newRound: boolean;
  readonly idempotencyKey: string;
}

/**
 * Accepts a label that came with a data set as ground truth of a study, in a round of its own. It returns only after the stored label
 * was read back and counted; its lesions are its 26-connected components, however its segments were cut. A repeat with the same key
 * gives the revision that is there.
 * @throws DomainError NOT_FOUND, INVALID, IDEMPOTENCY_CONFLICT, NOT_PREPARED, WRONG_STATE, LABEL_UNREADABLE, GRID_MISMATCH, COUNT_MISMATCH
 */
export async function importTruth(ctx: Context, input: TruthImport): Promise<RevisionRow> {
  const { db, caller, services } = ctx;
  const { tenantId, memberId } = caller;
  checkIdempotencyKey(input.idempotencyKey);
  checkSegments(input.segments);
  checkLabelled(input.segments, input.segSopInstanceUid);
  const source = checkedText('source', input.source, { min: 3, max: 200 });
  const reason = checkedText('reason', input.reason, reasonLength);
  const study = await ctx.loaders.row('study', input.studyId);
  if (!study || !hasRoleAt(caller, study.site_id, 'COORDINATOR', 'TENANT_ADMIN')) throw notFound('Study', ['studyId']);
  await holdUntilCommit(db, tenantId, memberId, 'groundTruthImport', input.idempotencyKey);
  const repeated = await findRepeat(ctx, input, source);
  if (repeated) return repeated;
  const task = await openImportRound(ctx, study, input.newRound ? reason : undefined);
  const label = await adopt(ctx, study, task, input, source);
  const revisionId = newId<RevisionId>();
  // With the service's eyes, as wherever a label becomes ground truth.
  const revision = await asService(db, async () => {
    const accepted = await acceptImported(db, {
      ...{ tenantId, memberId, revisionId, taskId: task.id, studyId: study.id, ...label, source, reason },
      beganAsDraft: input.beganAsDraft,
      sentSopInstanceUid: input.segSopInstanceUid,
      idempotencyKey: input.idempotencyKey,
    });
    await queueRetrainingIfDue(db, services.queue, tenantId);
    return accepted;
  });
  const counts = { lesionCount: label.lesions.length, labelSha256: label.labelSha256 };
  const { resampling } = label;
  const resampled = resampling && { resampled: resampling.rule, sentSha256: resampling.sha256 };
  const changes = {
    studyId: study.id,
    taskId: task.id,
    source,
    beganAsDraft: input.beganAsDraft,
    ...counts,
    ...resampled,
  };
  const entry = { action: 'groundTruthImport', objectType: 'Revision', objectId: revisionId, reason, changes };
  await auditRequest(ctx, entry);
  ctx.loaders.clear();
  return revision;
}

async function findRepeat(ctx: Context, input: TruthImport, source: string): Promise<RevisionRow | undefined> {
  const earlier = await asService(ctx.db, () => findImport(ctx.db, ctx.caller.memberId, input.idempotencyKey));
  if (!earlier) return undefined;
  const same =
    earlier.study_id === input.studyId &&
    earlier.source === source &&
    earlier.sent_sop_instance_uid === input.segSopInstanceUid;
  const revision = same && (await ctx.loaders.row('revision', earlier.revision_id));
  if (revision) {
    // The SEG may have been sent once more.
    const uid = input.segSopInstanceUid;
    const staged = uid === null ? undefined : await readStagedLabel(ctx.db, ctx.caller.memberId, uid);
    if (staged) await deleteStagedLabel(ctx.db, staged.id);
    return revision;
  }
  throw new DomainError('IDEMPOTENCY_CONFLICT', 'This key imported something else; choose a new key.', {
    path: ['idempotencyKey'],
  });
}

/** The label on the grid of the study's BRAVO, stored, read back and counted. */
async function adopt(ctx: Context, study: StudyRow, task: TaskRow, input: TruthImport, source: string) {
  const { objects } = ctx.services;
  const { tenantId, memberId } = ctx.caller;
  const path = ['segSopInstanceUid'];
  const uid = input.segSopInstanceUid;
  const staged = uid === null ? undefined : await readStagedLabel(ctx.db, memberId, uid);
  if (uid !== null && !staged)
    throw new DomainError('NOT_FOUND', 'You have sent no SEG with this UID: store it by STOW-RS first.', { path });
  const { bravo_grid } = await ctx.loaders.need('preparation', task.preparation_id);
  const sent = staged && (await objects.getVerified(objectKey(tenantId, staged.sha256), staged.sha256));
  const uids = { sopInstanceUid: randomUid(), seriesInstanceUid: randomUid() };
  const identity = objectIdentity({ ...uids, seriesNumber: 900, seriesDescription: 'Imported ground truth' });
  const bravo = staged ? await asService(ctx.db, () => readBravoSource(ctx.db, study.id)) : null;
  const resample = bravo && input.resample ? { source: bravo, identity } : undefined;
  const packed = await packLabel(sent ?? null, bravo_grid as unknown as Grid, resample);
  if ('code' in packed) throw new DomainError(packed.code, packed.message, { path });
  if (staged && (staged.study_id !== study.id || packed.studyInstanceUid !== study.study_instance_uid))
    throw new DomainError('INVALID', 'The SEG belongs to another study.', { path });
  compareCounts(input.segments, packed.segments, 'in the SEG');

  const program = input.beganAsDraft ? source : null;
  const adopted = await adoptLabel({ label: packed.bytes, source: bravo, identity, program });
  if (adopted.segments.length > greatestLesionCount)
    throw new DomainError('INVALID', `The label has ${adopted.segments.length} lesions, at most 1,000 are taken.`, {
      path,
    });
  const { key, sha256: labelSha256 } = await putContent(objects, tenantId, adopted.label);
  const lesions = await measureLabel(await objects.getVerified(key, labelSha256));
  compareCounts(adopted.segments, lesions, 'as read back from the store');
  const stored = adopted.seg && (await putContent(objects, tenantId, adopted.seg));
  if (staged) await deleteStagedLabel(ctx.db, staged.id);
  const resampling = staged && packed.resampled ? resamplingOf(packed.resampled, staged) : null;
  return { labelSha256, lesions, seg: stored && { sha256: stored.sha256, ...uids }, resampling };
}
