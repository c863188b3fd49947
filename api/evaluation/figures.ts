import {
  type CaseFigureValues,
  type Estimate,
  type EvaluationReport,
  type MetricName,
  metricNames,
  type ReportedCase,
} from '#core/domain/evaluation-report.ts';
import type { EvaluationCase, Figures, GroupTest, Metric } from '../generated/resolver-types.ts';
import type { EvaluationRow, StudyRow } from '../graphql/rows.ts';

/** How GraphQL spells the names of figures. */
export const metricEnum = {
  auc: 'AUC',
  youdenSensitivity: 'YOUDEN_SENSITIVITY',
  youdenSpecificity: 'YOUDEN_SPECIFICITY',
  precision: 'PRECISION',
  recall: 'RECALL',
  dice: 'DICE',
  detectedDice: 'DETECTED_DICE',
  lesionSensitivity: 'LESION_SENSITIVITY',
  fpPerCase: 'FP_PER_CASE',
  fpPerCase10mm3: 'FP_PER_CASE_10MM3',
  brats23Dice: 'BRATS23_DICE',
  brats23Hd95Mm: 'BRATS23_HD95',
} as const satisfies Record<MetricName, Metric>;

/** The report that the worker wrote; null while there is none. */
export const reportOf = ({ report }: EvaluationRow): EvaluationReport | null =>
  report as unknown as EvaluationReport | null;

export const groupTestsOf = (report: EvaluationReport | null): GroupTest[] =>
  (report?.groupTests ?? []).map((test) => ({ ...test, metric: metricEnum[test.metric] }));

/** A case's figures as a row of one case. */
export function figuresOfCase(label: string, values: CaseFigureValues): Figures {
  const single = (mean: number | null): Estimate | null =>
    mean === null ? null : { mean, sd: null, low95: null, high95: null, count: 1 };
  const estimates = metricNames.map((metric) => [metric, single(values[metric])] as const);
  return {
    label,
    caseCount: 1,
    lesionCount: values.lesionCount,
    ...(Object.fromEntries(estimates) as Record<MetricName, Estimate | null>),
  };
}

/** Worst Dice first, those without one last, then by study. */
export const worstFirst = (cases: readonly ReportedCase[]): ReportedCase[] =>
  cases.toSorted((a, b) => (a.figures.dice ?? 2) - (b.figures.dice ?? 2) || (a.studyId < b.studyId ? -1 : 1));

/** What GraphQL shows of a judged case; the study is a row, as all its fields start from one. */
export const shownCase = (
  { siteName, figures }: ReportedCase,
  study: StudyRow,
): Omit<EvaluationCase, 'study'> & { study: StudyRow } => ({
  study,
  figures: figuresOfCase(siteName, figures),
  foundLesionCount: figures.foundLesionCount,
});
