import { countAtThresholds, diceAt, maxMeanDice } from './threshold-dice.ts';

/** A BRAVO volume with truth, all arrays of one length. */
export interface IntensityCase {
  readonly bravo: Float32Array;
  readonly truth: Uint8Array | Uint16Array;
  readonly brainMask: Uint8Array;
}

export interface IntensityBaseline {
  /** As a multiple of the median intensity inside the case's brain mask, at or above which a voxel counts. */
  readonly threshold: number;
  /** Mean voxel Dice at it over the cases with lesions. */
  readonly meanDice: number;
  /** Voxel Dice of each case at it, null for cases without lesions. */
  readonly dice: readonly (number | null)[];
}

/** Candidate thresholds: 0 to 8 times the median of the brain. */
const thresholds = Float64Array.from({ length: 1601 }, (_, n) => n / 200);

/**
 * What thresholding the contrast-enhanced intensity inside the brain mask could reach: enhancing lesions are bright,
 * and a network has to do better than this. The threshold is chosen on these very cases, which favours the baseline.
 * Intensities are divided by the median of the brain, since scanners scale them at will.
 * @returns null if no case has lesions
 * @throws RangeError if a brain mask is empty or its median is not positive
 */
export function intensityBaseline(cases: readonly IntensityCase[]): IntensityBaseline | null {
  const counts = cases.map(({ bravo, truth, brainMask }, n) => {
    const median = medianInside(bravo, brainMask);
    if (!(median > 0)) throw new RangeError(`the median intensity in the brain mask of case ${n + 1} is ${median}`);
    return countAtThresholds(
      bravo.map((value) => value / median),
      truth,
      brainMask,
      thresholds,
    );
  });
  const best = maxMeanDice(counts, thresholds);
  if (best === null) return null;
  const index = thresholds.indexOf(best.threshold);
  return { ...best, dice: counts.map((each) => (each.truth === 0 ? null : diceAt(each, index))) };
}

function medianInside(values: Float32Array, mask: Uint8Array): number {
  const inside = values.filter((_, n) => mask[n] !== 0).sort();
  const middle = inside.length >> 1;
  return inside.length % 2 === 1 ? inside[middle]! : (inside[middle - 1]! + inside[middle]!) / 2;
}
