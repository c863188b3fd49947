import { mergeLists, sharedVoxelCount, type VoxelList } from '#core/label/voxel-lists.ts';

/** Regions of this volume and more are counted apart among false positives (paper, "Statistical analysis"). */
export const falsePositiveFloorMm3 = 10;

/** Lesion by lesion: any shared voxel is a detection. */
export interface Detection {
  readonly lesionCount: number;
  /** True lesions that share a voxel with a predicted one. */
  readonly foundLesionCount: number;
  /** Null without true lesions. */
  readonly lesionSensitivity: number | null;
  /** Predicted lesions that share no voxel with a true one. */
  readonly falsePositives: number;
  /** Those of at least 10 mm³. */
  readonly falsePositives10mm3: number;
  /** Voxel Dice of all detected true lesions with all predicted ones that detect them; null if none was detected. */
  readonly detectedDice: number | null;
  /** For each true lesion whether it was found. */
  readonly found: readonly boolean[];
  /** For each predicted lesion whether it is a false positive. */
  readonly falsePositive: readonly boolean[];
}

/**
 * Compares true with predicted lesions.
 * @param truth, predicted voxels of each 26-connected component, in one volume
 */
export function detectLesions(
  truth: readonly VoxelList[],
  predicted: readonly VoxelList[],
  voxelVolumeMm3: number,
): Detection {
  const [allTruth, allPredicted] = [mergeLists(truth), mergeLists(predicted)];
  const found = truth.map((lesion) => sharedVoxelCount(lesion, allPredicted) > 0);
  const falsePositive = predicted.map((lesion) => sharedVoxelCount(lesion, allTruth) === 0);
  const detected = mergeLists(truth.filter((_, n) => found[n]));
  const detecting = mergeLists(predicted.filter((_, n) => !falsePositive[n]));
  const foundLesionCount = found.filter(Boolean).length;
  const large = predicted.filter(
    // A region that is 10 mm³ but for rounding of the voxel's volume counts.
    (lesion, n) => falsePositive[n] && lesion.length * voxelVolumeMm3 >= falsePositiveFloorMm3 - 1e-6,
  );
  return {
    lesionCount: truth.length,
    foundLesionCount,
    lesionSensitivity: truth.length === 0 ? null : foundLesionCount / truth.length,
    falsePositives: falsePositive.filter(Boolean).length,
    falsePositives10mm3: large.length,
    detectedDice:
      foundLesionCount === 0
        ? null
        : (2 * sharedVoxelCount(detected, detecting)) / (detected.length + detecting.length),
    found,
    falsePositive,
  };
}
