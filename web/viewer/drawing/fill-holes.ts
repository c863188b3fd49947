import { components, type Size } from '#core/label/components.ts';
import { cutBox, type VoxelList } from '#core/label/voxel-lists.ts';

/**
 * Voxels that a lesion surrounds within a slice: from which no way across faces within the slice leads around it. So the core of a ring
 * is a hole even where the ring is open above and below.
 */
export function holesOf(voxels: VoxelList, size: Size): VoxelList {
  if (voxels.length === 0) return voxels;
  const { size: box, masks, volumeIndex } = cutBox([voxels], size, 1);
  const [columns, rows, slices] = box;
  const plane = columns * rows;
  const found: number[] = [];
  for (let k = 0; k < slices; k++) {
    const outside = masks[0]!.slice(k * plane, (k + 1) * plane).map((value) => 1 - value);
    const { labels } = components(outside, [columns, rows, 1], 6);
    // The margin of the box is one region with all that is not surrounded, and its corner the first voxel.
    for (let n = 0; n < plane; n++) if (labels[n]! > 1) found.push(volumeIndex(k * plane + n)!);
  }
  return Int32Array.from(found).sort();
}
