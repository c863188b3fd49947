/**
 * Normalized mutual information (H(A) + H(B)) / H(A, B) of paired values (Studholme 1999): 2 if one determines the other,
 * 1 if they are unrelated. Histograms of `bins` equal bins from the lowest to the highest value of each side. Pairs in
 * which either value is NaN are left out; 1 if no pair is left or either side is constant.
 * @throws RangeError if the lengths differ.
 */
export function normalizedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>, bins = 64): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  const [rangeA, rangeB] = pairedRanges(a, b);
  if (!(rangeA.highest > rangeA.lowest && rangeB.highest > rangeB.lowest)) return 1;
  const joint = new Float64Array(bins * bins);
  const [scaleA, scaleB] = [bins / (rangeA.highest - rangeA.lowest), bins / (rangeB.highest - rangeB.lowest)];
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [(a[n]! - rangeA.lowest) * scaleA, (b[n]! - rangeB.lowest) * scaleB];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    joint[Math.min(bins - 1, Math.floor(x)) * bins + Math.min(bins - 1, Math.floor(y))]!++;
  }
  const [countsA, countsB] = [new Float64Array(bins), new Float64Array(bins)];
  for (const [cell, count] of joint.entries()) {
    countsA[Math.floor(cell / bins)]! += count;
    countsB[cell % bins]! += count;
  }
  return (entropy(countsA) + entropy(countsB)) / entropy(joint);
}

interface Range {
  lowest: number;
  highest: number;
}

function pairedRanges(a: ArrayLike<number>, b: ArrayLike<number>): [Range, Range] {
  const rangeA: Range = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  const rangeB: Range = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n]!, b[n]!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    if (x < rangeA.lowest) rangeA.lowest = x;
    if (x > rangeA.highest) rangeA.highest = x;
    if (y < rangeB.lowest) rangeB.lowest = y;
    if (y > rangeB.highest) rangeB.highest = y;
  }
  return [rangeA, rangeB];
}

/** Entropy of a histogram, nats. */
function entropy(counts: Float64Array): number {
  let [total, sum] = [0, 0];
  for (const count of counts) {
    total += count;
    if (count > 0) sum += count * Math.log(count);
  }
  return Math.log(total) - sum / total;
}
