/** Signed distances, negative inside, in the units of the coordinates; exact for capsules, close near the surface for ellipsoids. */

/** Centre c and half axes r. */
export function ellipsoid(
  x: number,
  y: number,
  z: number,
  cx: number,
  cy: number,
  cz: number,
  rx: number,
  ry: number,
  rz: number,
): number {
  const [u, v, w] = [(x - cx) / rx, (y - cy) / ry, (z - cz) / rz];
  const [gu, gv, gw] = [u / rx, v / ry, w / rz];
  const length = Math.sqrt(u * u + v * v + w * w);
  const gradient = Math.sqrt(gu * gu + gv * gv + gw * gw);
  return gradient < 1e-9 ? -Math.min(rx, ry, rz) : (length * (length - 1)) / gradient;
}

/** One stretch of a tube whose radius changes linearly from end a to end b: [ax, ay, az, ar, bx, by, bz, br]. */
export type Capsule = readonly [number, number, number, number, number, number, number, number];

export function capsule(x: number, y: number, z: number, [ax, ay, az, ar, bx, by, bz, br]: Capsule): number {
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
  const along = ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / (dx * dx + dy * dy + dz * dz + 1e-12);
  const t = Math.max(0, Math.min(1, along));
  const [px, py, pz] = [x - ax - t * dx, y - ay - t * dy, z - az - t * dz];
  return Math.sqrt(px * px + py * py + pz * pz) - ar - t * (br - ar);
}

/** Minimum whose corner is rounded over the length k (union of two shapes). */
export function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(0, k - Math.abs(a - b)) / k;
  return Math.min(a, b) - (h * h * k) / 4;
}

/** Maximum whose corner is rounded over the length k (intersection of two shapes). */
export function smoothMax(a: number, b: number, k: number): number {
  return -smoothMin(-a, -b, k);
}

/** The part of a voxel of edge `width` that lies inside a flat surface at signed distance d from its centre. */
export function coverage(d: number, width: number): number {
  const part = 0.5 - d / width;
  return Math.max(0, Math.min(1, part));
}

/** The part of a voxel of edge `width` that a sheet of the given thickness covers, its middle at distance d. */
export function sheetCoverage(d: number, thickness: number, width: number): number {
  return coverage(d - thickness / 2, width) - coverage(d + thickness / 2, width);
}
