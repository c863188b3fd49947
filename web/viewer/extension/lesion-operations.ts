import { invertAffine, sameGrid, spacingMm, transformPoint } from '#core/domain/geometry.ts';
import { mergeLists, type VoxelList, voxelLists } from '#core/label/voxel-lists.ts';
import { holesOf } from '../drawing/fill-holes.ts';
import { type GrowthLimits, growRegion } from '../drawing/grow-region.ts';
import { betweenSlices } from '../drawing/interpolate-slices.ts';
import { type Outline, voxelsWithin } from '../drawing/outline-voxels.ts';
import { partsOf } from '../drawing/split-lesion.ts';
import { alongNormal, gridOfImages, valuesOfImages } from './image-stack.ts';
import type { LabelEditor } from './label-editor.ts';
import { labelGrid } from './label-pixels.ts';

/** What was done, in words for the reader. */
type Told = string;

/**
 * Gives the active metastasis the bright region about a clicked point of an image on the label's grid.
 * @param imageIds of the image that was clicked
 * @param point LPS mm
 * @throws Error that says why not
 */
export function growAt(
  editor: LabelEditor,
  imageIds: readonly string[],
  point: readonly [number, number, number],
  limits: GrowthLimits,
): { readonly told: Told; readonly level: number } {
  const { grid, data } = editor.read();
  const ordered = inOrderOf(editor, imageIds);
  const [i, j, k] = transformPoint(invertAffine(grid.indexToLps), point).map(Math.round) as [number, number, number];
  const [columns, rows, slices] = grid.size;
  if (i < 0 || j < 0 || k < 0 || i >= columns || j >= rows || k >= slices)
    throw new Error('That is beside the images.');
  const seed = (k * rows + j) * columns + i;
  const { voxels, level, cutOff } = growRegion(valuesOfImages(ordered), grid.size, spacingMm(grid), seed, limits);
  const own = free(data, voxels);
  if (own.length === 0) throw new Error('Nothing here is brighter than its surroundings and not outlined yet.');
  const { active } = editor;
  editor.apply({ changes: [{ voxels: own, value: active }] });
  const told = `Grown by ${own.length.toLocaleString('en-GB')} voxels from ${Math.round(level)} up.`;
  return { told: cutOff ? `${told} It was stopped by the reach alone: look whether it has leaked.` : told, level };
}

/** Gives the active metastasis what lies within an outline. */
export function fillOutline(editor: LabelEditor, outline: Outline): Told {
  const { grid, data } = editor.read();
  const own = free(data, voxelsWithin(outline, grid));
  if (own.length === 0) throw new Error('No voxel lies within this line, or another metastasis has them all.');
  editor.apply({ changes: [{ voxels: own, value: editor.active }] });
  return `Outlined ${own.length.toLocaleString('en-GB')} voxels.`;
}

/** Fills what the active metastasis surrounds within a slice. */
export const fillHoles = (editor: LabelEditor): Told =>
  complete(editor, (voxels, { grid }) => holesOf(voxels, grid.size), 'filled in', 'Metastasis # has no hole.');

/** Draws the active metastasis on the slices between those that it was drawn on. */
export const interpolate = (editor: LabelEditor): Told =>
  complete(
    editor,
    (voxels, { grid }) => betweenSlices(voxels, grid.size, spacingMm(grid)),
    'drawn between slices',
    'Metastasis # leaves no slice out, or is drawn on one alone.',
  );

function complete(
  editor: LabelEditor,
  more: (voxels: VoxelList, label: ReturnType<LabelEditor['read']>) => VoxelList,
  done: string,
  nothing: string,
): Told {
  const { active } = editor;
  const label = editor.read();
  const own = free(label.data, more(voxelsOf(label.data, active), label));
  if (own.length === 0) throw new Error(nothing.replace('#', String(active)));
  editor.apply({ changes: [{ voxels: own, value: active }] });
  return `${own.length.toLocaleString('en-GB')} voxels ${done}.`;
}

/** Makes several metastases one, under the number of the first. Its outline is coarse if one of theirs was. */
export function merge(editor: LabelEditor, [into, ...others]: readonly number[]): Told {
  if (into === undefined || others.length === 0) throw new Error('Tick the metastases that are one.');
  const lists = voxelLists(editor.read().data);
  const coarse = new Set(editor.coarse);
  for (const number of others) if (coarse.delete(number)) coarse.add(into);
  const voxels = mergeLists(others.map((number) => lists[number] ?? new Int32Array(0)));
  editor.apply({ changes: [{ voxels, value: into }], removed: others, active: into, coarse });
  return `Merged into metastasis ${into}.`;
}

/** Gives each part of a metastasis that does not touch the others, not even by a corner, a number of its own; the largest keeps its. */
export function split(editor: LabelEditor, number: number): Told {
  const { grid, data } = editor.read();
  const parts = partsOf(voxelsOf(data, number), grid.size).slice(1);
  if (parts.length === 0) throw new Error(`Metastasis ${number} is in one piece.`);
  const added = editor.freeNumbers(parts.length);
  const coarse = new Set([...editor.coarse, ...(editor.coarse.has(number) ? added : [])]);
  editor.apply({ changes: parts.map((voxels, n) => ({ voxels, value: added[n]! })), added, active: number, coarse });
  return `Split into ${parts.length + 1} metastases.`;
}

export function remove(editor: LabelEditor, number: number): Told {
  const voxels = voxelsOf(editor.read().data, number);
  const left = editor.numbers.filter((one) => one !== number);
  const coarse = new Set([...editor.coarse].filter((one) => one !== number));
  // Something has to be drawn with.
  const added = left.length === 0 ? [1] : [];
  const active =
    editor.active === number ? ([...left, ...added].find((one) => one > number) ?? left.at(-1) ?? 1) : editor.active;
  editor.apply({ changes: [{ voxels, value: 0 }], removed: [number], added, active, coarse });
  return `Metastasis ${number} is deleted.`;
}

/** Begins another metastasis and draws with it from now on. */
export function begin(editor: LabelEditor): Told {
  const [number] = editor.freeNumbers(1);
  editor.apply({ changes: [], added: [number!], active: number! });
  return `Metastasis ${number} is drawn with from now on.`;
}

/** Says that an outline is coarse, or takes that back. */
export function toggleCoarse(editor: LabelEditor, number: number): Told {
  const coarse = new Set(editor.coarse);
  const was = coarse.delete(number);
  if (!was) coarse.add(number);
  editor.apply({ changes: [], coarse });
  return `The outline of metastasis ${number} is ${was ? 'exact' : 'coarse'}.`;
}

/** Images on the label's grid, in the order of its slices. @throws Error for images on another grid */
function inOrderOf(editor: LabelEditor, imageIds: readonly string[]): string[] {
  const grid = labelGrid(editor.segmentationId);
  const upwards = alongNormal(imageIds);
  for (const ordered of [upwards, upwards.toReversed()])
    if (sameGrid(gridOfImages(ordered), grid, 0.05)) return ordered;
  throw new Error('This image is not on BRAVO’s grid: click on one that is.');
}

const voxelsOf = (data: Uint16Array, number: number): VoxelList => {
  const found: number[] = [];
  for (let n = data.indexOf(number); n >= 0; n = data.indexOf(number, n + 1)) found.push(n);
  return Int32Array.from(found);
};

/** Those that belong to no metastasis yet: what another has stays its own. */
const free = (data: Uint16Array, voxels: VoxelList): VoxelList => voxels.filter((voxel) => data[voxel] === 0);
