import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { graphql } from '../../app/api/graphql.ts';
import type { Connection } from '../../app/api/queries.ts';

/** Series instance UIDs of what is shown side by side: BRAVO, and the co-registered copies of the others on its grid. */
export type SeriesByRole = Partial<Record<Sequence, string>>;

export interface StudySeries {
  readonly shown: SeriesByRole;
  /** As they were acquired, on grids of their own. */
  readonly acquired: SeriesByRole;
}

export interface Series {
  readonly seriesInstanceUid: string;
  readonly role: Sequence | 'OTHER' | null;
  readonly derivedFrom: { readonly role: Sequence | 'OTHER' | null } | null;
}

const query = `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node {
  series { seriesInstanceUid role derivedFrom { role } }
} } } }`;

/**
 * What to show of a study.
 * @throws SignedOut, Refused
 */
export async function seriesOfStudy(studyInstanceUid: string): Promise<StudySeries> {
  if (!studyInstanceUid) return { shown: {}, acquired: {} };
  const { studies } = await graphql<{ studies: Pick<Connection<{ series: readonly Series[] }>, 'edges'> }>(query, {
    uid: studyInstanceUid,
  });
  return byRole(studies.edges[0]?.node.series ?? []);
}

/** Before a study is prepared there are no copies: then the acquired series stand in. */
export function byRole(series: readonly Series[]): StudySeries {
  const shown: SeriesByRole = {};
  const acquired: SeriesByRole = {};
  for (const role of sequences) {
    const copy = series.find(({ derivedFrom }) => derivedFrom?.role === role);
    const own = series.find((one) => one.role === role && !one.derivedFrom);
    if (own) acquired[role] = own.seriesInstanceUid;
    const found = copy ?? own;
    if (found) shown[role] = found.seriesInstanceUid;
  }
  return { shown, acquired };
}
