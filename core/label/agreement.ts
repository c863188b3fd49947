import { DomainError } from '../domain/errors.ts';
import { type Grid, type LabelVolume, sameGrid, spacingMm } from '../domain/geometry.ts';
import { components } from './components.ts';
import { measureLesion } from './measure.ts';
import { hd95Mm } from './surface-distance.ts';
import { diceOfVoxels, mergeLists, type VoxelList, voxelLists } from './voxel-lists.ts';

/**
 * AGREED: every reader outlined it alike. ONE_READER_ONLY: some reader did not outline it. BOUNDARY_DISPUTE: outlines
 * differ.
 */
export const agreementKinds = ['AGREED', 'ONE_READER_ONLY', 'BOUNDARY_DISPUTE'] as const;
export type AgreementKind = (typeof agreementKinds)[number];

/** When two outlines of a lesion agree. */
export interface AgreementRule {
  /** Below this Dice the boundary is disputed. */
  readonly minDice: number;
  /** Above this 95 % surface distance (DeepMind variant) the boundary is disputed. */
  readonly maxHd95Mm: number;
  /** If every outline is shorter than this, overlap alone is agreement: a rim of one voxel decides their Dice. */
  readonly smallLesionMm: number;
}

export const defaultAgreementRule: AgreementRule = { minDice: 0.7, maxHd95Mm: 3, smallLesionMm: 5 };

/** One place in the brain where readers agree or not. */
export interface AgreementGroup {
  /** From 1, in scan order of the first voxel that any reader marked. */
  readonly number: number;
  readonly kind: AgreementKind;
  /** Numbers of the lesions in it, one list a read, empty for a reader who outlined nothing there. */
  readonly lesionNumbers: readonly (readonly number[])[];
  /** Least Dice of two of the outlines, null if there is only one. */
  readonly dice: number | null;
  /** Greatest 95 % surface distance of two of the outlines (DeepMind variant), mm, null if there is only one. */
  readonly hd95Mm: number | null;
}

/**
 * Compares independent reads of one study lesion by lesion.
 *
 * Lesions belong together if 26-connected components that they are part of share a voxel, directly or through others. A
 * reader's outline within a group is the union of that reader's lesions in it. One read alone agrees with itself.
 * @throws RangeError if there is no read
 * @throws DomainError GRID_MISMATCH if the grids differ
 */
export function compareReads(
  reads: readonly LabelVolume[],
  rule: AgreementRule = defaultAgreementRule,
): AgreementGroup[] {
  const grid = commonGrid(reads);
  const lesions = reads.map(({ data }) => voxelLists(data));
  return groupLesions(reads, grid, lesions).map((lesionNumbers, n) => {
    const outlined = lesionNumbers.flatMap((numbers, read) =>
      numbers.length === 0 ? [] : [numbers.map((number) => lesions[read]![number]!)],
    );
    const { dice, hd95Mm, alike } = compareOutlines(outlined, grid, rule);
    const kind = outlined.length < reads.length ? 'ONE_READER_ONLY' : alike ? 'AGREED' : 'BOUNDARY_DISPUTE';
    return { number: n + 1, kind, lesionNumbers, dice, hd95Mm };
  });
}

/**
 * Whether outlines of one lesion agree by the rule, one list of lesions a reader; a reader's outline is the union of theirs.
 * @returns `dice` and `hd95Mm` of the pair that differs most, null for fewer than two readers, who agree
 */
export function compareOutlines(
  readers: readonly (readonly VoxelList[])[],
  grid: Grid,
  rule: AgreementRule,
): { dice: number | null; hd95Mm: number | null; alike: boolean } {
  const { dice, hd95 } = worstPair(
    readers.map((lists) => mergeLists(lists)),
    grid,
  );
  const small = (): boolean =>
    dice !== 0 &&
    readers.every((lists) =>
      lists.every((voxels) => measureLesion({ grid }, voxels, 1).longestDiameterMm < rule.smallLesionMm),
    );
  const alike = dice === null || hd95 === null || (dice >= rule.minDice && hd95 <= rule.maxHd95Mm) || small();
  return { dice, hd95Mm: hd95, alike };
}

/**
 * The grid of all reads.
 * @throws RangeError if there is no read
 * @throws DomainError GRID_MISMATCH if the grids differ
 */
export function commonGrid(reads: readonly LabelVolume[]): Grid {
  const [first, ...others] = reads;
  if (first === undefined) throw new RangeError('no read given to compare');
  others.forEach(({ grid }, n) => {
    if (!sameGrid(first.grid, grid))
      throw new DomainError('GRID_MISMATCH', `Read ${n + 2} lies on another grid than read 1.`);
  });
  return first.grid;
}

function worstPair(outlines: readonly VoxelList[], grid: Grid): { dice: number | null; hd95: number | null } {
  let worst: { dice: number | null; hd95: number | null } = { dice: null, hd95: null };
  outlines.forEach((a, m) => {
    for (const b of outlines.slice(m + 1)) {
      const [dice, hd95] = [diceOfVoxels(a, b), hd95Mm(a, b, grid.size, spacingMm(grid))];
      worst = { dice: Math.min(worst.dice ?? 1, dice), hd95: Math.max(worst.hd95 ?? 0, hd95) };
    }
  });
  return worst;
}

/** Lesion numbers by read, for each group, in scan order of the groups' first voxels. */
function groupLesions(reads: readonly LabelVolume[], grid: Grid, lesions: readonly VoxelList[][]): number[][][] {
  // Lesions of all reads are numbered through; each points to an earlier one of its group, the first to itself.
  const starts: number[] = [];
  let total = 0;
  for (const lists of lesions) {
    starts.push(total);
    total += lists.length;
  }
  const parents = Int32Array.from({ length: total }, (_, n) => n);
  const root = (node: number): number => {
    let at = node;
    while (parents[at] !== at) at = parents[at] = parents[parents[at]!]!;
    return at;
  };
  const join = (a: number, b: number): void => {
    const [p, q] = [root(a), root(b)];
    parents[Math.max(p, q)] = Math.min(p, q);
  };
  reads.forEach(({ data }, read) => {
    const { labels, count } = components(data, grid.size, 26);
    const firstOfComponent = new Int32Array(count + 1).fill(-1);
    for (const voxels of lesions[read]!)
      for (const voxel of voxels) {
        const node = starts[read]! + data[voxel]!;
        const component = labels[voxel]!;
        if (firstOfComponent[component] === -1) firstOfComponent[component] = node;
        else join(firstOfComponent[component]!, node);
        for (let other = 0; other < read; other++) {
          const there = reads[other]!.data[voxel]!;
          if (there !== 0) join(starts[other]! + there, node);
        }
      }
  });
  const groups = new Map<number, { firstVoxel: number; numbers: number[][] }>();
  lesions.forEach((lists, read) => {
    lists.forEach((voxels, number) => {
      if (voxels.length === 0) return;
      const key = root(starts[read]! + number);
      const group = groups.get(key) ?? { firstVoxel: voxels[0]!, numbers: reads.map(() => []) };
      groups.set(key, group);
      group.firstVoxel = Math.min(group.firstVoxel, voxels[0]!);
      group.numbers[read]!.push(number);
    });
  });
  return [...groups.values()].sort((a, b) => a.firstVoxel - b.firstVoxel).map(({ numbers }) => numbers);
}
