import type { Grid, PointLps, Volume } from '#core/domain/geometry.ts';

/** One slice of a series: a classic instance, or one frame of an enhanced multi-frame instance. */
export interface SliceImage {
  readonly sopInstanceUid: string;
  readonly rows: number;
  readonly columns: number;
  /** Pixel Spacing (0028,0030): between rows, between columns. */
  readonly pixelSpacingMm: readonly number[];
  /** Image Orientation (Patient) (0020,0037): the direction along a row, then the one along a column. */
  readonly imageOrientation: readonly number[];
  /** Image Position (Patient) (0020,0032): the centre of the first pixel, LPS mm. */
  readonly imagePosition: readonly number[];
  /** `rows * columns` stored values, row by row. */
  readonly pixels: ArrayLike<number>;
  /** Value = stored * slope + intercept; 1 and 0 when absent. */
  readonly rescaleSlope?: number | undefined;
  readonly rescaleIntercept?: number | undefined;
  /** Only used for a series of one slice, which has no gap of its own. */
  readonly sliceThicknessMm?: number | undefined;
}

export type AssemblyErrorCode =
  | 'NO_SLICES'
  | 'MIXED_ORIENTATION'
  | 'MIXED_SIZE'
  | 'DUPLICATE_POSITION'
  | 'NON_UNIFORM_GAP'
  | 'SHEARED'
  | 'MISSING_GEOMETRY'
  | 'NOT_FINITE'
  | 'CONSTANT'
  | 'CONSTANT_SLICE'
  | 'TOO_LARGE';

/** Why slices do not form a volume; the message names the slice and the numbers. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
  readonly code: AssemblyErrorCode;

  constructor(code: AssemblyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The most voxels that a series may have, such as 512 x 512 x 512: four of this size and what is made of them fit a worker's memory. */
export const maxSeriesVoxels = 2 ** 27;

/** @throws AssemblyError TOO_LARGE */
export function checkVoxelCount(voxels: number): void {
  if (voxels <= maxSeriesVoxels) return;
  const millions = Math.round(maxSeriesVoxels / 1e6);
  throw new AssemblyError(
    'TOO_LARGE',
    `it has more than ${millions} million voxels, the most that one series may have; send it reconstructed with larger voxels`,
  );
}

/** Direction cosines are decimal strings and are often written with four digits. */
const cosineTolerance = 1e-3;
const duplicateGapMm = 0.01;
/** A gap may differ from the mean one by this share (positions are rounded, 0.05 mm is common). */
const gapTolerance = 0.02;
const gapToleranceMm = 0.02;
/** How far a slice may lie beside the line through the first one, as a share of a pixel. */
const shearTolerancePixels = 0.1;

/**
 * Assembles the slices of one series by their geometry alone: ordered by position along the normal (row x column
 * direction), never by instance number, so that the index axes are right-handed. `indexToLps` runs from the first to
 * the last slice's own position.
 * @throws AssemblyError if the slices are no regular lattice (DICOM PS3.3 C.7.6.2) or hold no image.
 */
export function assembleSeries(slices: readonly SliceImage[]): Volume<Float32Array> {
  const first = slices[0];
  if (!first) throw new AssemblyError('NO_SLICES', 'the series has no slices');
  checkVoxelCount(slices.reduce((sum, { rows, columns }) => sum + rows * columns, 0));
  for (const slice of slices) checkGeometry(slice);
  for (const slice of slices) checkAlike(first, slice);

  const normal = cross(direction(first, 0), direction(first, 3));
  const ordered = slices
    .map((slice) => ({ slice, positionMm: dot(slice.imagePosition, normal) }))
    .sort((a, b) => a.positionMm - b.positionMm);
  const step = sliceStep(ordered, normal);
  const grid = gridOf(ordered[0]!.slice, step, slices.length);
  return { grid, data: valuesOf(ordered.map(({ slice }) => slice)) };
}

interface PlacedSlice {
  readonly slice: SliceImage;
  readonly positionMm: number;
}

/** The vector from a slice to the next, mm, after all positions were held against it. */
function sliceStep(ordered: readonly PlacedSlice[], normal: PointLps): PointLps {
  const [first, last] = [ordered[0]!, ordered.at(-1)!];
  const count = ordered.length;
  if (count === 1) {
    const thicknessMm = first.slice.sliceThicknessMm;
    if (!(thicknessMm !== undefined && thicknessMm > 0))
      throw new AssemblyError('MISSING_GEOMETRY', 'the series has one slice and no slice thickness');
    return [normal[0] * thicknessMm, normal[1] * thicknessMm, normal[2] * thicknessMm];
  }
  const gapMm = (last.positionMm - first.positionMm) / (count - 1);
  const gaps = ordered.slice(1).map((placed, k) => placed.positionMm - ordered[k]!.positionMm);
  checkGaps(ordered, gaps, gapMm);
  for (const [k, { slice }] of ordered.entries()) {
    const aside = slice.imagePosition.map(
      (x, axis) => x - first.slice.imagePosition[axis]! - k * gapMm * normal[axis]!,
    );
    const along = dot(aside, normal);
    const asideMm = Math.hypot(...aside.map((x, axis) => x - along * normal[axis]!));
    if (asideMm > shearTolerancePixels * Math.min(...slice.pixelSpacingMm))
      throw new AssemblyError(
        'SHEARED',
        `slice ${slice.sopInstanceUid} lies ${asideMm.toFixed(2)} mm beside the line of the slices: the stack is sheared (gantry tilt)`,
      );
  }
  const axisStep = (axis: number): number =>
    (last.slice.imagePosition[axis]! - first.slice.imagePosition[axis]!) / (count - 1);
  return [axisStep(0), axisStep(1), axisStep(2)];
}

function checkGaps(ordered: readonly PlacedSlice[], gaps: readonly number[], gapMm: number): void {
  for (const [k, gap] of gaps.entries())
    if (gap < duplicateGapMm)
      throw new AssemblyError(
        'DUPLICATE_POSITION',
        `slices ${ordered[k]!.slice.sopInstanceUid} and ${ordered[k + 1]!.slice.sopInstanceUid} lie at the same position; the series may hold several echoes, phases or repetitions`,
      );
  const toleranceMm = Math.max(gapToleranceMm, gapTolerance * gapMm);
  for (const [k, gap] of gaps.entries())
    if (Math.abs(gap - gapMm) > toleranceMm)
      throw new AssemblyError(
        'NON_UNIFORM_GAP',
        `the gap after slice ${ordered[k]!.slice.sopInstanceUid} is ${gap.toFixed(3)} mm where the mean is ${gapMm.toFixed(3)} mm; a slice may be missing`,
      );
}

function gridOf(first: SliceImage, step: PointLps, sliceCount: number): Grid {
  const [rowSpacingMm, columnSpacingMm] = [first.pixelSpacingMm[0]!, first.pixelSpacingMm[1]!];
  const [alongRow, alongColumn] = [direction(first, 0), direction(first, 3)];
  const matrixRow = (axis: 0 | 1 | 2): number[] => [
    alongRow[axis] * columnSpacingMm,
    alongColumn[axis] * rowSpacingMm,
    step[axis],
    first.imagePosition[axis]!,
  ];
  return {
    size: [first.columns, first.rows, sliceCount],
    indexToLps: [...matrixRow(0), ...matrixRow(1), ...matrixRow(2), 0, 0, 0, 1],
  };
}

function valuesOf(ordered: readonly SliceImage[]): Float32Array {
  const sliceSize = ordered[0]!.rows * ordered[0]!.columns;
  const data = new Float32Array(sliceSize * ordered.length);
  const isConstant: boolean[] = [];
  for (const [k, { pixels, rescaleSlope = 1, rescaleIntercept = 0, sopInstanceUid }] of ordered.entries()) {
    let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let n = 0; n < sliceSize; n++) {
      const value = pixels[n]! * rescaleSlope + rescaleIntercept;
      if (!Number.isFinite(value))
        throw new AssemblyError('NOT_FINITE', `slice ${sopInstanceUid} holds ${value} at pixel ${n}`);
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      data[k * sliceSize + n] = value;
    }
    isConstant.push(lowest === highest);
  }
  const image = isConstant.indexOf(false);
  if (image < 0)
    throw new AssemblyError('CONSTANT', `no slice of the series has an image in it: the first is all ${data[0]}`);
  // Outside the head slices may be blank, as after defacing; between two with an image they are lost data.
  const blank = isConstant.indexOf(true, image);
  if (blank >= 0 && blank < isConstant.lastIndexOf(false))
    throw new AssemblyError(
      'CONSTANT_SLICE',
      `slice ${ordered[blank]!.sopInstanceUid}, between others with an image, is all ${data[blank * sliceSize]}; send it again`,
    );
  return data;
}

function checkGeometry(slice: SliceImage): void {
  const refuse = (reason: string): never => {
    throw new AssemblyError('MISSING_GEOMETRY', `slice ${slice.sopInstanceUid} ${reason}`);
  };
  const numbers = (values: readonly number[] | undefined, count: number): boolean =>
    values?.length === count && values.every(Number.isFinite);
  if (!(Number.isInteger(slice.rows) && slice.rows > 0 && Number.isInteger(slice.columns) && slice.columns > 0))
    refuse(`has ${slice.rows} rows and ${slice.columns} columns`);
  if (!numbers(slice.pixelSpacingMm, 2) || !slice.pixelSpacingMm.every((spacing) => spacing > 0))
    refuse('has no valid Pixel Spacing');
  if (!numbers(slice.imagePosition, 3)) refuse('has no valid Image Position (Patient)');
  if (!numbers(slice.imageOrientation, 6)) refuse('has no valid Image Orientation (Patient)');
  const [alongRow, alongColumn] = [direction(slice, 0), direction(slice, 3)];
  const faults = [dot(alongRow, alongRow) - 1, dot(alongColumn, alongColumn) - 1, dot(alongRow, alongColumn)];
  if (faults.some((fault) => Math.abs(fault) > 2 * cosineTolerance))
    refuse('has an Image Orientation (Patient) that is not two perpendicular unit vectors');
}

function checkAlike(first: SliceImage, slice: SliceImage): void {
  if (slice.imageOrientation.some((cosine, n) => Math.abs(cosine - first.imageOrientation[n]!) > cosineTolerance))
    throw new AssemblyError(
      'MIXED_ORIENTATION',
      `slices ${first.sopInstanceUid} and ${slice.sopInstanceUid} have different orientations; a localizer may be mixed in`,
    );
  const sameSpacing = slice.pixelSpacingMm.every(
    (spacing, n) => Math.abs(spacing / first.pixelSpacingMm[n]! - 1) <= cosineTolerance,
  );
  if (slice.rows !== first.rows || slice.columns !== first.columns || !sameSpacing)
    throw new AssemblyError(
      'MIXED_SIZE',
      `slice ${slice.sopInstanceUid} is ${sizeOf(slice)} where ${first.sopInstanceUid} is ${sizeOf(first)}`,
    );
  if (slice.pixels.length !== slice.rows * slice.columns)
    throw new AssemblyError(
      'MIXED_SIZE',
      `slice ${slice.sopInstanceUid} holds ${slice.pixels.length} values for ${sizeOf(slice)}`,
    );
}

const sizeOf = ({ columns, rows, pixelSpacingMm }: SliceImage): string =>
  `${columns} x ${rows} pixels of ${pixelSpacingMm[1]} x ${pixelSpacingMm[0]} mm`;

const direction = ({ imageOrientation: o }: SliceImage, from: 0 | 3): PointLps => [
  o[from]!,
  o[from + 1]!,
  o[from + 2]!,
];

const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

function cross(a: PointLps, b: PointLps): PointLps {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
