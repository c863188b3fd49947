import type { Grid, PointLps } from '#core/domain/geometry.ts';

/** Bytes for red, green, blue and opacity of each pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Where the pixels of a view lie in the map: the index at its top left, and the steps to the right and down. */
export interface Cut {
  readonly at: PointLps;
  readonly right: PointLps;
  readonly down: PointLps;
}

/** Yellow just above the threshold to red for 1. */
const colourOf = (byte: number, threshold: number): [number, number, number] => [
  255,
  Math.round(210 * (1 - (byte - threshold) / Math.max(1, 255 - threshold))),
  40,
];
const opacity = 130;

/**
 * Colours what reaches the threshold (1 to 255), one pixel a step of the cut.
 * @param picture RGBA, is written
 * @returns how many pixels were coloured
 */
export function colour(
  { grid, bytes }: { readonly grid: Grid; readonly bytes: Uint8Array },
  { at, right, down }: Cut,
  threshold: number,
  { data, width, height }: Picture,
): number {
  const [columns, rows, slices] = grid.size;
  let coloured = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = Math.round(at[0] + x * right[0] + y * down[0]);
      const j = Math.round(at[1] + x * right[1] + y * down[1]);
      const k = Math.round(at[2] + x * right[2] + y * down[2]);
      if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) continue;
      const byte = bytes[(k * rows + j) * columns + i]!;
      if (byte < threshold) continue;
      data.set([...colourOf(byte, threshold), opacity], 4 * (y * width + x));
      coloured++;
    }
  return coloured;
}
