import type { Estimate } from './evaluation-report.ts';
import { SeededRandom } from './random.ts';

const resamples = 2000;

/**
 * Mean, standard deviation and bootstrap 95 % interval (percentiles; Efron 1979) of independent values, null without
 * any.
 * @param seed the interval is the same for the same values and seed
 */
export function estimate(values: readonly number[], seed: number): Estimate | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, sd: null, low95: null, high95: null, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const random = new SeededRandom(seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let n = 0; n < count; n++) sum += values[random.int(count)]!;
    means[r] = sum / count;
  }
  means.sort();
  return {
    mean,
    sd: Math.sqrt(squares / (count - 1)),
    low95: quantile(means, 0.025),
    high95: quantile(means, 0.975),
    count,
  };
}

/** Quantile of ascending values, linear between neighbours. @throws RangeError without values */
export function quantile(sorted: Float64Array, part: number): number {
  if (sorted.length === 0) throw new RangeError('no value given to take a quantile of');
  const at = part * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
