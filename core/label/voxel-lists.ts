import type { Size } from './components.ts';

/** Indices into `Volume.data` of some voxels, ascending. */
export type VoxelList = Int32Array;

/**
 * The voxels of each label: element n lists those of value n, in scan order; element 0 stays empty.
 * @param labels one whole number a voxel
 */
export function voxelLists(labels: Uint8Array | Uint16Array | Uint32Array): VoxelList[] {
  let greatest = 0;
  for (let n = 0; n < labels.length; n++) if (labels[n]! > greatest) greatest = labels[n]!;
  const counts = new Int32Array(greatest + 1);
  for (let n = 0; n < labels.length; n++) if (labels[n] !== 0) counts[labels[n]!]!++;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  const next = new Int32Array(greatest + 1);
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    if (label !== 0) lists[label]![next[label]!++] = n;
  }
  return lists;
}

/** All voxels of several lists, once each, ascending. */
export function mergeLists(lists: readonly VoxelList[]): VoxelList {
  if (lists.length === 1) return lists[0]!;
  const all = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let end = 0;
  for (const list of lists) {
    all.set(list, end);
    end += list.length;
  }
  all.sort();
  let kept = 0;
  for (let n = 0; n < all.length; n++) if (n === 0 || all[n] !== all[n - 1]) all[kept++] = all[n]!;
  return all.subarray(0, kept);
}

/** How many voxels two ascending lists share. */
export function sharedVoxelCount(a: VoxelList, b: VoxelList): number {
  let [m, n, shared] = [0, 0, 0];
  while (m < a.length && n < b.length) {
    const difference = a[m]! - b[n]!;
    if (difference === 0) shared++;
    if (difference <= 0) m++;
    if (difference >= 0) n++;
  }
  return shared;
}

/** Dice of two lists of voxels: 2 |A ∩ B| / (|A| + |B|), 1 if both are empty. */
export function diceOfVoxels(a: VoxelList, b: VoxelList): number {
  return a.length + b.length === 0 ? 1 : (2 * sharedVoxelCount(a, b)) / (a.length + b.length);
}

/** Some masks, each of 0 and 1, cut to the smallest box that holds them all with `margin` voxels about it. */
export interface Box {
  readonly size: Size;
  readonly masks: readonly Uint8Array<ArrayBuffer>[];
  /** Index in the volume of a voxel of the box, or undefined where the margin reaches beyond the volume. */
  readonly volumeIndex: (boxIndex: number) => number | undefined;
}

/** Cuts lists of voxels of a volume of `size` out of it. @throws RangeError if all of them are empty. */
export function cutBox(lists: readonly VoxelList[], size: Size, margin: number): Box {
  const [columns, rows, slices] = size;
  const plane = columns * rows;
  const low = [columns, rows, slices];
  const high = [-1, -1, -1];
  const extend = (axis: 0 | 1 | 2, at: number): void => {
    if (at < low[axis]!) low[axis] = at;
    if (at > high[axis]!) high[axis] = at;
  };
  for (const list of lists)
    for (let n = 0; n < list.length; n++) {
      const inPlane = list[n]! % plane;
      extend(0, inPlane % columns);
      extend(1, Math.floor(inPlane / columns));
      extend(2, Math.floor(list[n]! / plane));
    }
  if (high[0]! < 0) throw new RangeError('no voxel given to cut a box around');
  const origin = low.map((n) => n - margin) as [number, number, number];
  const box = high.map((n, axis) => n - origin[axis]! + 1 + margin) as [number, number, number];
  const masks = lists.map((list) => {
    const mask = new Uint8Array(box[0] * box[1] * box[2]);
    for (let n = 0; n < list.length; n++) {
      const inPlane = list[n]! % plane;
      const [i, j, k] = [inPlane % columns, Math.floor(inPlane / columns), Math.floor(list[n]! / plane)];
      mask[((k - origin[2]) * box[1] + j - origin[1]) * box[0] + i - origin[0]] = 1;
    }
    return mask;
  });
  const volumeIndex = (boxIndex: number): number | undefined => {
    const i = (boxIndex % box[0]) + origin[0];
    const j = (Math.floor(boxIndex / box[0]) % box[1]) + origin[1];
    const k = Math.floor(boxIndex / (box[0] * box[1])) + origin[2];
    if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices) return undefined;
    return (k * rows + j) * columns + i;
  };
  return { size: box, masks, volumeIndex };
}
