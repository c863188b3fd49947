import { graphql } from '../../app/api/graphql.ts';
import type { Connection } from '../../app/api/queries.ts';
import { byRole, type Series, type SeriesByRole } from './study-series.ts';

/** The study before the one that is read. */
export interface PriorStudy {
  readonly studyInstanceUid: string;
  /** Shifted as all days are, YYYY-MM-DD. */
  readonly studyDate: string;
  readonly series: SeriesByRole;
}

interface Study {
  readonly studyInstanceUid: string;
  readonly studyDate: string | null;
  readonly series: readonly Series[];
}
type Edges<T> = Pick<Connection<T>, 'edges'>;

const query = `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node { studyDate
  subject { studies(first: 100) { edges { node {
    studyInstanceUid studyDate series { seriesInstanceUid role derivedFrom { role } }
  } } } }
} } } }`;

/**
 * The newest study of the same person from an earlier day, of those that the reader may see; undefined if there is none.
 * @throws SignedOut, Refused
 */
export async function findPrior(studyInstanceUid: string): Promise<PriorStudy | undefined> {
  const { studies } = await graphql<{
    studies: Edges<{ studyDate: string | null; subject: { studies: Edges<Study> } }>;
  }>(query, { uid: studyInstanceUid });
  const present = studies.edges[0]?.node;
  if (!present?.studyDate) return undefined;
  const day = present.studyDate;
  const earlier = present.subject.studies.edges.flatMap(({ node: { studyDate, series, ...study } }) =>
    studyDate && studyDate < day ? [{ ...study, studyDate, series: byRole(series).shown }] : [],
  );
  return earlier.toSorted((a, b) => (a.studyDate < b.studyDate ? 1 : -1))[0];
}
