import { components, type Size } from '#core/label/components.ts';
import { dilate } from '#core/label/dilate.ts';
import { hd95Mm } from '#core/label/surface-distance.ts';
import { cutBox, diceOfVoxels, mergeLists, type VoxelList, voxelLists } from '#core/label/voxel-lists.ts';

/** HD95 of a missed or invented lesion, mm: the diagonal of the challenge's 240 x 240 x 155 mm volumes. */
export const missedHd95Mm = 374;

/** True lesions of at most this volume are neither missed nor found. */
export const ignoredVolumeMm3 = 2;

/** The lesion-wise score of the BraTS-METS challenge of 2023. Store it with the variant's name `brats23`. */
export interface Brats23Score {
  readonly dice: number;
  /** DeepMind's variant of HD95. */
  readonly hd95Mm: number;
  /** True lesions above 2 mm³. */
  readonly keptLesionCount: number;
  /** Predicted lesions that touch no true one. */
  readonly falsePositives: number;
}

/**
 * The score as its organizers defined it (Moawad 2024, arXiv:2306.00838), on a grid of about 1 mm:
 * 1. A true lesion is what the true mask has inside one 26-connected component of itself dilated once by 18 neighbours.
 * 2. All predicted components that meet the true lesion dilated once are its match; Dice and HD95 are those of their
 *    union. Without a match Dice is 0 and HD95 374 mm.
 * 3. A predicted component that matches no true lesion, however small that, is a false positive: Dice 0, HD95 374 mm.
 * 4. Means are over true lesions of more than 2 mm³ and false positives; with neither, Dice is 1 and HD95 0.
 * @param truth, predicted not 0 at lesion voxels
 */
export function brats23Score(
  truth: Uint8Array | Uint16Array,
  predicted: Uint8Array | Uint16Array,
  size: Size,
  spacingMm: readonly [number, number, number],
): Brats23Score {
  const regions = voxelLists(components(predicted, size, 26).labels).slice(1);
  const regionLabels = new Uint32Array(predicted.length);
  regions.forEach((voxels, n) => {
    for (const voxel of voxels) regionLabels[voxel] = n + 1;
  });
  const matchedRegions = new Set<number>();
  const kept = { count: 0, dice: 0, hd95: 0 };
  for (const lesion of trueLesions(truth, size)) {
    const touching = regionsTouching(lesion, regionLabels, size);
    for (const region of touching) matchedRegions.add(region);
    const volumeMm3 = lesion.length * spacingMm[0] * spacingMm[1] * spacingMm[2];
    if (volumeMm3 <= ignoredVolumeMm3 + 1e-6) continue;
    const match = mergeLists(touching.map((region) => regions[region - 1]!));
    kept.count++;
    kept.dice += diceOfVoxels(match, lesion);
    kept.hd95 += match.length === 0 ? missedHd95Mm : hd95Mm(lesion, match, size, spacingMm);
  }
  const falsePositives = regions.length - matchedRegions.size;
  const judged = kept.count + falsePositives;
  return {
    dice: judged === 0 ? 1 : kept.dice / judged,
    hd95Mm: judged === 0 ? 0 : (kept.hd95 + missedHd95Mm * falsePositives) / judged,
    keptLesionCount: kept.count,
    falsePositives,
  };
}

function trueLesions(truth: Uint8Array | Uint16Array, size: Size): VoxelList[] {
  const { labels } = components(dilate(truth, size, 18), size, 26);
  for (let n = 0; n < labels.length; n++) if (truth[n] === 0) labels[n] = 0;
  return voxelLists(labels).slice(1);
}

/** Numbers of the regions with a voxel in the lesion dilated once by 18 neighbours. */
function regionsTouching(lesion: VoxelList, regionLabels: Uint32Array, size: Size): number[] {
  const box = cutBox([lesion], size, 1);
  const touching = new Set<number>();
  dilate(box.masks[0]!, box.size, 18).forEach((inside, at) => {
    const voxel = inside === 1 ? box.volumeIndex(at) : undefined;
    if (voxel !== undefined && regionLabels[voxel] !== 0) touching.add(regionLabels[voxel]!);
  });
  return [...touching];
}
