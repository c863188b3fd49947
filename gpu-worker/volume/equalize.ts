import { sameGrid, type Volume, type VoxelArray } from '#core/domain/geometry.ts';

/**
 * Histogram equalization of every slice by itself, inside the brain mask: a value becomes the share of the slice's
 * masked voxels that are darker, plus half of those equal to it. So the masked voxels of a slice have the mean 0.5 whatever
 * the scanner's scale, equal values stay equal, and a slice of one value becomes 0.5. Outside the mask the result is 0;
 * a slice without mask is all 0.
 * @returns values from 0 to 1, exclusive of both inside the mask
 * @throws RangeError if the grids differ.
 */
export function equalizeSlices(image: Volume<VoxelArray>, mask: Volume<Uint8Array>): Volume<Float32Array> {
  if (!sameGrid(image.grid, mask.grid)) throw new RangeError('the image and its brain mask are on different grids');
  const out = new Float32Array(image.data.length);
  const [columns, rows, slices] = image.grid.size;
  const sliceSize = columns * rows;
  const masked = new Float32Array(sliceSize);
  for (let k = 0; k < slices; k++) {
    const [from, to] = [k * sliceSize, (k + 1) * sliceSize];
    let count = 0;
    for (let n = from; n < to; n++) if (mask.data[n]) masked[count++] = image.data[n]!;
    const sorted = masked.subarray(0, count).sort();
    for (let n = from; n < to; n++) if (mask.data[n]) out[n] = shareBelow(sorted, image.data[n]!);
  }
  return { grid: image.grid, data: out };
}

/** (values less + values less or equal) / 2, as a share of all. */
function shareBelow(sorted: Float32Array, value: number): number {
  const less = firstIndex(sorted, (other) => other >= value);
  if (sorted[less + 1] !== value) return (less + 0.5) / sorted.length;
  return (less + firstIndex(sorted, (other) => other > value)) / (2 * sorted.length);
}

/** The first index whose value holds `reached`, which no later one loses. */
function firstIndex(sorted: Float32Array, reached: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
