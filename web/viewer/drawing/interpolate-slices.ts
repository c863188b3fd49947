import type { Size } from '#core/label/components.ts';
import { squaredDistancesMm2 } from '#core/label/distance-transform.ts';
import { cutBox, type VoxelList } from '#core/label/voxel-lists.ts';

/**
 * Voxels for the slices between those that a lesion was drawn on, by shape-based interpolation (Raya and Udupa, IEEE Trans Med Imaging
 * 1990;9:32): the distance from the outline, positive inside, goes linearly from slice to slice, and what is inside belongs to the lesion.
 * Slices that have anything drawn stay as they are.
 * @param spacingMm of columns, rows and slices
 */
export function betweenSlices(voxels: VoxelList, size: Size, spacingMm: readonly [number, number, number]): VoxelList {
  if (voxels.length === 0) return voxels;
  const { size: box, masks, volumeIndex } = cutBox([voxels], size, 1);
  const [columns, rows, slices] = box;
  const plane = columns * rows;
  const sliceOf = (k: number): Uint8Array<ArrayBuffer> => masks[0]!.slice(k * plane, (k + 1) * plane);
  const drawn = Array.from({ length: slices }, (_, k) => k).filter((k) => sliceOf(k).includes(1));
  const found: number[] = [];
  drawn.slice(1).forEach((above, n) => {
    const below = drawn[n]!;
    if (above === below + 1) return;
    const [from, to] = [below, above].map((k) => signedDistancesMm(sliceOf(k), [columns, rows, 1], spacingMm));
    for (let k = below + 1; k < above; k++) {
      const weight = (k - below) / (above - below);
      for (let pixel = 0; pixel < plane; pixel++)
        if ((1 - weight) * from![pixel]! + weight * to![pixel]! > 0) found.push(volumeIndex(k * plane + pixel)!);
    }
  });
  return Int32Array.from(found).sort();
}

/** Distance of each pixel's centre from the outline, positive inside; the outline lies half a pixel from the outermost centres. */
function signedDistancesMm(
  mask: Uint8Array<ArrayBuffer>,
  size: Size,
  spacingMm: readonly [number, number, number],
): Float64Array {
  const half = (spacingMm[0] + spacingMm[1]) / 4;
  const toInside = squaredDistancesMm2(mask, size, spacingMm);
  const outside = mask.map((value) => 1 - value);
  const toOutside = squaredDistancesMm2(outside, size, spacingMm);
  return Float64Array.from(mask, (value, n) =>
    value ? Math.sqrt(toOutside[n]!) - half : half - Math.sqrt(toInside[n]!),
  );
}
