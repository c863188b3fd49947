import type { Contender } from './contender.ts';

/** Of values, one a turn. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** ms per slice of the turns of one contender. */
export interface Timing extends Spread {
  /** Median of the processor time, of all threads: neighbours on the machine disturb it less than the clock. */
  readonly processor: number;
}

export interface TurnOptions {
  /** Slices a turn. */
  readonly slices: number;
  /** Turns that count. */
  readonly rounds: number;
  /** Turns before them, in which programs prepare and fill their caches. */
  readonly warmUps: number;
}

/** Threads of a contender that has just answered spin for some ms before they sleep. */
const pauseMs = 50;

/**
 * Lets contenders take turns, A B A B, so that a neighbour on the machine disturbs them alike, and returns the timing of each.
 * The order is reversed with each round, so that none always follows the same one.
 */
export async function interleave(
  contenders: readonly Pick<Contender, 'run' | 'processorMs'>[],
  { slices, rounds, warmUps }: TurnOptions,
): Promise<Timing[]> {
  const turns: { ms: number; processorMs: number }[][] = contenders.map(() => []);
  for (let round = -warmUps; round < rounds; round++) {
    const order = [...contenders.keys()];
    if (round % 2 !== 0) order.reverse();
    for (const n of order) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const contender = contenders[n]!;
      const before = await contender.processorMs();
      const ms = await contender.run(slices);
      const processorMs = ((await contender.processorMs()) - before) / slices;
      if (round >= 0) turns[n]!.push({ ms, processorMs });
    }
  }
  return turns.map((own) => ({
    ...spreadOf(own.map(({ ms }) => ms)),
    processor: spreadOf(own.map(({ processorMs }) => processorMs)).median,
  }));
}

/** @throws RangeError without a value */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) throw new RangeError('There is no median of nothing.');
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}
