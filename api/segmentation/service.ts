import { asService } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { newId, type SegmentationId, type StudyId } from '#core/domain/ids.ts';
import { requiredSequences } from '#core/domain/plan.ts';
import { cancelJob } from '#core/jobs/cancel.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { SegmentForm } from '../generated/resolver-types.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { PreparationRow, SegmentationRow, StudyRow } from '../graphql/rows.ts';
import { MissingSequence } from '../graphql/user-error.ts';
import { inService } from '../rollout/service.ts';
import {
  cancelSegmentationRow,
  findByKey,
  insertSegmentation,
  isBlindTo,
  readNewestPreparation,
  readRoles,
  readServingVersion,
  type ServingVersion,
} from './store.ts';

/**
 * Queues a segmentation by the version that is in service at the study's site at this moment. A repeat by the same member with the
 * same key gives the first answer, whatever is in service by then.
 * @throws DomainError NOT_FOUND, INVALID, IDEMPOTENCY_CONFLICT, NO_LIVE_VERSION, MISSING_SEQUENCE, NOT_PREPARED
 */
export async function request(
  ctx: Context,
  studyId: StudyId,
  idempotencyKey: string,
  segmentForm: SegmentForm,
): Promise<SegmentationRow> {
  const { db, caller, services } = ctx;
  checkIdempotencyKey(idempotencyKey);
  const study = await studyToSegment(ctx, studyId);
  await holdUntilCommit(db, caller.tenantId, caller.memberId, 'requestSegmentation', idempotencyKey);
  const earlier = await asService(db, () => findByKey(db, caller.memberId, idempotencyKey));
  if (earlier) {
    if (earlier.study_id === studyId && earlier.segment_form === segmentForm) return earlier;
    throw new DomainError('IDEMPOTENCY_CONFLICT', 'This key asked for something else; choose a new key.', {
      path: ['idempotencyKey'],
    });
  }
  const serving = await inService(ctx, study.site_id);
  if (!serving)
    throw new DomainError(
      'NO_LIVE_VERSION',
      "No version is in service at the study's site; an approver has to roll one out there first.",
      { path: ['studyId'] },
    );
  const preparation = await suitablePreparation(ctx, study, await readServingVersion(db, serving.versionId));
  const id = newId<SegmentationId>();
  const { tenantId, memberId } = caller;
  const jobId = await enqueue(db, services.queue, tenantId, { kind: 'SEGMENT', objectId: id, siteId: study.site_id });
  const segmentation = await insertSegmentation(db, {
    ...{ tenantId, id, studyId, memberId, jobId, idempotencyKey, segmentForm },
    ...serving,
    preparationId: preparation.id,
  });
  await auditRequest(ctx, {
    action: 'requestSegmentation',
    objectType: 'Segmentation',
    objectId: id,
    changes: { studyId, modelVersionId: serving.versionId, rolloutId: serving.rolloutId },
  });
  return segmentation;
}

/** @throws DomainError NOT_FOUND if the caller may not see the study, not segment at its site, or reads it blind */
async function studyToSegment(ctx: Context, id: StudyId): Promise<StudyRow> {
  const study = await ctx.loaders.row('study', id);
  if (!study || !hasRoleAt(ctx.caller, study.site_id, 'CLINICIAN', 'ENGINEER') || (await isBlindTo(ctx.db, id)))
    throw notFound('Study', ['studyId']);
  return study;
}

/** @throws DomainError MISSING_SEQUENCE, NOT_PREPARED */
async function suitablePreparation(
  { db }: Context,
  { id }: StudyRow,
  { number, plan, preparationPlanHash }: ServingVersion,
): Promise<PreparationRow> {
  const present = await readRoles(db, id);
  const missing = requiredSequences(plan).filter((role) => !present.has(role));
  if (missing.length > 0) throw new MissingSequence(missing, ['studyId']);
  const preparation = await readNewestPreparation(db, id);
  if (preparation?.state !== 'READY')
    throw new DomainError('NOT_PREPARED', whyNotPrepared(preparation), { path: ['studyId'] });
  if (preparationPlanHash !== null && preparation.plan_hash !== preparationPlanHash)
    throw new DomainError(
      'NOT_PREPARED',
      `The study was prepared by another plan (${preparation.plan_hash.slice(0, 12)}) than those that version ${number} learnt from (${preparationPlanHash.slice(0, 12)}), so its answer could not be relied on; roll out a version trained on studies prepared as this one.`,
      { path: ['studyId'] },
    );
  return preparation;
}

function whyNotPrepared(preparation: PreparationRow | undefined): string {
  switch (preparation?.state) {
    case 'QUEUED':
    case 'RUNNING':
      return `The study is being prepared (${preparation.state}); ask again when that has ended.`;
    case 'NEEDS_REVIEW':
      return 'The registration of the study waits for a coordinator to judge it, by preparationJudge.';
    case 'FAILED':
      return 'The preparation of the study failed or was judged unusable; a coordinator can begin another, by preparationStart.';
    default:
      return 'The study has not been prepared; a coordinator can begin that, by preparationStart.';
  }
}

/** Stops a segmentation that the caller asked for. @throws DomainError NOT_FOUND, WRONG_STATE for one that has ended */
export async function cancelSegmentation(ctx: Context, id: SegmentationId): Promise<SegmentationRow> {
  const segmentation = await ctx.loaders.row('segmentation', id);
  if (segmentation?.requested_by !== ctx.caller.memberId)
    throw notFound('Segmentation of your own asking', ['segmentationId']);
  const cancelled = (await cancelJob(ctx.db, segmentation.job_id))
    ? await cancelSegmentationRow(ctx.db, id)
    : undefined;
  if (!cancelled)
    throw new DomainError('WRONG_STATE', 'The segmentation has ended; only a queued or running one can be cancelled.', {
      path: ['segmentationId'],
      current: { type: 'Segmentation', id },
    });
  await auditRequest(ctx, { action: 'segmentationCancel', objectType: 'Segmentation', objectId: id });
  return cancelled;
}
