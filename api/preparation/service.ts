import type { AuditEntry } from '#core/db/audit.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import type { PreparationId, SeriesId, StudyId } from '#core/domain/ids.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { lockStudy, studyHasBravo } from '#core/preparing/preparation-store.ts';
import { queuePreparation } from '#core/preparing/queue-preparation.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { PreparationRow, SeriesRow, StudyRow } from '../graphql/rows.ts';
import { judgePreparation, newestPreparation, setSeriesRole } from './store.ts';

/** Keeps others from recognizing or preparing the study until the request ends. @throws DomainError NOT_FOUND */
export async function holdStudy({ db }: Context, studyId: StudyId): Promise<StudyRow> {
  const study = await lockStudy(db, studyId);
  if (!study) throw notFound('Study');
  return study;
}

/**
 * Queues a new preparation of the study. A QUEUED one is left to do it: it reads the series when it starts.
 * @param delaySeconds How long to wait for more files of the same study.
 */
export async function startPreparation(ctx: Context, studyId: StudyId, delaySeconds = 0): Promise<PreparationRow> {
  const { db, caller, services } = ctx;
  const desk = {
    db,
    queue: services.queue,
    tenantId: caller.tenantId,
    record: (entry: AuditEntry) => auditRequest(ctx, entry),
  };
  const preparation = await queuePreparation(desk, studyId, delaySeconds);
  if (!preparation) throw notFound('Study');
  return preparation;
}

/** As `startPreparation`, by a coordinator. @throws DomainError NOT_FOUND, MISSING_SEQUENCE without a BRAVO, WRONG_STATE while one runs */
export async function requestPreparation(ctx: Context, studyId: StudyId): Promise<PreparationRow> {
  await studyOfCoordinator(ctx, studyId);
  if (!(await studyHasBravo(ctx.db, studyId))) {
    throw new DomainError(
      'MISSING_SEQUENCE',
      'The study has no BRAVO, the reference space: say by seriesUpdate which series it is.',
      { path: ['studyId'] },
    );
  }
  const present = await newestPreparation(ctx.db, studyId);
  if (present?.state === 'RUNNING') {
    throw new DomainError('WRONG_STATE', 'A preparation of this study is running; wait for its end.', {
      path: ['studyId'],
      current: { type: 'Preparation', id: present.id },
    });
  }
  return startPreparation(ctx, studyId);
}

/** A person's judgement of a registration in NEEDS_REVIEW. @throws DomainError NOT_FOUND, INVALID, WRONG_STATE */
export async function judge(
  ctx: Context,
  id: PreparationId,
  decision: 'USABLE' | 'UNUSABLE',
  reason: string,
): Promise<PreparationRow> {
  const preparation = await ctx.loaders.row('preparation', id);
  if (!preparation) throw notFound('Preparation', ['preparationId']);
  await studyOfCoordinator(ctx, preparation.study_id);
  if (reason.length < 5 || reason.length > 500)
    throw new DomainError('INVALID', 'Give a reason of 5 to 500 characters.', { path: ['reason'] });
  const judged = await judgePreparation(ctx.db, id, { decision, memberId: ctx.caller.memberId, reason });
  if (!judged) {
    throw new DomainError(
      'WRONG_STATE',
      `Only a preparation in NEEDS_REVIEW is judged; this one is ${preparation.state}.`,
      {
        path: ['preparationId'],
        current: { type: 'Preparation', id },
      },
    );
  }
  await auditRequest(ctx, {
    action: 'preparationJudge',
    objectType: 'Preparation',
    objectId: id,
    reason,
    changes: { state: judged.state },
  });
  return judged;
}

/** Says what a series is; the study is prepared anew. @throws DomainError NOT_FOUND, INVALID for a series that is no acquired MR */
export async function changeSeriesRole(ctx: Context, id: SeriesId, role: SeriesRole): Promise<SeriesRow> {
  const series = await ctx.loaders.row('series', id);
  if (!series) throw notFound('Series', ['seriesId']);
  await studyOfCoordinator(ctx, series.study_id);
  if (series.modality !== 'MR' || series.derived_from_id) {
    throw new DomainError('INVALID', 'Only an acquired MR series has a role.', { path: ['seriesId'] });
  }
  await setSeriesRole(ctx.db, series.study_id, id, role);
  await auditRequest(ctx, { action: 'seriesUpdate', objectType: 'Series', objectId: id, changes: { role } });
  if (await studyHasBravo(ctx.db, series.study_id)) await startPreparation(ctx, series.study_id);
  ctx.loaders.clear();
  return ctx.loaders.need('series', id);
}

async function studyOfCoordinator(ctx: Context, id: StudyId): Promise<StudyRow> {
  const study = await ctx.loaders.row('study', id);
  if (!study || !hasRoleAt(ctx.caller, study.site_id, 'COORDINATOR')) throw notFound('Study', ['studyId']);
  return study;
}
