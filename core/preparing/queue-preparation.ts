import { newId, type PreparationId, type StudyId } from '#core/domain/ids.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { readPreparedSize } from '#core/learning/run-store.ts';
import { preparationPlanHash } from '#core/plan-hash.ts';
import type { Desk } from '#core/reading/assign.ts';
import { insertPreparation, lockNewestPreparation, lockStudy, type PreparationRow } from './preparation-store.ts';

/**
 * Queues a new preparation of a study, by a person's request or by a job. A QUEUED one is left to do it: it reads the series when it starts.
 * @param delaySeconds How long to wait for more files of the same study.
 * @returns undefined if there is no such study, or its asker may not see it
 */
export async function queuePreparation(
  { db, queue, tenantId, record }: Desk,
  studyId: StudyId,
  delaySeconds = 0,
): Promise<PreparationRow | undefined> {
  const study = await lockStudy(db, studyId);
  if (!study) return undefined;
  const present = await lockNewestPreparation(db, studyId);
  if (present?.state === 'QUEUED') return present;
  const plan = { ...defaultPreparationPlan, sizePixels: await readPreparedSize(db) };
  const id = newId<PreparationId>();
  const jobId = await enqueue(db, queue, tenantId, {
    ...{ kind: 'PREPARE', objectId: id, siteId: study.site_id, delaySeconds },
  });
  const planHash = preparationPlanHash(plan);
  const number = (present?.number ?? 0) + 1;
  const preparation = await insertPreparation(db, { tenantId, id, studyId, jobId, number, plan, planHash });
  await record({ action: 'preparationStart', objectType: 'Preparation', objectId: id, changes: { planHash } });
  return preparation;
}
