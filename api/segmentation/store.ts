import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type {
  JobId,
  LesionAgreementId,
  MemberId,
  ModelVersionId,
  PreparationId,
  RolloutId,
  SegmentationId,
  SiteId,
  StudyId,
  TenantId,
} from '#core/domain/ids.ts';
import { type SegmentationState, statesBefore } from '#core/domain/lifecycle.ts';
import { recordedPlan, type TrainingPlan } from '#core/domain/plan.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import type { SegmentForm } from '../generated/resolver-types.ts';
import type { Page } from '../graphql/connection.ts';
import type { LesionRow, PreparationRow, SegmentationResultRow, SegmentationRow } from '../graphql/rows.ts';

export interface SegmentationFilter {
  readonly siteIds?: readonly SiteId[] | undefined;
  readonly states?: readonly SegmentationState[] | undefined;
  readonly requestedBy?: MemberId | undefined;
  readonly studyId?: StudyId | undefined;
}

/** Newest first. */
export const readSegmentations = (
  db: Db,
  { limit, after }: Page,
  { siteIds, states, requestedBy, studyId }: SegmentationFilter,
): Promise<SegmentationRow[]> =>
  db
    .selectFrom('segmentation')
    .selectAll()
    .$if(siteIds !== undefined, (query) =>
      query.where('study_id', 'in', (eb) =>
        eb.selectFrom('study').select('study.id').where('study.site_id', 'in', siteIds!),
      ),
    )
    .$if(states !== undefined, (query) => query.where('state', 'in', states!))
    .$if(requestedBy !== undefined, (query) => query.where('requested_by', '=', requestedBy!))
    .$if(studyId !== undefined, (query) => query.where('study_id', '=', studyId!))
    .$if(after !== undefined, (query) => query.where('id', '<', after as SegmentationId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** Lesions of segmentations, by segmentation id, largest first, at most 1,000 each. */
export const lesionsBySegmentation = (db: Db): DataLoader<string, LesionRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('lesion')
      .selectAll()
      .where('segmentation_id', 'in', ids as SegmentationId[])
      .orderBy('volume_mm3', 'desc')
      .orderBy('number')
      .execute();
    return ids.map((id) => rows.filter((row) => row.segmentation_id === id).slice(0, 1000));
  });

/** Lesions of the newest answer near the outlines of agreements, by agreement id, nearest first. */
export const lesionsNearAgreement = (db: Db): DataLoader<string, LesionRow[]> =>
  new DataLoader(async (ids) => {
    const distance = sql<number>`sqrt((m.centroid_lps[1] - o.centroid_lps[1]) ^ 2 + (m.centroid_lps[2] - o.centroid_lps[2]) ^ 2
      + (m.centroid_lps[3] - o.centroid_lps[3]) ^ 2)`;
    const rows = await db
      .selectFrom('lesion_agreement as g')
      .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'g.tenant_id').onRef('t.id', '=', 'g.task_id'))
      .innerJoin('agreement_lesion as b', 'b.agreement_id', 'g.id')
      .innerJoin('lesion as o', 'o.id', 'b.lesion_id')
      .innerJoin('lesion as m', (join) =>
        join.on(
          'm.segmentation_id',
          '=',
          sql<SegmentationId>`(select s.id from segmentation s where s.preparation_id = t.preparation_id and s.state = 'COMPLETED'
            order by s.id desc limit 1)`,
        ),
      )
      .selectAll('m')
      .select('g.id as agreement_id')
      .where('g.id', 'in', ids as LesionAgreementId[])
      .where(sql<boolean>`${distance} < (m.longest_diameter_mm + o.longest_diameter_mm) / 2`)
      .orderBy(distance)
      .execute();
    return ids.map((id) => {
      const near = new Map(rows.filter((row) => row.agreement_id === id).map((row) => [row.id, row]));
      return [...near.values()].slice(0, 10);
    });
  });

/** Stored results of segmentations, by segmentation id. */
export const resultsBySegmentation = (db: Db): DataLoader<string, SegmentationResultRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('segmentation_result')
      .selectAll()
      .where('segmentation_id', 'in', ids as SegmentationId[])
      .orderBy('kind', 'desc')
      .execute();
    return ids.map((id) => rows.filter((row) => row.segmentation_id === id));
  });

/** True while the caller reads or judges the study and must not learn what a version finds in it. */
export async function isBlindTo(db: Db, studyId: StudyId): Promise<boolean> {
  const { blind } = await db
    .selectNoFrom(sql<boolean>`must_not_see_answers(${studyId})`.as('blind'))
    .executeTakeFirstOrThrow();
  return blind;
}

/** What the member asked for with this key. */
export const findByKey = (db: Db, memberId: MemberId, key: string): Promise<SegmentationRow | undefined> =>
  db
    .selectFrom('segmentation')
    .selectAll()
    .where('requested_by', '=', memberId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

/** What a version is, as far as a study has to suit it. */
export interface ServingVersion {
  readonly number: number;
  readonly plan: TrainingPlan;
  /** The plan by which the studies were prepared that it learnt from; null if that was not recorded. */
  readonly preparationPlanHash: string | null;
}

export async function readServingVersion(db: Db, id: ModelVersionId): Promise<ServingVersion> {
  const row = await db
    .selectFrom('model_version as v')
    .innerJoin('training_run as t', 't.id', 'v.training_run_id')
    .innerJoin('dataset as d', 'd.id', 't.dataset_id')
    .select(['v.number', 't.plan', 'd.preparation_plan_hash as preparationPlanHash'])
    .where('v.id', '=', id)
    .executeTakeFirstOrThrow();
  return { ...row, plan: recordedPlan(row.plan) };
}

/** Roles that acquired series of the study have. */
export async function readRoles(db: Db, studyId: StudyId): Promise<ReadonlySet<SeriesRole>> {
  const rows = await db
    .selectFrom('series')
    .select('role')
    .distinct()
    .where('study_id', '=', studyId)
    .where('derived_from_id', 'is', null)
    .execute();
  return new Set(rows.map(({ role }) => role));
}

export const readNewestPreparation = (db: Db, studyId: StudyId): Promise<PreparationRow | undefined> =>
  db
    .selectFrom('preparation')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();

export interface NewSegmentation {
  readonly tenantId: TenantId;
  readonly id: SegmentationId;
  readonly studyId: StudyId;
  readonly preparationId: PreparationId;
  readonly versionId: ModelVersionId;
  readonly rolloutId: RolloutId;
  readonly memberId: MemberId;
  readonly jobId: JobId;
  readonly idempotencyKey: string;
  readonly segmentForm: SegmentForm;
}

export const insertSegmentation = (db: Db, one: NewSegmentation): Promise<SegmentationRow> =>
  db
    .insertInto('segmentation')
    .values({
      tenant_id: one.tenantId,
      id: one.id,
      study_id: one.studyId,
      preparation_id: one.preparationId,
      model_version_id: one.versionId,
      rollout_id: one.rolloutId,
      requested_by: one.memberId,
      job_id: one.jobId,
      idempotency_key: one.idempotencyKey,
      segment_form: one.segmentForm,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const cancelSegmentationRow = (db: Db, id: SegmentationId): Promise<SegmentationRow | undefined> =>
  db
    .updateTable('segmentation')
    .set({ state: 'CANCELLED' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('segmentation.state', 'CANCELLED'))
    .returningAll()
    .executeTakeFirst();
