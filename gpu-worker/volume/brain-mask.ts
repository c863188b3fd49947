import type { PointLps, Volume, VoxelArray } from '#core/domain/geometry.ts';
import { type BrainIntensities, brainIntensities } from './brain-intensities.ts';
import { growBrainSurface, type SurfaceOptions } from './brain-surface.ts';
import type { Mesh } from './icosphere.ts';
import { crossedShare } from './self-intersection.ts';
import { voxelizeMesh } from './voxelize-mesh.ts';

/** More smoothing in each rerun after a surface that crosses itself (paper, "Second pass"). */
const smoothingPasses = [1, 10, 100];
/** A fold of a few triangles leaves no hole in the mask, while more smoothing would cost far more of the brain (ours). */
const toleratedCrossing = 0.02;
/** Of the growth that finds the brain's middle. */
const locating: SurfaceOptions = { fraction: 0.5, smoothing: 1 };

/**
 * The brain in a T1 volume: 1 inside, 0 outside, by BET (Smith SM. Fast robust automated brain extraction. Hum Brain
 * Mapp 2002;17:143), from the paper's equations, in mm. `fraction` is its fractional intensity threshold f: larger
 * values give a smaller brain.
 * @throws RangeError if the volume holds nothing brighter than its background.
 */
export function brainMask(volume: Volume<VoxelArray>, fraction: number): Volume<Uint8Array> {
  return voxelizeMesh(brainSurface(volume, fraction), volume.grid);
}

/**
 * The surface of the brain, LPS mm. A first growth with a large fraction, which stays well inside, tells where the brain is; the
 * one that counts starts in its middle (ours). From the centre of gravity of the head the first sphere reaches through the base of
 * the skull, and what begins outside the brain stays there.
 * @throws RangeError as brainMask
 */
export function brainSurface(volume: Volume<VoxelArray>, fraction: number): Mesh {
  const head = brainIntensities(volume);
  const inside = growBrainSurface(volume, head, locating);
  const intensities = { ...head, ...enclosedSphere(inside) };
  for (const smoothing of smoothingPasses.slice(0, -1)) {
    const surface = growBrainSurface(volume, intensities, { fraction, smoothing });
    if (crossedShare(surface) <= toleratedCrossing) return surface;
  }
  return growBrainSurface(volume, intensities, { fraction, smoothing: smoothingPasses.at(-1)! });
}

/** Centre of gravity and radius of the sphere of the volume that the mesh encloses, by the divergence theorem. */
function enclosedSphere({ positions: p, triangles }: Mesh): Pick<BrainIntensities, 'centre' | 'radiusMm'> {
  // About a vertex: about a distant origin the parts would be large and of both signs.
  const origin = [p[0]!, p[1]!, p[2]!] as const;
  let volume = 0;
  const sums = [0, 0, 0];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((corner) => {
      const n = 3 * triangles[t + corner]!;
      return [p[n]! - origin[0], p[n + 1]! - origin[1], p[n + 2]! - origin[2]] as const;
    }) as [PointLps, PointLps, PointLps];
    const part =
      (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])) /
      6;
    volume += part;
    for (const axis of [0, 1, 2] as const) sums[axis]! += (part * (a[axis] + b[axis] + c[axis])) / 4;
  }
  const centre: PointLps = [
    origin[0] + sums[0]! / volume,
    origin[1] + sums[1]! / volume,
    origin[2] + sums[2]! / volume,
  ];
  return { centre, radiusMm: Math.cbrt((3 * Math.abs(volume)) / (4 * Math.PI)) };
}
