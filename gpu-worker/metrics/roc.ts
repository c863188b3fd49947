/** The point of a ROC curve with the greatest sensitivity + specificity - 1 (Youden 1950). */
export interface YoudenPoint {
  /** A voxel counts as lesion at or above it; the greatest of several that do equally well. */
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

export interface VoxelRoc {
  readonly auc: number;
  readonly youden: YoudenPoint;
  /** Sensitivity where the share of false alarms is n / (length - 1), linear between points of the curve. */
  readonly curve: Float64Array;
}

/** Points of `VoxelRoc.curve`: false alarms in steps of one percent. */
const curvePoints = 101;

/**
 * The exact ROC over the voxels of a mask. Every value that occurs is a threshold; voxels of equal value are passed at
 * once, so that the area is the probability of a lesion voxel exceeding another, with one half for equal ones.
 * @param probabilities one finite value a voxel
 * @param truth not 0 at lesion voxels
 * @param mask not 0 where voxels count
 * @returns null if the mask holds only lesion or none
 */
export function voxelRoc(
  probabilities: Float32Array,
  truth: Uint8Array | Uint16Array,
  mask: Uint8Array,
): VoxelRoc | null {
  const { positives, negatives } = sortedByTruth(probabilities, truth, mask);
  if (positives.length === 0 || negatives.length === 0) return null;
  // p and n are the counts of lesion and other voxels that are still below the threshold.
  let [p, n] = [positives.length, negatives.length];
  let pairs = 0;
  let best: YoudenPoint & { index: number } = { threshold: 0, sensitivity: 0, specificity: 1, index: -1 };
  const curve = new Float64Array(curvePoints);
  let nextPoint = 0;
  while (p > 0 || n > 0) {
    const value = Math.max(
      p > 0 ? positives[p - 1]! : Number.NEGATIVE_INFINITY,
      n > 0 ? negatives[n - 1]! : Number.NEGATIVE_INFINITY,
    );
    const [pBefore, nBefore] = [p, n];
    while (p > 0 && positives[p - 1] === value) p--;
    while (n > 0 && negatives[n - 1] === value) n--;
    pairs += (nBefore - n) * (positives.length - (pBefore + p) / 2);
    const sensitivity = (positives.length - p) / positives.length;
    const specificity = n / negatives.length;
    const index = sensitivity + specificity - 1;
    if (index > best.index + 1e-12) best = { threshold: value, sensitivity, specificity, index };
    const [from, to] = [(negatives.length - nBefore) / negatives.length, 1 - specificity];
    const start = (positives.length - pBefore) / positives.length;
    while (nextPoint < curvePoints && nextPoint / (curvePoints - 1) < to) {
      const part = (nextPoint / (curvePoints - 1) - from) / (to - from);
      curve[nextPoint++] = start + part * (sensitivity - start);
    }
  }
  curve.fill(1, nextPoint);
  const { threshold, sensitivity, specificity } = best;
  return { auc: pairs / (positives.length * negatives.length), youden: { threshold, sensitivity, specificity }, curve };
}

function sortedByTruth(
  probabilities: Float32Array,
  truth: Uint8Array | Uint16Array,
  mask: Uint8Array,
): { positives: Float32Array; negatives: Float32Array } {
  if (truth.length !== probabilities.length || mask.length !== probabilities.length)
    throw new RangeError(`${probabilities.length} probabilities, ${truth.length} labels, ${mask.length} mask voxels`);
  let [positiveCount, negativeCount] = [0, 0];
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue;
    if (truth[n] === 0) negativeCount++;
    else positiveCount++;
  }
  const positives = new Float32Array(positiveCount);
  const negatives = new Float32Array(negativeCount);
  let [p, q] = [0, 0];
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue;
    const value = probabilities[n]!;
    if (!Number.isFinite(value)) throw new RangeError(`voxel ${n} has the probability ${value}`);
    if (truth[n] === 0) negatives[q++] = value;
    else positives[p++] = value;
  }
  return { positives: positives.sort(), negatives: negatives.sort() };
}
