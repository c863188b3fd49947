/** How many voxels of one case reach each of some thresholds. */
export interface ThresholdCounts {
  /** Voxels at or above each threshold. */
  readonly predicted: Float64Array;
  /** True voxels at or above each threshold. */
  readonly shared: Float64Array;
  /** True voxels. */
  readonly truth: number;
}

/** Thresholds for probabilities: 0.001, 0.002 … 0.999. */
export const probabilityThresholds: Float64Array = Float64Array.from({ length: 999 }, (_, n) => (n + 1) / 1000);

/**
 * Counts voxels at or above each threshold.
 * @param values one a voxel
 * @param truth not 0 at lesion voxels
 * @param mask not 0 where a voxel may be predicted; true voxels outside count as missed
 * @param thresholds ascending, at least one
 */
export function countAtThresholds(
  values: Float32Array,
  truth: Uint8Array | Uint16Array,
  mask: Uint8Array,
  thresholds: Float64Array,
): ThresholdCounts {
  if (truth.length !== values.length || mask.length !== values.length)
    throw new RangeError(`${values.length} values, ${truth.length} labels, ${mask.length} mask voxels`);
  const predicted = new Float64Array(thresholds.length);
  const shared = new Float64Array(thresholds.length);
  let total = 0;
  for (let n = 0; n < values.length; n++) {
    const lesion = truth[n] !== 0;
    if (lesion) total++;
    if (mask[n] === 0) continue;
    const reached = thresholdsReached(values[n]!, thresholds);
    if (reached === 0) continue;
    predicted[reached - 1]!++;
    if (lesion) shared[reached - 1]!++;
  }
  for (let t = thresholds.length - 2; t >= 0; t--) {
    predicted[t]! += predicted[t + 1]!;
    shared[t]! += shared[t + 1]!;
  }
  return { predicted, shared, truth: total };
}

/** How many of the ascending thresholds lie at or below the value. */
export function thresholdsReached(value: number, thresholds: Float64Array): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= thresholds[middle]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Voxel Dice of a case at the n-th threshold; 1 if it has neither truth nor prediction. */
export function diceAt({ predicted, shared, truth }: ThresholdCounts, n: number): number {
  const sum = predicted[n]! + truth;
  return sum === 0 ? 1 : (2 * shared[n]!) / sum;
}

/**
 * Mean voxel Dice over cases at each of so many thresholds. Cases without truth are left out: they would only reward a threshold that
 * finds nothing.
 * @returns null if no case has truth
 */
export function meanDiceCurve(cases: readonly ThresholdCounts[], thresholdCount: number): Float64Array | null {
  const used = cases.filter(({ truth }) => truth > 0);
  if (used.length === 0) return null;
  return Float64Array.from(
    { length: thresholdCount },
    (_, n) => used.reduce((sum, counts) => sum + diceAt(counts, n), 0) / used.length,
  );
}

/**
 * The threshold of greatest mean voxel Dice over cases, the lowest of several that do equally well.
 * @returns null if no case has truth
 */
export function maxMeanDice(
  cases: readonly ThresholdCounts[],
  thresholds: Float64Array,
): { threshold: number; meanDice: number } | null {
  const curve = meanDiceCurve(cases, thresholds.length);
  if (curve === null) return null;
  const meanDice = curve.reduce((most, one) => Math.max(most, one));
  return { threshold: thresholds[curve.indexOf(meanDice)]!, meanDice };
}
