import {
  type Grid,
  invertAffine,
  type Matrix4,
  multiply,
  type Volume,
  type VoxelArray,
  voxelCount,
} from '#core/domain/geometry.ts';

export type Interpolation = 'linear' | 'nearest';

/**
 * The volume on another grid. `gridLpsToVolumeLps` takes a point of the grid's space, LPS mm, to the same anatomy in
 * the volume's space. A voxel extends half a step around its centre: outside the voxels of the volume the result is 0,
 * between the centre of an outermost voxel and its face it is that voxel's value. 'linear' is trilinear, and may be given
 * another value for the outside.
 * @throws RangeError if the volume's matrix is singular.
 */
export function resample<T extends VoxelArray>(
  volume: Volume<T>,
  grid: Grid,
  gridLpsToVolumeLps: Matrix4,
  interpolation: 'nearest',
): Volume<T>;
export function resample(
  volume: Volume<VoxelArray>,
  grid: Grid,
  gridLpsToVolumeLps: Matrix4,
  interpolation: 'linear',
  outsideValue?: number,
): Volume<Float32Array>;
export function resample(
  volume: Volume<VoxelArray>,
  grid: Grid,
  gridLpsToVolumeLps: Matrix4,
  interpolation: Interpolation,
  outsideValue = 0,
): Volume<VoxelArray> {
  const m = indexToIndex(grid, volume.grid, gridLpsToVolumeLps);
  const linear = interpolation === 'linear';
  const data: VoxelArray = linear
    ? new Float32Array(voxelCount(grid))
    : new (volume.data.constructor as new (length: number) => VoxelArray)(voxelCount(grid));
  if (outsideValue !== 0) data.fill(outsideValue);
  const [columns, rows, slices] = grid.size;
  const fillRow = linear ? fillRowLinear : fillRowNearest;
  const step: Triple = [m[0]!, m[4]!, m[8]!];
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++) {
      const start: Triple = [
        m[1]! * j + m[2]! * k + m[3]!,
        m[5]! * j + m[6]! * k + m[7]!,
        m[9]! * j + m[10]! * k + m[11]!,
      ];
      const [from, to] = insideRange(start, step, volume.grid.size, columns);
      if (from < to) fillRow(volume, data, (k * rows + j) * columns, start, step, from, to);
    }
  return { grid, data };
}

/** Takes a voxel index of the grid to the index of the same anatomy in a volume. @throws RangeError if the volume's matrix is singular. */
const indexToIndex = (grid: Grid, volumeGrid: Grid, gridLpsToVolumeLps: Matrix4): Matrix4 =>
  multiply(multiply(invertAffine(volumeGrid.indexToLps), gridLpsToVolumeLps), grid.indexToLps);

/**
 * The slices of a volume from which `resample` with 'linear' takes something for each slice of the grid: the first and the last, or null
 * where the grid's slice lies outside of the volume.
 * @throws RangeError if the volume's matrix is singular.
 */
export function contributingSlices(
  volumeGrid: Grid,
  grid: Grid,
  gridLpsToVolumeLps: Matrix4,
): (readonly [first: number, last: number] | null)[] {
  const m = indexToIndex(grid, volumeGrid, gridLpsToVolumeLps);
  const [columns, rows, slices] = grid.size;
  const end = volumeGrid.size[2] - 1;
  return Array.from({ length: slices }, (_, k) => {
    const corners = [0, columns - 1].flatMap((i) =>
      [0, rows - 1].map((j) => m[8]! * i + m[9]! * j + m[10]! * k + m[11]!),
    );
    const [least, most] = [Math.min(...corners), Math.max(...corners)];
    if (most < -0.5 - faceTolerance || least > end + 0.5 + faceTolerance) return null;
    const within = (z: number): number => Math.min(end, Math.max(0, z));
    return [within(Math.floor(least + faceTolerance)), within(Math.ceil(most - faceTolerance))];
  });
}

type Triple = readonly [number, number, number];

/** Rounding must not push the outermost sample of a grid that ends where the volume ends to the outside. */
const faceTolerance = 1e-6;

/** The half-open range of i for which start + i step lies within the voxels of a volume of this size. */
function insideRange(start: Triple, step: Triple, size: Triple, columns: number): [number, number] {
  let [from, to] = [0, columns];
  for (let axis = 0; axis < 3; axis++) {
    const [lowest, highest] = [-0.5 - faceTolerance, size[axis]! - 0.5 + faceTolerance];
    const [origin, increment] = [start[axis]!, step[axis]!];
    if (Math.abs(increment) < 1e-12) {
      if (origin < lowest || origin > highest) return [0, 0];
      continue;
    }
    const [a, b] = [(lowest - origin) / increment, (highest - origin) / increment];
    from = Math.max(from, Math.ceil(Math.min(a, b)));
    to = Math.min(to, Math.floor(Math.max(a, b)) + 1);
  }
  return [from, to];
}

type FillRow = (
  volume: Volume<VoxelArray>,
  out: VoxelArray,
  offset: number,
  start: Triple,
  step: Triple,
  from: number,
  to: number,
) => void;

const fillRowLinear: FillRow = ({ grid, data }, out, offset, start, step, from, to) => {
  const [columns, rows, slices] = grid.size;
  const [lastX, lastY, lastZ] = [columns - 1, rows - 1, slices - 1];
  const plane = columns * rows;
  const [startX, startY, startZ] = start;
  const [stepX, stepY, stepZ] = step;
  for (let i = from; i < to; i++) {
    const x = Math.min(lastX, Math.max(0, startX + i * stepX));
    const y = Math.min(lastY, Math.max(0, startY + i * stepY));
    const z = Math.min(lastZ, Math.max(0, startZ + i * stepZ));
    const [x0, y0, z0] = [x | 0, y | 0, z | 0];
    const [fx, fy, fz] = [x - x0, y - y0, z - z0];
    const n = z0 * plane + y0 * columns + x0;
    const dx = x0 < lastX ? 1 : 0;
    const dy = y0 < lastY ? columns : 0;
    const dz = z0 < lastZ ? plane : 0;
    const a = data[n]! + fx * (data[n + dx]! - data[n]!);
    const b = data[n + dy]! + fx * (data[n + dy + dx]! - data[n + dy]!);
    const c = data[n + dz]! + fx * (data[n + dz + dx]! - data[n + dz]!);
    const d = data[n + dz + dy]! + fx * (data[n + dz + dy + dx]! - data[n + dz + dy]!);
    const near = a + fy * (b - a);
    out[offset + i] = near + fz * (c + fy * (d - c) - near);
  }
};

const fillRowNearest: FillRow = ({ grid, data }, out, offset, start, step, from, to) => {
  const [columns, rows, slices] = grid.size;
  const nearest = (x: number, last: number): number => Math.min(last, Math.max(0, Math.floor(x + 0.5)));
  for (let i = from; i < to; i++) {
    const x = nearest(start[0] + i * step[0], columns - 1);
    const y = nearest(start[1] + i * step[1], rows - 1);
    const z = nearest(start[2] + i * step[2], slices - 1);
    out[offset + i] = data[(z * rows + y) * columns + x]!;
  }
};
