import type { PreparedStudy } from './prepare.ts';
import type { Team } from './team.ts';

/** The second tenant must see nothing of the first, by list, by id or by DICOMweb. @throws Error if it does */
export async function checkIsolation({ stranger }: Team, studies: readonly PreparedStudy[]): Promise<void> {
  const seen = await stranger.graphql<
    Record<'studies' | 'tasks' | 'datasets' | 'modelVersions' | 'auditEvents', { edges: unknown[] }>
  >(
    '{ studies { edges { cursor } } tasks { edges { cursor } } datasets { edges { cursor } } modelVersions { edges { cursor } } auditEvents(filter: { actions: ["uploadCreate"] }) { edges { cursor } } }',
  );
  for (const [list, { edges }] of Object.entries(seen)) {
    if (edges.length > 0) throw new Error(`the second tenant sees ${edges.length} of the first one's ${list}`);
  }
  for (const { id, studyInstanceUid, bravoSeriesUid } of studies) {
    const { node } = await stranger.graphql<{ node: unknown }>('query ($id: ID!) { node(id: $id) { id } }', { id });
    if (node !== null) throw new Error(`the second tenant sees study ${id}`);
    const { status } = await stranger.retrieve(`/studies/${studyInstanceUid}/series/${bravoSeriesUid}/metadata`);
    if (status !== 404) throw new Error(`the second tenant was answered ${status} for study ${studyInstanceUid}`);
  }
}
