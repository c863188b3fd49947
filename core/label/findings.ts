import { spacingMm, type Volume } from '../domain/geometry.ts';
import { components } from './components.ts';
import { dilateByMm } from './dilate.ts';
import { type VoxelList, voxelLists } from './voxel-lists.ts';

/** How far outside the brain mask a finding may lie: brain extraction may shave off metastases at the dura. */
export const brainMaskMarginMm = 2;

/** A connected region that a network holds for a metastasis. */
export interface Finding {
  readonly voxels: VoxelList;
  /** Greatest probability in it. */
  readonly probability: number;
  /** False if all of it lies more than `brainMaskMarginMm` outside the brain mask. */
  readonly insideBrain: boolean;
}

/**
 * The 26-connected regions of probability at or above the threshold, in scan order.
 * @throws RangeError if the brain mask has not the probability map's size
 */
export function findings(
  { grid, data }: Volume<Float32Array>,
  brainMask: Volume<Uint8Array>,
  threshold: number,
): Finding[] {
  if (brainMask.data.length !== data.length)
    throw new RangeError(`the brain mask has ${brainMask.data.length} voxels, the probability map ${data.length}`);
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) if (data[n]! >= threshold) mask[n] = 1;
  const brain = dilateByMm(brainMask.data, grid.size, spacingMm(grid), brainMaskMarginMm);
  return voxelLists(components(mask, grid.size, 26).labels)
    .slice(1)
    .map((voxels) => ({
      voxels,
      probability: voxels.reduce((most, voxel) => Math.max(most, data[voxel]!), 0),
      insideBrain: voxels.some((voxel) => brain[voxel] === 1),
    }));
}
