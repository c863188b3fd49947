import { encode } from 'fast-png';
import { sameGrid, type Volume, type VoxelArray } from '#core/domain/geometry.ts';
import { robustRange } from './brain-intensities.ts';

/** Rows of 8-bit gray values, 0 black. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Squares along the longer side of a slice. */
const squares = 8;

/**
 * Three slices side by side, at the middle and an eighth of the stack to either side, whose squares come in turn from the
 * fixed volume and from the registered one: where edges run on across the squares, the volumes lie on each other. Each is
 * windowed from its 2nd to its 98th percentile.
 * @throws RangeError if the grids differ.
 */
export function checkerboard(fixed: Volume<VoxelArray>, registered: Volume<VoxelArray>): GrayImage {
  if (!sameGrid(fixed.grid, registered.grid)) throw new RangeError('the volumes to compare are on different grids');
  const [columns, rows, slices] = fixed.grid.size;
  const middle = Math.floor(slices / 2);
  const apart = Math.floor(slices / 8);
  const shown = [middle - apart, middle, middle + apart];
  const squareSize = Math.max(1, Math.ceil(Math.max(columns, rows) / squares));
  const [fixedGray, registeredGray] = [grayScale(fixed.data), grayScale(registered.data)];
  const width = columns * shown.length;
  const pixels = new Uint8Array(width * rows);
  for (const [panel, k] of shown.entries())
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const voxel = (k * rows + j) * columns + i;
        const even = (Math.floor(i / squareSize) + Math.floor(j / squareSize)) % 2 === 0;
        pixels[j * width + panel * columns + i] = even
          ? fixedGray(fixed.data[voxel]!)
          : registeredGray(registered.data[voxel]!);
      }
  return { width, height: rows, pixels };
}

function grayScale(data: VoxelArray): (value: number) => number {
  const [low, high] = robustRange(data);
  const scale = high > low ? 255 / (high - low) : 0;
  return (value) => Math.min(255, Math.max(0, Math.round((value - low) * scale)));
}

export function encodePng({ width, height, pixels }: GrayImage): Uint8Array {
  return encode({ width, height, data: pixels, channels: 1, depth: 8 });
}
