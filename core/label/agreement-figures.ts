import { estimate } from '../domain/estimate.ts';
import type { Estimate } from '../domain/evaluation-report.ts';
import type { LabelComparison } from './compare-labels.ts';

/** One label against one reference, with what its read cost. */
export interface ComparedRead {
  readonly taskId: string;
  readonly comparison: LabelComparison;
  readonly secondsSpent: number;
  /** Null for a read that started from nothing. */
  readonly draft: { readonly editedVoxels: number; readonly voxels: number } | null;
}

/** Only lesions of these longest diameters count; those of a band, without its upper end. */
export interface DiameterBand {
  readonly minMm: number;
  readonly maxMm: number;
}

/** Figures over reads; estimates are means over reads with bootstrap intervals, null where no read has the figure. */
export interface AgreementFigures {
  readonly taskCount: number;
  readonly readCount: number;
  readonly lesionCount: number;
  readonly sensitivity: Estimate | null;
  readonly falsePositivesPerCase: Estimate | null;
  readonly lesionDice: Estimate | null;
  readonly lesionHd95Mm: Estimate | null;
  /** Cohen's, over slices: each slice of each study is a unit, present where a lesion reaches it. */
  readonly kappa: number | null;
  /** Bland and Altman: of lesions found, the label's volume less the reference's. */
  readonly volumeBiasMm3: number | null;
  readonly volumeLimitsMm3: readonly [lower: number, upper: number] | null;
  /** Voxels changed for each voxel of the draft. */
  readonly editedFraction: Estimate | null;
  readonly secondsSpent: Estimate | null;
  /** Of each lesion found, in the order of the reads. */
  readonly dices: readonly number[];
  readonly volumePairs: readonly { readonly meanMm3: number; readonly differenceMm3: number }[];
}

const seed = 1;

export function agreementFigures(
  reads: readonly ComparedRead[],
  { minMm, maxMm }: DiameterBand = { minMm: 0, maxMm: Number.POSITIVE_INFINITY },
): AgreementFigures {
  const inBand = ({ diameterMm }: { diameterMm: number }): boolean => diameterMm >= minMm && diameterMm < maxMm;
  const lesions = reads.map(({ comparison }) => comparison.lesions.filter(inBand));
  const matches = lesions.map((list) =>
    list.flatMap(({ volumeMm3, match }) => (match ? { ...match, referenceMm3: volumeMm3 } : [])),
  );
  const pairs = matches.flat().map(({ volumeMm3, referenceMm3 }) => ({
    meanMm3: (volumeMm3 + referenceMm3) / 2,
    differenceMm3: volumeMm3 - referenceMm3,
  }));
  const limits = blandAltman(pairs.map(({ differenceMm3 }) => differenceMm3));
  const perRead = (values: readonly (number | null)[]): Estimate | null =>
    estimate(
      values.filter((value) => value !== null),
      seed,
    );
  const falsePositives = reads.map(({ comparison }) => comparison.falsePositives.filter(inBand).length);
  const edits = reads.map(({ draft }) => (draft && draft.voxels > 0 ? draft.editedVoxels / draft.voxels : null));
  return {
    taskCount: new Set(reads.map(({ taskId }) => taskId)).size,
    readCount: reads.length,
    lesionCount: lesions.flat().length,
    sensitivity: perRead(lesions.map((list, n) => (list.length > 0 ? matches[n]!.length / list.length : null))),
    falsePositivesPerCase: perRead(falsePositives),
    lesionDice: perRead(matches.map((found) => mean(found.map(({ dice }) => dice)))),
    lesionHd95Mm: perRead(matches.map((found) => mean(found.map(({ hd95Mm }) => hd95Mm)))),
    kappa: cohensKappa(sumSlices(reads)),
    volumeBiasMm3: limits?.bias ?? null,
    volumeLimitsMm3: limits?.limits ?? null,
    editedFraction: perRead(edits),
    secondsSpent: perRead(reads.map(({ secondsSpent }) => secondsSpent)),
    dices: matches.flat().map(({ dice }) => dice),
    volumePairs: pairs,
  };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const sumSlices = (reads: readonly ComparedRead[]): LabelComparison['slices'] =>
  reads.reduce(
    (sum, { comparison: { slices } }) => ({
      both: sum.both + slices.both,
      labelOnly: sum.labelOnly + slices.labelOnly,
      referenceOnly: sum.referenceOnly + slices.referenceOnly,
      neither: sum.neither + slices.neither,
    }),
    { both: 0, labelOnly: 0, referenceOnly: 0, neither: 0 },
  );

/** Cohen's kappa of two raters (Cohen 1960); null where chance alone agrees always, or without a unit. */
export function cohensKappa({ both, labelOnly, referenceOnly, neither }: LabelComparison['slices']): number | null {
  const total = both + labelOnly + referenceOnly + neither;
  if (total === 0) return null;
  const observed = (both + neither) / total;
  const [a, b] = [(both + labelOnly) / total, (both + referenceOnly) / total];
  const chance = a * b + (1 - a) * (1 - b);
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

/**
 * Fleiss' kappa (Fleiss 1971) of as many raters as there are votes less one, who said present or absent.
 * @param votes how many units 0, 1, … of the raters called present
 * @returns null for fewer than two raters, without a unit, or where all always say the same
 */
export function fleissKappa(votes: readonly number[]): number | null {
  const raters = votes.length - 1;
  const total = votes.reduce((sum, count) => sum + count, 0);
  if (raters < 2 || total === 0) return null;
  const pairs = raters * (raters - 1);
  const agreeing = votes.reduce((sum, count, k) => sum + count * (k * (k - 1) + (raters - k) * (raters - k - 1)), 0);
  const present = votes.reduce((sum, count, k) => sum + count * k, 0) / (total * raters);
  const chance = present ** 2 + (1 - present) ** 2;
  return chance === 1 ? null : (agreeing / (total * pairs) - chance) / (1 - chance);
}

/** Bias and 95 % limits of agreement (Bland and Altman 1986): mean ± 1.96 standard deviations; null for fewer than two differences. */
export function blandAltman(
  differences: readonly number[],
): { readonly bias: number; readonly limits: readonly [lower: number, upper: number] } | null {
  if (differences.length < 2) return null;
  const bias = mean(differences)!;
  const squares = differences.reduce((sum, value) => sum + (value - bias) ** 2, 0);
  const within = 1.96 * Math.sqrt(squares / (differences.length - 1));
  return { bias, limits: [bias - within, bias + within] };
}
