import { DomainError, notFound } from '#core/domain/errors.ts';
import { type DefacingId, newId, type StudyId } from '#core/domain/ids.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { StudyRow } from '../graphql/rows.ts';
import { holdStudy } from '../preparation/service.ts';
import { holdFiles } from '../study/service.ts';
import { countWithheld, type DefacingRow, insertDefacing, lockNewestDefacing, readDefacings } from './store.ts';

/** How many images of a study nobody may read yet. */
export const withheldImages = ({ db }: Context, studyId: StudyId): Promise<number> => countWithheld(db, studyId);

/**
 * Queues the removal of faces from a study's withheld images. A QUEUED job for that is left to do it: it looks for them when it starts. One
 * that releases gives out those alone that were decided about.
 */
export async function startDefacing(ctx: Context, studyId: StudyId, delaySeconds: number): Promise<void> {
  const study = await holdStudy(ctx, studyId);
  const newest = await lockNewestDefacing(ctx.db, studyId);
  if (newest?.state === 'QUEUED' && newest.decision === 'DEFACE') return;
  await queueDefacing(ctx, study, { decision: 'DEFACE', decidedBy: null, reason: null, delaySeconds });
}

async function queueDefacing(
  ctx: Context,
  { id: studyId, site_id: siteId }: StudyRow,
  {
    delaySeconds,
    ...decided
  }: { delaySeconds: number } & (
    | { decision: 'DEFACE' | 'RELEASE'; decidedBy: DefacingRow['decided_by'] & string; reason: string }
    | { decision: 'DEFACE'; decidedBy: null; reason: null }
  ),
): Promise<void> {
  const { db, caller, services } = ctx;
  const { tenantId } = caller;
  const id = newId<DefacingId>();
  const jobId = await enqueue(db, services.queue, tenantId, { kind: 'DEFACE', objectId: id, siteId, delaySeconds });
  await insertDefacing(db, { tenantId, id, studyId, jobId, ...decided });
}

/**
 * A coordinator's decision about images that stayed withheld: to try again, or to give them out with their faces.
 * @throws DomainError NOT_FOUND; INVALID for a reason of another length; WRONG_STATE if nothing is withheld or a job is at it
 */
export async function decideDefacing(
  ctx: Context,
  studyId: StudyId,
  decision: 'DEFACE' | 'RELEASE',
  reason: string,
): Promise<StudyRow> {
  const { caller, db } = ctx;
  const study = await ctx.loaders.row('study', studyId);
  if (!study || !hasRoleAt(caller, study.site_id, 'COORDINATOR')) throw notFound('Study', ['studyId']);
  if (reason.length < 5 || reason.length > 500)
    throw new DomainError('INVALID', 'Give a reason of 5 to 500 characters.', { path: ['reason'] });
  // Images that are being written are decided about too, or come after it: none is given out that the count does not hold.
  await holdFiles(db, caller.tenantId, studyId);
  await holdStudy(ctx, studyId);
  const wrongState = (message: string): DomainError =>
    new DomainError('WRONG_STATE', message, { path: ['studyId'], current: { type: 'Study', id: studyId } });
  if ((await withheldImages(ctx, studyId)) === 0) throw wrongState('No image of this study is withheld.');
  const state = (await lockNewestDefacing(db, studyId))?.state;
  if (state === 'QUEUED' || state === 'RUNNING')
    throw wrongState('A worker is about to remove the faces or doing so; wait for its end.');
  await queueDefacing(ctx, study, { decision, decidedBy: caller.memberId, reason, delaySeconds: 0 });
  await auditRequest(ctx, {
    ...{ action: 'defacingDecide', objectType: 'Study', objectId: studyId, reason },
    changes: { decision },
  });
  return study;
}

/** What was done about a study's faces; null for those who may not know, and if there was nothing to do. */
export async function defacingOf(
  ctx: Context,
  { id, site_id }: StudyRow,
): Promise<{ withheldInstances: number; runs: DefacingRow[] } | null> {
  if (!hasRoleAt(ctx.caller, site_id, 'COORDINATOR', 'AUDITOR')) return null;
  const [withheldInstances, runs] = [await withheldImages(ctx, id), await readDefacings(ctx.db, id)];
  return withheldInstances === 0 && runs.length === 0 ? null : { withheldInstances, runs };
}
