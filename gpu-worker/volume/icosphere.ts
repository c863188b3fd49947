/** A closed triangle mesh; the triangles wind counter-clockwise seen from outside. */
export interface Mesh {
  /** x, y, z of every vertex. */
  readonly positions: Float64Array;
  /** Three vertex numbers a triangle. */
  readonly triangles: Uint32Array;
  /** The neighbours of vertex v are `neighbours[neighbourStart[v]] … neighbours[neighbourStart[v + 1] - 1]`. */
  readonly neighbours: Uint32Array;
  readonly neighbourStart: Uint32Array;
}

/** An icosahedron on the unit sphere, every triangle cut into four `subdivisions` times: 10 * 4^n + 2 vertices. */
export function icosphere(subdivisions: number): Mesh {
  const golden = (1 + Math.sqrt(5)) / 2;
  // biome-ignore format: one row a group of corners
  const points = [
    [-1, golden, 0], [1, golden, 0], [-1, -golden, 0], [1, -golden, 0],
    [0, -1, golden], [0, 1, golden], [0, -1, -golden], [0, 1, -golden],
    [golden, 0, -1], [golden, 0, 1], [-golden, 0, -1], [-golden, 0, 1],
  ].map(unit);
  // biome-ignore format: one row a group of faces
  let faces = [
    [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11],
    [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
    [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9],
    [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
  ];
  for (let n = 0; n < subdivisions; n++) faces = subdivide(points, faces);
  const triangles = Uint32Array.from(faces.flat());
  return { positions: Float64Array.from(points.flat()), triangles, ...neighboursOf(triangles, points.length) };
}

function unit(point: readonly number[]): number[] {
  const length = Math.hypot(...point);
  return point.map((x) => x / length);
}

/** Adds the middles of the edges to `points`. */
function subdivide(points: number[][], faces: readonly number[][]): number[][] {
  const middles = new Map<number, number>();
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * 2 ** 20 + Math.max(a, b);
    const known = middles.get(key);
    if (known !== undefined) return known;
    points.push(unit(points[a]!.map((x, axis) => x + points[b]![axis]!)));
    middles.set(key, points.length - 1);
    return points.length - 1;
  };
  return faces.flatMap(([a, b, c]) => {
    const [ab, bc, ca] = [middle(a!, b!), middle(b!, c!), middle(c!, a!)];
    return [
      [a!, ab, ca],
      [b!, bc, ab],
      [c!, ca, bc],
      [ab, bc, ca],
    ];
  });
}

function neighboursOf(triangles: Uint32Array, vertexCount: number): Pick<Mesh, 'neighbours' | 'neighbourStart'> {
  const lists: number[][] = Array.from({ length: vertexCount }, () => []);
  // In a closed, consistently wound mesh every edge is walked once each way: one direction lists each neighbour once.
  for (let t = 0; t < triangles.length; t += 3)
    for (let corner = 0; corner < 3; corner++) lists[triangles[t + corner]!]!.push(triangles[t + ((corner + 1) % 3)]!);
  const neighbourStart = new Uint32Array(vertexCount + 1);
  for (const [v, list] of lists.entries()) neighbourStart[v + 1] = neighbourStart[v]! + list.length;
  return { neighbours: Uint32Array.from(lists.flat()), neighbourStart };
}
