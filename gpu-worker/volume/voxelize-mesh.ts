import { type Grid, invertAffine, transformPoint, type Volume, voxelCount } from '#core/domain/geometry.ts';
import type { Mesh } from './icosphere.ts';

/**
 * The voxels whose centre lies inside a closed mesh given in LPS mm: 1 inside, 0 outside. Inside means a winding
 * number other than 0, so that a fold of the surface leaves no hole. Every line of voxels along the columns collects
 * +1 or -1 where it passes a triangle.
 */
export function voxelizeMesh(mesh: Pick<Mesh, 'positions' | 'triangles'>, grid: Grid): Volume<Uint8Array> {
  const points = indexPositions(mesh.positions, grid);
  const crossings = new Int8Array(voxelCount(grid));
  for (let t = 0; t < mesh.triangles.length; t += 3)
    markTriangle(crossings, grid, points, mesh.triangles[t]!, mesh.triangles[t + 1]!, mesh.triangles[t + 2]!);
  const data = new Uint8Array(crossings.length);
  const columns = grid.size[0];
  for (let row = 0; row < data.length; row += columns)
    for (let i = 0, winding = 0; i < columns; i++) {
      winding += crossings[row + i]!;
      data[row + i] = winding === 0 ? 0 : 1;
    }
  return { grid, data };
}

function indexPositions(positions: Float64Array, grid: Grid): Float64Array {
  const toIndex = invertAffine(grid.indexToLps);
  const points = new Float64Array(positions.length);
  for (let n = 0; n < positions.length; n += 3)
    points.set(transformPoint(toIndex, [positions[n]!, positions[n + 1]!, positions[n + 2]!]), n);
  return points;
}

/** Adds the crossings of one triangle with the lines (j, k), at the first voxel centre not before the crossing. */
function markTriangle(crossings: Int8Array, grid: Grid, p: Float64Array, a: number, b: number, c: number): void {
  const [columns, rows, slices] = grid.size;
  const doubleArea = edge(p, a, b, p[3 * c + 1]!, p[3 * c + 2]!);
  if (doubleArea === 0) return;
  const facing = doubleArea > 0 ? 1 : -1;
  const range = (axis: 1 | 2, count: number): [number, number] => {
    const values = [p[3 * a + axis]!, p[3 * b + axis]!, p[3 * c + axis]!];
    return [Math.max(0, Math.ceil(Math.min(...values))), Math.min(count - 1, Math.floor(Math.max(...values)))];
  };
  const [firstRow, lastRow] = range(1, rows);
  const [firstSlice, lastSlice] = range(2, slices);
  for (let k = firstSlice; k <= lastSlice; k++)
    for (let j = firstRow; j <= lastRow; j++) {
      const [ab, bc, ca] = [edge(p, a, b, j, k), edge(p, b, c, j, k), edge(p, c, a, j, k)];
      if (!(covers(p, ab, facing, a, b) && covers(p, bc, facing, b, c) && covers(p, ca, facing, c, a))) continue;
      const i = (bc * p[3 * a]! + ca * p[3 * b]! + ab * p[3 * c]!) / (ab + bc + ca);
      const column = Math.max(0, Math.ceil(i));
      if (column < columns) crossings[(k * rows + j) * columns + column]! += facing;
    }
}

/** Twice the signed area of (from, to, (y, z)) in the plane of rows and slices; exactly antisymmetric in from and to. */
function edge(p: Float64Array, from: number, to: number, y: number, z: number): number {
  if (from > to) return -edge(p, to, from, y, z);
  const [y0, z0, y1, z1] = [p[3 * from + 1]!, p[3 * from + 2]!, p[3 * to + 1]!, p[3 * to + 2]!];
  return (y1 - y0) * (z - z0) - (z1 - z0) * (y - y0);
}

/**
 * A line exactly on an edge or a vertex is decided as if it lay a little further along the rows and, by far less, along
 * the slices (simulation of simplicity, Edelsbrunner 1990), which gives it to just one of the triangles that meet there.
 */
function covers(p: Float64Array, side: number, facing: number, from: number, to: number): boolean {
  const alongRows = p[3 * to + 1]! - p[3 * from + 1]!;
  const alongSlices = p[3 * to + 2]! - p[3 * from + 2]!;
  const decided = side || -alongSlices || alongRows;
  return decided > 0 === facing > 0;
}
