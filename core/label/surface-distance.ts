import type { Size } from './components.ts';
import { squaredDistancesMm2 } from './distance-transform.ts';
import { surfelAreasMm2 } from './surfel-area.ts';
import { cutBox, type VoxelList } from './voxel-lists.ts';

/** Which of the several definitions of the 95 % surface distance is meant wherever this project says HD95. */
export const hd95Variant = 'DeepMind surface-distance (area-weighted surfels, the greater of both directions)';

/**
 * The 95 % Hausdorff distance of two sets of voxels, mm, DeepMind's variant (Nikolov 2018, arXiv:1809.04430, section
 * "Performance metrics"): surface elements lie where eight voxels meet; each is weighted with its area; of the
 * distances from one surface to the nearest element of the other the one is taken below which 95 % of the area lie; and
 * of both directions the greater one.
 * @param a, b ascending indices of voxels in a volume of `size`
 * @returns 0 if both are empty, Infinity if one of them is
 */
export function hd95Mm(a: VoxelList, b: VoxelList, size: Size, spacingMm: readonly [number, number, number]): number {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  const box = cutBox([a, b], size, 1);
  const areas = surfelAreasMm2(spacingMm);
  const [first, second] = [surface(box.masks[0]!, box.size), surface(box.masks[1]!, box.size)];
  const oneWay = (from: Surface, to: Surface): number => {
    const squares = squaredDistancesMm2(to.borders, to.size, spacingMm);
    const count = from.borders.reduce((sum, border) => sum + border, 0);
    const surfels = { squaresMm2: new Float64Array(count), areasMm2: new Float64Array(count) };
    let end = 0;
    for (let n = 0; n < from.codes.length; n++) {
      if (from.borders[n] === 0) continue;
      surfels.squaresMm2[end] = squares[n]!;
      surfels.areasMm2[end++] = areas[from.codes[n]!]!;
    }
    return Math.sqrt(percentile95(surfels));
  };
  return Math.max(oneWay(first, second), oneWay(second, first));
}

/** The corners of voxels inside a box: code of the eight voxels about each, and 1 where these are not all alike. */
interface Surface {
  readonly size: Size;
  readonly codes: Uint8Array;
  readonly borders: Uint8Array;
}

function surface(mask: Uint8Array, [columns, rows, slices]: Size): Surface {
  const size: Size = [columns - 1, rows - 1, slices - 1];
  const codes = new Uint8Array(size[0] * size[1] * size[2]);
  const borders = new Uint8Array(codes.length);
  let n = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const at = (k * rows + j) * columns + i;
        const above = at + columns * rows;
        const code =
          mask[at]! |
          (mask[at + 1]! << 1) |
          (mask[at + columns]! << 2) |
          (mask[at + columns + 1]! << 3) |
          (mask[above]! << 4) |
          (mask[above + 1]! << 5) |
          (mask[above + columns]! << 6) |
          (mask[above + columns + 1]! << 7);
        codes[n] = code;
        borders[n] = code !== 0 && code !== 255 ? 1 : 0;
      }
  return { size, codes, borders };
}

/** 95 % but for rounding: a few equal surfels add up to exactly 95 % more often than one would think. */
const share = 0.95 - 1e-11;

/** The least squared distance at or below which 95 % of the area lies. */
function percentile95({ squaresMm2, areasMm2 }: { squaresMm2: Float64Array; areasMm2: Float64Array }): number {
  const areaWithin = (limit: number): number => {
    let area = 0;
    for (let n = 0; n < areasMm2.length; n++) if (squaresMm2[n]! <= limit) area += areasMm2[n]!;
    return area;
  };
  // Halving a sorted copy is much quicker than sorting pairs, of which a noisy mask has a million.
  const sorted = squaresMm2.toSorted();
  const enough = share * areaWithin(Number.POSITIVE_INFINITY);
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (areaWithin(sorted[middle]!) >= enough) high = middle;
    else low = middle + 1;
  }
  return sorted[low]!;
}
