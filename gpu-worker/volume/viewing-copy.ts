import type { Volume, VoxelArray } from '#core/domain/geometry.ts';

/** Scanner values up to this are kept as they are. */
const highestInt16 = 32767;
/** What the brightest voxel becomes where the values would not survive being rounded to 16-bit integers. */
const scaledMaximum = 4095;

/**
 * The volume as 16-bit integers, to look at. Values whose largest magnitude lies from 255 to 32767 are only rounded;
 * others (fractions, or 32-bit values) are scaled first.
 */
export function viewingCopy({ grid, data }: Volume<VoxelArray>): Volume<Int16Array> {
  let largest = 0;
  for (let n = 0; n < data.length; n++) largest = Math.max(largest, Math.abs(data[n]!));
  const scale = largest === 0 || (largest >= 255 && largest <= highestInt16) ? 1 : scaledMaximum / largest;
  const copy = new Int16Array(data.length);
  for (let n = 0; n < copy.length; n++) copy[n] = Math.round(data[n]! * scale);
  return { grid, data: copy };
}
