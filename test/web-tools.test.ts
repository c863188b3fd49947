import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { studiesOf } from '../demo/client.ts';
import { awaitPreparations } from '../demo/loop/prepare.ts';
import { assembleTeam, type Team } from '../demo/loop/team.ts';
import { generatePhantom, type Phantom } from '../demo/phantom/phantom.ts';
import { type StudyOptions, writePhantomStudy } from '../demo/phantom/study.ts';
import { dicomReaders, pythonWith, requireTool } from './tools.ts';
import { openStack, Visitor } from './web-browser.ts';
import { arrange, drawWithAllTools, editTheList, openRead, reload } from './web-tools-walk.ts';
import { drawnOnPage } from './web-viewer-page.ts';

const sizePixels = 64;
const browserTool = await requireTool('chromium');
const python = await pythonWith(dicomReaders);

async function upload(team: Team, phantom: Phantom, options: StudyOptions): Promise<string> {
  async function* files(): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of writePhantomStudy(phantom, options)) yield bytes;
  }
  const { answer } = await team.of.coordinatorA.store(`/sites/${team.sites.A}/studies`, files());
  const [uid] = studiesOf(answer);
  return uid ?? assert.fail('the study was not stored');
}

/** A read of the study, started. @returns its id */
async function startRead({ of, members }: Team, studyId: string): Promise<string> {
  const { protocolPublish } = await of.admin.graphql<{ protocolPublish: { protocol: { id: string } } }>(
    `mutation { protocolPublish(input: { name: "Tools", instructions: "Outline every metastasis.", readerCount: 1,
      agreement: { minDice: 0.7, maxHd95Mm: 6, smallLesionMm: 8 } }) { protocol { id } userErrors { code path message } } }`,
  );
  const { taskCreate } = await of.coordinatorA.graphql<{ taskCreate: { tasks: { id: string }[] } }>(
    'mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { tasks { id } userErrors { code path message } } }',
    { input: { studyIds: [studyId], protocolId: protocolPublish.protocol.id } },
  );
  const taskIds = taskCreate.tasks.map(({ id }) => id);
  await of.coordinatorA.graphql(
    'mutation ($input: ReadAssignInput!) { readAssign(input: $input) { reads { id } userErrors { code path message } } }',
    { input: { taskIds, kind: 'DELINEATE', readerId: members.readerOne } },
  );
  const { readStart } = await of.readerOne.graphql<{ readStart: { read: { id: string } } }>(
    'mutation { readStart(input: {}) { read { id } userErrors { code path message } } }',
  );
  return readStart.read.id;
}

test('a reader uses every tool, and the server has voxel for voxel what was drawn', {
  skip: browserTool.skip || python.skip,
  timeout: 300_000,
}, async (t) => {
  const { stack, folder } = await openStack(t, 'tools', sizePixels);
  const team = await assembleTeam(stack);
  const phantom = generatePhantom({ seed: 24, size: sizePixels, group: 'ONE_TO_THREE' });
  // One sequence is missing; the study before it is from an earlier year.
  const uid = await upload(team, phantom, { without: ['T1_PRE'] });
  await upload(team, phantom, { label: 'first', without: ['T1_PRE', 'FLAIR', 'T1_POST'] });
  const [study] = await awaitPreparations(team.of.auditor, [uid], () => {});
  const readId = await startRead(team, study!.id);

  const visitor = await Visitor.open(t, stack, browserTool.path, 'tools');
  const { page } = visitor;
  await visitor.signIn('reader-1@demo.metloop');
  await openRead(visitor, uid, readId);
  await drawWithAllTools(visitor, phantom.truth);
  await editTheList(visitor);
  await arrange(visitor);
  const drawn = await drawnOnPage(page);
  await reload(visitor);
  assert.deepEqual(await drawnOnPage(page), drawn, 'kept in the browser');

  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved [\d:]+ and read back: 4 metastases, /).waitFor();
  const { node } = await team.of.readerOne.graphql<{ node: { head: Head } }>(
    `query ($id: ID!) { node(id: $id) { ... on Read { head { segSopInstanceUid segSeriesInstanceUid
      lesions { number voxelCount coarse } } } } }`,
    { id: readId },
  );
  const counts = new Map<number, number>();
  for (const [, segment] of Object.values(drawn).flat()) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  const expected = [...counts].sort(([a], [b]) => a - b);
  assert.deepEqual(
    node.head.lesions.map(({ number, voxelCount, coarse }) => ({ number, voxelCount, coarse })),
    expected.map(([number, voxelCount]) => ({ number, voxelCount, coarse: number === 2 })),
  );
  const [seg] = await team.of.readerOne.retrieveFiles(
    `/studies/${uid}/series/${node.head.segSeriesInstanceUid}/instances/${node.head.segSopInstanceUid}`,
  );
  await writeFile(join(folder, 'seg.dcm'), seg!);
  const script = join(import.meta.dirname, 'drawn-label.py');
  const { stdout } = await promisify(execFile)(python.path, [script, join(folder, 'seg.dcm')]);
  const read = JSON.parse(stdout);
  assert.deepEqual(read.drawn, drawn, 'as highdicom reads it');
  assert.deepEqual(read.coarse, [2]);

  await reload(visitor);
  assert.deepEqual(await drawnOnPage(page), drawn, 'as the viewer reads it');
  await page.getByRole('listitem').filter({ hasText: 'Metastasis 2' }).getByText('coarse', { exact: true }).waitFor();
  await visitor.picture('saved');
  assert.deepEqual(visitor.strangers, [], 'requests left for elsewhere');
  assert.deepEqual(visitor.problems, []);
});

interface Head {
  readonly segSopInstanceUid: string;
  readonly segSeriesInstanceUid: string;
  readonly lesions: readonly { readonly number: number; readonly voxelCount: number; readonly coarse: boolean }[];
}
