import {
  type Grid,
  type Matrix4,
  multiply,
  type PointLps,
  transformPoint,
  type Volume,
  voxelCount,
} from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';

/** A head of ellipsoids and spheres, about the origin of its own space, mm: enough anatomy to tell every motion. */
interface Body {
  readonly centre: PointLps;
  readonly radiiMm: PointLps;
  readonly tissue: 'scalp' | 'skull' | 'csf' | 'gray' | 'white' | 'enhancing';
}

const brain: Body = { centre: [0, 0, 0], radiiMm: [66, 80, 62], tissue: 'gray' };

/** Later bodies lie over earlier ones. */
const bodies: readonly Body[] = [
  { centre: [0, 0, 0], radiiMm: [81, 96, 78], tissue: 'scalp' },
  { centre: [0, 0, 0], radiiMm: [74, 89, 71], tissue: 'skull' },
  { centre: [0, -92, -30], radiiMm: [12, 14, 18], tissue: 'scalp' },
  { centre: [0, 0, 0], radiiMm: [68, 82, 64], tissue: 'csf' },
  brain,
  { centre: [26, 2, 6], radiiMm: [30, 62, 42], tissue: 'white' },
  { centre: [-26, 2, 6], radiiMm: [30, 62, 42], tissue: 'white' },
  { centre: [10, -12, 12], radiiMm: [6, 26, 9], tissue: 'csf' },
  { centre: [-10, -12, 12], radiiMm: [6, 26, 9], tissue: 'csf' },
  { centre: [0, 40, -36], radiiMm: [36, 22, 14], tissue: 'gray' },
  { centre: [30, -35, 25], radiiMm: [9, 7, 8], tissue: 'enhancing' },
  { centre: [-38, 30, -8], radiiMm: [6, 8, 6], tissue: 'enhancing' },
];

export type Contrast = Readonly<Record<Body['tissue'] | 'air', number>>;
export const t1: Contrast = { air: 0, scalp: 700, skull: 60, csf: 120, gray: 420, white: 600, enhancing: 350 };
export const t1Post: Contrast = { ...t1, enhancing: 900 };
export const flair: Contrast = { air: 0, scalp: 400, skull: 50, csf: 60, gray: 520, white: 400, enhancing: 750 };

const isInside = ({ centre, radiiMm }: Body, p: PointLps): boolean =>
  ((p[0] - centre[0]) / radiiMm[0]) ** 2 +
    ((p[1] - centre[1]) / radiiMm[1]) ** 2 +
    ((p[2] - centre[2]) / radiiMm[2]) ** 2 <
  1;

/** The head as a series would show it: means of 2 x 2 x 2 points a voxel, a slow shading, and Gaussian noise of 15. */
export function headVolume(grid: Grid, lpsToHead: Matrix4, contrast: Contrast, seed: number): Volume {
  const random = new SeededRandom(seed);
  const data = sampled(grid, lpsToHead, 2, (p) => {
    const tissue = bodies.findLast((body) => isInside(body, p))?.tissue ?? 'air';
    return contrast[tissue] * (1 + 0.05 * Math.sin(p[0] / 40 + p[1] / 55));
  });
  return { grid, data: data.map((x) => Math.max(0, x + 15 * random.normal())) };
}

/** 1 where the centre of a voxel is brain. */
export function headBrain(grid: Grid, lpsToHead: Matrix4): Volume<Uint8Array> {
  return { grid, data: Uint8Array.from(sampled(grid, lpsToHead, 1, (p) => (isInside(brain, p) ? 1 : 0))) };
}

function sampled(grid: Grid, lpsToHead: Matrix4, points: number, value: (p: PointLps) => number): Float32Array {
  const toHead = multiply(lpsToHead, grid.indexToLps);
  const [columns, rows] = grid.size;
  const offsets = Array.from({ length: points }, (_, n) => (n + 0.5) / points - 0.5);
  const data = new Float32Array(voxelCount(grid));
  for (let n = 0; n < data.length; n++) {
    const [i, j, k] = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
    let sum = 0;
    for (const x of offsets)
      for (const y of offsets) for (const z of offsets) sum += value(transformPoint(toHead, [i + x, j + y, k + z]));
    data[n] = sum / points ** 3;
  }
  return data;
}

/** An axial grid about the origin, or about another centre. */
export function axialGrid(
  columns: number,
  rows: number,
  slices: number,
  spacingMm: PointLps,
  centre: PointLps = [0, 0, 0],
): Grid {
  const [x, y, z] = spacingMm;
  return {
    size: [columns, rows, slices],
    // biome-ignore format: a matrix by rows
    indexToLps: [
      x, 0, 0, centre[0] - (x * (columns - 1)) / 2,
      0, y, 0, centre[1] - (y * (rows - 1)) / 2,
      0, 0, z, centre[2] - (z * (slices - 1)) / 2,
      0, 0, 0, 1,
    ],
  };
}

/** A sagittal grid about the origin: columns run to posterior, rows to inferior, slices to the right. */
export function sagittalGrid(columns: number, rows: number, slices: number, spacingMm: PointLps): Grid {
  const [y, z, x] = spacingMm;
  return {
    size: [columns, rows, slices],
    // biome-ignore format: a matrix by rows
    indexToLps: [
      0, 0, -x, (x * (slices - 1)) / 2,
      y, 0, 0, (-y * (columns - 1)) / 2,
      0, -z, 0, (z * (rows - 1)) / 2,
      0, 0, 0, 1,
    ],
  };
}

/** A turn by `degrees` about an axis through the origin, then a shift, mm. */
export function rigidMotion(axis: PointLps, degrees: number, shiftMm: PointLps): Matrix4 {
  const length = Math.hypot(...axis);
  const [x, y, z] = axis.map((a) => a / length) as [number, number, number];
  const angle = (degrees * Math.PI) / 180;
  const [c, s, d] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
  // biome-ignore format: a matrix by rows
  return [
    c + x * x * d, x * y * d - z * s, x * z * d + y * s, shiftMm[0],
    y * x * d + z * s, c + y * y * d, y * z * d - x * s, shiftMm[1],
    z * x * d - y * s, z * y * d + x * s, c + z * z * d, shiftMm[2],
    0, 0, 0, 1,
  ];
}

/** Dice coefficient of two masks on one grid. */
export function dice(a: Volume<Uint8Array>, b: Volume<Uint8Array>): number {
  let [both, sum] = [0, 0];
  for (let n = 0; n < a.data.length; n++) {
    sum += a.data[n]! + b.data[n]!;
    both += a.data[n]! & b.data[n]!;
  }
  return (2 * both) / sum;
}
