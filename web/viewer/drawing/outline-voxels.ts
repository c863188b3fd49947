import { type Grid, invertAffine, type PointLps, transformPoint } from '#core/domain/geometry.ts';
import type { VoxelList } from '#core/label/voxel-lists.ts';

/** A closed line in a plane, LPS mm; the last point is joined with the first. */
export interface Outline {
  readonly points: readonly PointLps[];
  /** Unit vector at right angles to the plane. */
  readonly normal: PointLps;
}

/**
 * Voxels whose centres lie inside an outline, by the even-odd rule, and in the layer of voxels that its plane cuts: in an oblique plane
 * the layer is as thick as the grid is in that direction, so that it has no gaps.
 */
export function voxelsWithin({ points, normal }: Outline, grid: Grid): VoxelList {
  if (points.length < 3) return new Int32Array(0);
  const { size, indexToLps: m } = grid;
  const [u, v] = axesOf(normal);
  const origin = points[0]!;
  const flat = points.map((point): Flat => [along(point, origin, u), along(point, origin, v)]);
  const half =
    [0, 1, 2].reduce((sum, axis) => sum + Math.abs(dot([m[axis]!, m[4 + axis]!, m[8 + axis]!], normal)), 0) / 2;
  const toIndex = invertAffine(m);
  const corners = points.map((point) => transformPoint(toIndex, point));
  const reach = [0, 1, 2].map((axis) => corners.map((corner) => corner[axis]!));
  const low = reach.map((at) => Math.max(0, Math.floor(Math.min(...at)) - 1));
  const high = reach.map((at, axis) => Math.min(size[axis]! - 1, Math.ceil(Math.max(...at)) + 1));
  const found: number[] = [];
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const centre = transformPoint(m, [i, j, k]);
        const apart = along(centre, origin, normal);
        // Half open, so that a plane half way between two layers takes one of them.
        if (apart <= -half + rounding || apart > half + rounding) continue;
        if (isInside([along(centre, origin, u), along(centre, origin, v)], flat))
          found.push((k * size[1] + j) * size[0] + i);
      }
  return Int32Array.from(found);
}

type Flat = readonly [number, number];

/** Distances closer than this are the same but for rounding, mm. */
const rounding = 1e-6;

const dot = (a: PointLps, b: PointLps): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const along = (point: PointLps, origin: PointLps, direction: PointLps): number =>
  dot([point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]], direction);

/** Two unit vectors at right angles to a unit vector and to each other. */
function axesOf(normal: PointLps): readonly [PointLps, PointLps] {
  const flattest = [0, 1, 2].reduce((best, axis) => (Math.abs(normal[axis]!) < Math.abs(normal[best]!) ? axis : best));
  const helper: PointLps = [flattest === 0 ? 1 : 0, flattest === 1 ? 1 : 0, flattest === 2 ? 1 : 0];
  const u = unit(cross(normal, helper));
  return [u, cross(normal, u)];
}

const cross = (a: PointLps, b: PointLps): PointLps => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: PointLps): PointLps => {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** Whether a ray to the right of the point crosses the closed line an odd number of times. */
function isInside([x, y]: Flat, line: readonly Flat[]): boolean {
  let inside = false;
  line.forEach(([ax, ay], n) => {
    const [bx, by] = line[(n + 1) % line.length]!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}
