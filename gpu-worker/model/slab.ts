import type { Grid, Volume, VoxelArray } from '#core/domain/geometry.ts';

/** Slices on each side of the centre that the network sees: seven in all (paper, "Network"). */
export const slabReach = 3;

export const slabSlices = 2 * slabReach + 1;

/** Channels of the input for so many sequences: 28 for the paper's four. */
export const slabChannels = (sequenceCount: number): number => sequenceCount * slabSlices;

/** Where to write, and which pixel of the slice each pixel comes from (turn.ts); the slice as it is without `indices`. */
export interface SliceTarget {
  readonly data: Float32Array;
  /** First element to write. */
  readonly offset: number;
  readonly indices?: Int32Array;
}

/**
 * Writes the network's input for one slice, [rows, columns, channels]. Channels are sequence-major: channel 7 s + n is slice
 * `slice` - 3 + n of sequence s; beyond the first and the last slice these are repeated.
 * `volumes` are the sequences on one grid, in the plan's order. @throws RangeError if the slice is none or the sizes differ.
 */
export function writeSlab(volumes: readonly Volume<VoxelArray>[], slice: number, target: SliceTarget): void {
  const channels = slabChannels(volumes.length);
  volumes.forEach(({ grid, data }, sequence) => {
    const pixels = pixelsOf(grid, volumes[0]!.grid, slice, data.length);
    const last = grid.size[2] - 1;
    for (let n = 0; n < slabSlices; n++) {
      const start = Math.min(last, Math.max(0, slice - slabReach + n)) * pixels;
      copySlice(data, start, pixels, target, sequence * slabSlices + n, channels);
    }
  });
}

function pixelsOf(grid: Grid, first: Grid, slice: number, length: number): number {
  const [columns, rows, slices] = grid.size;
  if (grid.size.some((size, axis) => size !== first.size[axis]) || length !== columns * rows * slices) {
    throw new RangeError(
      `A sequence of ${grid.size.join(' x ')} voxels does not fit one of ${first.size.join(' x ')}.`,
    );
  }
  if (!Number.isInteger(slice) || slice < 0 || slice >= slices) {
    throw new RangeError(`There is no slice ${slice} among ${slices}.`);
  }
  return columns * rows;
}

/** Writes channel `channel` of `channels` of one slice, whose plane of `pixels` begins at `start` of `source`. */
export function copySlice(
  source: VoxelArray,
  start: number,
  pixels: number,
  { data, offset, indices }: SliceTarget,
  channel: number,
  channels: number,
): void {
  let at = offset + channel;
  for (let pixel = 0; pixel < pixels; pixel++, at += channels) {
    data[at] = source[start + (indices ? indices[pixel]! : pixel)]!;
  }
}
