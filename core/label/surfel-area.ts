/**
 * Areas of surface elements ("surfels"), one for each way in which 8 voxels about a corner may lie inside or outside a
 * mask.
 *
 * The marching-cubes surface of a 2x2x2 neighbourhood cuts each edge of the cube of voxel centres between an inside and
 * an outside voxel in the middle. Inside and outside are alike, so of the two the one with at most four voxels is cut
 * off. Each group of its voxels that are joined by edges of the cube is cut off by itself, and up to turning and
 * mirroring there are only six such groups. The variant named after DeepMind's `surface-distance` uses these areas.
 */

/** Bit n of a neighbour code is the voxel at column n & 1, row n >> 1 & 1, slice n >> 2 & 1. */
const neighbourCodeCount = 256;

/** Area in mm² by neighbour code, 256 values. */
export function surfelAreasMm2([x, y, z]: readonly [number, number, number]): Float64Array {
  // Areas of the faces of a voxel, by the axis that they are at right angles to.
  const faces = [y * z, x * z, x * y] as const;
  return Float64Array.from({ length: neighbourCodeCount }, (_, code) => {
    const cut = bitCount(code) <= 4 ? code : 255 - code;
    return joinedGroups(cut).reduce((sum, corners) => sum + groupArea(corners, faces), 0);
  });
}

function bitCount(code: number): number {
  let count = 0;
  for (let rest = code; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Corners of a code, in groups joined by edges of the cube. */
function joinedGroups(code: number): number[][] {
  const groups: number[][] = [];
  let left = code;
  while (left !== 0) {
    const group = [31 - Math.clz32(left)];
    left &= ~(1 << group[0]!);
    for (let n = 0; n < group.length; n++)
      for (const axis of [0, 1, 2]) {
        const next = group[n]! ^ (1 << axis);
        if (((left >> next) & 1) === 0) continue;
        left &= ~(1 << next);
        group.push(next);
      }
    groups.push(group);
  }
  return groups;
}

type Faces = readonly [number, number, number];

function groupArea(corners: readonly number[], faces: Faces): number {
  const all = Math.hypot(...faces);
  const degrees = corners.map((a) => corners.filter((b) => bitCount(a ^ b) === 1).length);
  const ends = corners.reduce((bits, corner) => bits | corner, 0) & ~corners.reduce((bits, corner) => bits & corner, 7);
  const across = (axis: number): number => Math.hypot(...faces.filter((_, other) => other !== axis));
  // A bit of `ends` is set for each axis along which the group extends.
  const [alone] = [0, 1, 2].filter((axis) => (corners.length === 2) === (((ends >> axis) & 1) === 1));
  if (corners.length === 1) return all / 8;
  if (corners.length === 2) return across(alone!) / 2;
  if (corners.length === 3) return faces[alone!]! / 2 + 0.375 * all;
  if (degrees.every((degree) => degree === 2)) return faces[alone!]!;
  if (degrees.includes(3)) return 0.75 * all;
  return chainArea(corners, degrees, faces, all);
}

/** Four corners in a chain along three axes: a bent hexagon. */
function chainArea(corners: readonly number[], degrees: readonly number[], faces: Faces, all: number): number {
  const [a, b] = corners.filter((_, n) => degrees[n] === 2) as [number, number];
  const middle = Math.log2(a ^ b);
  const bends = [0, 1, 2].filter((axis) => axis !== middle);
  return all / 2 + bends.reduce((sum, axis) => sum + Math.hypot(faces[middle]!, faces[axis]!) / 4, 0);
}
