import { type LabelVolume, spacingMm, type Volume } from '#core/domain/geometry.ts';
import { dilateByMm } from '#core/label/dilate.ts';
import { brainMaskMarginMm } from '#core/label/findings.ts';
import { voxelRoc } from './roc.ts';
import { countAtThresholds, maxMeanDice, probabilityThresholds, type ThresholdCounts } from './threshold-dice.ts';

/** What a development case tells of thresholds; small, so that its volumes need not be kept. */
export interface DevelopmentCase {
  readonly subjectId: string;
  /** Null for a case without lesions. */
  readonly youdenThreshold: number | null;
  readonly counts: ThresholdCounts;
}

export interface DevelopmentThresholds {
  /** Mean over patients of the threshold of the greatest Youden index of each (paper, "Statistical analysis"). */
  readonly youden: number;
  /** The threshold of the greatest mean voxel Dice over cases, out of 0.001 … 0.999. */
  readonly maxDice: number;
  /** That mean Dice. */
  readonly meanDice: number;
}

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
  };
}

/** Chooses thresholds on the development set. @returns null if none of its cases has lesions */
export function developmentThresholds(cases: readonly DevelopmentCase[]): DevelopmentThresholds | null {
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
  };
}
