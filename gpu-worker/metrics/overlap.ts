/** How a predicted mask covers the true one; null where 0 is divided by 0. */
export interface VoxelOverlap {
  /** Share of predicted voxels that are true. */
  readonly precision: number | null;
  /** Share of true voxels that are predicted. */
  readonly recall: number | null;
  /** 2 |P ∩ T| / (|P| + |T|). */
  readonly dice: number | null;
}

/** Voxel counts of a prediction, a truth and what they share. */
export function voxelOverlap(counts: { predicted: number; truth: number; shared: number }): VoxelOverlap {
  const { predicted, truth, shared } = counts;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    precision: share(shared, predicted),
    recall: share(shared, truth),
    dice: share(2 * shared, predicted + truth),
  };
}
