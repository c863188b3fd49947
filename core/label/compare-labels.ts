import { DomainError } from '../domain/errors.ts';
import { type LabelVolume, sameGrid, spacingMm, voxelVolumeMm3 } from '../domain/geometry.ts';
import { components } from './components.ts';
import { measureLesion } from './measure.ts';
import { hd95Mm } from './surface-distance.ts';
import { diceOfVoxels, mergeLists, sharedVoxelCount, type VoxelList, voxelLists } from './voxel-lists.ts';

/** A lesion of the reference, and what the label has of it. */
export interface ComparedLesion {
  readonly diameterMm: number;
  readonly volumeMm3: number;
  /** Null where it was not found: no voxel is shared. */
  readonly match: {
    readonly dice: number;
    /** DeepMind variant. */
    readonly hd95Mm: number;
    /** Of all lesions of the label that share a voxel with it. */
    readonly volumeMm3: number;
  } | null;
}

/** A label against a reference, lesion by lesion. */
export interface LabelComparison {
  readonly lesions: readonly ComparedLesion[];
  /** Lesions of the label that share no voxel with the reference. */
  readonly falsePositives: readonly { readonly diameterMm: number; readonly volumeMm3: number }[];
  /** Slices by whether a lesion reaches them. */
  readonly slices: {
    readonly both: number;
    readonly labelOnly: number;
    readonly referenceOnly: number;
    readonly neither: number;
  };
}

/**
 * Compares a label with a reference. Lesions of both are their 26-connected components; a shared voxel is a match. Where one
 * component of the label reaches several lesions, it is held against each of them.
 * @throws DomainError GRID_MISMATCH
 */
export function compareLabels(label: LabelVolume, reference: LabelVolume): LabelComparison {
  const { grid } = reference;
  if (!sameGrid(label.grid, grid)) throw new DomainError('GRID_MISMATCH', 'The labels lie on different grids.');
  const spacing = spacingMm(grid);
  const voxelMm3 = voxelVolumeMm3(grid);
  const [found, wanted] = [lesionsOf(label), lesionsOf(reference)];
  const measured = (voxels: VoxelList) => ({
    diameterMm: measureLesion({ grid }, voxels, 1).longestDiameterMm,
    volumeMm3: voxels.length * voxelMm3,
  });
  const matched = new Set<VoxelList>();
  const lesions = wanted.map((lesion): ComparedLesion => {
    const touching = found.filter((other) => sharedVoxelCount(lesion, other) > 0);
    for (const other of touching) matched.add(other);
    if (touching.length === 0) return { ...measured(lesion), match: null };
    const outline = mergeLists(touching);
    const match = {
      dice: diceOfVoxels(lesion, outline),
      hd95Mm: hd95Mm(lesion, outline, grid.size, spacing),
      volumeMm3: outline.length * voxelMm3,
    };
    return { ...measured(lesion), match };
  });
  return {
    lesions,
    falsePositives: found.filter((lesion) => !matched.has(lesion)).map(measured),
    slices: compareSlices(label, reference),
  };
}

const lesionsOf = ({ grid, data }: LabelVolume): VoxelList[] => {
  const mask = Uint8Array.from(data, (value) => (value > 0 ? 1 : 0));
  return voxelLists(components(mask, grid.size, 26).labels).slice(1);
};

/** For each slice whether a lesion reaches it. */
export function presentSlices({ grid, data }: LabelVolume): boolean[] {
  const [columns, rows, slices] = grid.size;
  const plane = columns * rows;
  return Array.from({ length: slices }, (_, k) => data.subarray(k * plane, (k + 1) * plane).some((value) => value > 0));
}

function compareSlices(label: LabelVolume, reference: LabelVolume): LabelComparison['slices'] {
  const [a, b] = [presentSlices(label), presentSlices(reference)];
  const count = (inLabel: boolean, inReference: boolean): number =>
    a.filter((present, k) => present === inLabel && b[k] === inReference).length;
  return {
    both: count(true, true),
    labelOnly: count(true, false),
    referenceOnly: count(false, true),
    neither: count(false, false),
  };
}

/** How many slices 0, 1, … of the readers see a lesion in. */
export function sliceVotes(labels: readonly LabelVolume[]): number[] {
  const present = labels.map(presentSlices);
  const votes = Array.from({ length: labels.length + 1 }, () => 0);
  for (let k = 0; k < (present[0]?.length ?? 0); k++) votes[present.filter((slices) => slices[k]).length]!++;
  return votes;
}

/** Voxels that are labelled in one and not in the other. @throws DomainError GRID_MISMATCH */
export function editedVoxels(label: LabelVolume, draft: LabelVolume): number {
  if (!sameGrid(label.grid, draft.grid)) throw new DomainError('GRID_MISMATCH', 'The labels lie on different grids.');
  let edited = 0;
  for (let n = 0; n < label.data.length; n++) if (label.data[n]! > 0 !== draft.data[n]! > 0) edited++;
  return edited;
}
