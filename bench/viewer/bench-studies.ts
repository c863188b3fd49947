import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sequences } from '#core/domain/sequence.ts';
import { people } from '../../demo/cast.ts';
import type { Client } from '../../demo/client.ts';
import { assign, queueOf } from '../../demo/loop/annotate.ts';
import { awaitPreparations } from '../../demo/loop/prepare.ts';
import type { Team } from '../../demo/loop/team.ts';
import { uploadPatient } from '../../demo/loop/upload.ts';

/** A prepared phantom study that two readers have begun to read. */
export interface BenchStudy {
  /** Edge of a slice. */
  readonly sizePixels: number;
  readonly studyInstanceUid: string;
  /** Series that are shown side by side: BRAVO and the copies of the others on its grid. */
  readonly shown: readonly string[];
  /** Slices of each of these. */
  readonly slices: number;
  /** Read that is only opened, as the first reader. */
  readonly openedRead: string;
  /** Read that is saved, as the second reader. */
  readonly savedRead: string;
}

/** Who opens reads and who saves one, by their names of signing in. */
export const readers = {
  opening: people.find(({ key }) => key === 'readerOne')!.email,
  saving: people.find(({ key }) => key === 'readerTwo')!.email,
} as const;

const memory = 'bench-studies.json';

/**
 * Phantom studies of these sizes, uploaded and prepared unless they lie in the folder's stack already, each with two reads under
 * way.
 */
export async function openStudies(
  team: Team,
  dataDir: string,
  sizes: readonly number[],
  say: (line: string) => void,
): Promise<BenchStudy[]> {
  const file = join(dataDir, memory);
  const known = new Map<string, string>(
    Object.entries(JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, string>),
  );
  const opened: BenchStudy[] = [];
  for (const sizePixels of sizes) {
    let uid = known.get(String(sizePixels));
    if (uid === undefined) {
      say(`making and uploading a phantom of ${sizePixels} pixels`);
      const patient = { seed: 5, group: 'FOUR_TO_TEN', site: 'A' } as const;
      uid = (await uploadPatient(team.of.coordinatorA, team.sites.A, patient, sizePixels)).studyInstanceUid;
      known.set(String(sizePixels), uid);
      await writeFile(file, JSON.stringify(Object.fromEntries(known)));
    }
    say(`waiting until the study of ${sizePixels} pixels is prepared`);
    const [study] = await awaitPreparations(team.of.auditor, [uid], () => {});
    opened.push({
      ...{ sizePixels, studyInstanceUid: uid },
      ...(await shownSeries(team, uid)),
      ...(await beginReads(team, study!.id)),
    });
  }
  return opened;
}

interface Series {
  readonly role: string | null;
  readonly seriesInstanceUid: string;
  readonly instanceCount: number;
  readonly derivedFrom: { readonly role: string | null } | null;
}

async function shownSeries({ of }: Team, uid: string): Promise<Pick<BenchStudy, 'shown' | 'slices'>> {
  const { studies } = await of.auditor.graphql<{ studies: { edges: { node: { series: Series[] } }[] } }>(
    `query ($uid: String!) { studies(first: 1, filter: { studyInstanceUid: $uid }) { edges { node {
      series { role seriesInstanceUid instanceCount derivedFrom { role } } } } } }`,
    { uid },
  );
  const series = studies.edges[0]!.node.series;
  const bravo = series.find(({ role }) => role === 'BRAVO')!;
  const copies = sequences.flatMap((wanted) => series.filter(({ derivedFrom }) => derivedFrom?.role === wanted));
  return { shown: [bravo, ...copies].map((one) => one.seriesInstanceUid), slices: bravo.instanceCount };
}

/** Of an earlier run with the same data, or of a new task. A study has one open task at a time. */
async function beginReads(team: Team, studyId: string): Promise<Pick<BenchStudy, 'openedRead' | 'savedRead'>> {
  const [opened, saved] = [
    await startedRead(team.of.readerOne, studyId),
    await startedRead(team.of.readerTwo, studyId),
  ];
  if (opened !== undefined && saved !== undefined) return { openedRead: opened, savedRead: saved };
  const { protocolPublish } = await team.of.admin.graphql<{ protocolPublish: { protocol: { id: string } } }>(
    `mutation ($name: String!) { protocolPublish(input: { name: $name, instructions: "Outline every metastasis.", readerCount: 2,
      agreement: { minDice: 0.7, maxHd95Mm: 6, smallLesionMm: 8 } }) { protocol { id } userErrors { code path message } } }`,
    { name: `Bench of ${studyId.slice(-6)}` },
  );
  const { taskCreate } = await team.of.coordinatorA.graphql<{ taskCreate: { tasks: { id: string }[] } }>(
    'mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { tasks { id } userErrors { code path message } } }',
    { input: { studyIds: [studyId], protocolId: protocolPublish.protocol.id } },
  );
  const taskId = taskCreate.tasks[0]!.id;
  const begin = async (key: 'readerOne' | 'readerTwo'): Promise<string> => {
    await assign(team, [taskId], 'DELINEATE', team.members[key]);
    const read = (await queueOf(team.of[key])).find((one) => one.taskId === taskId)!;
    await team.of[key].graphql(
      'mutation ($id: ID!) { readStart(input: { readId: $id }) { read { id } userErrors { code path message } } }',
      { id: read.id },
    );
    return read.id;
  };
  return { openedRead: await begin('readerOne'), savedRead: await begin('readerTwo') };
}

async function startedRead(reader: Client, studyId: string): Promise<string | undefined> {
  const { reads } = await reader.graphql<{
    reads: { edges: { node: { id: string; task: { study: { id: string } } } }[] };
  }>('{ reads(first: 100, filter: { states: [STARTED] }) { edges { node { id task { study { id } } } } } }');
  return reads.edges.find(({ node }) => node.task.study.id === studyId)?.node.id;
}
