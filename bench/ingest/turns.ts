/**
 * Lets contenders take turns, A B B A A B …, so that a neighbour on the machine disturbs all alike.
 * @returns what each turn came to, by contender
 */
export async function takeTurns<T>(
  contenders: readonly ((turn: number) => Promise<T>)[],
  rounds: number,
): Promise<T[][]> {
  const turns: T[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...contenders.keys()];
    if (round % 2 === 1) order.reverse();
    for (const n of order) turns[n]!.push(await contenders[n]!(round));
  }
  return turns;
}

/** The value that 95 in 100 do not exceed. @throws RangeError without a value */
export function percentile95(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('There is no percentile of nothing.');
  return values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;
}
