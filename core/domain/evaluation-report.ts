import type { Subset } from './dataset-split.ts';
import type { LesionGroup } from './lesion.ts';
import type { ThresholdRule } from './threshold-rule.ts';

/** Figures that are summarized, tested and shown; fields of the GraphQL type Figures. */
export const metricNames = [
  'auc',
  'youdenSensitivity',
  'youdenSpecificity',
  'precision',
  'recall',
  'dice',
  'detectedDice',
  'lesionSensitivity',
  'fpPerCase',
  'fpPerCase10mm3',
  'brats23Dice',
  'brats23Hd95Mm',
] as const;
export type MetricName = (typeof metricNames)[number];

/** A figure over patients. */
export interface Estimate {
  readonly mean: number;
  /** Of the sample; null for one patient. */
  readonly sd: number | null;
  /** Bootstrap 95 % interval of the mean; null for one patient. */
  readonly low95: number | null;
  readonly high95: number | null;
  readonly count: number;
}

/** Figures of one row, each over patients; null where it has no meaning. */
export interface FiguresRow extends Readonly<Record<MetricName, Estimate | null>> {
  /** Such as `all`, `1-3` or a site's name. */
  readonly label: string;
  readonly caseCount: number;
  readonly lesionCount: number;
  readonly foundLesionCount: number;
}

/** Figures of one case; null where one has no meaning, such as a sensitivity without lesions. */
export interface CaseFigureValues extends Readonly<Record<MetricName, number | null>> {
  readonly lesionCount: number;
  readonly foundLesionCount: number;
}

export interface ReportedCase {
  readonly studyId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly group: LesionGroup;
  readonly figures: CaseFigureValues;
}

/** A two-sided Wilcoxon rank-sum test of one figure between two groups. */
export interface ReportedTest {
  readonly metric: MetricName;
  readonly first: LesionGroup;
  readonly second: LesionGroup;
  readonly pValue: number;
  readonly exact: boolean;
}

/** Mean ROC curve of a row with the bootstrap 95 % band; element n is at n % false alarms. */
export interface ReportedCurve {
  readonly label: string;
  readonly mean: readonly number[];
  readonly low95: readonly number[] | null;
  readonly high95: readonly number[] | null;
}

/**
 * What an evaluation found: written once as canonical JSON by the worker; its hash is what a review signs. The same object is
 * kept in `evaluation.report`, from which GraphQL answers.
 */
export interface EvaluationReport {
  readonly schemaVersion: 1;
  /** Hash of the weights that were judged. */
  readonly weightsSha256: string;
  readonly datasetManifestSha256: string;
  readonly subset: Subset;
  /** A voxel counts as lesion at or above it. */
  readonly threshold: number;
  readonly thresholdRule: ThresholdRule;
  /** What each rule chose on the development patients; null if none of them has lesions. */
  readonly developmentThresholds: {
    readonly youden: number;
    readonly maxDice: number;
    /** Not in reports from before there was the rule. */
    readonly sensitive?: number;
  } | null;
  readonly cases: readonly ReportedCase[];
  readonly rows: { readonly byLesionGroup: readonly FiguresRow[]; readonly bySite: readonly FiguresRow[] };
  readonly groupTests: readonly ReportedTest[];
  readonly rocCurves: readonly ReportedCurve[];
  /** The best that one threshold on BRAVO does on the same cases, in multiples of the brain's median; null without lesions. */
  readonly intensityBaseline: { readonly dice: number; readonly threshold: number } | null;
}
