import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Reading } from '../demo/loop/annotate.ts';
import { assign } from '../demo/loop/annotate.ts';
import { request } from '../demo/loop/serve.ts';
import type { Team } from '../demo/loop/team.ts';
import { drawnShares, paintedPixels, type Visitor } from './web-browser.ts';
import { brush, save, stroke, told } from './web-drawing.ts';
import { acceptedSeries, paintedVoxels, placesOf, readSegElsewhere } from './web-voxels.ts';

/** By what others read a SEG. */
export interface Elsewhere {
  /** A Python with highdicom. */
  readonly python: string;
  /** May be written. */
  readonly file: string;
}

/** Lays a probability map over the images; the surer it must be, the less of it is there. */
export async function lookAtProbability(page: Page, name: RegExp): Promise<void> {
  await page.getByLabel(name).check();
  const slider = page.getByRole('region', { name: 'Probability map' }).getByRole('slider');
  await slider.fill('2');
  assert.ok(await comesTrue(page, () => allPainted(page)), 'an image has no probability');
  const total = async (): Promise<number> => (await paintedPixels(page)).reduce((sum, one) => sum + one, 0);
  const most = await total();
  await slider.fill('99');
  assert.ok(await comesTrue(page, async () => (await total()) < most), 'the threshold changes nothing');
  await slider.fill('30');
}

/** Whether it does within ten seconds. */
async function comesTrue(page: Page, condition: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 40; tries++) {
    if (await condition()) return true;
    await page.waitForTimeout(250);
  }
  return false;
}

async function allPainted(page: Page): Promise<boolean> {
  const found = await paintedPixels(page);
  return found.length === 4 && found.every((painted) => painted > 0);
}

/** A study is read once more, from what the version in service found; what the reader makes of the draft is accepted voxel for voxel. */
export async function editDraft(
  visitor: Visitor,
  team: Team,
  readings: readonly Reading[],
  { python, file }: Elsewhere,
): Promise<void> {
  const { page } = visitor;
  const { study } = await findUnsealed(team, readings);
  // Whatever was asked before: the newest answer is what a read starts from.
  await request(team.of.clinicianA, study.id, () => {});
  const before = await acceptedSeries(team.of.auditor, study.id);
  await reopen(team, study.id);
  await visitor.signIn('reader-1@demo.metloop');
  await page.getByRole('link', { name: 'My reads' }).click();
  await page.getByRole('button', { name: 'Next read' }).click();
  await drawnShares(page);
  await told(page, 'Draw on any of the images.');
  await page.getByText('begins from a draft').waitFor();
  const lesions = page.getByRole('list', { name: 'Metastases' }).getByRole('listitem');
  const found = await lesions.count();
  assert.ok(found > 0, 'the draft is empty');
  const drafted = placesOf(await paintedVoxels(page)).length;
  await lookAtProbability(page, /Probability, as a version sees it$/);
  await brush(page);
  // Outside the head, where no version finds anything: one that learnt for seconds may have filled the brain.
  await stroke(page, 0, 0.1);
  await visitor.picture('draft');
  await save(page);
  await told(page, /^Saved [\d:]+ and read back: /);
  const painted = await paintedVoxels(page);
  assert.notEqual(placesOf(painted).length, drafted);
  await page.getByRole('button', { name: 'Sign and submit' }).click();
  await page.getByRole('heading', { name: 'My reads' }).waitFor();
  const series = await acceptedSeries(team.of.auditor, study.id, before);
  const where = { study: study.studyInstanceUid, series };
  assert.deepEqual(placesOf(await readSegElsewhere(team.of.auditor, where, python, file)), placesOf(painted));
}

/** One at the site with a version in service whose patient is not of the sealed test set: the others are never read from a draft. */
async function findUnsealed({ of }: Team, readings: readonly Reading[]): Promise<Reading> {
  for (const reading of readings.filter(({ patient }) => patient.site === 'A')) {
    const { node } = await of.auditor.graphql<{ node: { subject: { subset: string | null } } }>(
      'query ($id: ID!) { node(id: $id) { ... on Study { subject { subset } } } }',
      { id: reading.study.id },
    );
    if (node.subject.subset !== 'TEST') return reading;
  }
  return assert.fail('every patient of the site is of the test set');
}

/** A new round of a study, by one reader who starts from a draft. */
async function reopen(team: Team, studyId: string): Promise<void> {
  const { admin, coordinatorA } = team.of;
  const { protocolPublish } = await admin.graphql<{ protocolPublish: { protocol: { id: string } } }>(
    'mutation ($input: ProtocolPublishInput!) { protocolPublish(input: $input) { protocol { id } userErrors { code path message } } }',
    { input: { name: 'Drafts', instructions: 'Mend what the version drew.', readerCount: 1, preAnnotation: true } },
  );
  const { tasks } = await coordinatorA.graphql<{ tasks: { edges: { node: { id: string } }[] } }>(
    'query ($id: ID!) { tasks(filter: { studyId: $id }) { edges { node { id } } } }',
    { id: studyId },
  );
  const input = {
    taskId: tasks.edges.at(-1)!.node.id,
    protocolId: protocolPublish.protocol.id,
    reason: 'To see what a draft does.',
  };
  const { taskReopen } = await coordinatorA.graphql<{ taskReopen: { task: { id: string } } }>(
    'mutation ($input: TaskReopenInput!) { taskReopen(input: $input) { task { id } userErrors { code path message } } }',
    { input },
  );
  await assign(team, [taskReopen.task.id], 'DELINEATE', team.members.readerOne);
}
