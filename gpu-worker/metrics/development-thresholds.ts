import { type LabelVolume, spacingMm, type Volume } from '#core/domain/geometry.ts';
import { dilateByMm } from '#core/label/dilate.ts';
import { brainMaskMarginMm } from '#core/label/findings.ts';
import { type DetectionCurve, detectionCurve } from './detection-curve.ts';
import { voxelRoc } from './roc.ts';
import {
  countAtThresholds,
  maxMeanDice,
  meanDiceCurve,
  probabilityThresholds,
  type ThresholdCounts,
} from './threshold-dice.ts';

/** What a development case tells of thresholds; small, so that its volumes need not be kept. */
export interface DevelopmentCase {
  readonly subjectId: string;
  /** Null for a case without lesions. */
  readonly youdenThreshold: number | null;
  readonly counts: ThresholdCounts;
  readonly detection: DetectionCurve;
}

export interface DevelopmentThresholds {
  /** Mean over patients of the threshold of the greatest Youden index of each (paper, "Statistical analysis"). */
  readonly youden: number;
  /** The threshold of the greatest mean voxel Dice over cases, out of 0.001 … 0.999. */
  readonly maxDice: number;
  /** That mean Dice. */
  readonly meanDice: number;
  /** See `sensitiveThreshold`. */
  readonly sensitive: number;
}

/** Part of the greatest mean Dice that a more sensitive threshold has to keep: contours may be a little wide, not useless. */
const keptDice = 0.9;

/** Reads off one development case. Voxels more than 2 mm outside the brain mask count as never predicted. */
export function developmentCase(
  subjectId: string,
  probability: Volume<Float32Array>,
  truth: LabelVolume,
  brainMask: Volume<Uint8Array>,
): DevelopmentCase {
  const { grid } = probability;
  const brain = dilateByMm(brainMask.data, grid.size, spacingMm(grid), brainMaskMarginMm);
  return {
    subjectId,
    youdenThreshold: voxelRoc(probability.data, truth.data, brainMask.data)?.youden.threshold ?? null,
    counts: countAtThresholds(probability.data, truth.data, brain, probabilityThresholds),
    detection: detectionCurve(probability, truth, brain, probabilityThresholds),
  };
}

/**
 * Chooses thresholds on the development set.
 * @param maxFpPerCase false positives a case that the sensitive threshold may cost
 * @returns null if none of its cases has lesions
 */
export function developmentThresholds(
  cases: readonly DevelopmentCase[],
  maxFpPerCase: number,
): DevelopmentThresholds | null {
  const bySubject = Map.groupBy(
    cases.filter(({ youdenThreshold }) => youdenThreshold !== null),
    ({ subjectId }) => subjectId,
  );
  const best = maxMeanDice(
    cases.map(({ counts }) => counts),
    probabilityThresholds,
  );
  if (best === null || bySubject.size === 0) return null;
  const own = Array.from(
    bySubject.values(),
    (some) => some.reduce((sum, { youdenThreshold }) => sum + youdenThreshold!, 0) / some.length,
  );
  return {
    youden: own.reduce((sum, threshold) => sum + threshold, 0) / own.length,
    maxDice: best.threshold,
    meanDice: best.meanDice,
    sensitive: sensitiveThreshold(cases, maxFpPerCase) ?? best.threshold,
  };
}

/**
 * The lowest threshold that keeps nine tenths of the greatest mean Dice and costs no more false positives a case than may be: a lower
 * threshold never loses a lesion that a higher one finds, so a reader is shown as many as the bound allows. Cases without lesions count
 * for false positives.
 * @returns null if every threshold of such a Dice costs more
 */
function sensitiveThreshold(cases: readonly DevelopmentCase[], maxFpPerCase: number): number | null {
  const dice = meanDiceCurve(
    cases.map(({ counts }) => counts),
    probabilityThresholds.length,
  );
  if (dice === null) return null;
  const least = keptDice * dice.reduce((most, one) => Math.max(most, one));
  const chosen = probabilityThresholds.findIndex((_, n) => {
    const fpPerCase = cases.reduce((sum, { detection }) => sum + detection.falsePositives[n]!, 0) / cases.length;
    return dice[n]! >= least && fpPerCase <= maxFpPerCase;
  });
  return chosen < 0 ? null : probabilityThresholds[chosen]!;
}
