import type { LabelVolume, Volume } from '../domain/geometry.ts';
import { components } from './components.ts';

/** A label volume can number this many lesions. */
export const greatestLesionNumber = 65_535;

/**
 * Numbers the 26-connected components of whatever is not 0, from 1 in scan order of their first voxels.
 * @throws RangeError if there are more of them than a label volume can number
 */
export function labelComponents({ grid, data }: Volume<Uint8Array> | LabelVolume): LabelVolume {
  const { labels, count } = components(data, grid.size, 26);
  if (count > greatestLesionNumber)
    throw new RangeError(`${count} components found, a label volume holds at most ${greatestLesionNumber}`);
  return { grid, data: new Uint16Array(labels) };
}

/** Voxels of each segment by its number, ascending; numbers without a voxel are left out. */
export function segmentVoxelCounts({ data }: LabelVolume): Map<number, number> {
  const counts = new Uint32Array(greatestLesionNumber + 1);
  for (let n = 0; n < data.length; n++) counts[data[n]!]!++;
  const segments = new Map<number, number>();
  for (let number = 1; number < counts.length; number++) if (counts[number]! > 0) segments.set(number, counts[number]!);
  return segments;
}
