import type { Selectable } from 'kysely';
import type { Db } from '#core/db/database.ts';
import { insertLesions } from '#core/db/lesion-store.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { Grid } from '#core/domain/geometry.ts';
import type { SegmentationId, StudyId, TenantId } from '#core/domain/ids.ts';
import { type SegmentationState, statesBefore } from '#core/domain/lifecycle.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import type { DroppedFinding, SegmentedLesion } from '../postprocess/segment.ts';
import { knownPlan } from './known-plan.ts';

/** Takes the segmentation a legal step; one that was cancelled meanwhile stays so, and one that runs goes on running. */
export async function moveSegmentation(db: Db, id: SegmentationId, to: SegmentationState): Promise<void> {
  await db
    .updateTable('segmentation')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('segmentation.state', to))
    .execute();
}

export type ResultKind = Selectable<DB['segmentation_result']>['kind'];
export type SegmentForm = Selectable<DB['segmentation']>['segment_form'];

export interface StudyToSegment {
  readonly studyId: StudyId;
  readonly preparedSha256: string;
  /** Of the studies that the version learnt from. */
  readonly preparationPlanHash: string;
  /** Of BRAVO as acquired. */
  readonly nativeGrid: Grid;
  readonly versionNumber: number;
  readonly threshold: number;
  readonly segmentForm: SegmentForm;
  readonly plan: TrainingPlan;
  readonly weightsSha256: string;
}

export async function readToSegment(db: Db, id: SegmentationId): Promise<StudyToSegment> {
  const row = await db
    .selectFrom('segmentation as s')
    .innerJoin('preparation as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.preparation_id'),
    )
    .innerJoin('model_version as v', (join) =>
      join.onRef('v.tenant_id', '=', 's.tenant_id').onRef('v.id', '=', 's.model_version_id'),
    )
    .innerJoin('training_run as r', (join) =>
      join.onRef('r.tenant_id', '=', 'v.tenant_id').onRef('r.id', '=', 'v.training_run_id'),
    )
    .innerJoin('dataset as d', (join) =>
      join.onRef('d.tenant_id', '=', 'r.tenant_id').onRef('d.id', '=', 'r.dataset_id'),
    )
    .innerJoin('artifact as a', (join) =>
      join.onRef('a.tenant_id', '=', 'v.tenant_id').onRef('a.model_version_id', '=', 'v.id'),
    )
    .select([
      's.study_id',
      'p.prepared_sha256',
      'p.bravo_grid',
      'v.number',
      'v.threshold',
      's.segment_form',
      'r.plan',
      'a.sha256',
      'd.preparation_plan_hash',
    ])
    .where('s.id', '=', id)
    .where('a.kind', '=', 'WEIGHTS')
    .executeTakeFirstOrThrow();
  return {
    studyId: row.study_id,
    // A check of the table: what is READY, as it was when the segmentation was requested, has both.
    preparedSha256: row.prepared_sha256!,
    // Trainings are of frozen datasets, which have one.
    preparationPlanHash: row.preparation_plan_hash!,
    nativeGrid: row.bravo_grid as unknown as Grid,
    versionNumber: row.number,
    threshold: row.threshold,
    segmentForm: row.segment_form,
    plan: knownPlan(row.plan),
    weightsSha256: row.sha256,
  };
}

export interface StoredResult {
  readonly kind: ResultKind;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface SegmentationAnswer {
  readonly lesions: readonly SegmentedLesion[];
  readonly dropped: readonly DroppedFinding[];
  readonly results: readonly StoredResult[];
}

export async function writeAnswer(
  db: Db,
  tenantId: TenantId,
  id: SegmentationId,
  { lesions, dropped, results }: SegmentationAnswer,
): Promise<void> {
  const findings = dropped.map(({ voxelCount: _count, ...finding }) => finding);
  const { numUpdatedRows } = await db
    .updateTable('segmentation')
    .set({ state: 'COMPLETED', dropped: JSON.stringify(findings) })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('segmentation.state', 'COMPLETED'))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`segmentation ${id} is not RUNNING`);
  await insertLesions(db, tenantId, { segmentationId: id }, lesions);
  await db
    .insertInto('segmentation_result')
    .values(
      results.map((result) => ({
        tenant_id: tenantId,
        segmentation_id: id,
        kind: result.kind,
        series_instance_uid: result.seriesInstanceUid,
        sop_instance_uid: result.sopInstanceUid,
        sha256: result.sha256,
        size_bytes: result.sizeBytes,
      })),
    )
    .execute();
}
