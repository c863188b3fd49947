import {
  type Grid,
  invertAffine,
  type LabelVolume,
  type PointLps,
  spacingMm,
  transformPoint,
} from '#core/domain/geometry.ts';
import { createNoise, type Noise } from './noise.ts';
import { createRandom, type Random } from './random.ts';

/** How a pretended reader differs from the truth. Lengths in voxels are of the mean edge. */
export interface ReaderOptions {
  readonly seed: number;
  /** Chance to miss a lesion smaller than `smallMm`; 0.12 by default. */
  readonly missSmall?: number;
  /** Diameter of a ball of the same volume below which a lesion may be missed; the larger of 7 mm and three voxels by default. */
  readonly smallMm?: number;
  /** Mean number of vessels taken for a lesion; 0.3 by default; needs `mimics`. */
  readonly falsePositive?: number;
  /** Places of vessels, LPS mm (`PhantomTruth.mimics`). */
  readonly mimics?: readonly PointLps[];
  /** Chance that a lesion is drawn far too wide or too tight; 0.06 by default. */
  readonly dispute?: number;
  /** How unsteady the boundary is: standard deviation of its place, in voxels; 0.34 by default. */
  readonly unsteadiness?: number;
}

/** A box of voxels: first and last index along each axis. */
interface Box {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

/**
 * The lesions of a truth as a person might have drawn them: boundaries moved by smooth noise and by the person's habit,
 * now and then a small lesion missed, a boundary far off, a vessel taken for a lesion. The same seed gives the same drawing.
 * Lesions are numbered from 1 without gaps.
 */
export function simulateReader(truth: LabelVolume, options: ReaderOptions): LabelVolume {
  const { seed, missSmall = 0.12, dispute = 0.06, unsteadiness = 0.34 } = options;
  const random = createRandom(seed, 'reader');
  const noise = createNoise(createRandom(seed, 'reader noise'));
  const { grid } = truth;
  const edgeMm = Math.cbrt(spacingMm(grid).reduce((a, b) => a * b, 1));
  const smallMm = options.smallMm ?? Math.max(7, 3 * edgeMm);
  const habit = 0.15 * random.normal();
  const labels = new Uint16Array(truth.data.length);
  let number = 0;
  for (const [lesion, { box, count }] of [...findLesions(truth)].sort(([a], [b]) => a - b)) {
    const diameterMm = 2 * edgeMm * Math.cbrt((3 * count) / (4 * Math.PI));
    const missed = random.next() < missSmall && diameterMm < smallMm;
    const farOff = random.next() < dispute ? random.pick([-1.3, 1.6]) : 0;
    if (missed) continue;
    number++;
    const offset = (place: PointLps): number => habit + farOff + unsteadiness * 2 * noiseAt(noise, place, lesion);
    if (drawLesion(truth, lesion, box, offset, labels, number) === 0) copyLesion(truth, lesion, box, labels, number);
  }
  const expected = options.mimics?.length ? (options.falsePositive ?? 0.3) : 0;
  const wrong = Math.floor(expected) + (random.next() < expected % 1 ? 1 : 0);
  for (let n = 0; n < wrong; n++)
    if (drawBlob(grid, labels, random.pick(options.mimics!), random, number + 1)) number++;
  return { grid, data: labels };
}

/** Noise with bumps some four voxels long; each lesion has its own. */
function noiseAt(noise: Noise, [i, j, k]: PointLps, lesion: number): number {
  return noise(0.4 * i + 7.3 * lesion, 0.4 * j + 0.5, 0.4 * k + 3.1 * lesion);
}

function findLesions({ grid, data }: LabelVolume): Map<number, { box: Box; count: number }> {
  const found = new Map<number, { low: number[]; high: number[]; count: number }>();
  const [columns, rows] = grid.size;
  for (let voxel = 0; voxel < data.length; voxel++) {
    const lesion = data[voxel]!;
    if (lesion === 0) continue;
    const index = [voxel % columns, Math.floor(voxel / columns) % rows, Math.floor(voxel / (columns * rows))];
    const entry = found.get(lesion) ?? { low: [...index], high: [...index], count: 0 };
    for (const [axis, n] of index.entries()) {
      entry.low[axis] = Math.min(entry.low[axis]!, n);
      entry.high[axis] = Math.max(entry.high[axis]!, n);
    }
    entry.count++;
    found.set(lesion, entry);
  }
  const triple = (list: readonly number[]): [number, number, number] => [list[0]!, list[1]!, list[2]!];
  return new Map(
    [...found].map(([lesion, { low, high, count }]) => [
      lesion,
      { box: { low: triple(low), high: triple(high) }, count },
    ]),
  );
}

/** Calls `visit` with every index of a box that lies in the grid, grown by `margin` voxels. */
function forEachIndex(
  { low, high }: Box,
  { size }: Grid,
  margin: number,
  visit: (i: number, j: number, k: number) => void,
): void {
  const from = low.map((n) => Math.max(0, n - margin)) as [number, number, number];
  const to = high.map((n, axis) => Math.min(size[axis]! - 1, n + margin)) as [number, number, number];
  for (let k = from[2]; k <= to[2]; k++)
    for (let j = from[1]; j <= to[1]; j++) for (let i = from[0]; i <= to[0]; i++) visit(i, j, k);
}

/**
 * Draws the voxels whose signed distance (in voxels) to the lesion's boundary is less than `offset` there.
 * The distance is searched for within three voxels only: nobody draws further off than that. @returns voxels drawn
 */
function drawLesion(
  { grid, data }: LabelVolume,
  lesion: number,
  box: Box,
  offset: (place: PointLps) => number,
  labels: Uint16Array,
  number: number,
): number {
  const [columns, rows, slices] = grid.size;
  const inside = (i: number, j: number, k: number): boolean =>
    i >= 0 &&
    j >= 0 &&
    k >= 0 &&
    i < columns &&
    j < rows &&
    k < slices &&
    data[(k * rows + j) * columns + i] === lesion;
  let drawn = 0;
  forEachIndex(box, grid, 2, (i, j, k) => {
    const here = inside(i, j, k);
    let nearest = 9;
    for (let c = -2; c <= 2; c++)
      for (let b = -2; b <= 2; b++)
        for (let a = -2; a <= 2; a++)
          if (inside(i + a, j + b, k + c) !== here) nearest = Math.min(nearest, a * a + b * b + c * c);
    const distance = (Math.sqrt(nearest) - 0.5) * (here ? -1 : 1);
    const voxel = (k * rows + j) * columns + i;
    // What another lesion of the truth covers is left to that one.
    if (distance >= offset([i, j, k]) || (data[voxel] !== 0 && data[voxel] !== lesion) || labels[voxel] !== 0) return;
    labels[voxel] = number;
    drawn++;
  });
  return drawn;
}

function copyLesion({ grid, data }: LabelVolume, lesion: number, box: Box, labels: Uint16Array, number: number): void {
  const [columns, rows] = grid.size;
  forEachIndex(box, grid, 0, (i, j, k) => {
    const voxel = (k * rows + j) * columns + i;
    if (data[voxel] === lesion) labels[voxel] = number;
  });
}

/** A small blob around a point; false if nothing of the grid is free there. */
function drawBlob(grid: Grid, labels: Uint16Array, place: PointLps, random: Random, number: number): boolean {
  const centre = transformPoint(invertAffine(grid.indexToLps), place);
  const radius = random.between(0.9, 1.7);
  const near = centre.map(Math.round) as [number, number, number];
  const [columns, rows] = grid.size;
  let drawn = 0;
  forEachIndex({ low: near, high: near }, grid, 2, (i, j, k) => {
    const voxel = (k * rows + j) * columns + i;
    if (labels[voxel] !== 0 || Math.hypot(i - centre[0], j - centre[1], k - centre[2]) > radius) return;
    labels[voxel] = number;
    drawn++;
  });
  return drawn > 0;
}
