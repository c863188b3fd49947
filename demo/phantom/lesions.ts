import {
  type Grid,
  invertAffine,
  type Matrix4,
  multiply,
  type PointLps,
  spacingMm,
  transformPoint,
} from '#core/domain/geometry.ts';
import { type LesionGroup, lesionGroup } from '#core/domain/lesion.ts';
import type { Anatomy } from './anatomy.ts';
import { ellipsoid } from './distance.ts';
import type { Noise } from './noise.ts';
import { createRandom, type Random } from './random.ts';
import { tissue, tissueCount } from './tissue.ts';

/** A metastasis as a function of space, in the head's own frame, mm. */
export interface LesionModel {
  readonly kind: 'SOLID' | 'RING';
  readonly centre: PointLps;
  readonly radiiMm: PointLps;
  /** Thickness of the enhancing shell; the whole radius for a solid lesion. */
  readonly rimMm: number;
  /** How far the oedema reaches; 0 for none. */
  readonly oedemaMm: number;
  /** Factor on the signal of enhancing tissue. */
  readonly brightness: number;
}

/** Diameters are drawn log-normally: most metastases are small. */
const MEDIAN_DIAMETER_MM = { few: 8, many: 5.5 };
const LARGEST_DIAMETER_MM = 30;
const WOBBLE = 0.12;

/** Signed distance to a lesion's surface, negative inside. */
export function lesionDistance(
  { centre, radiiMm }: LesionModel,
  noise: Noise,
  x: number,
  y: number,
  z: number,
): number {
  const [rx, ry, rz] = radiiMm;
  const d = ellipsoid(x, y, z, ...centre, rx, ry, rz);
  const bump = noise(
    (1.3 * (x - centre[0])) / rx + centre[1],
    (1.3 * (y - centre[1])) / ry + centre[2],
    (1.3 * (z - centre[2])) / rz,
  );
  return d + WOBBLE * Math.min(rx, ry, rz) * bump;
}

/** A number of lesions within a group; without a group, as common as the paper's three groups, and now and then none. */
export function drawLesionCount(seed: number, group?: LesionGroup): number {
  const random = createRandom(seed, 'lesion count');
  const drawn = random.next();
  const among =
    group ?? (drawn < 0.05 ? 'NONE' : drawn < 0.45 ? 'ONE_TO_THREE' : drawn < 0.75 ? 'FOUR_TO_TEN' : 'MORE_THAN_TEN');
  if (among === 'NONE') return 0;
  if (among === 'ONE_TO_THREE') return random.integer(1, 3);
  return among === 'FOUR_TO_TEN' ? random.integer(4, 10) : random.integer(11, 20);
}

function drawLesion(random: Random, smallestMm: number, count: number): Omit<LesionModel, 'centre'> {
  const median = lesionGroup(count) === 'MORE_THAN_TEN' ? MEDIAN_DIAMETER_MM.many : MEDIAN_DIAMETER_MM.few;
  const drawn = median * Math.exp(0.55 * random.normal());
  const largest = count > 10 ? LARGEST_DIAMETER_MM * 0.7 : LARGEST_DIAMETER_MM / 1.15;
  const diameter = Math.min(largest, Math.max(smallestMm * 1.1, drawn));
  const stretch = (): number => random.between(0.88, 1.14);
  const radiiMm = [0, 1, 2].map(() => Math.max(smallestMm, Math.min(LARGEST_DIAMETER_MM, diameter * stretch())) / 2);
  const radius = Math.min(...radiiMm);
  const ring = diameter > Math.max(7, 3.5 * (smallestMm / 2)) && random.next() < (diameter > 12 ? 0.75 : 0.5);
  return {
    kind: ring ? 'RING' : 'SOLID',
    radiiMm: radiiMm as unknown as PointLps,
    rimMm: ring ? Math.min(radius * 0.55, random.between(1.6, 3.2) + smallestMm * 0.15) : radius,
    oedemaMm: diameter > 7 && random.next() < 0.75 ? diameter * random.between(0.25, 0.8) : 0,
    brightness: random.between(0.76, 1.1),
  };
}

const directions: readonly PointLps[] = [-1, 0, 1].flatMap((x) =>
  [-1, 0, 1].flatMap((y) =>
    [-1, 0, 1]
      .filter((z) => x || y || z)
      .map((z): PointLps => {
        const length = Math.hypot(x, y, z);
        return [x / length, y / length, z / length];
      }),
  ),
);

/** Whether a lesion would lie in parenchyma: its surface inside the brain, little of it in fluid, none elsewhere. */
function fits(anatomy: Anatomy, { centre, radiiMm }: LesionModel, parts: Float32Array): boolean {
  if (anatomy.brainMm(...centre) > -1.5 - 0.55 * Math.max(...radiiMm)) return false;
  let fluid = 0;
  for (const reach of [0.5, 1])
    for (const d of directions) {
      const p: PointLps = [
        centre[0] + reach * d[0] * radiiMm[0],
        centre[1] + reach * d[1] * radiiMm[1],
        centre[2] + reach * d[2] * radiiMm[2],
      ];
      if (anatomy.brainMm(...p) > -1.2 - WOBBLE * Math.max(...radiiMm)) return false;
      anatomy.sample(...p, 1, parts);
      if (parts[tissue.choroid]! + parts[tissue.dura]! > 0.05) return false;
      fluid += parts[tissue.csf]!;
    }
  if (fluid / (2 * directions.length) > 0.2) return false;
  anatomy.sample(...centre, 1, parts);
  return parts[tissue.white]! + parts[tissue.grey]! + parts[tissue.deepGrey]! > 0.85;
}

/** Extent in voxels along columns, rows and slices of what of a lesion the grid would show. */
export function lesionExtent(lesion: LesionModel, noise: Noise, grid: Grid, toHead: Matrix4): PointLps {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  forEachVoxelNear(grid, toHead, lesion.centre, Math.max(...lesion.radiiMm) * (1 + WOBBLE), (i, j, k, x, y, z) => {
    if (lesionDistance(lesion, noise, x, y, z) > 0) return;
    for (const [axis, n] of [i, j, k].entries()) {
      low[axis] = Math.min(low[axis]!, n);
      high[axis] = Math.max(high[axis]!, n);
    }
  });
  return [0, 1, 2].map((axis) => Math.max(0, high[axis]! - low[axis]! + 1)) as unknown as PointLps;
}

/** Calls `visit` with index and head coordinates of each voxel within a box of half edge `reachMm` around a point of the head. */
export function forEachVoxelNear(
  grid: Grid,
  toHead: Matrix4,
  centre: PointLps,
  reachMm: number,
  visit: (i: number, j: number, k: number, x: number, y: number, z: number) => void,
): void {
  const toPoint = multiply(toHead, grid.indexToLps);
  const [ci, cj, ck] = transformPoint(invertAffine(toPoint), centre);
  const spacing = spacingMm(grid);
  const range = (axis: 0 | 1 | 2, middle: number): [number, number] => [
    Math.max(0, Math.floor(middle - reachMm / spacing[axis])),
    Math.min(grid.size[axis] - 1, Math.ceil(middle + reachMm / spacing[axis])),
  ];
  const [[i0, i1], [j0, j1], [k0, k1]] = [range(0, ci), range(1, cj), range(2, ck)];
  const m = toPoint;
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      for (let i = i0; i <= i1; i++)
        visit(
          i,
          j,
          k,
          m[0]! * i + m[1]! * j + m[2]! * k + m[3]!,
          m[4]! * i + m[5]! * j + m[6]! * k + m[7]!,
          m[8]! * i + m[9]! * j + m[10]! * k + m[11]!,
        );
}

/** What limits where lesions may be. */
export interface LesionSite {
  readonly anatomy: Anatomy;
  readonly noise: Noise;
  /** The grid on which labels are drawn. */
  readonly grid: Grid;
  readonly toHead: Matrix4;
}

/**
 * Seeds `count` metastases, preferably where grey matter meets white, apart from one another, each at least two voxels
 * across in every direction of the grid. @throws Error if the brain has no room for that many.
 */
export function seedLesions(seed: number, count: number, site: LesionSite): LesionModel[] {
  const random = createRandom(seed, 'lesions');
  const parts = new Float32Array(tissueCount);
  const coarsest = Math.max(...spacingMm(site.grid));
  const smallest = Math.max(2, 2 * coarsest);
  const drafts = Array.from({ length: count }, () => drawLesion(random, smallest, count));
  // The largest first, while there is room.
  drafts.sort((a, b) => Math.max(...b.radiiMm) - Math.max(...a.radiiMm));
  const placed: LesionModel[] = [];
  for (const draft of drafts) {
    const lesion = placeLesion(random, draft, placed, coarsest, site, parts);
    if (!lesion)
      throw new Error(
        `No room for lesion ${placed.length + 1} of ${count} (${(2 * Math.max(...draft.radiiMm)).toFixed(1)} mm across) ` +
          `at ${coarsest.toFixed(2)} mm voxels; ask for fewer lesions or a larger size.`,
      );
    placed.push(lesion);
  }
  return random.shuffle(placed);
}

function placeLesion(
  random: Random,
  draft: Omit<LesionModel, 'centre'>,
  placed: readonly LesionModel[],
  coarsestMm: number,
  { anatomy, noise, grid, toHead }: LesionSite,
  parts: Float32Array,
): LesionModel | undefined {
  for (let attempt = 0; attempt < 6000; attempt++) {
    const centre: PointLps = [random.between(-62, 62), random.between(-82, 82), random.between(-58, 72)];
    const inBrain = anatomy.brainMm(...centre);
    if (inBrain > -3) continue;
    const { pialDepthMm } = anatomy.foldingAt(centre);
    const junction = pialDepthMm > 1.5 && pialDepthMm < 6;
    if (!junction && random.next() > 0.3) continue;
    const lesion: LesionModel = { ...draft, centre };
    const radius = Math.max(...draft.radiiMm);
    const apart = (other: LesionModel): boolean =>
      Math.hypot(centre[0] - other.centre[0], centre[1] - other.centre[1], centre[2] - other.centre[2]) >
      (radius + Math.max(...other.radiiMm)) * (1 + WOBBLE) + 2 * coarsestMm;
    if (!placed.every(apart) || !fits(anatomy, lesion, parts)) continue;
    if (Math.min(...lesionExtent(lesion, noise, grid, toHead)) >= 2) return lesion;
  }
  return undefined;
}
