import { invertAffine, type Volume, type VoxelArray } from '#core/domain/geometry.ts';
import type { BrainIntensities } from './brain-intensities.ts';
import { icosphere, type Mesh } from './icosphere.ts';

export interface SurfaceOptions {
  /** BET's fractional intensity threshold f, 0 to 1. */
  readonly fraction: number;
  /** Factor on the smoothing force, for a rerun. */
  readonly smoothing: number;
}

const iterations = 1000;
/** Four subdivisions: 2562 vertices. */
const subdivisions = 4;
/** Radii of curvature between which smoothing sets in, mm (paper, equations 4-7). */
const [smallestRadiusMm, largestRadiusMm] = [3.33, 10];
const curvatureMean = 0.5 * (1 / smallestRadiusMm + 1 / largestRadiusMm);
const curvatureSteepness = 6 / (1 / smallestRadiusMm - 1 / largestRadiusMm);
/** How far inward the darkest and the brightest intensity is searched, mm. */
const [darkestReachMm, brightestReachMm] = [7, 3];
const stepMm = 1;
// The loops below run some ten million times: their numbers are kept out of arrays.

/**
 * Lets a sphere inside the head grow to the brain's surface (paper, "Surface model", "Main iterated loop"). Each
 * iteration moves every vertex by u1 (half of the tangential way to the middle of its neighbours), u2 (smoothing along
 * the normal, stronger where the surface is more curved) and u3 (outward while the intensities below are brain's).
 * A rerun with more smoothing lets it fall back to the ordinary one over the last quarter.
 */
export function growBrainSurface(
  volume: Volume<VoxelArray>,
  intensities: BrainIntensities,
  { fraction, smoothing }: SurfaceOptions,
): Mesh {
  const mesh = initialSphere(intensities);
  const { positions } = mesh;
  const normals = new Float64Array(positions.length);
  const moves = new Float64Array(positions.length);
  const force = intensityForce(volume, intensities, fraction);
  let spacingMm = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (iteration % 100 === 0) spacingMm = meanEdgeMm(mesh);
    vertexNormals(mesh, normals);
    const remaining = Math.min(1, (4 * (iterations - iteration)) / iterations);
    moveVertices(mesh, normals, moves, spacingMm, 1 + (smoothing - 1) * remaining, force);
    for (let n = 0; n < positions.length; n++) positions[n]! += moves[n]!;
  }
  return mesh;
}

function initialSphere({ centre, radiusMm }: BrainIntensities): Mesh {
  const mesh = icosphere(subdivisions);
  const { positions } = mesh;
  for (let n = 0; n < positions.length; n++) positions[n] = centre[n % 3]! + (positions[n]! * radiusMm) / 2;
  return mesh;
}

/** f3 of the paper at a vertex with its unit normal: positive pushes outward. */
type IntensityForce = (x: number, y: number, z: number, nx: number, ny: number, nz: number) => number;

function moveVertices(
  { positions: p, neighbours, neighbourStart }: Mesh,
  normals: Float64Array,
  moves: Float64Array,
  spacingMm: number,
  smoothing: number,
  force: IntensityForce,
): void {
  for (let v = 0, n = 0; n < p.length; v++, n += 3) {
    const from = neighbourStart[v]!;
    const to = neighbourStart[v + 1]!;
    let sx = 0;
    let sy = 0;
    let sz = 0;
    for (let at = from; at < to; at++) {
      const m = 3 * neighbours[at]!;
      sx += p[m]!;
      sy += p[m + 1]!;
      sz += p[m + 2]!;
    }
    const degree = to - from;
    sx = sx / degree - p[n]!;
    sy = sy / degree - p[n + 1]!;
    sz = sz / degree - p[n + 2]!;
    const nx = normals[n]!;
    const ny = normals[n + 1]!;
    const nz = normals[n + 2]!;
    const along = sx * nx + sy * ny + sz * nz;
    const curvature = (2 * Math.abs(along)) / (spacingMm * spacingMm);
    const f2 = 0.5 * (1 + Math.tanh(curvatureSteepness * (curvature - curvatureMean)));
    const f3 = force(p[n]!, p[n + 1]!, p[n + 2]!, nx, ny, nz);
    const normalMove = Math.min(1, f2 * smoothing) * along + 0.05 * spacingMm * f3;
    moves[n] = 0.5 * (sx - along * nx) + normalMove * nx;
    moves[n + 1] = 0.5 * (sy - along * ny) + normalMove * ny;
    moves[n + 2] = 0.5 * (sz - along * nz) + normalMove * nz;
  }
}

/** f3 = 2 (Imin - tl) / (Imax - t2), tl = (Imax - t2) bt + t2 (paper, equations 8-11), bt = f^0.275. */
function intensityForce(volume: Volume<VoxelArray>, { t2, t, tm }: BrainIntensities, fraction: number): IntensityForce {
  const bt = fraction ** 0.275;
  const m = invertAffine(volume.grid.indexToLps);
  const sample = sampler(volume);
  return (x, y, z, nx, ny, nz) => {
    const i = m[0]! * x + m[1]! * y + m[2]! * z + m[3]!;
    const j = m[4]! * x + m[5]! * y + m[6]! * z + m[7]!;
    const k = m[8]! * x + m[9]! * y + m[10]! * z + m[11]!;
    const stepI = -stepMm * (m[0]! * nx + m[1]! * ny + m[2]! * nz);
    const stepJ = -stepMm * (m[4]! * nx + m[5]! * ny + m[6]! * nz);
    const stepK = -stepMm * (m[8]! * nx + m[9]! * ny + m[10]! * nz);
    let darkest = tm;
    let brightest = t;
    for (let depth = 0; depth <= darkestReachMm / stepMm; depth++) {
      const value = sample(i + depth * stepI, j + depth * stepJ, k + depth * stepK);
      if (value < darkest) darkest = value;
      if (depth <= brightestReachMm / stepMm && value > brightest) brightest = value;
    }
    darkest = Math.max(t2, darkest);
    brightest = Math.min(tm, brightest);
    const tl = (brightest - t2) * bt + t2;
    return (2 * (darkest - tl)) / (brightest - t2);
  };
}

/** Trilinear value at a fractional index; outside the outermost voxel centres darker than anything. */
function sampler({ grid, data }: Volume<VoxelArray>): (i: number, j: number, k: number) => number {
  const [columns, rows, slices] = grid.size;
  const plane = columns * rows;
  return (i, j, k) => {
    if (!(i >= 0 && j >= 0 && k >= 0 && i <= columns - 1 && j <= rows - 1 && k <= slices - 1))
      return Number.NEGATIVE_INFINITY;
    const i0 = i | 0;
    const j0 = j | 0;
    const k0 = k | 0;
    const fi = i - i0;
    const fj = j - j0;
    const fk = k - k0;
    const n = k0 * plane + j0 * columns + i0;
    const di = i0 < columns - 1 ? 1 : 0;
    const dj = j0 < rows - 1 ? columns : 0;
    const dk = k0 < slices - 1 ? plane : 0;
    const a = data[n]! + fi * (data[n + di]! - data[n]!);
    const b = data[n + dj]! + fi * (data[n + dj + di]! - data[n + dj]!);
    const c = data[n + dk]! + fi * (data[n + dk + di]! - data[n + dk]!);
    const d = data[n + dk + dj]! + fi * (data[n + dk + dj + di]! - data[n + dk + dj]!);
    const near = a + fj * (b - a);
    return near + fk * (c + fj * (d - c) - near);
  };
}

/** Unit normals of the vertices, outward: area-weighted sums of those of the triangles around. */
function vertexNormals({ positions: p, triangles }: Mesh, normals: Float64Array): void {
  normals.fill(0);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t]!;
    const b = 3 * triangles[t + 1]!;
    const c = 3 * triangles[t + 2]!;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const vx = p[c]! - p[a]!;
    const vy = p[c + 1]! - p[a + 1]!;
    const vz = p[c + 2]! - p[a + 2]!;
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    add(normals, a, x, y, z);
    add(normals, b, x, y, z);
    add(normals, c, x, y, z);
  }
  for (let n = 0; n < normals.length; n += 3) {
    const length = Math.hypot(normals[n]!, normals[n + 1]!, normals[n + 2]!) || 1;
    normals[n]! /= length;
    normals[n + 1]! /= length;
    normals[n + 2]! /= length;
  }
}

function add(sums: Float64Array, at: number, x: number, y: number, z: number): void {
  sums[at]! += x;
  sums[at + 1]! += y;
  sums[at + 2]! += z;
}

/** Mean distance of neighbouring vertices, mm. */
function meanEdgeMm({ positions: p, neighbours, neighbourStart }: Mesh): number {
  let sum = 0;
  for (let v = 0; v + 1 < neighbourStart.length; v++)
    for (let at = neighbourStart[v]!; at < neighbourStart[v + 1]!; at++) {
      const [a, b] = [3 * v, 3 * neighbours[at]!];
      sum += Math.hypot(p[a]! - p[b]!, p[a + 1]! - p[b + 1]!, p[a + 2]! - p[b + 2]!);
    }
  return sum / neighbours.length;
}
