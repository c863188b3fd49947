import { multiply, type Volume, type VoxelArray, voxelCount } from '#core/domain/geometry.ts';

/** The volume with half as many voxels along one axis, each the mean of two; an odd last one is dropped. */
export function halveAxis({ grid, data }: Volume<VoxelArray>, axis: 0 | 1 | 2): Volume<Float32Array> {
  const size: [number, number, number] = [...grid.size];
  size[axis] = Math.floor(size[axis]! / 2);
  const newToOld = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  newToOld[5 * axis] = 2;
  newToOld[4 * axis + 3] = 0.5;
  const small = { size, indexToLps: multiply(grid.indexToLps, newToOld) };
  const out = new Float32Array(voxelCount(small));
  const stride = [1, grid.size[0], grid.size[0] * grid.size[1]];
  const step = stride.map((s, n) => (n === axis ? 2 * s : s));
  for (let n = 0, k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, n++) {
        const at = i * step[0]! + j * step[1]! + k * step[2]!;
        out[n] = (data[at]! + data[at + stride[axis]!]!) / 2;
      }
  return { grid: small, data: out };
}
