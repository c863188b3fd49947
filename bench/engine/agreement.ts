import type { ComputeType } from '../../gpu-worker/model/architecture.ts';

/** float32 may differ by so much anywhere, bfloat16 in the mean. */
export const tolerances: Readonly<Record<ComputeType, number>> = { float32: 1e-3, bfloat16: 5e-3 };

/** Probabilities that hardly vary would agree whatever was computed. */
const leastDeviation = 0.05;

export interface Answer {
  readonly name: string;
  readonly compute: ComputeType;
  readonly probability: Float32Array;
}

/**
 * The differences of an answer from as many of ours, on the same weights and input.
 * @throws Error if it is not the same within the tolerance, or if the answers could not tell.
 */
export function checkAgreement(answer: Answer, all: Float32Array): { largest: number; mean: number } {
  const { name, compute, probability } = answer;
  if (probability.length === 0 || probability.length > all.length) {
    throw new Error(`${name} gave ${probability.length} probabilities; ours are ${all.length}.`);
  }
  const reference = all.subarray(0, probability.length);
  const average = reference.reduce((sum, p) => sum + p, 0) / reference.length;
  const deviation = Math.sqrt(reference.reduce((sum, p) => sum + (p - average) ** 2, 0) / reference.length);
  if (!(deviation >= leastDeviation)) {
    throw new Error(
      `The probabilities deviate by ${deviation.toFixed(3)} only; by these weights nobody can be compared.`,
    );
  }
  const differences = reference.map((p, n) => Math.abs(p - probability[n]!));
  const largest = differences.reduce((most, d) => Math.max(d, most), 0);
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  const found = compute === 'float32' ? largest : mean;
  if (!(found < tolerances[compute])) {
    const kind = compute === 'float32' ? 'largest' : 'mean';
    throw new Error(
      `${name} does not compute what ours does: the ${kind} difference of the probabilities is ${found.toPrecision(2)}, ` +
        `${tolerances[compute]} is allowed. Nothing was timed.`,
    );
  }
  return { largest, mean };
}

/**
 * The first loss is that of the given weights; by the later ones the contenders have taken like steps. Those differ by more: Adam's first
 * steps make much of the smallest slopes, which rounding moves, and tfjs adds its epsilon after the correction of the moments, not before.
 */
export const lossTolerances: Readonly<Record<ComputeType, readonly [first: number, later: number]>> = {
  float32: [1e-3, 0.1],
  bfloat16: [0.02, 0.1],
};

/** @throws Error if the losses of a peer's first steps are not ours, relative to ours */
export function checkLosses(
  name: string,
  compute: ComputeType,
  theirs: readonly number[],
  ours: readonly number[],
): void {
  const [first, later] = lossTolerances[compute];
  ours.forEach((loss, n) => {
    const difference = Math.abs(theirs[n]! / loss - 1);
    if (difference <= (n === 0 ? first : later)) return;
    const text = (losses: readonly number[]): string => losses.map((value) => value.toFixed(4)).join(', ');
    throw new Error(
      `${name} does not learn as ours does: its losses are ${text(theirs)}, ours ${text(ours)}. Nothing was timed.`,
    );
  });
}
