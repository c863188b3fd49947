/** Neighbours of a voxel: 6 across faces, 18 also across edges, 26 also across corners. */
export type Connectivity = 6 | 18 | 26;

/** Numbers of voxels along columns, rows and slices. */
export type Size = readonly [columns: number, rows: number, slices: number];

/** Values of voxels in the order of `Volume.data`; whatever is not 0 belongs to the mask. */
export type MaskArray = Uint8Array | Uint16Array | Uint32Array;

export interface Components {
  /** 0 outside the mask, else the number of the voxel's component, from 1 in scan order of their first voxels. */
  readonly labels: Uint32Array;
  readonly count: number;
}

/** Steps to a voxel's neighbours, as differences of column, row and slice. */
export function neighbourSteps(connectivity: Connectivity): (readonly [number, number, number])[] {
  const axes = connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3;
  const steps: (readonly [number, number, number])[] = [];
  for (const dk of [-1, 0, 1])
    for (const dj of [-1, 0, 1])
      for (const di of [-1, 0, 1]) {
        const moved = Math.abs(di) + Math.abs(dj) + Math.abs(dk);
        if (moved > 0 && moved <= axes) steps.push([di, dj, dk]);
      }
  return steps;
}

/**
 * Connected components of a mask, by flooding from each voxel not yet reached.
 * @param mask one value a voxel; all that is not 0 counts alike
 * @throws RangeError if the mask's length is not that of the size
 */
export function components(mask: MaskArray, size: Size, connectivity: Connectivity): Components {
  requireSize(mask.length, size);
  const [columns, rows, slices] = size;
  const labels = new Uint32Array(mask.length);
  const steps = neighbourSteps(connectivity);
  const offsets = Int32Array.from(steps, ([di, dj, dk]) => (dk * rows + dj) * columns + di);
  const plane = columns * rows;
  let stack = new Int32Array(1024);
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    count++;
    labels[start] = count;
    stack[0] = start;
    let depth = 1;
    while (depth > 0) {
      const voxel = stack[--depth]!;
      const i = voxel % columns;
      const j = ((voxel - i) / columns) % rows;
      const k = Math.floor(voxel / plane);
      const inner = i > 0 && j > 0 && k > 0 && i < columns - 1 && j < rows - 1 && k < slices - 1;
      if (depth + offsets.length > stack.length) stack = grown(stack);
      for (let n = 0; n < offsets.length; n++) {
        if (!inner && !isInside(i, j, k, steps[n]!, size)) continue;
        const next = voxel + offsets[n]!;
        if (mask[next] === 0 || labels[next] !== 0) continue;
        labels[next] = count;
        stack[depth++] = next;
      }
    }
  }
  return { labels, count };
}

/** @throws RangeError if an array of `length` values cannot be a volume of `size`. */
export function requireSize(length: number, [columns, rows, slices]: Size): void {
  if (length !== columns * rows * slices)
    throw new RangeError(`${length} values given for a volume of ${columns} x ${rows} x ${slices} voxels`);
}

function isInside(i: number, j: number, k: number, step: readonly [number, number, number], size: Size): boolean {
  const [x, y, z] = [i + step[0], j + step[1], k + step[2]];
  return x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2];
}

function grown(stack: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * stack.length);
  larger.set(stack);
  return larger;
}
