import type { Context } from '../context.ts';
import type { EvaluationRow } from '../graphql/rows.ts';
import { reportOf, shownCase, worstFirst } from './figures.ts';
import { readBlindStudies } from './store.ts';

export type ShownCase = ReturnType<typeof shownCase> & { readonly id: string };

/** The judged cases of studies that the caller may see and does not read blind, worst first. */
export async function visibleCases({ loaders, caller }: Context, evaluation: EvaluationRow): Promise<ShownCase[]> {
  const blind = await loaders.list(readBlindStudies).load(caller.memberId);
  const cases = worstFirst(reportOf(evaluation)?.cases ?? []).filter(({ studyId }) => !blind.has(studyId));
  const studies = await Promise.all(cases.map(({ studyId }) => loaders.row('study', studyId)));
  return cases.flatMap((each, index) => {
    const study = studies[index];
    return study ? [{ id: each.studyId, ...shownCase(each, study) }] : [];
  });
}
