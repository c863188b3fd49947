export interface RankSumTest {
  /** Two-sided. */
  readonly pValue: number;
  /** True if from the exact distribution, false if from the normal approximation with ties corrected. */
  readonly exact: boolean;
  /** How often a value of the first sample exceeds one of the second, ties one half (Mann-Whitney's U). */
  readonly u: number;
}

/** Samples smaller than this and without ties are tested exactly. */
const exactBelow = 50;

/**
 * Wilcoxon's rank-sum test of two independent samples (Mann and Whitney, Ann Math Stat 18:50, 1947). Small samples
 * without ties are tested exactly; else by the normal approximation with corrections for ties and continuity.
 * @throws RangeError if a sample is empty
 */
export function rankSumTest(first: readonly number[], second: readonly number[]): RankSumTest {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('the rank-sum test needs a value in each sample');
  const sorted = [...first.map((value) => ({ value, own: 1 })), ...second.map((value) => ({ value, own: 0 }))];
  sorted.sort((a, b) => a.value - b.value);
  let [rankSum, tieTerm] = [0, 0];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]!.value === sorted[start]!.value) end++;
    const ties = end - start;
    // Ranks count from 1; equal values share the mean of theirs.
    for (let at = start; at < end; at++) rankSum += sorted[at]!.own * ((start + 1 + end) / 2);
    tieTerm += ties ** 3 - ties;
    start = end;
  }
  const u = rankSum - (m * (m + 1)) / 2;
  if (tieTerm === 0 && m < exactBelow && n < exactBelow) return { pValue: exactP(u, m, n), exact: true, u };
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  if (variance === 0) return { pValue: 1, exact: false, u };
  const z = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return { pValue: Math.min(1, 2 * normalTail(z)), exact: false, u };
}

/** Two-sided p of U, by counting the arrangements of m and n values that give at most it. */
function exactP(u: number, m: number, n: number): number {
  // counts[a][s] arrangements of a first values and of as many second ones as were added so far have U = s:
  // either the greatest value is a second one, or a first one that exceeds all second ones.
  let counts = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let b = 1; b <= n; b++) {
    const next = [Float64Array.of(1)];
    for (let a = 1; a <= m; a++) {
      const [without, within] = [counts[a]!, next[a - 1]!];
      const sums = new Float64Array(a * b + 1);
      for (let s = 0; s < without.length; s++) sums[s]! += without[s]!;
      for (let s = 0; s < within.length; s++) sums[s + b]! += within[s]!;
      next.push(sums);
    }
    counts = next;
  }
  const sums = counts[m]!;
  const smaller = Math.min(u, m * n - u);
  let [below, all] = [0, 0];
  sums.forEach((count, s) => {
    all += count;
    if (s <= smaller) below += count;
  });
  return Math.min(1, (2 * below) / all);
}

/** P(Z > z) of a standard normal Z for z >= 0: half the complementary error function of z / √2. */
function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  if (x < 3) {
    // erf x = 2/√π e^(-x²) Σ 2^n x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6)
    let [term, sum] = [x, x];
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum) / 2;
  }
  // erfc x = e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (7.1.14)
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction) / 2;
}
