import { type Grid, multiply, type Volume, type VoxelArray } from '#core/domain/geometry.ts';
import { slabReach } from './slab.ts';

/** A part of a grid: voxel (0, 0, 0) of the part is voxel `origin` of the grid. */
export interface Box {
  readonly origin: readonly [column: number, row: number, slice: number];
  readonly size: readonly [columns: number, rows: number, slices: number];
}

/** Pixels that the network brings down to one: a box that begins at a multiple of them meets its strides as the whole slice does. */
const downSampling = 4;
/** The least that the network runs on. */
const leastPixels = 16;

/**
 * The box that a network looks at to answer for a brain: a margin in-plane, widened to multiples of 4, and the reach of its slab across.
 * @throws RangeError if the mask is empty or its slices have no sides that are multiples of 4
 */
export function networkBox(mask: Volume<Uint8Array>, marginPixels: number): Box {
  const found = extentOf(mask);
  if (!found) throw new RangeError('The brain mask is empty.');
  const [columns, rows, slices] = mask.grid.size;
  const [i, j, k] = found;
  const [left, width] = widened(i, marginPixels, columns);
  const [top, height] = widened(j, marginPixels, rows);
  const [first, last] = [Math.max(0, k[0] - slabReach), Math.min(slices - 1, k[1] + slabReach)];
  return { origin: [left, top, first], size: [width, height, last - first + 1] };
}

/** Where a stretch with the range and a margin in it begins, and its length. */
function widened([from, to]: Range, margin: number, whole: number): [begin: number, length: number] {
  if (whole % downSampling !== 0) throw new RangeError(`Slices of ${whole} pixels; it has to be a multiple of 4.`);
  const begin = downSampling * Math.floor(Math.max(0, from - margin) / downSampling);
  const end = Math.min(whole, downSampling * Math.ceil((to + 1 + margin) / downSampling));
  const length = Math.min(whole, Math.max(leastPixels, end - begin));
  return [Math.min(begin, whole - length), length];
}

/** Slices where a mask is not 0 throughout, in order. */
export function occupiedSlices({ grid: { size }, data }: Volume<Uint8Array>): number[] {
  const pixels = size[0] * size[1];
  return Array.from({ length: size[2] }, (_, slice) => slice).filter((slice) =>
    data.subarray(slice * pixels, (slice + 1) * pixels).some((value) => value !== 0),
  );
}

type Range = readonly [first: number, last: number];

/** What of a volume is not 0 lies between these columns, rows and slices, ends included. */
export type Extent = readonly [columns: Range, rows: Range, slices: Range];

/** A volume's size, and where in it something is. */
export interface Occupied {
  readonly size: readonly [columns: number, rows: number, slices: number];
  readonly extent: Extent;
}

/**
 * Boxes around what is not 0 in each of the volumes, with a margin in-plane and the reach of the network's slab across: background
 * that is all 0 teaches nothing and takes time. In-plane all boxes are squares of one side, the least multiple of 4 that holds the
 * largest, since a batch has one size and slices are turned; each lies about its own brain. The side is never more than a slice's.
 * @throws RangeError if slices are no squares of a common side divisible by 4
 */
export function brainBoxes(brains: readonly Occupied[], marginPixels: number): Box[] {
  const whole = brains[0]?.size[0] ?? 0;
  for (const { size } of brains) {
    const [columns, rows] = size;
    if (columns !== whole || rows !== whole || whole % 4 !== 0)
      throw new RangeError(`slices of ${columns} x ${rows} pixels; all must be squares of ${whole}, a multiple of 4`);
  }
  const widths = brains.flatMap(({ extent: [i, j] }) => [i[1] - i[0], j[1] - j[0]]);
  const side = Math.min(whole, 4 * Math.ceil((Math.max(...widths) + 1 + 2 * marginPixels) / 4));
  return brains.map(({ size, extent: [i, j, k] }) => {
    const [first, last] = [Math.max(0, k[0] - slabReach), Math.min(size[2] - 1, k[1] + slabReach)];
    return { origin: [centred(i, side, whole), centred(j, side, whole), first], size: [side, side, last - first + 1] };
  });
}

/** Where a stretch of `side` that has the range in its middle begins. */
function centred([from, to]: Range, side: number, whole: number): number {
  return Math.min(whole - side, Math.max(0, Math.round((from + to + 1 - side) / 2)));
}

/** Undefined if the volume is 0 throughout. */
export function extentOf({ grid, data }: Volume<Uint8Array>): Extent | undefined {
  const [columns, rows, slices] = grid.size;
  const range: [number, number][] = [
    [columns, -1],
    [rows, -1],
    [slices, -1],
  ];
  const widen = (axis: 0 | 1 | 2, at: number): void => {
    const found = range[axis]!;
    if (at < found[0]) found[0] = at;
    if (at > found[1]) found[1] = at;
  };
  for (let k = 0, n = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (data[n] === 0) continue;
        widen(0, i);
        widen(1, j);
        widen(2, k);
      }
  return range[2]![1] < 0 ? undefined : (range as unknown as Extent);
}

/** The voxels of a volume that lie in a box. */
export function cropTo<T extends VoxelArray>({ grid, data }: Volume<T>, { origin, size }: Box): Volume<T> {
  const [i0, j0, k0] = origin;
  const [columns, rows, slices] = size;
  const cropped = new (data.constructor as new (length: number) => T)(columns * rows * slices);
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const from = ((k0 + k) * grid.size[1] + j0 + j) * grid.size[0] + i0;
      cropped.set(data.subarray(from, from + columns), (k * rows + j) * columns);
    }
  return { grid: boxGrid(grid, { origin, size }), data: cropped };
}

function boxGrid(grid: Grid, { origin: [i, j, k], size }: Box): Grid {
  return { size, indexToLps: multiply(grid.indexToLps, [1, 0, 0, i, 0, 1, 0, j, 0, 0, 1, k, 0, 0, 0, 1]) };
}
