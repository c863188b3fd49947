import { components, type Size } from '#core/label/components.ts';
import { cutBox, type VoxelList, voxelLists } from '#core/label/voxel-lists.ts';

/** The 26-connected components of a lesion, the largest first; of equally large ones that which comes first in scan order. */
export function partsOf(voxels: VoxelList, size: Size): VoxelList[] {
  if (voxels.length === 0) return [];
  const { size: box, masks, volumeIndex } = cutBox([voxels], size, 0);
  const { labels } = components(masks[0]!, box, 26);
  return voxelLists(labels)
    .slice(1)
    .map((part) => part.map((voxel) => volumeIndex(voxel)!))
    .sort((a, b) => b.length - a.length);
}
