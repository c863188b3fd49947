import type { SeededRandom } from '#core/domain/random.ts';

/** One of the eight symmetries of a square: first the mirror, then anticlockwise turns of 90 degrees. */
export interface Turn {
  readonly mirrored: boolean;
  readonly quarterTurns: 0 | 1 | 2 | 3;
}

const quarters = [0, 1, 2, 3] as const;

/** Each of the eight is as likely: the paper's random flips and rotations by multiples of 90 degrees. */
export function drawTurn(random: SeededRandom): Turn {
  return { mirrored: random.int(2) === 1, quarterTurns: quarters[random.int(4)]! };
}

/**
 * For each pixel of the turned slice, row by row, the index of the pixel it comes from.
 * @throws Error if a slice that is not square is turned by 90 degrees, which would change its shape.
 */
export function turnedIndices(rows: number, columns: number, { mirrored, quarterTurns }: Turn): Int32Array {
  if (quarterTurns % 2 === 1 && rows !== columns) {
    throw new Error(`A slice of ${rows} x ${columns} cannot be turned by 90 degrees in place.`);
  }
  const [lastRow, lastColumn] = [rows - 1, columns - 1];
  const indices = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [r, c] = [row, column];
      // An anticlockwise turn takes its pixel (row, column) from (column, last - row).
      if (quarterTurns === 1) [r, c] = [column, lastColumn - row];
      else if (quarterTurns === 2) [r, c] = [lastRow - row, lastColumn - column];
      else if (quarterTurns === 3) [r, c] = [lastRow - column, row];
      indices[row * columns + column] = r * columns + (mirrored ? lastColumn - c : c);
    }
  }
  return indices;
}
