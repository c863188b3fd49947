import { DomainError } from '../domain/errors.ts';
import { type LabelVolume, sameGrid } from '../domain/geometry.ts';
import { type AgreementGroup, type AgreementRule, compareOutlines, compareReads } from './agreement.ts';
import type { Verdict } from './ground-truth.ts';
import { voxelLists } from './voxel-lists.ts';

/** What the second reader says of an outline of the first. */
export type Check =
  | { readonly decision: 'ACCEPT' }
  /** It stands as these lesions of the second reader's own label. */
  | { readonly decision: 'REDRAW'; readonly lesionNumbers: readonly number[] }
  | { readonly decision: 'REJECT' };

export interface CheckedRead {
  /** Of the two reads: the places that were checked under their numbers, then those that the second reader added. */
  readonly groups: readonly AgreementGroup[];
  /** How agreed places stand, for the ground truth: as the second reader left them. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
}

/** The places that a second reader has to judge: each lesion of the first read, as yet outlined by one reader only. */
export const placesToCheck = (first: LabelVolume, rule: AgreementRule): AgreementGroup[] =>
  compareReads([first], rule).map((group) => ({ ...group, kind: 'ONE_READER_ONLY' }));

/**
 * Compares a first read with its check. Which outline corrects which is said by the second reader, not found by overlap. Accepted
 * lesions are agreed upon, and corrected ones whose outlines agree by the rule, as corrected: whoever looked last at both saw more.
 * Corrections beyond the rule, rejected lesions and added ones are disputes. Lesions of the second reader that no correction names are
 * added ones.
 * @param second Corrections and additions of the second reader, without what they accept; undefined if they drew nothing.
 * @param checks By number of the places to check.
 * @throws DomainError VERDICT_MISSING for a place without a check, INVALID for a lesion that the label lacks, GRID_MISMATCH
 */
export function compareChecked(
  first: LabelVolume,
  second: LabelVolume | undefined,
  checks: ReadonlyMap<number, Check>,
  rule: AgreementRule,
): CheckedRead {
  if (second && !sameGrid(first.grid, second.grid))
    throw new DomainError('GRID_MISMATCH', 'The label of the check lies on another grid than the read.');
  const outlines = voxelLists(first.data);
  const drawn = second ? voxelLists(second.data) : [];
  const verdicts = new Map<number, Verdict>();
  const used = new Set<number>();
  const checked = placesToCheck(first, rule).map((place): AgreementGroup => {
    const { number, lesionNumbers } = place;
    const own = lesionNumbers[0]!;
    const check = checks.get(number);
    if (!check) throw new DomainError('VERDICT_MISSING', `Place ${number} was not checked.`);
    if (check.decision === 'REJECT') return { ...place, lesionNumbers: [own, []] };
    if (check.decision === 'ACCEPT') {
      verdicts.set(number, { decision: 'ACCEPT', lesions: own.map((lesionNumber) => ({ read: 0, lesionNumber })) });
      return { ...place, kind: 'AGREED', lesionNumbers: [own, []] };
    }
    for (const lesion of check.lesionNumbers) {
      if (!drawn[lesion]?.length)
        throw new DomainError('INVALID', `The check of place ${number} names lesion ${lesion}, which its label lacks.`);
      used.add(lesion);
    }
    const lists = [own.map((n) => outlines[n]!), check.lesionNumbers.map((n) => drawn[n]!)];
    const { dice, hd95Mm, alike } = compareOutlines(lists, first.grid, rule);
    if (alike) {
      const lesions = check.lesionNumbers.map((lesionNumber) => ({ read: 1, lesionNumber }));
      verdicts.set(number, { decision: 'ACCEPT', lesions });
    }
    const kind = alike ? 'AGREED' : 'BOUNDARY_DISPUTE';
    return { number, kind, lesionNumbers: [own, check.lesionNumbers], dice, hd95Mm };
  });
  const added = drawn.flatMap((voxels, lesion) => (voxels.length > 0 && !used.has(lesion) ? [lesion] : []));
  const groups = [
    ...checked,
    ...added.map((lesion, n): AgreementGroup => {
      const number = checked.length + n + 1;
      return { number, kind: 'ONE_READER_ONLY', lesionNumbers: [[], [lesion]], dice: null, hd95Mm: null };
    }),
  ];
  return { groups, verdicts };
}
