import type { Db } from '#core/db/database.ts';
import type { Grid, Matrix4 } from '#core/domain/geometry.ts';
import {
  newId,
  type PreparationId,
  type RegistrationId,
  type SeriesId,
  type StudyId,
  type TenantId,
} from '#core/domain/ids.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';
import type { PreparationPlan } from '#core/domain/preparation-plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';

/** A series that takes part, with the hashes of its files. */
export interface SeriesToPrepare {
  readonly id: SeriesId;
  readonly role: Sequence;
  readonly sha256s: readonly string[];
}

/** A study, the plan to prepare it by and its series as their roles are now. */
export interface StudyToPrepare {
  readonly studyId: StudyId;
  readonly plan: PreparationPlan;
  readonly planHash: string;
  readonly series: readonly SeriesToPrepare[];
}

export const markRunning = (db: Db, id: PreparationId): Promise<unknown> =>
  db
    .updateTable('preparation')
    .set({ state: 'RUNNING' })
    .where('id', '=', id)
    .where('state', 'in', [...statesBefore('preparation.state', 'RUNNING'), 'RUNNING'])
    .execute();

export const markFailed = (db: Db, id: PreparationId): Promise<unknown> =>
  db
    .updateTable('preparation')
    .set({ state: 'FAILED' })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('preparation.state', 'FAILED'))
    .execute();

export async function readToPrepare(db: Db, id: PreparationId): Promise<StudyToPrepare> {
  const { plan, plan_hash, study_id } = await db
    .selectFrom('preparation')
    .select(['plan', 'plan_hash', 'study_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('series as e')
    .innerJoin('instance as i', (join) =>
      join.onRef('i.tenant_id', '=', 'e.tenant_id').onRef('i.series_id', '=', 'e.id'),
    )
    .select(['e.id', 'e.role', 'i.sha256'])
    .where('e.study_id', '=', study_id)
    .where('e.role', '<>', 'OTHER')
    .where('e.derived_from_id', 'is', null)
    .orderBy('i.sop_instance_uid')
    .execute();
  const series = [...Map.groupBy(rows, (row) => row.id)].map(([seriesId, of]) => ({
    id: seriesId,
    role: of[0]!.role as Sequence,
    sha256s: of.map(({ sha256 }) => sha256),
  }));
  return { studyId: study_id, plan: plan as unknown as PreparationPlan, planHash: plan_hash, series };
}

export interface RegistrationResult {
  readonly seriesId: SeriesId;
  readonly matrix: Matrix4;
  readonly rotationDegrees: number;
  readonly translationMm: number;
  readonly nmi: number;
  readonly plausible: boolean;
  readonly checkerboardSha256: string;
}

export interface PreparationResult {
  readonly state: 'READY' | 'NEEDS_REVIEW';
  readonly preparedSha256: string;
  readonly bravoGrid: Grid;
  readonly brainMaskVolumeMm3: number;
  readonly warnings: readonly string[];
  readonly registrations: readonly RegistrationResult[];
}

export async function writePreparation(
  db: Db,
  tenantId: TenantId,
  id: PreparationId,
  result: PreparationResult,
): Promise<void> {
  for (const one of result.registrations) {
    await db
      .insertInto('registration')
      .values({
        tenant_id: tenantId,
        id: newId<RegistrationId>(),
        preparation_id: id,
        series_id: one.seriesId,
        matrix: [...one.matrix],
        rotation_degrees: one.rotationDegrees,
        translation_mm: one.translationMm,
        nmi: one.nmi,
        plausible: one.plausible,
        checkerboard_sha256: one.checkerboardSha256,
      })
      .execute();
  }
  const { numUpdatedRows } = await db
    .updateTable('preparation')
    .set({
      state: result.state,
      prepared_sha256: result.preparedSha256,
      bravo_grid: JSON.stringify({ size: result.bravoGrid.size, indexToLps: result.bravoGrid.indexToLps }),
      brain_mask_volume_mm3: result.brainMaskVolumeMm3,
      warnings: [...result.warnings],
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('preparation.state', result.state))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`preparation ${id} is not RUNNING`);
}
