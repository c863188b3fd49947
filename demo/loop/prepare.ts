import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../client.ts';

/** A study as the loop knows it. */
export interface PreparedStudy {
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly bravoSeriesUid: string;
  readonly brainMaskVolumeMm3: number;
}

interface StudyNode {
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly missingRoles: readonly string[];
  readonly series: readonly { readonly role: string | null; readonly seriesInstanceUid: string }[];
  readonly preparation: {
    readonly state: string;
    readonly brainMaskVolumeMm3: number | null;
    readonly warnings: readonly string[];
    readonly progress: { readonly failure: { readonly message: string } | null };
  } | null;
}

const query = `query ($after: String) { studies(first: 100, after: $after) { pageInfo { endCursor hasNextPage } edges { node {
  id studyInstanceUid missingRoles series { role seriesInstanceUid }
  preparation { state brainMaskVolumeMm3 warnings progress { failure { message } } } } } } }`;

/** Waits until all of these studies are READY. @throws Error saying which one is not, and why. */
export async function awaitPreparations(
  client: Client,
  uids: readonly string[],
  onReady: (done: number) => void,
  timeoutMs = 600_000,
): Promise<PreparedStudy[]> {
  const deadline = Date.now() + timeoutMs;
  for (let told = -1; Date.now() < deadline; await sleep(500)) {
    const { studies } = await client.graphql<{ studies: { edges: { node: StudyNode }[] } }>(query);
    const wanted = studies.edges
      .map(({ node }) => node)
      .filter(({ studyInstanceUid }) => uids.includes(studyInstanceUid));
    const stuck = wanted.find(
      ({ preparation }) => preparation?.state === 'FAILED' || preparation?.state === 'NEEDS_REVIEW',
    );
    if (stuck?.preparation) {
      const { state, warnings, progress } = stuck.preparation;
      throw new Error(
        `study ${stuck.studyInstanceUid} is ${state}: ${progress.failure?.message ?? warnings.join('; ')}`,
      );
    }
    const ready = wanted.filter(({ preparation }) => preparation?.state === 'READY');
    if (ready.length !== told) onReady((told = ready.length));
    if (ready.length === uids.length) return ready.map(describe);
  }
  throw new Error(`after ${timeoutMs / 1000} s not all of ${uids.length} studies are prepared; is a worker running?`);
}

const describe = ({ id, studyInstanceUid, series, preparation }: StudyNode): PreparedStudy => ({
  id,
  studyInstanceUid,
  bravoSeriesUid: series.find(({ role }) => role === 'BRAVO')!.seriesInstanceUid,
  brainMaskVolumeMm3: preparation?.brainMaskVolumeMm3 ?? 0,
});
