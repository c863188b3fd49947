import { type Grid, multiply, spacingMm, type Volume, type VoxelArray } from '#core/domain/geometry.ts';
import { resample } from './resample.ts';

const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

/**
 * The model's grid: the slices of `grid`, each `sizePixels` x `sizePixels` square pixels that cover its field of view
 * about the same centre. A slice that is not square is padded on its shorter side, so that anatomy is not stretched.
 * @throws RangeError if sizePixels is not a positive integer.
 */
export function inPlaneGrid(grid: Grid, sizePixels: number): Grid {
  if (!(Number.isInteger(sizePixels) && sizePixels > 0))
    throw new RangeError(`the in-plane size must be a positive integer, not ${sizePixels}`);
  const [columns, rows, slices] = grid.size;
  const [columnSpacingMm, rowSpacingMm] = spacingMm(grid);
  const pixelMm = Math.max(columns * columnSpacingMm, rows * rowSpacingMm) / sizePixels;
  const [scaleI, scaleJ] = [pixelMm / columnSpacingMm, pixelMm / rowSpacingMm];
  const shiftI = (columns - 1) / 2 - (scaleI * (sizePixels - 1)) / 2;
  const shiftJ = (rows - 1) / 2 - (scaleJ * (sizePixels - 1)) / 2;
  const newToOldIndex = [scaleI, 0, 0, shiftI, 0, scaleJ, 0, shiftJ, 0, 0, 1, 0, 0, 0, 0, 1];
  return { size: [sizePixels, sizePixels, slices], indexToLps: multiply(grid.indexToLps, newToOldIndex) };
}

/**
 * An image or a probability map on another grid of the same slices: bilinear within the slice. Takes native BRAVO
 * slices to the model's grid, and the model's probabilities back.
 */
export function resizeImage(volume: Volume<VoxelArray>, grid: Grid): Volume<Float32Array> {
  return resample(volume, grid, identity, 'linear');
}

/** Labels or a mask on another grid of the same slices: nearest neighbour. */
export function resizeLabels<T extends VoxelArray>(volume: Volume<T>, grid: Grid): Volume<T> {
  return resample(volume, grid, identity, 'nearest');
}
