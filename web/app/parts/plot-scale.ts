/** A linear axis: where values lie, and where its marks are. */
export interface Scale {
  readonly marks: readonly number[];
  /** Position of a value, 0 at the low end to 1 at the high end. */
  at(value: number): number;
}

/** An axis from `low` to `high`, widened to round marks, about `count` of them; one that begins where it ends is widened too. */
export function scaleOf(low: number, high: number, count = 5): Scale {
  const span = high > low ? high - low : Math.max(1, Math.abs(low));
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Rounded, so that a mark reads 0.3 and not 0.30000000000000004.
  const marks = Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
  const [start, end] = [marks[0]!, marks.at(-1)!];
  return { marks, at: (value) => (value - start) / (end - start) };
}
