import type { Mesh } from './icosphere.ts';

/** Share of the triangles that an edge of another one, with no vertex in common, passes through: 0 for a surface that does not cross itself. */
export function crossedShare(mesh: Mesh): number {
  const { positions, triangles } = mesh;
  const cells = new Map<string, number[]>();
  const cellMm = longestEdgeMm(mesh);
  const cellOf = (x: number): number => Math.floor(x / cellMm);
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
    const [low, high] = [Math.min, Math.max].map((pick) =>
      [0, 1, 2].map((axis) => cellOf(pick(...corners.map((v) => positions[3 * v + axis]!)))),
    );
    for (let z = low![2]!; z <= high![2]!; z++)
      for (let y = low![1]!; y <= high![1]!; y++)
        for (let x = low![0]!; x <= high![0]!; x++) {
          const key = `${x},${y},${z}`;
          const list = cells.get(key);
          if (list) list.push(t);
          else cells.set(key, [t]);
        }
  }
  const crossed = new Set<number>();
  for (const list of cells.values())
    for (const t of list)
      for (const other of list)
        if (t !== other && !crossed.has(other) && edgesPierce(mesh, t, other)) crossed.add(other);
  return crossed.size / (triangles.length / 3);
}

function longestEdgeMm({ positions: p, triangles }: Mesh): number {
  let longest = 0;
  for (let t = 0; t < triangles.length; t++) {
    const [a, b] = [3 * triangles[t]!, 3 * triangles[t % 3 === 2 ? t - 2 : t + 1]!];
    longest = Math.max(longest, Math.hypot(p[a]! - p[b]!, p[a + 1]! - p[b + 1]!, p[a + 2]! - p[b + 2]!));
  }
  return longest;
}

/** True if an edge of triangle t passes through triangle `other`, with no vertex in common. */
function edgesPierce({ positions, triangles }: Mesh, t: number, other: number): boolean {
  const [d, e, f] = [triangles[other]!, triangles[other + 1]!, triangles[other + 2]!];
  for (let corner = 0; corner < 3; corner++) {
    const [a, b] = [triangles[t + corner]!, triangles[t + ((corner + 1) % 3)]!];
    if (a === d || a === e || a === f || b === d || b === e || b === f) continue;
    if (segmentHits(positions, a, b, d, e, f)) return true;
  }
  return false;
}

/** The segment ab against the triangle def, by the signs of five tetrahedra. */
function segmentHits(p: Float64Array, a: number, b: number, d: number, e: number, f: number): boolean {
  if (signedVolume(p, a, d, e, f) * signedVolume(p, b, d, e, f) >= 0) return false;
  const s = signedVolume(p, a, b, d, e);
  return s * signedVolume(p, a, b, e, f) > 0 && s * signedVolume(p, a, b, f, d) > 0;
}

/** Six times the signed volume of the tetrahedron abcd. */
function signedVolume(p: Float64Array, a: number, b: number, c: number, d: number): number {
  const [ax, ay, az] = [p[3 * a]!, p[3 * a + 1]!, p[3 * a + 2]!];
  const [bx, by, bz] = [p[3 * b]! - ax, p[3 * b + 1]! - ay, p[3 * b + 2]! - az];
  const [cx, cy, cz] = [p[3 * c]! - ax, p[3 * c + 1]! - ay, p[3 * c + 2]! - az];
  const [dx, dy, dz] = [p[3 * d]! - ax, p[3 * d + 1]! - ay, p[3 * d + 2]! - az];
  return bx * (cy * dz - cz * dy) - by * (cx * dz - cz * dx) + bz * (cx * dy - cy * dx);
}
