import { setTimeout as sleep } from 'node:timers/promises';
import { invertAffine, type LabelVolume, type PointLps, transformPoint } from '#core/domain/geometry.ts';
import type { Client } from '../client.ts';
import { simulateReader } from '../phantom/reader.ts';
import type { PreparedStudy } from './prepare.ts';
import { type BravoSeries, fetchBravo, storeLabel } from './read-study.ts';
import type { Team } from './team.ts';
import type { UploadedPatient } from './upload.ts';

/** A study to be read, with the truth that the pretended readers draw from. */
export interface Reading {
  readonly patient: UploadedPatient;
  readonly study: PreparedStudy;
}

/** What became of the tasks. */
export interface AnnotationSummary {
  readonly tasks: number;
  readonly disputes: number;
  readonly adjudicated: number;
  readonly withoutMetastasis: number;
}

const agreementRule = '{ minDice: 0.7, maxHd95Mm: 6, smallLesionMm: 8 }';

/** Two blind readers delineate each study, disputes go to the adjudicator, and every task ends ACCEPTED. */
export async function annotate(
  team: Team,
  readings: readonly Reading[],
  onAccepted: (done: number) => void,
): Promise<AnnotationSummary> {
  const tasks = await openTasks(team, readings);
  for (const [index, key] of (['readerOne', 'readerTwo'] as const).entries()) {
    const byTask = new Map(tasks.map((task) => [task.id, task.reading]));
    await assign(team, [...byTask.keys()], 'DELINEATE', team.members[key]);
    for (const { id, taskId } of await queueOf(team.of[key])) {
      const { patient, study } = byTask.get(taskId)!;
      const { labels, mimics } = patient.phantom.truth;
      await delineate(team.of[key], id, study, () =>
        simulateReader(labels, { seed: patient.seed * 10 + index, mimics }),
      );
    }
  }
  return settle(team, tasks, onAccepted);
}

interface OpenTask {
  readonly id: string;
  readonly reading: Reading;
}

async function openTasks({ of }: Team, readings: readonly Reading[]): Promise<OpenTask[]> {
  const { protocolPublish } = await of.admin.graphql<{ protocolPublish: { protocol: { id: string } } }>(
    `mutation { protocolPublish(input: { name: "Two blind readers", instructions: "Outline every enhancing metastasis on BRAVO.", readerCount: 2, agreement: ${agreementRule} }) { protocol { id } userErrors { code path message } } }`,
  );
  const opened: OpenTask[] = [];
  for (const [key, site] of [
    ['coordinatorA', 'A'],
    ['coordinatorB', 'B'],
  ] as const) {
    const here = readings.filter(({ patient }) => patient.site === site);
    const { taskCreate } = await of[key].graphql<{ taskCreate: { tasks: { id: string; study: { id: string } }[] } }>(
      'mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { tasks { id study { id } } userErrors { code path message } } }',
      { input: { studyIds: here.map(({ study }) => study.id), protocolId: protocolPublish.protocol.id } },
    );
    for (const { id, study } of taskCreate.tasks)
      opened.push({ id, reading: here.find((one) => one.study.id === study.id)! });
  }
  return opened;
}

/** Each coordinator assigns the tasks of their own site. */
export async function assign({ of }: Team, taskIds: readonly string[], kind: string, readerId: string): Promise<void> {
  for (const key of ['coordinatorA', 'coordinatorB'] as const) {
    const { tasks } = await of[key].graphql<{ tasks: { edges: { node: { id: string } }[] } }>(
      '{ tasks(first: 100) { edges { node { id } } } }',
    );
    const own = tasks.edges.map(({ node }) => node.id).filter((id) => taskIds.includes(id));
    if (own.length === 0) continue;
    await of[key].graphql(
      'mutation ($input: ReadAssignInput!) { readAssign(input: $input) { reads { id } userErrors { code path message } } }',
      {
        input: { taskIds: own, kind, readerId },
      },
    );
  }
}

export const queueOf = async (reader: Client): Promise<{ id: string; taskId: string }[]> => {
  const { reads } = await reader.graphql<{ reads: { edges: { node: { id: string; task: { id: string } } }[] } }>(
    '{ reads(first: 100, filter: { states: [ASSIGNED] }) { edges { node { id task { id } } } } }',
  );
  return reads.edges.map(({ node }) => ({ id: node.id, taskId: node.task.id }));
};

/** One read from start to signature, as the viewer does it. */
export async function delineate(
  reader: Client,
  readId: string,
  study: PreparedStudy,
  draw: (bravo: BravoSeries) => LabelVolume,
): Promise<void> {
  await reader.graphql(
    'mutation ($id: ID!) { readStart(input: { readId: $id }) { read { id } userErrors { code path message } } }',
    { id: readId },
  );
  const source = await fetchBravo(reader, study.studyInstanceUid, study.bravoSeriesUid);
  const saved = await storeLabel(reader, draw(source), source, 'Delineation');
  const { revisionSave } = await reader.graphql<{ revisionSave: { revision: { id: string; lesions: unknown[] } } }>(
    'mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) { revision { id lesions { number } } userErrors { code path message } } }',
    { input: { readId, parentId: null, ...saved, secondsSpent: 240 } },
  );
  await reader.graphql(
    'mutation ($input: ReadSubmitInput!) { readSubmit(input: $input) { read { state } userErrors { code path message } } }',
    {
      input: { readId, revisionId: revisionSave.revision.id, noMetastasis: saved.segments.length === 0 },
    },
  );
}

interface Dispute {
  readonly id: string;
  readonly kind: string;
  readonly lesions: readonly {
    readonly id: string;
    readonly voxelCount: number;
    readonly centroidLps: { readonly x: number; readonly y: number; readonly z: number };
  }[];
}

/** Waits for the comparisons and adjudicates what is disputed, until every task is ACCEPTED. */
async function settle(
  team: Team,
  tasks: readonly OpenTask[],
  onAccepted: (done: number) => void,
): Promise<AnnotationSummary> {
  let [disputes, adjudicated, told] = [0, 0, -1];
  const assigned = new Set<string>();
  for (const deadline = Date.now() + 300_000; Date.now() < deadline; await sleep(300)) {
    const states = await statesOf(team);
    const accepted = tasks.filter(({ id }) => states.get(id) === 'ACCEPTED').length;
    if (accepted !== told) onAccepted((told = accepted));
    if (accepted === tasks.length) {
      const withoutMetastasis = tasks.filter(({ reading }) => reading.patient.group === 'NONE').length;
      return { tasks: tasks.length, disputes, adjudicated, withoutMetastasis };
    }
    const waiting = tasks.filter(({ id }) => states.get(id) === 'ADJUDICATING' && !assigned.has(id));
    if (waiting.length === 0) continue;
    for (const { id } of waiting) assigned.add(id);
    await assign(
      team,
      waiting.map(({ id }) => id),
      'ADJUDICATE',
      team.members.adjudicator,
    );
    for (const { id, taskId } of await queueOf(team.of.adjudicator)) {
      disputes += await adjudicate(team.of.adjudicator, id, tasks.find((task) => task.id === taskId)!.reading);
      adjudicated++;
    }
  }
  throw new Error('after 300 s not every task is ACCEPTED; is a worker running?');
}

export const statesOf = async ({ of }: Team): Promise<Map<string, string>> => {
  const { tasks } = await of.auditor.graphql<{ tasks: { edges: { node: { id: string; state: string } }[] } }>(
    '{ tasks(first: 100) { edges { node { id state } } } }',
  );
  return new Map(tasks.edges.map(({ node }) => [node.id, node.state]));
};

/** Settles each dispute as somebody would who knows the truth: a lesion stands as the reader drew it that comes closest in size. */
async function adjudicate(judge: Client, readId: string, { patient }: Reading): Promise<number> {
  await judge.graphql(
    'mutation ($id: ID!) { readStart(input: { readId: $id }) { read { id } userErrors { code path message } } }',
    { id: readId },
  );
  const { node } = await judge.graphql<{ node: { agreements: { edges: { node: Dispute }[] } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Read { agreements(first: 100, open: true) { edges { node { id kind lesions { id voxelCount centroidLps { x y z } } } } } } } }',
    { id: readId },
  );
  const { labels } = patient.phantom.truth;
  const verdicts = node.agreements.edges.map(({ node: { id, kind, lesions } }) => {
    const [best] = lesions
      .map((lesion) => ({ lesion, truth: trueVoxels(labels, lesion.centroidLps) }))
      .sort((a, b) => distance(a) - distance(b));
    if (!best || best.truth === 0)
      return { agreementId: id, decision: 'REJECT', lesionIds: [], reason: 'A vessel in the neighbouring slices.' };
    return {
      agreementId: id,
      decision: 'ACCEPT',
      lesionIds: [best.lesion.id],
      reason: kind === 'ONE_READER_ONLY' ? 'A lesion that the other reader missed.' : 'The closer outline.',
    };
  });
  await judge.graphql(
    'mutation ($input: VerdictGiveInput!) { verdictGive(input: $input) { agreements { id } userErrors { code path message } } }',
    { input: { readId, verdicts } },
  );
  await judge.graphql(
    'mutation ($id: ID!) { readSubmit(input: { readId: $id }) { read { state } userErrors { code path message } } }',
    { id: readId },
  );
  return verdicts.length;
}

const distance = ({ lesion, truth }: { lesion: { voxelCount: number }; truth: number }): number =>
  truth === 0 ? Infinity : Math.abs(lesion.voxelCount - truth);

/** Voxels of the true lesion at or beside a point; 0 where there is none. */
function trueVoxels({ grid, data }: LabelVolume, { x, y, z }: { x: number; y: number; z: number }): number {
  const [i, j, k] = transformPoint(invertAffine(grid.indexToLps), [x, y, z] satisfies PointLps).map(Math.round) as [
    number,
    number,
    number,
  ];
  const [columns, rows] = grid.size;
  const found = new Set<number>();
  for (const dk of [-1, 0, 1])
    for (const dj of [-1, 0, 1])
      for (const di of [-1, 0, 1]) found.add(data[((k + dk) * rows + j + dj) * columns + i + di] ?? 0);
  found.delete(0);
  const [number] = found;
  return number === undefined ? 0 : data.reduce((count, value) => count + (value === number ? 1 : 0), 0);
}
