import { DomainError } from '../domain/errors.ts';
import {
  type Grid,
  invertAffine,
  type LabelVolume,
  multiply,
  spacingMm,
  transformPoint,
  voxelCount,
  voxelVolumeMm3,
} from '../domain/geometry.ts';
import { components, neighbourSteps } from './components.ts';
import { cutBox, type VoxelList, voxelLists } from './voxel-lists.ts';

/** What became of a segment, by its number. */
export interface ResampledSegment {
  readonly number: number;
  readonly voxelCountBefore: number;
  readonly volumeMm3Before: number;
  readonly voxelCountAfter: number;
  readonly volumeMm3After: number;
}

/** How a voxel of the grid comes by its segment. */
export type ResamplingRule = 'NEAREST' | 'PARTIAL_VOLUME';

export interface ResampledLabel {
  readonly label: LabelVolume;
  readonly rule: ResamplingRule;
  /** Those with a voxel, by number. */
  readonly segments: readonly ResampledSegment[];
}

/**
 * Brings a label onto another grid of the same frame of reference.
 *
 * NEAREST, for a label whose voxels are no finer than the grid's: each voxel takes the value in which its centre lies. Every voxel of
 * the label is met by about as many centres as its volume asks for; a majority would shave the corners off its steps.
 * PARTIAL_VOLUME, for a finer one, of which centres would pick voxels by chance: a voxel is labelled if more than half of its volume is,
 * and takes the segment that has most of it; at exactly half, the value in which its centre lies decides. Volume is told by 512 samples
 * of a voxel, to about a hundredth of it.
 * @throws DomainError GRID_MISMATCH if a part of the label lies outside the grid, or if a segment vanishes, falls apart, or touches or
 * ceases to touch another: lesions would be other ones than were drawn
 */
export function resampleLabel(label: LabelVolume, grid: Grid): ResampledLabel {
  const before = voxelLists(label.data);
  refuseOutside(label, before, grid);
  const rule = ruleFor(label.grid, grid);
  const data = sampled(label, candidates(label, before, grid), grid, rule);
  const resampled = { grid, data };
  const after = voxelLists(data);
  const numbers = before.flatMap((voxels, number) => (voxels.length > 0 ? [number] : []));
  const segments = numbers.map((number) => ({
    number,
    voxelCountBefore: before[number]!.length,
    volumeMm3Before: before[number]!.length * voxelVolumeMm3(label.grid),
    voxelCountAfter: after[number]?.length ?? 0,
    volumeMm3After: (after[number]?.length ?? 0) * voxelVolumeMm3(grid),
  }));
  refuseChangedLesions(label, before, resampled, after, segments);
  return { label: resampled, rule, segments };
}

/** Spacings that differ by less are the same, as 0.9375 and 0.94. */
const sameSpacing = 0.99;

function ruleFor(from: Grid, to: Grid): ResamplingRule {
  const noFiner = Math.min(...spacingMm(from)) >= sameSpacing * Math.min(...spacingMm(to));
  return noFiner && voxelVolumeMm3(from) >= sameSpacing * voxelVolumeMm3(to) ? 'NEAREST' : 'PARTIAL_VOLUME';
}

const refuse = (message: string): never => {
  throw new DomainError('GRID_MISMATCH', message);
};

type Axes = readonly [number, number, number];

/** Column, row and slice of a voxel. */
const placeOf = (voxel: number, [columns, rows]: Grid['size']): Axes => [
  voxel % columns,
  Math.floor(voxel / columns) % rows,
  Math.floor(voxel / (columns * rows)),
];

function refuseOutside(label: LabelVolume, lists: readonly VoxelList[], grid: Grid): void {
  const toGrid = multiply(invertAffine(grid.indexToLps), label.grid.indexToLps);
  // Rounding of decimal strings moves nobody out.
  const slack = 1e-3;
  const isInside = (voxel: number): boolean =>
    transformPoint(toGrid, placeOf(voxel, label.grid.size)).every(
      (at, axis) => at >= -0.5 - slack && at <= grid.size[axis]! - 0.5 + slack,
    );
  lists.forEach((voxels, number) => {
    let outside = 0;
    for (const voxel of voxels) if (!isInside(voxel)) outside++;
    if (outside > 0)
      refuse(
        `${outside} of the ${voxels.length} voxels of segment ${number} (${(outside * voxelVolumeMm3(label.grid)).toFixed(0)} mm3) lie outside BRAVO; a label is not cut off.`,
      );
  });
}

/** Half the extent, along each axis of the target, of one voxel that `matrix` maps there, in voxels. */
const halfExtents = (m: readonly number[]): Axes =>
  [0, 4, 8].map((row) => (Math.abs(m[row]!) + Math.abs(m[row + 1]!) + Math.abs(m[row + 2]!)) / 2) as unknown as Axes;

/** The voxels of the grid that a labelled voxel may reach. */
function candidates(label: LabelVolume, lists: readonly VoxelList[], grid: Grid): Uint8Array {
  const toGrid = multiply(invertAffine(grid.indexToLps), label.grid.indexToLps);
  const half = halfExtents(toGrid);
  const [columns, rows] = grid.size;
  const marked = new Uint8Array(voxelCount(grid));
  for (const voxels of lists)
    for (const voxel of voxels) {
      const at = transformPoint(toGrid, placeOf(voxel, label.grid.size));
      const low = at.map((x, axis) => Math.max(0, Math.ceil(x - half[axis]! - 0.5)));
      const high = at.map((x, axis) => Math.min(grid.size[axis]! - 1, Math.floor(x + half[axis]! + 0.5)));
      for (let k = low[2]!; k <= high[2]!; k++)
        for (let j = low[1]!; j <= high[1]!; j++) {
          const row = (k * rows + j) * columns;
          marked.fill(1, row + low[0]!, row + high[0]! + 1);
        }
    }
  return marked;
}

function sampled(label: LabelVolume, marked: Uint8Array, grid: Grid, rule: ResamplingRule): Uint16Array<ArrayBuffer> {
  const toLabel = multiply(invertAffine(label.grid.indexToLps), grid.indexToLps);
  const half = halfExtents(toLabel);
  const offsets = sampleOffsets(toLabel);
  const data = new Uint16Array(marked.length);
  const votes = new Votes(label);
  for (let voxel = 0; voxel < marked.length; voxel++) {
    if (marked[voxel] === 0) continue;
    const centre = transformPoint(toLabel, placeOf(voxel, grid.size));
    data[voxel] =
      rule === 'NEAREST' ? votes.at(...centre) : (votes.uniform(centre, half) ?? votes.most(centre, offsets));
  }
  return data;
}

/** Pairs of samples of a voxel, one opposite the other: planes through its centre then halve it exactly. */
const samplePairs = 256;
/** 1 / g, 1 / g^2 and 1 / g^3 of the g with g^4 = g + 1: steps by these fill a cube evenly, and each of its axes too (M. Roberts' R3 sequence). */
const evenSteps: Axes = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703];

/** Where samples of a voxel lie about its centre, in voxels of the label, x y z by x y z. */
function sampleOffsets(m: readonly number[]): Float64Array {
  const offsets = new Float64Array(6 * samplePairs);
  for (let pair = 0; pair < samplePairs; pair++) {
    const [x, y, z] = evenSteps.map((step) => ((0.5 + (pair + 1) * step) % 1) - 0.5) as [number, number, number];
    for (const [n, row] of [0, 4, 8].entries()) {
      const offset = m[row]! * x + m[row + 1]! * y + m[row + 2]! * z;
      offsets[6 * pair + n] = offset;
      offsets[6 * pair + 3 + n] = -offset;
    }
  }
  return offsets;
}

/** Asks a label what is at places given in its voxels; nothing lies beyond it. */
class Votes {
  readonly #label: LabelVolume;
  readonly #counts = new Map<number, number>();

  constructor(label: LabelVolume) {
    this.#label = label;
  }

  at(x: number, y: number, z: number): number {
    const { grid, data } = this.#label;
    const [columns, rows, slices] = grid.size;
    // Borders that rounding has moved belong to the voxel above, on every machine.
    const [i, j, k] = [Math.floor(x + 0.5 + 1e-9), Math.floor(y + 0.5 + 1e-9), Math.floor(z + 0.5 + 1e-9)];
    if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return 0;
    return data[(k * rows + j) * columns + i]!;
  }

  /** The one value of all voxels within reach; undefined if there are several. */
  uniform([x, y, z]: Axes, half: Axes): number | undefined {
    const first = this.at(x, y, z);
    for (let k = Math.round(z - half[2]); k <= Math.round(z + half[2]); k++)
      for (let j = Math.round(y - half[1]); j <= Math.round(y + half[1]); j++)
        for (let i = Math.round(x - half[0]); i <= Math.round(x + half[0]); i++)
          if (this.at(i, j, k) !== first) return undefined;
    return first;
  }

  /** The segment that has most of a voxel which is labelled by more than half, else 0. */
  most([x, y, z]: Axes, offsets: Float64Array): number {
    const counts = this.#counts;
    counts.clear();
    for (let n = 0; n < offsets.length; n += 3) {
      const value = this.at(x + offsets[n]!, y + offsets[n + 1]!, z + offsets[n + 2]!);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const background = counts.get(0) ?? 0;
    const labelled = offsets.length / 3 - background;
    const centre = this.at(x, y, z);
    if (labelled < background || (labelled === background && centre === 0)) return 0;
    let best = centre;
    let most = centre === 0 ? 0 : (counts.get(centre) ?? 0);
    for (const [value, count] of counts)
      if (value !== 0 && (count > most || (count === most && best !== centre && value < best)))
        [best, most] = [value, count];
    return best;
  }
}

/** Lesions are 26-connected components: there shall be as many of them after as before, and the same ones. */
function refuseChangedLesions(
  from: LabelVolume,
  before: readonly VoxelList[],
  to: LabelVolume,
  after: readonly VoxelList[],
  segments: readonly ResampledSegment[],
): void {
  const gone = segments.filter(({ voxelCountAfter }) => voxelCountAfter === 0);
  if (gone.length > 0)
    refuse(
      `Nothing would be left of segment ${gone.map(({ number, volumeMm3Before }) => `${number} (${volumeMm3Before.toFixed(1)} mm3)`).join(', ')} on BRAVO's grid.`,
    );
  for (const { number } of segments) {
    const [parts, partsAfter] = [partCount(from, before[number]!), partCount(to, after[number]!)];
    if (parts !== partsAfter)
      refuse(`Segment ${number} has ${parts} separate parts and would have ${partsAfter} on BRAVO's grid.`);
  }
  const [pairs, pairsAfter] = [touching(from), touching(to)];
  const joined = [...pairsAfter].find((pair) => !pairs.has(pair));
  const parted = [...pairs].find((pair) => !pairsAfter.has(pair));
  if (joined !== undefined) refuse(`Segments ${joined} would touch on BRAVO's grid, and do not as they were drawn.`);
  if (parted !== undefined) refuse(`Segments ${parted} touch as they were drawn, and would not on BRAVO's grid.`);
}

function partCount({ grid }: LabelVolume, voxels: VoxelList): number {
  const { size, masks } = cutBox([voxels], grid.size, 0);
  return components(masks[0]!, size, 26).count;
}

/** Pairs of segments of which voxels are neighbours, such as "1 and 2". */
function touching({ grid, data }: LabelVolume): Set<string> {
  const [columns, rows, slices] = grid.size;
  const forward = neighbourSteps(26).filter(([i, j, k]) => k > 0 || (k === 0 && (j > 0 || (j === 0 && i > 0))));
  const pairs = new Set<string>();
  for (let voxel = 0; voxel < data.length; voxel++) {
    const own = data[voxel]!;
    if (own === 0) continue;
    const [i, j, k] = placeOf(voxel, grid.size);
    for (const [di, dj, dk] of forward) {
      const [x, y, z] = [i + di, j + dj, k + dk];
      if (x < 0 || y < 0 || x >= columns || y >= rows || z >= slices) continue;
      const other = data[(z * rows + y) * columns + x]!;
      if (other !== 0 && other !== own) pairs.add(`${Math.min(own, other)} and ${Math.max(own, other)}`);
    }
  }
  return pairs;
}
