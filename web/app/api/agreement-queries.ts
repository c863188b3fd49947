import type { Estimate } from './queries.ts';

export type AgreementRowKind = 'READER' | 'PAIR' | 'REPEAT' | 'SITE' | 'MONTH' | 'ARM';

/** Labels against a reference. */
export interface AgreementRow {
  readonly label: string;
  readonly taskCount: number;
  readonly readCount: number;
  readonly lesionCount: number;
  readonly sensitivity: Estimate | null;
  readonly falsePositivesPerCase: Estimate | null;
  readonly lesionDice: Estimate | null;
  readonly lesionHd95Mm: Estimate | null;
  readonly editedFraction: Estimate | null;
  readonly secondsSpent: Estimate | null;
  readonly kappa: number | null;
  readonly fleissKappa: number | null;
  readonly volumeBiasMm3: number | null;
  readonly volumeLimitsMm3: readonly [lower: number, upper: number] | null;
  readonly dices: readonly number[];
  readonly volumeMeansMm3: readonly number[];
  readonly volumeDifferencesMm3: readonly number[];
}

const estimates = [
  'sensitivity',
  'falsePositivesPerCase',
  'lesionDice',
  'lesionHd95Mm',
  'editedFraction',
  'secondsSpent',
];
export const agreementQuery = `query ($by: AgreementRow!, $filter: AgreementFilter) { agreement(by: $by, filter: $filter) { rows {
  label taskCount readCount lesionCount ${estimates.map((name) => `${name} { mean low95 high95 count }`).join(' ')}
  kappa fleissKappa volumeBiasMm3 volumeLimitsMm3 dices volumeMeansMm3 volumeDifferencesMm3
} } }`;
