import { spacingMm, type Volume, type VoxelArray, voxelCount } from '#core/domain/geometry.ts';
import { elastixRigid, searchSchedule } from './elastix-rigid.ts';
import { halveAxis } from './halve-axis.ts';
import { normalizedMutualInformation } from './normalized-mutual-information.ts';
import { motionOf, type Registration } from './registration.ts';
import { resample } from './resample.ts';

export interface RegistrationOptions {
  /** Seed of the random sampling: equal input and seed give equal output. */
  readonly seed: number;
}

/** Larger volumes are halved first: the engine's memory is that of a 32-bit process. */
const maxVoxels = 24_000_000;

/**
 * Rigid co-registration of `moving` to `fixed` (BRAVO) by normalized mutual information.
 * @throws RegistrationError if the search does not come to an end.
 */
export async function registerRigid(
  fixed: Volume<VoxelArray>,
  moving: Volume<VoxelArray>,
  { seed }: RegistrationOptions,
): Promise<Registration> {
  const [smallFixed, smallMoving] = [withinMemory(fixed), withinMemory(moving)];
  const schedule = searchSchedule(smallFixed, smallMoving);
  const matrix = await elastixRigid(smallFixed, smallMoving, schedule, seed);
  return { matrix, ...motionOf(matrix, fixed.grid), nmi: sharedInformation(smallFixed, smallMoving, matrix) };
}

/** Normalized mutual information of the volumes, once `moving` was carried onto the grid of `fixed`, over the overlap. */
export function sharedInformation(
  fixed: Volume<VoxelArray>,
  moving: Volume<VoxelArray>,
  matrix: Registration['matrix'],
): number {
  return normalizedMutualInformation(fixed.data, resample(moving, fixed.grid, matrix, 'linear', Number.NaN).data);
}

function withinMemory(volume: Volume<VoxelArray>): Volume<VoxelArray> {
  let small = volume;
  while (voxelCount(small.grid) > maxVoxels) {
    const spacing = spacingMm(small.grid);
    small = halveAxis(small, spacing.indexOf(Math.min(...spacing)) as 0 | 1 | 2);
  }
  return small;
}
