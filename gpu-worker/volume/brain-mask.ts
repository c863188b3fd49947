import type { Volume, VoxelArray } from '#core/domain/geometry.ts';
import { brainIntensities } from './brain-intensities.ts';
import { growBrainSurface } from './brain-surface.ts';
import type { Mesh } from './icosphere.ts';
import { surfaceIntersectsItself } from './self-intersection.ts';
import { voxelizeMesh } from './voxelize-mesh.ts';

/** More smoothing in each rerun after a surface that crosses itself (paper, "Second pass"). */
const smoothingPasses = [1, 10, 100];

/**
 * The brain in a T1 volume: 1 inside, 0 outside, by BET (Smith SM. Fast robust automated brain extraction. Hum Brain
 * Mapp 2002;17:143), from the paper's equations, in mm. `fraction` is its fractional intensity threshold f: larger
 * values give a smaller brain.
 * @throws RangeError if the volume holds nothing brighter than its background.
 */
export function brainMask(volume: Volume<VoxelArray>, fraction = 0.5): Volume<Uint8Array> {
  return voxelizeMesh(brainSurface(volume, fraction), volume.grid);
}

/** The surface of the brain, LPS mm. @throws RangeError as brainMask */
export function brainSurface(volume: Volume<VoxelArray>, fraction = 0.5): Mesh {
  const intensities = brainIntensities(volume);
  for (const smoothing of smoothingPasses.slice(0, -1)) {
    const surface = growBrainSurface(volume, intensities, { fraction, smoothing });
    if (!surfaceIntersectsItself(surface)) return surface;
  }
  return growBrainSurface(volume, intensities, { fraction, smoothing: smoothingPasses.at(-1)! });
}
