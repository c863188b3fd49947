import type { Size } from '#core/label/components.ts';
import type { VoxelList } from '#core/label/voxel-lists.ts';

export interface GrowthLimits {
  /** How far from the background, 0, to the peak, 1, the level lies; 0.5 is half the enhancement. */
  readonly share: number;
  /** Nothing further from the click than this is reached, mm. */
  readonly reachMm: number;
}

export interface Growth {
  /** Empty if the click is not brighter than its surroundings. */
  readonly voxels: VoxelList;
  /** Whatever is at least as bright belongs to it. */
  readonly level: number;
  /** It was stopped by the reach alone, so that it has probably leaked. */
  readonly cutOff: boolean;
}

/**
 * The bright region about a click, as of an enhancing metastasis. The level lies between the background, the median of all voxels within
 * reach, and the peak, the brightest of the clicked voxel and its 26 neighbours, from which faces lead on (6 neighbours).
 * @param image one value a voxel
 * @param seed index of the clicked voxel
 * @throws RangeError if the seed is no voxel of the image
 */
export function growRegion(
  image: ArrayLike<number>,
  size: Size,
  spacingMm: readonly [number, number, number],
  seed: number,
  { share, reachMm }: GrowthLimits,
): Growth {
  if (!(seed >= 0 && seed < image.length)) throw new RangeError(`voxel ${seed} of an image of ${image.length}`);
  const [columns, rows] = size;
  const ball = ballAbout(seed, size, spacingMm, reachMm);
  const near = ballAbout(seed, size, [1, 1, 1], Math.sqrt(3));
  const start = near.reduce((best, voxel) => (image[voxel]! > image[best]! ? voxel : best), near[0]!);
  const background = median(Float64Array.from(ball, (voxel) => image[voxel]!));
  const level = background + share * (image[start]! - background);
  if (!(image[start]! > background)) return { voxels: new Int32Array(0), level, cutOff: false };
  const within = new Set<number>();
  for (const voxel of ball) within.add(voxel);
  const reached = new Set<number>([start]);
  const waiting = [start];
  let cutOff = false;
  while (waiting.length > 0) {
    const voxel = waiting.pop()!;
    const i = voxel % columns;
    const j = Math.floor(voxel / columns) % rows;
    const k = Math.floor(voxel / (columns * rows));
    for (const [axis, at, step] of [
      [0, i, 1],
      [1, j, columns],
      [2, k, columns * rows],
    ] as const)
      for (const sign of [-1, 1]) {
        if (at + sign < 0 || at + sign >= size[axis]) continue;
        const next = voxel + sign * step;
        if (reached.has(next) || !(image[next]! >= level)) continue;
        if (!within.has(next)) {
          cutOff = true;
          continue;
        }
        reached.add(next);
        waiting.push(next);
      }
  }
  return { voxels: Int32Array.from(reached).sort(), level, cutOff };
}

/** Voxels whose centres lie at most `radiusMm` from that of one, in scan order. */
function ballAbout(
  seed: number,
  [columns, rows, slices]: Size,
  spacingMm: readonly [number, number, number],
  radiusMm: number,
): number[] {
  const limit = radiusMm + 1e-6;
  const [ri, rj, rk] = spacingMm.map((edge) => Math.floor(limit / edge)) as [number, number, number];
  const [i, j, k] = [seed % columns, Math.floor(seed / columns) % rows, Math.floor(seed / (columns * rows))];
  const found: number[] = [];
  for (let z = Math.max(0, k - rk); z <= Math.min(slices - 1, k + rk); z++)
    for (let y = Math.max(0, j - rj); y <= Math.min(rows - 1, j + rj); y++)
      for (let x = Math.max(0, i - ri); x <= Math.min(columns - 1, i + ri); x++) {
        const distance = Math.hypot((x - i) * spacingMm[0], (y - j) * spacingMm[1], (z - k) * spacingMm[2]);
        if (distance <= limit) found.push((z * rows + y) * columns + x);
      }
  return found;
}

/** The mean of the two middle values of an even number. */
function median(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
