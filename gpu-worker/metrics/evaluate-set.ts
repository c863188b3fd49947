import { estimate } from '#core/domain/estimate.ts';
import { type Estimate, type FiguresRow, type MetricName, metricNames } from '#core/domain/evaluation-report.ts';
import { type LesionGroup, lesionGroup } from '#core/domain/lesion.ts';
import type { CaseFigures } from './evaluate-case.ts';
import { rankSumTest } from './wilcoxon.ts';

/** A judged case and whose it is. */
export interface JudgedCase {
  readonly subjectId: string;
  /** Name of its site, as rows of figures show it. */
  readonly site: string;
  readonly figures: CaseFigures;
}

export type RowKind = 'LESION_GROUP' | 'SITE';

/** A two-sided Wilcoxon rank-sum test of one figure between two groups. */
export interface GroupTest {
  readonly metric: MetricName;
  readonly first: LesionGroup;
  readonly second: LesionGroup;
  readonly pValue: number;
  readonly exact: boolean;
}

/** Mean ROC curve of a row with the bootstrap 95 % band of the mean; element n is at n % false alarms. */
export interface MeanRocCurve {
  readonly label: string;
  readonly mean: readonly number[];
  /** Null for one patient. */
  readonly low95: readonly number[] | null;
  readonly high95: readonly number[] | null;
}

const lesionBearingGroups = ['ONE_TO_THREE', 'FOUR_TO_TEN', 'MORE_THAN_TEN'] as const satisfies LesionGroup[];
const groupLabels: Record<LesionGroup, string> = {
  NONE: 'no metastasis',
  ONE_TO_THREE: '1-3',
  FOUR_TO_TEN: '4-10',
  MORE_THAN_TEN: '>10',
};

/**
 * Rows of figures: all cases and each lesion count group, or each site by name. Cases without metastasis are never
 * mixed with others: they have a row of their own, in which only false positives have a meaning.
 * @param seed of the bootstrap
 */
export function figuresRows(cases: readonly JudgedCase[], by: RowKind, seed: number): FiguresRow[] {
  return splitRows(cases, by).map(([label, some]) => figuresRow(label, some, seed));
}

/** Tests every figure between each two of the groups 1-3, 4-10 and >10 that have it. */
export function groupTests(cases: readonly JudgedCase[]): GroupTest[] {
  const tests: GroupTest[] = [];
  for (const metric of metricNames)
    lesionBearingGroups.forEach((first, n) => {
      for (const second of lesionBearingGroups.slice(n + 1)) {
        const [a, b] = [first, second].map((group) => perSubject(inGroup(cases, group), figureOf(metric)));
        if (a!.length === 0 || b!.length === 0) continue;
        const { pValue, exact } = rankSumTest(a!, b!);
        tests.push({ metric, first, second, pValue, exact });
      }
    });
  return tests;
}

/** Mean ROC curves of all cases with lesions and of each group that has some. */
export function meanRocCurves(cases: readonly JudgedCase[], seed: number): MeanRocCurve[] {
  return splitRows(cases, 'LESION_GROUP').flatMap(([label, some]) => {
    const length = some.find(({ figures }) => figures.rocCurve !== null)?.figures.rocCurve?.length ?? 0;
    if (length === 0) return [];
    const points = Array.from(
      { length },
      (_, n) =>
        estimate(
          perSubject(some, ({ rocCurve }) => rocCurve?.[n] ?? null),
          seed,
        )!,
    );
    const banded = points[0]!.low95 !== null;
    return {
      label,
      mean: points.map(({ mean }) => mean),
      low95: banded ? points.map(({ low95 }) => low95!) : null,
      high95: banded ? points.map(({ high95 }) => high95!) : null,
    };
  });
}

function splitRows(cases: readonly JudgedCase[], by: RowKind): [label: string, cases: readonly JudgedCase[]][] {
  const free = inGroup(cases, 'NONE');
  const bearing = cases.filter(({ figures }) => figures.lesionCount > 0);
  const rows: [string, readonly JudgedCase[]][] =
    by === 'LESION_GROUP'
      ? [
          ['all', bearing],
          ...lesionBearingGroups.map((group): [string, JudgedCase[]] => [groupLabels[group], inGroup(cases, group)]),
          [groupLabels.NONE, free],
        ]
      : [...new Set(cases.map(({ site }) => site))].sort().flatMap((name): [string, JudgedCase[]][] => [
          [name, bearing.filter(({ site }) => site === name)],
          [`${name}, ${groupLabels.NONE}`, free.filter(({ site }) => site === name)],
        ]);
  return rows.filter(([, some]) => some.length > 0);
}

function inGroup(cases: readonly JudgedCase[], group: LesionGroup): JudgedCase[] {
  return cases.filter(({ figures }) => lesionGroup(figures.lesionCount) === group);
}

function figuresRow(label: string, cases: readonly JudgedCase[], seed: number): FiguresRow {
  const total = (of: (figures: CaseFigures) => number): number =>
    cases.reduce((sum, { figures }) => sum + of(figures), 0);
  const estimates = metricNames.map((metric) => [metric, estimate(perSubject(cases, figureOf(metric)), seed)]);
  return {
    label,
    caseCount: cases.length,
    lesionCount: total(({ lesionCount }) => lesionCount),
    foundLesionCount: total(({ foundLesionCount }) => foundLesionCount),
    ...(Object.fromEntries(estimates) as Record<MetricName, Estimate | null>),
  };
}

function figureOf(metric: MetricName): (figures: CaseFigures) => number | null {
  switch (metric) {
    case 'youdenSensitivity':
      return ({ youden }) => youden?.sensitivity ?? null;
    case 'youdenSpecificity':
      return ({ youden }) => youden?.specificity ?? null;
    case 'fpPerCase':
      return ({ falsePositives }) => falsePositives;
    case 'fpPerCase10mm3':
      return ({ falsePositives10mm3 }) => falsePositives10mm3;
    default:
      return (figures) => figures[metric];
  }
}

/**
 * One value a patient: the mean over those of the patient's cases that have one. Studies of one patient are not
 * independent.
 */
function perSubject(cases: readonly JudgedCase[], of: (figures: CaseFigures) => number | null): number[] {
  const values = new Map<string, number[]>();
  for (const { subjectId, figures } of cases) {
    const value = of(figures);
    if (value !== null) values.set(subjectId, [...(values.get(subjectId) ?? []), value]);
  }
  return Array.from(values.values(), (own) => own.reduce((sum, value) => sum + value, 0) / own.length);
}
