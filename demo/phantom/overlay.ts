import { type Grid, type Matrix4, type PointLps, spacingMm, voxelCount } from '#core/domain/geometry.ts';
import { coverage } from './distance.ts';
import { forEachVoxelNear, type LesionModel, lesionDistance } from './lesions.ts';
import type { Noise } from './noise.ts';
import type { OverlaySignal } from './tissue.ts';
import type { Vessel } from './vessels.ts';

/** What a point of the head is to a grid: the grid and the way from its LPS to the head's frame. */
export interface HeadGrid {
  readonly grid: Grid;
  readonly toHead: Matrix4;
}

const meanSpacing = (grid: Grid): number => Math.cbrt(spacingMm(grid).reduce((a, b) => a * b, 1));

/** How much of each voxel (0..255) is oedema, before tissue decides what takes it up. */
export function oedemaMap({ grid, toHead }: HeadGrid, lesions: readonly LesionModel[], noise: Noise): Uint8Array {
  const map = new Uint8Array(voxelCount(grid));
  const [columns, rows] = grid.size;
  for (const lesion of lesions) {
    if (lesion.oedemaMm === 0) continue;
    const reach = Math.max(...lesion.radiiMm) + lesion.oedemaMm * 1.6 + 2;
    forEachVoxelNear(grid, toHead, lesion.centre, reach, (i, j, k, x, y, z) => {
      const uneven = 1 + 0.6 * noise(0.11 * x, 0.11 * y + 3, 0.11 * z);
      const d = lesionDistance(lesion, noise, x, y, z) - lesion.oedemaMm * uneven;
      const at = (k * rows + j) * columns + i;
      map[at] = Math.max(map[at]!, 255 * coverage(d, 3));
    });
  }
  return map;
}

/** The part of a voxel that a tube of radius r at distance d from its centre fills, roughly. */
function tubeCoverage(d: number, r: number, edge: number): number {
  if (2 * r >= edge) return coverage(d - r, edge);
  return ((Math.PI * r * r) / (edge * edge)) * coverage(d - edge / 2, edge);
}

/** On coarse grids small vessels are drawn wider, as lesions are larger there; else only lesions would be left to see. */
const visibleRadius = (r: number, edge: number): number => Math.max(r, (Math.min(1, r) * edge) / 2);

/** Blends vessels into an image of signal. */
export function drawVessels(
  image: Float32Array,
  at: HeadGrid,
  vessels: readonly Vessel[],
  signal: OverlaySignal,
): void {
  const edge = meanSpacing(at.grid);
  const [columns, rows] = at.grid.size;
  for (const kind of ['vein', 'artery'] as const) {
    const filled = new Uint8Array(image.length);
    for (const { points, radiiMm } of vessels.filter((vessel) => vessel.kind === kind))
      for (let n = 1; n < points.length; n++) {
        const [a, b] = [points[n - 1]!, points[n]!];
        const [ra, rb] = [visibleRadius(radiiMm[n - 1]!, edge), visibleRadius(radiiMm[n]!, edge)];
        const centre: PointLps = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
        const [dx, dy, dz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
        const square = dx * dx + dy * dy + dz * dz + 1e-12;
        const reach = Math.sqrt(square) / 2 + Math.max(ra, rb) + edge;
        forEachVoxelNear(at.grid, at.toHead, centre, reach, (i, j, k, x, y, z) => {
          const t = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy + (z - a[2]) * dz) / square));
          const d = Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy, z - a[2] - t * dz);
          const part = 255 * tubeCoverage(d, ra + t * (rb - ra), edge);
          const voxel = (k * rows + j) * columns + i;
          if (part > filled[voxel]!) filled[voxel] = part;
        });
      }
    for (let n = 0; n < image.length; n++)
      if (filled[n]) image[n] = image[n]! + (filled[n]! / 255) * (signal[kind] - image[n]!);
  }
}

/** Blends lesions into an image of signal. */
export function drawLesions(
  image: Float32Array,
  { grid, toHead }: HeadGrid,
  lesions: readonly LesionModel[],
  noise: Noise,
  signal: OverlaySignal,
): void {
  const edge = meanSpacing(grid);
  const [columns, rows] = grid.size;
  for (const lesion of lesions) {
    // The larger, the less even.
    const patchiness = Math.min(0.3, 0.03 * Math.min(...lesion.radiiMm));
    forEachVoxelNear(grid, toHead, lesion.centre, Math.max(...lesion.radiiMm) * 1.15 + edge, (i, j, k, x, y, z) => {
      const d = lesionDistance(lesion, noise, x, y, z);
      const part = coverage(d, edge);
      if (part === 0) return;
      const core = lesion.kind === 'RING' ? coverage(d + lesion.rimMm, edge) : 0;
      const patchy = lesion.brightness * (1 + patchiness * noise(0.3 * x, 0.3 * y, 0.3 * z));
      const value = core * signal.necrosis + (1 - core) * signal.enhancing * patchy;
      const voxel = (k * rows + j) * columns + i;
      image[voxel] = image[voxel]! + part * (value - image[voxel]!);
    });
  }
}

/** Lesion n of the list becomes the label n + 1 where the voxel's centre lies inside it. */
export function labelLesions({ grid, toHead }: HeadGrid, lesions: readonly LesionModel[], noise: Noise): Uint16Array {
  const labels = new Uint16Array(voxelCount(grid));
  const [columns, rows] = grid.size;
  for (const [n, lesion] of lesions.entries())
    forEachVoxelNear(grid, toHead, lesion.centre, Math.max(...lesion.radiiMm) * 1.15, (i, j, k, x, y, z) => {
      if (lesionDistance(lesion, noise, x, y, z) <= 0) labels[(k * rows + j) * columns + i] = n + 1;
    });
  return labels;
}
