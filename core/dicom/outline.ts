/** A closed line along the edges of pixels, without its first corner again at the end; pixel (0, 0) reaches from -0.5 to 0.5. */
export type Outline = readonly (readonly [column: number, row: number])[];

/** Right, down, left, up. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Outlines of the regions of a mask of one slice, one a 4-connected region, with its holes joined to it by a channel of no width
 * (PS3.3 section C.8.8.6.3). A pixel's centre lies within an outline, by even and odd crossings, just if the pixel is set.
 */
export function outlinesOf(mask: Uint8Array, columns: number, rows: number): Outline[] {
  const outer: [number, number][][] = [];
  const holes: [number, number][][] = [];
  for (const loop of loopsOf(mask, columns, rows)) (signedArea(loop) > 0 ? outer : holes).push(loop);
  return outer.map((loop) => {
    const own = holes.filter(
      (hole) =>
        contains(loop, hole) &&
        !outer.some((other) => other !== loop && contains(other, hole) && contains(loop, other)),
    );
    return own.reduce(joined, loop);
  });
}

/** Loops along the edges between set and unset pixels, the set ones on the right hand; corners only. */
function loopsOf(mask: Uint8Array, columns: number, rows: number): [number, number][][] {
  const set = (i: number, j: number): boolean =>
    i >= 0 && j >= 0 && i < columns && j < rows && mask[j * columns + i] === 1;
  // Edge d at corner (i, j) is walked if the pixel on its right is set and that on its left is not.
  const isEdge = (i: number, j: number, d: number): boolean => {
    const [right, left] = [
      [set(i, j), set(i, j - 1)],
      [set(i - 1, j), set(i, j)],
      [set(i - 1, j - 1), set(i - 1, j)],
      [set(i, j - 1), set(i - 1, j - 1)],
    ][d]!;
    return right! && !left;
  };
  const seen = new Set<number>();
  const keyOf = (i: number, j: number, d: number): number => (j * (columns + 1) + i) * 4 + d;
  const loops: [number, number][][] = [];
  for (let j = 0; j <= rows; j++)
    for (let i = 0; i <= columns; i++)
      for (let d = 0; d < 4; d++) {
        if (!isEdge(i, j, d) || seen.has(keyOf(i, j, d))) continue;
        const loop: [number, number][] = [];
        for (let [x, y, way] = [i, j, d], last = -1; !seen.has(keyOf(x, y, way)); ) {
          seen.add(keyOf(x, y, way));
          if (way !== last) loop.push([x - 0.5, y - 0.5]);
          last = way;
          [x, y] = [x + steps[way]![0], y + steps[way]![1]];
          // To the right first, so that pixels that touch at a corner are apart.
          way = [1, 0, 3].map((turn) => (way + turn) % 4).find((next) => isEdge(x, y, next))!;
        }
        // The first corner is one only if the loop turns there.
        if (loop.length > 4 && isStraight(loop.at(-1)!, loop[0]!, loop[1]!)) loop.shift();
        loops.push(loop);
      }
  return loops;
}

type Corner = readonly [number, number];
const isStraight = (a: Corner, b: Corner, c: Corner): boolean =>
  (b[0] - a[0]) * (c[1] - a[1]) === (b[1] - a[1]) * (c[0] - a[0]);

/** Positive where the set pixels are inside. */
function signedArea(loop: readonly Corner[]): number {
  return loop.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = loop[(n + 1) % loop.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** True if a loop lies within another, which it does not cross. */
function contains(loop: readonly Corner[], inner: readonly Corner[]): boolean {
  // A little inside of the inner loop's first corner's pixel, which no edge goes through.
  const [x, y] = [inner[0]![0] + 0.25, inner[0]![1] + 0.25];
  return isInside(loop, x, y);
}

/** By even and odd crossings of a ray to the right. */
export function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  outline.forEach(([ax, ay], n) => {
    const [bx, by] = outline[(n + 1) % outline.length]!;
    if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside;
  });
  return inside;
}

/** The loop, then along a channel to its hole, around that and back. */
function joined(loop: [number, number][], hole: [number, number][]): [number, number][] {
  let best = { from: 0, to: 0, distance: Number.POSITIVE_INFINITY };
  loop.forEach(([ax, ay], from) => {
    hole.forEach(([bx, by], to) => {
      const distance = Math.hypot(ax - bx, ay - by);
      if (distance < best.distance) best = { from, to, distance };
    });
  });
  const around = [...hole.slice(best.to), ...hole.slice(0, best.to + 1)];
  return [...loop.slice(0, best.from + 1), ...around, ...loop.slice(best.from)];
}
