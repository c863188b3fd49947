import { type LesionId, newId, type RevisionId, type SegmentationId, type TenantId } from '../domain/ids.ts';
import type { LesionMeasure } from '../domain/lesion.ts';
import type { Db } from './database.ts';

/** Label or segmentation that a lesion is in. */
export type LesionOrigin = { readonly revisionId: RevisionId } | { readonly segmentationId: SegmentationId };

/** Writes the lesions of a label, or of a segmentation with the greatest probability in each. */
export async function insertLesions(
  db: Db,
  tenantId: TenantId,
  origin: LesionOrigin,
  lesions: readonly (LesionMeasure & { readonly probability?: number })[],
): Promise<void> {
  if (lesions.length === 0) return;
  const rows = lesions.map((one) => ({
    tenant_id: tenantId,
    id: newId<LesionId>(),
    revision_id: 'revisionId' in origin ? origin.revisionId : null,
    segmentation_id: 'segmentationId' in origin ? origin.segmentationId : null,
    number: one.number,
    voxel_count: one.voxelCount,
    volume_mm3: one.volumeMm3,
    longest_diameter_mm: one.longestDiameterMm,
    perpendicular_diameter_mm: one.perpendicularDiameterMm,
    slice_count: one.sliceCount,
    slice_index: one.sliceIndex,
    centroid_lps: [...one.centroidLps],
    probability: one.probability ?? null,
  }));
  await db.insertInto('lesion').values(rows).execute();
}
