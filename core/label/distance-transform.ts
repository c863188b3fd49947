import { requireSize, type Size } from './components.ts';

/**
 * Squared Euclidean distance of each lattice point to the nearest seed, exact. Felzenszwalb and Huttenlocher, "Distance
 * transforms of sampled functions", Theory of Computing 8:415 (2012), section 2: the lower envelope of parabolas, one
 * axis after the other.
 * @param seeds not 0 at seeds
 * @param spacingMm distances of neighbouring points along columns, rows and slices
 * @returns mm²; Infinity everywhere if there is no seed
 * @throws RangeError if the length of the seeds is not that of the size
 */
export function squaredDistancesMm2(
  seeds: Uint8Array,
  size: Size,
  spacingMm: readonly [number, number, number],
): Float64Array<ArrayBuffer> {
  requireSize(seeds.length, size);
  const squares = new Float64Array(seeds.length);
  for (let n = 0; n < seeds.length; n++) squares[n] = seeds[n] === 0 ? Number.POSITIVE_INFINITY : 0;
  const [columns, rows, slices] = size;
  const plane = columns * rows;
  const line = createLine(Math.max(columns, rows, slices));
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) transformLine(squares, k * plane + j * columns, 1, columns, spacingMm[0] ** 2, line);
  for (let k = 0; k < slices; k++)
    for (let i = 0; i < columns; i++) transformLine(squares, k * plane + i, columns, rows, spacingMm[1] ** 2, line);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) transformLine(squares, j * columns + i, plane, slices, spacingMm[2] ** 2, line);
  return squares;
}

/** Memory for one line: its values, apexes of the parabolas of its envelope and where each of them begins. */
interface Line {
  readonly values: Float64Array;
  readonly apexes: Int32Array;
  readonly begins: Float64Array;
}

function createLine(length: number): Line {
  return { values: new Float64Array(length), apexes: new Int32Array(length), begins: new Float64Array(length + 1) };
}

function transformLine(
  squares: Float64Array,
  start: number,
  stride: number,
  length: number,
  scale: number,
  { values, apexes, begins }: Line,
): void {
  let last = -1;
  for (let q = 0; q < length; q++) {
    const value = (values[q] = squares[start + q * stride]!);
    if (value === Number.POSITIVE_INFINITY) continue;
    let begin = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const apex = apexes[last]!;
      begin = ((value - values[apex]!) / scale + q * q - apex * apex) / (2 * (q - apex));
      if (begin > begins[last]!) break;
      last--;
    }
    if (last < 0) begin = Number.NEGATIVE_INFINITY;
    last++;
    apexes[last] = q;
    begins[last] = begin;
  }
  if (last < 0) return;
  begins[last + 1] = Number.POSITIVE_INFINITY;
  let piece = 0;
  for (let q = 0; q < length; q++) {
    while (begins[piece + 1]! < q) piece++;
    const apex = apexes[piece]!;
    squares[start + q * stride] = scale * (q - apex) * (q - apex) + values[apex]!;
  }
}
