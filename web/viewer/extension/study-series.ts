import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { graphql } from '../../app/api/graphql.ts';
import type { Connection } from '../../app/api/queries.ts';

/** Series instance UIDs of what is shown side by side: BRAVO, and the co-registered copies of the others on its grid. */
export type SeriesByRole = Partial<Record<Sequence, string>>;

interface Series {
  readonly seriesInstanceUid: string;
  readonly role: Sequence | 'OTHER' | null;
  readonly derivedFrom: { readonly role: Sequence | 'OTHER' | null } | null;
}

const query = `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node {
  series { seriesInstanceUid role derivedFrom { role } }
} } } }`;

/**
 * What to show of a study. Before it is prepared there are no copies: then the acquired series stand in.
 * @throws SignedOut, Refused
 */
export async function seriesByRole(studyInstanceUid: string): Promise<SeriesByRole> {
  if (!studyInstanceUid) return {};
  const { studies } = await graphql<{ studies: Pick<Connection<{ series: readonly Series[] }>, 'edges'> }>(query, {
    uid: studyInstanceUid,
  });
  const series = studies.edges[0]?.node.series ?? [];
  const found: SeriesByRole = {};
  for (const role of sequences) {
    const copy = series.find(({ derivedFrom }) => derivedFrom?.role === role);
    const shown = copy ?? series.find((one) => one.role === role);
    if (shown) found[role] = shown.seriesInstanceUid;
  }
  return found;
}
