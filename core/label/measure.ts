import { type LabelVolume, spacingMm, transformPoint, voxelVolumeMm3 } from '../domain/geometry.ts';
import type { LesionMeasure } from '../domain/lesion.ts';
import { type VoxelList, voxelLists } from './voxel-lists.ts';

/**
 * Measures every lesion of a label volume, by number; numbers without a voxel are left out.
 *
 * The longest diameter is the longest distance of two voxel centres of one slice plus one in-plane voxel edge (the mean
 * of the two), as a reader's calliper reaches from outer edge to outer edge. The perpendicular diameter is the longest
 * such distance in the same slice whose direction is within 10 degrees of the right angle, between first and last
 * voxels of rows and columns; one voxel edge if there is none. Of equally long diameters that with the longest
 * perpendicular counts, then that of the lowest slice.
 */
export function measureLesions(label: LabelVolume): LesionMeasure[] {
  const measures: LesionMeasure[] = [];
  voxelLists(label.data).forEach((voxels, number) => {
    if (voxels.length > 0) measures.push(measureLesion(label, voxels, number));
  });
  return measures;
}

/** Measures one lesion, given by its voxels in a volume on the grid. */
export function measureLesion({ grid }: Pick<LabelVolume, 'grid'>, voxels: VoxelList, number: number): LesionMeasure {
  const [columns, rows] = grid.size;
  const spacing = spacingMm(grid);
  const slices = new Map<number, Pixel[]>();
  const sum: [number, number, number] = [0, 0, 0];
  for (const voxel of voxels) {
    const [i, j, k] = [voxel % columns, Math.floor(voxel / columns) % rows, Math.floor(voxel / (columns * rows))];
    sum[0] += i;
    sum[1] += j;
    sum[2] += k;
    const slice = slices.get(k);
    if (slice === undefined) slices.set(k, [[i, j]]);
    else slice.push([i, j]);
  }
  const [i, j, k] = sum.map((total) => total / voxels.length) as [number, number, number];
  return {
    number,
    voxelCount: voxels.length,
    volumeMm3: voxels.length * voxelVolumeMm3(grid),
    ...longestDiameter(slices, [spacing[0], spacing[1]]),
    sliceCount: slices.size,
    centroidLps: transformPoint(grid.indexToLps, [i, j, k]),
  };
}

type Pixel = readonly [column: number, row: number];
type Chord = readonly [dx: number, dy: number, lengthMm: number];

/** Lengths closer than this are the same but for rounding. */
const roundingMm = 1e-9;
const tenDegrees = Math.sin((10 * Math.PI) / 180);

function longestDiameter(
  slices: ReadonlyMap<number, readonly Pixel[]>,
  spacing: readonly [number, number],
): Pick<LesionMeasure, 'longestDiameterMm' | 'perpendicularDiameterMm' | 'sliceIndex'> {
  const found = Array.from(slices, ([sliceIndex, pixels]) => ({
    sliceIndex,
    pixels,
    chords: longestChords(convexHull(rowEnds(pixels)), spacing),
  }));
  const longest = found.reduce((most, { chords }) => Math.max(most, chords[0]![2]), 0);
  let best = { sliceIndex: 0, perpendicular: -1 };
  for (const { sliceIndex, pixels, chords } of found) {
    if (chords[0]![2] < longest - roundingMm) continue;
    const border = outline(pixels);
    for (const chord of chords) {
      const perpendicular = longestAcross(border, chord, spacing);
      if (perpendicular > best.perpendicular + roundingMm) best = { sliceIndex, perpendicular };
    }
  }
  const edge = (spacing[0] + spacing[1]) / 2;
  return {
    longestDiameterMm: longest + edge,
    perpendicularDiameterMm: best.perpendicular + edge,
    sliceIndex: best.sliceIndex,
  };
}

/** First and last pixel of each row: they hold all corners of the convex hull. Pixels come in scan order. */
function rowEnds(pixels: readonly Pixel[]): Pixel[] {
  return pixels.filter(([, row], n) => pixels[n - 1]?.[1] !== row || pixels[n + 1]?.[1] !== row);
}

/** Corners of the convex hull, by Andrew's monotone chain; points come sorted by row, then column. */
function convexHull(points: readonly Pixel[]): Pixel[] {
  if (points.length < 3) return [...points];
  const half = (sorted: readonly Pixel[]): Pixel[] => {
    const chain: Pixel[] = [];
    for (const p of sorted) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half(points.toReversed())];
}

function turn(a: Pixel, b: Pixel, c: Pixel): number {
  return (b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]);
}

/** All chords between points as long as the longest, at least one. */
function longestChords(points: readonly Pixel[], [x, y]: readonly [number, number]): Chord[] {
  let chords: Chord[] = [[0, 0, 0]];
  for (let m = 0; m < points.length; m++)
    for (let n = m + 1; n < points.length; n++) {
      const [dx, dy] = [(points[n]![0] - points[m]![0]) * x, (points[n]![1] - points[m]![1]) * y];
      const length = Math.hypot(dx, dy);
      if (length > chords[0]![2] + roundingMm) chords = [[dx, dy, length]];
      else if (length > chords[0]![2] - roundingMm) chords.push([dx, dy, length]);
    }
  return chords;
}

/**
 * First and last pixel of each row and of each column: what an outline shows of a region, however ragged that is
 * inside.
 */
function outline(pixels: readonly Pixel[]): Pixel[] {
  const byColumn = pixels.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const columnEnds = byColumn.filter(([i], n) => byColumn[n - 1]?.[0] !== i || byColumn[n + 1]?.[0] !== i);
  return [...new Set([...rowEnds(pixels), ...columnEnds])];
}

/**
 * Longest distance between two points in a direction within 10 degrees of the right angle to the chord; 0 if there is
 * none.
 */
function longestAcross(points: readonly Pixel[], [cx, cy, chord]: Chord, [x, y]: readonly [number, number]): number {
  let longest = 0;
  if (chord === 0) return longest;
  for (let m = 0; m < points.length; m++)
    for (let n = m + 1; n < points.length; n++) {
      const [dx, dy] = [(points[n]![0] - points[m]![0]) * x, (points[n]![1] - points[m]![1]) * y];
      const length = Math.sqrt(dx * dx + dy * dy);
      if (length <= longest) continue;
      if (Math.abs(dx * cx + dy * cy) <= length * chord * tenDegrees + roundingMm) longest = length;
    }
  return longest;
}
