import { DomainError } from '../domain/errors.ts';
import { type Grid, type LabelVolume, sameGrid } from '../domain/geometry.ts';
import { type AgreementGroup, commonGrid } from './agreement.ts';
import { components } from './components.ts';
import { labelComponents } from './relabel.ts';
import { cutBox, mergeLists, type VoxelList, voxelLists } from './voxel-lists.ts';

/** A lesion of one of the reads that were compared. */
export interface LesionReference {
  /** Index of the read among those compared, from 0. */
  readonly read: number;
  readonly lesionNumber: number;
}

/** How a group of lesions was settled. */
export type Verdict =
  /** It stands as one reader drew it; more than one lesion only if that reader drew it in parts. */
  | { readonly decision: 'ACCEPT'; readonly lesions: readonly LesionReference[] }
  /** The union of these outlines stands. */
  | { readonly decision: 'MERGE'; readonly lesions: readonly LesionReference[] }
  /** It stands as these lesions of the adjudicator's own label. */
  | { readonly decision: 'REDRAW'; readonly lesionNumbers: readonly number[] }
  /** It is no metastasis. */
  | { readonly decision: 'REJECT' };

/** Where a lesion of the ground truth comes from. */
export interface LesionProvenance {
  /** Its number in the ground truth. */
  readonly lesionNumber: number;
  /** Groups that it is made of, ascending; more than one where accepted outlines touch. */
  readonly origins: readonly { readonly group: number; readonly decision: 'AGREED' | Verdict['decision'] }[];
}

export interface GroundTruth {
  readonly label: LabelVolume;
  /** One entry a lesion, by number. */
  readonly provenance: readonly LesionProvenance[];
}

/** Ground truth was asked for while disputes are open. */
export class UnresolvedDisputeError extends DomainError {
  /** Numbers of the groups that wait for a verdict. */
  readonly groups: readonly number[];
  constructor(groups: readonly number[]) {
    const which = groups.length === 1 ? `Lesion group ${groups[0]} has` : `Lesion groups ${groups.join(', ')} have`;
    super('VERDICT_MISSING', `${which} no verdict; settle the dispute before the label is accepted.`);
    this.name = 'UnresolvedDisputeError';
    this.groups = groups;
  }
}

export interface GroundTruthInput {
  readonly reads: readonly LabelVolume[];
  /** As `compareReads` gave them for these reads. */
  readonly groups: readonly AgreementGroup[];
  /** By group number. A verdict on an agreed group takes the place of the vote. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** The adjudicator's own label, needed by REDRAW only. */
  readonly adjudicated?: LabelVolume;
}

/**
 * Composes the accepted label from what readers agree on and from verdicts.
 *
 * The accepted outline of an agreed lesion is what at least half of the readers marked: the majority of three, the
 * union of two. The union, because two outlines that agree differ by a rim only, in which enhancing tumour that one
 * reader saw should not become background to learn from; an intersection would be smaller than both readers drew, for a
 * lesion of a few voxels to nothing. Where every reader drew one connected outline the vote keeps its largest part,
 * lest its rim leave specks.
 *
 * Lesions of the result are its 26-connected components, numbered from 1 in scan order, so that a lesion means the same
 * in ground truth, counts and evaluation.
 * @throws UnresolvedDisputeError if a group that is not AGREED has no verdict
 * @throws DomainError INVALID if a verdict names a group or lesion that does not exist, GRID_MISMATCH if grids differ
 */
export function composeGroundTruth({ reads, groups, verdicts, adjudicated }: GroundTruthInput): GroundTruth {
  const grid = commonGrid(reads);
  if (adjudicated !== undefined && !sameGrid(grid, adjudicated.grid))
    throw new DomainError('GRID_MISMATCH', "The adjudicator's label lies on another grid than the reads.");
  const open = groups.filter(({ kind, number }) => kind !== 'AGREED' && !verdicts.has(number));
  if (open.length > 0) throw new UnresolvedDisputeError(open.map(({ number }) => number));
  for (const number of verdicts.keys())
    if (!groups.some((group) => group.number === number))
      throw new DomainError('INVALID', `A verdict names lesion group ${number}, which does not exist.`);

  const lesions = reads.map(({ data }) => voxelLists(data));
  const redrawn = adjudicated === undefined ? [] : voxelLists(adjudicated.data);
  const accepted = groups.map((group) => {
    const verdict = verdicts.get(group.number);
    const outline = verdict === undefined ? vote(group, lesions, grid) : judged(group, verdict, lesions, redrawn);
    return { group: group.number, decision: verdict?.decision ?? ('AGREED' as const), outline };
  });
  const mask = new Uint8Array(reads[0]!.data.length);
  for (const { outline } of accepted) for (const voxel of outline) mask[voxel] = 1;
  const label = labelComponents({ grid, data: mask });

  const provenance = new Map<number, LesionProvenance['origins'][number][]>();
  for (const { group, decision, outline } of accepted)
    for (const lesionNumber of new Set(Array.from(outline, (voxel) => label.data[voxel]!)))
      provenance.set(lesionNumber, [...(provenance.get(lesionNumber) ?? []), { group, decision }]);
  return {
    label,
    provenance: [...provenance].sort(([a], [b]) => a - b).map(([lesionNumber, origins]) => ({ lesionNumber, origins })),
  };
}

function judged(
  group: AgreementGroup,
  verdict: Verdict,
  lesions: readonly VoxelList[][],
  redrawn: readonly VoxelList[],
): VoxelList {
  const where = `The verdict ${verdict.decision} on lesion group ${group.number}`;
  if (verdict.decision === 'REJECT') return new Int32Array(0);
  if (verdict.decision === 'REDRAW') {
    if (verdict.lesionNumbers.length === 0) throw new DomainError('INVALID', `${where} names no lesion.`);
    return mergeLists(
      verdict.lesionNumbers.map((number) => {
        const voxels = redrawn[number];
        if (voxels === undefined || voxels.length === 0)
          throw new DomainError('INVALID', `${where} names lesion ${number}, which the adjudicator's label lacks.`);
        return voxels;
      }),
    );
  }
  if (verdict.lesions.length === 0) throw new DomainError('INVALID', `${where} names no lesion.`);
  if (verdict.decision === 'ACCEPT' && new Set(verdict.lesions.map(({ read }) => read)).size > 1)
    throw new DomainError('INVALID', `${where} names lesions of several readers; MERGE joins these.`);
  return mergeLists(
    verdict.lesions.map(({ read, lesionNumber }) => {
      if (!group.lesionNumbers[read]?.includes(lesionNumber))
        throw new DomainError(
          'INVALID',
          `${where} names lesion ${lesionNumber} of read ${read}, which is not in the group.`,
        );
      return lesions[read]![lesionNumber]!;
    }),
  );
}

/** Voxels that at least half of the readers marked. */
function vote({ lesionNumbers }: AgreementGroup, lesions: readonly VoxelList[][], grid: Grid): VoxelList {
  const outlines = lesionNumbers.map((numbers, read) => mergeLists(numbers.map((number) => lesions[read]![number]!)));
  const votes = new Map<number, number>();
  for (const outline of outlines) for (const voxel of outline) votes.set(voxel, (votes.get(voxel) ?? 0) + 1);
  const chosen = [...votes].filter(([, count]) => 2 * count >= outlines.length).map(([voxel]) => voxel);
  // Five outlines and more can overlap in a chain without a majority anywhere.
  const voxels = chosen.length === 0 ? mergeLists(outlines) : Int32Array.from(chosen).sort();
  const connected = outlines.every((outline) => parts(outline, grid).length === 1);
  return connected ? parts(voxels, grid).reduce((a, b) => (b.length > a.length ? b : a)) : voxels;
}

/** The 26-connected parts of some voxels. */
function parts(voxels: VoxelList, { size }: Grid): VoxelList[] {
  const box = cutBox([voxels], size, 0);
  const { labels } = components(box.masks[0]!, box.size, 26);
  return voxelLists(labels)
    .slice(1)
    .map((part) => part.map((at) => box.volumeIndex(at)!));
}
