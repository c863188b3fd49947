import { setTimeout as sleep } from 'node:timers/promises';
import { readSeg } from '#core/dicom/read-seg.ts';
import { voxelCount } from '#core/domain/geometry.ts';
import { assign, delineate, queueOf, statesOf } from './annotate.ts';
import type { PreparedStudy } from './prepare.ts';
import type { Answer } from './serve.ts';
import type { Team } from './team.ts';

/**
 * Reads a user's own study, whose truth nobody here knows: both readers sign what the version in service found, only to walk the way
 * from a task to accepted ground truth.
 */
export async function readOwnStudy(team: Team, study: PreparedStudy, { files }: Answer): Promise<void> {
  const { viewer } = await team.of.admin.graphql<{
    viewer: { tenant: { protocols: { edges: { node: { id: string } }[] } } };
  }>('{ viewer { tenant { protocols { edges { node { id } } } } } }');
  const protocolId = viewer.tenant.protocols.edges[0]!.node.id;
  const { taskCreate } = await team.of.coordinatorA.graphql<{ taskCreate: { tasks: { id: string }[] } }>(
    'mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { tasks { id } userErrors { code path message } } }',
    { input: { studyIds: [study.id], protocolId } },
  );
  const taskId = taskCreate.tasks[0]!.id;
  for (const key of ['readerOne', 'readerTwo'] as const) {
    await assign(team, [taskId], 'DELINEATE', team.members[key]);
    const read = (await queueOf(team.of[key])).find((one) => one.taskId === taskId)!;
    await delineate(team.of[key], read.id, study, ({ grid }) =>
      files.SEG ? readSeg(files.SEG, grid).label : { grid, data: new Uint16Array(voxelCount(grid)) },
    );
  }
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(300)) {
    if ((await statesOf(team)).get(taskId) === 'ACCEPTED') return;
  }
  throw new Error('after 120 s the task of your study is not ACCEPTED; is a worker running?');
}
