/** A point or a direction in DICOM patient coordinates (LPS), mm. */
export type PointLps = readonly [x: number, y: number, z: number];

/** A 4x4 matrix by rows. */
export type Matrix4 = readonly number[];

/** A regular lattice of voxels in the patient. */
export interface Grid {
  /** Numbers of voxels: columns (i), rows (j), slices (k). */
  readonly size: readonly [columns: number, rows: number, slices: number];
  /** Voxel index (i, j, k, 1), the centre of a voxel, to LPS mm. */
  readonly indexToLps: Matrix4;
}

export type VoxelArray = Float32Array | Int16Array | Uint16Array | Uint8Array;

/** Values on a grid; voxel (i, j, k) is `data[(k * rows + j) * columns + i]`. */
export interface Volume<T extends VoxelArray = Float32Array> {
  readonly grid: Grid;
  readonly data: T;
}

/** A label volume: 0 is background, n the lesion number n. */
export type LabelVolume = Volume<Uint16Array>;

/** Distance of neighbouring voxels along columns, rows and slices, mm. */
export function spacingMm({ indexToLps: m }: Grid): readonly [number, number, number] {
  const column = (c: number): number => Math.hypot(m[c]!, m[4 + c]!, m[8 + c]!);
  return [column(0), column(1), column(2)];
}

export function voxelVolumeMm3(grid: Grid): number {
  const [x, y, z] = spacingMm(grid);
  return x * y * z;
}

export function voxelCount({ size: [columns, rows, slices] }: Grid): number {
  return columns * rows * slices;
}

/** Applies a 4x4 matrix to a point. */
export function transformPoint(m: Matrix4, [x, y, z]: PointLps): PointLps {
  return [
    m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
    m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
    m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
  ];
}

/** The product a b. */
export function multiply(a: Matrix4, b: Matrix4): Matrix4 {
  return Array.from({ length: 16 }, (_, n) => {
    const [row, column] = [n - (n % 4), n % 4];
    return (
      a[row]! * b[column]! + a[row + 1]! * b[4 + column]! + a[row + 2]! * b[8 + column]! + a[row + 3]! * b[12 + column]!
    );
  });
}

/** The inverse of an affine 4x4 matrix, whose last row is 0 0 0 1. @throws RangeError if it is singular. */
export function invertAffine(m: Matrix4): Matrix4 {
  const [a, b, c, d, e, f, g, h, i] = [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[6]!, m[8]!, m[9]!, m[10]!];
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-12)) throw new RangeError(`singular matrix, determinant ${determinant}`);
  const r = [
    (e * i - f * h) / determinant,
    (c * h - b * i) / determinant,
    (b * f - c * e) / determinant,
    (f * g - d * i) / determinant,
    (a * i - c * g) / determinant,
    (c * d - a * f) / determinant,
    (d * h - e * g) / determinant,
    (b * g - a * h) / determinant,
    (a * e - b * d) / determinant,
  ];
  const shift = (row: number): number => -(r[row]! * m[3]! + r[row + 1]! * m[7]! + r[row + 2]! * m[11]!);
  return [r[0]!, r[1]!, r[2]!, shift(0), r[3]!, r[4]!, r[5]!, shift(3), r[6]!, r[7]!, r[8]!, shift(6), 0, 0, 0, 1];
}

/** True if the grids have the same size and no corner lies further apart than `toleranceMm`. */
export function sameGrid(a: Grid, b: Grid, toleranceMm = 1e-2): boolean {
  if (a.size.some((n, axis) => n !== b.size[axis])) return false;
  const [columns, rows, slices] = a.size;
  for (const i of [0, columns - 1])
    for (const j of [0, rows - 1])
      for (const k of [0, slices - 1]) {
        const [p, q] = [transformPoint(a.indexToLps, [i, j, k]), transformPoint(b.indexToLps, [i, j, k])];
        if (Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > toleranceMm) return false;
      }
  return true;
}
