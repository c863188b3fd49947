import { type LabelVolume, spacingMm, type Volume, voxelVolumeMm3 } from '#core/domain/geometry.ts';
import { components } from '#core/label/components.ts';
import { findings } from '#core/label/findings.ts';
import { mergeLists, sharedVoxelCount, voxelLists } from '#core/label/voxel-lists.ts';
import { brats23Score } from './brats23.ts';
import { detectLesions } from './detection.ts';
import { voxelOverlap } from './overlap.ts';
import { voxelRoc, type YoudenPoint } from './roc.ts';

/** Figures of one case; null where one has no meaning, such as a sensitivity without lesions. */
export interface CaseFigures {
  /** Area under the ROC over the voxels inside the brain mask. */
  readonly auc: number | null;
  readonly youden: YoudenPoint | null;
  /** Sensitivity where the share of false alarms is n %, 101 numbers. */
  readonly rocCurve: readonly number[] | null;
  /** Voxel figures at the threshold. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly dice: number | null;
  /** Voxel Dice over detected lesions only. */
  readonly detectedDice: number | null;
  readonly lesionCount: number;
  readonly foundLesionCount: number;
  readonly lesionSensitivity: number | null;
  readonly falsePositives: number;
  readonly falsePositives10mm3: number;
  /** Lesion-wise score of BraTS-METS 2023. */
  readonly brats23Dice: number | null;
  readonly brats23Hd95Mm: number | null;
}

/** A probability map and accepted truth, all on one grid. */
export interface EvaluationCase {
  readonly probability: Volume<Float32Array>;
  readonly truth: LabelVolume;
  readonly brainMask: Volume<Uint8Array>;
  /** A voxel counts as lesion at or above it. */
  readonly threshold: number;
}

/**
 * Judges one case as the version would serve it: regions that lie wholly outside the brain mask dilated by 2 mm are no
 * part of the prediction. Lesions, true and predicted, are 26-connected components. The ROC is over the voxels inside
 * the brain mask as it is.
 * @throws RangeError if the volumes differ in size
 */
export function evaluateCase({ probability, truth, brainMask, threshold }: EvaluationCase): CaseFigures {
  const { grid } = probability;
  const roc = voxelRoc(probability.data, truth.data, brainMask.data);
  const trueLesions = voxelLists(components(truth.data, grid.size, 26).labels).slice(1);
  const predicted = findings(probability, brainMask, threshold)
    .filter(({ insideBrain }) => insideBrain)
    .map(({ voxels }) => voxels);
  const [allTruth, allPredicted] = [mergeLists(trueLesions), mergeLists(predicted)];
  const hasLesion = trueLesions.length > 0;
  const overlap = voxelOverlap({
    predicted: allPredicted.length,
    truth: allTruth.length,
    shared: sharedVoxelCount(allTruth, allPredicted),
  });
  const {
    found: _found,
    falsePositive: _falsePositive,
    ...detection
  } = detectLesions(trueLesions, predicted, voxelVolumeMm3(grid));
  const mask = new Uint8Array(probability.data.length);
  for (const voxel of allPredicted) mask[voxel] = 1;
  const brats23 = hasLesion ? brats23Score(truth.data, mask, grid.size, spacingMm(grid)) : null;
  return {
    auc: roc?.auc ?? null,
    youden: roc?.youden ?? null,
    rocCurve: roc === null ? null : Array.from(roc.curve),
    precision: hasLesion ? overlap.precision : null,
    recall: overlap.recall,
    dice: hasLesion ? overlap.dice : null,
    ...detection,
    brats23Dice: brats23?.dice ?? null,
    brats23Hd95Mm: brats23?.hd95Mm ?? null,
  };
}
