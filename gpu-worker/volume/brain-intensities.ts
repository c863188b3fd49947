import {
  type Grid,
  type PointLps,
  transformPoint,
  type Volume,
  type VoxelArray,
  voxelVolumeMm3,
} from '#core/domain/geometry.ts';

/** What BET takes from the histogram before the surface grows (paper, "Estimation of basic image parameters"). */
export interface BrainIntensities {
  /** Robust minimum and maximum: 2nd and 98th percentile of all voxels. */
  readonly t2: number;
  readonly t98: number;
  /** A tenth of the way between: roughly separates head from background. */
  readonly t: number;
  /** Median inside the initial sphere, of voxels between t2 and t98. */
  readonly tm: number;
  /** Centre of gravity of the head, LPS mm. */
  readonly centre: PointLps;
  /** Radius of the sphere of the head's volume, mm. */
  readonly radiusMm: number;
}

/** How far below the top of the head the histogram and the centre are taken from, mm. */
const cranialMm = 150;

/**
 * The paper's estimates, from the uppermost 150 mm of the head alone (ours): a face and a neck in the field of view would draw the
 * centre down to the base of the skull and the median to that of muscle.
 * @throws RangeError if the volume holds nothing brighter than its background
 */
export function brainIntensities(volume: Volume<VoxelArray>): BrainIntensities {
  const { grid, data } = volume;
  const [lowest, highest] = robustRange(data);
  if (!(highest > lowest))
    throw new RangeError(`the volume holds no head: its 2nd and 98th percentiles are both ${lowest}`);
  const lowestZ = headTopMm(volume, threshold(lowest, highest)) - cranialMm;
  const upper: Volume<VoxelArray> = { grid, data: new Float32Array(data) };
  eachRow(upper.grid, (row, zMm, stepMm, columns) => {
    for (let i = 0; i < columns; i++) if (!(zMm + i * stepMm > lowestZ)) upper.data[row + i] = Number.NaN;
  });
  const [t2, t98] = robustRange(upper.data);
  if (!(t98 > t2)) throw new RangeError(`the volume holds no head: its 2nd and 98th percentiles are both ${t2}`);
  const t = threshold(t2, t98);
  const { centre, radiusMm } = centreOfGravity(upper, t2, t98, t);
  return { t2, t98, t, tm: medianInSphere(upper, centre, radiusMm, t2, t98), centre, radiusMm };
}

/** Roughly separates head from background. */
const threshold = (t2: number, t98: number): number => t2 + 0.1 * (t98 - t2);

/** Calls with the index of each row's first voxel, its height above the patient's origin, and how that changes along the row, mm. */
function eachRow(grid: Grid, visit: (row: number, zMm: number, stepMm: number, columns: number) => void): void {
  const [columns, rows, slices] = grid.size;
  const m = grid.indexToLps;
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) visit((k * rows + j) * columns, m[9]! * j + m[10]! * k + m[11]!, m[8]!, columns);
}

/** The height of the uppermost millimetre that holds 1 ml brighter than `t`, LPS mm: noise above the head holds less. */
function headTopMm({ grid, data }: Volume<VoxelArray>, t: number): number {
  const [columns, rows, slices] = grid.size;
  const m = grid.indexToLps;
  const spans = [m[8]! * (columns - 1), m[9]! * (rows - 1), m[10]! * (slices - 1)];
  const lowestZ = Math.floor(spans.reduce((z, span) => z + Math.min(0, span), m[11]!));
  const counts = new Uint32Array(Math.ceil(spans.reduce((height, span) => height + Math.abs(span), 0)) + 2);
  eachRow(grid, (row, zMm, stepMm, columns) => {
    for (let i = 0; i < columns; i++) {
      if (!(data[row + i]! > t)) continue;
      counts[Math.floor(zMm + i * stepMm - lowestZ)]!++;
    }
  });
  const voxelMm3 = voxelVolumeMm3(grid);
  const filled = counts.findLastIndex((count) => count * voxelMm3 >= 1000);
  return lowestZ + (filled >= 0 ? filled : counts.length);
}

function centreOfGravity(
  { grid, data }: Volume<VoxelArray>,
  t2: number,
  t98: number,
  t: number,
): Pick<BrainIntensities, 'centre' | 'radiusMm'> {
  const [columns, rows] = grid.size;
  let [weight, sumI, sumJ, sumK, headVoxels] = [0, 0, 0, 0, 0];
  for (let n = 0, k = 0; n < data.length; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (!(data[n]! > t)) continue;
        const w = Math.min(data[n]! - t2, t98 - t2);
        headVoxels++;
        weight += w;
        sumI += w * i;
        sumJ += w * j;
        sumK += w * k;
      }
  const centreIndex: PointLps = [sumI / weight, sumJ / weight, sumK / weight];
  return {
    centre: transformPoint(grid.indexToLps, centreIndex),
    radiusMm: Math.cbrt((3 * headVoxels * voxelVolumeMm3(grid)) / (4 * Math.PI)),
  };
}

/** The 2nd and 98th percentile of the values that are not NaN, to 1/65536 of their range. */
export function robustRange(data: VoxelArray): readonly [t2: number, t98: number] {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < data.length; n++) {
    const value = data[n]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (!(highest > lowest)) return [lowest, lowest];
  const histogram = new FineHistogram(lowest, highest);
  for (let n = 0; n < data.length; n++) if (!Number.isNaN(data[n])) histogram.add(data[n]!);
  return [histogram.percentile(0.02), histogram.percentile(0.98)];
}

class FineHistogram {
  readonly #counts = new Uint32Array(65536);
  readonly #lowest: number;
  readonly #binsPerUnit: number;
  #total = 0;

  constructor(lowest: number, highest: number) {
    this.#lowest = lowest;
    this.#binsPerUnit = this.#counts.length / (highest - lowest);
  }

  add(value: number): void {
    const bin = Math.floor((value - this.#lowest) * this.#binsPerUnit);
    this.#counts[Math.min(this.#counts.length - 1, bin)]!++;
    this.#total++;
  }

  /** The lower edge of the bin that holds this share of the values; NaN if there are none. */
  percentile(share: number): number {
    let below = 0;
    for (const [bin, count] of this.#counts.entries())
      if ((below += count) > share * this.#total) return this.#lowest + bin / this.#binsPerUnit;
    return Number.NaN;
  }
}

/** Halfway between t2 and t98 if the sphere holds nothing between them. */
function medianInSphere(
  { grid, data }: Volume<VoxelArray>,
  centre: PointLps,
  radiusMm: number,
  t2: number,
  t98: number,
): number {
  const [columns, rows, slices] = grid.size;
  const m = grid.indexToLps;
  const inside = new FineHistogram(t2, t98);
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const x = m[1]! * j + m[2]! * k + m[3]! - centre[0];
      const y = m[5]! * j + m[6]! * k + m[7]! - centre[1];
      const z = m[9]! * j + m[10]! * k + m[11]! - centre[2];
      const row = (k * rows + j) * columns;
      for (let i = 0; i < columns; i++) {
        const value = data[row + i]!;
        if (!(value > t2 && value < t98)) continue;
        const [dx, dy, dz] = [x + m[0]! * i, y + m[4]! * i, z + m[8]! * i];
        if (dx * dx + dy * dy + dz * dz < radiusMm * radiusMm) inside.add(value);
      }
    }
  const median = inside.percentile(0.5);
  return Number.isNaN(median) ? (t2 + t98) / 2 : median;
}
