/** Reading in a real browser, with everything behind it real: what is painted is what is accepted, whatever dies meanwhile. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import type { Page } from 'playwright-core';
import type { LabelVolume } from '#core/domain/geometry.ts';
import { assign, queueOf } from '../demo/loop/annotate.ts';
import { awaitPreparations, type PreparedStudy } from '../demo/loop/prepare.ts';
import { type BravoSeries, fetchBravo, storeLabel } from '../demo/loop/read-study.ts';
import { assembleTeam, type Team } from '../demo/loop/team.ts';
import { uploadPatient } from '../demo/loop/upload.ts';
import type { DemoStack } from '../demo/stack.ts';
import { dicomReaders, pythonWith, requireTool } from './tools.ts';
import { drawnShares, openStack, paintedPixels, Visitor } from './web-browser.ts';
import { brush, holdLabelsBack, keptHere, save, stroke, told, voxelsDrawn, voxelsKept } from './web-drawing.ts';
import { drawOnFullDisk, drawWhileSavedElsewhere, type Elsewhere } from './web-elsewhere.ts';
import { acceptedSeries, paintedVoxels, placesOf, readSegElsewhere } from './web-voxels.ts';

const sizePixels = 48;
const browserTool = await requireTool('chromium');
const python = await pythonWith(dicomReaders);
const reader = 'reader-1@demo.metloop';
const instructions =
  'Outline every enhancing metastasis on BRAVO.\n\nA lesion that is seen on one sequence only counts if it enhances.\nPin a comment wherever you hesitate.';

/** Two prepared studies, each with a read in the first reader's queue; their labels are accepted as signed. */
async function prepare(team: Team): Promise<readonly [PreparedStudy, PreparedStudy]> {
  const { admin, coordinatorA, auditor } = team.of;
  const { protocolPublish } = await admin.graphql<{ protocolPublish: { protocol: { id: string } } }>(
    'mutation ($input: ProtocolPublishInput!) { protocolPublish(input: $input) { protocol { id } userErrors { code path message } } }',
    { input: { name: 'One reader', instructions, readerCount: 1 } },
  );
  const uids: string[] = [];
  for (const seed of [21, 22])
    uids.push(
      (await uploadPatient(coordinatorA, team.sites.A, { seed, group: 'ONE_TO_THREE', site: 'A' }, sizePixels))
        .studyInstanceUid,
    );
  const studies = await awaitPreparations(auditor, uids, () => {});
  const ordered = uids.map((uid) => studies.find(({ studyInstanceUid }) => studyInstanceUid === uid)!);
  for (const { id } of ordered) {
    const { taskCreate } = await coordinatorA.graphql<{ taskCreate: { tasks: { id: string }[] } }>(
      'mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { tasks { id } userErrors { code path message } } }',
      { input: { studyIds: [id], protocolId: protocolPublish.protocol.id } },
    );
    await assign(team, [taskCreate.tasks[0]!.id], 'DELINEATE', team.members.readerOne);
  }
  return [ordered[0]!, ordered[1]!];
}

/** A save whose answer never comes: the API stores it and is killed before it can say so. The reader draws on, and it starts again. */
async function killWhileSaving(page: Page, { supervisor }: DemoStack): Promise<void> {
  const killed = Promise.withResolvers<() => Promise<void>>();
  let unheard = false;
  await page.route('**/graphql', async (route) => {
    if (unheard || !route.request().postData()?.includes('revisionSave')) return route.continue();
    unheard = true;
    await route.fetch();
    killed.resolve(await supervisor.interrupt('api'));
    await route.abort();
  });
  await save(page);
  const startAgain = await killed.promise;
  await told(page, /^The server does not answer\./);
  await stroke(page, 0, 0.62);
  await startAgain();
  // What was stored unheard is the reader's own, and no save from elsewhere.
  await told(page, /^Saved [\d:]+ and read back: 1 metastasis, /);
  assert.equal(await page.getByText(/saved elsewhere/).count(), 0);
  await page.unroute('**/graphql');
}

/** A comment is pinned to a place, outlives a reload while it is written, and is said once. */
async function comment(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const talk = page.getByRole('region', { name: 'Comments' });
  await talk.getByRole('button', { name: 'Pin a comment to a place' }).click();
  const box = (await page.locator('[data-cy="viewport-pane"]').first().boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.42, box.y + box.height * 0.4);
  await talk.getByLabel('Comment').fill('Runs on in the slice below: a vessel?');
  await page.reload();
  await drawnShares(page);
  assert.equal(await talk.getByLabel('Comment').inputValue(), 'Runs on in the slice below: a vessel?');
  await talk.getByRole('button', { name: 'Say it' }).click();
  await talk.getByText('you, ').waitFor();
  await talk.getByRole('button', { name: 'Go to' }).click();
  await page.waitForTimeout(500);
  assert.ok(
    (await paintedPixels(page)).every((painted) => painted > 50),
    'an image has no pin',
  );
  await visitor.picture('comment');
  await talk.getByRole('button', { name: 'Settle' }).click();
  await talk.getByText(/; settled /).waitFor();
}

/** The tab dies with strokes that no server has. @returns another tab with the same read */
async function closeWhileDirty(visitor: Visitor): Promise<Page> {
  const { page } = visitor;
  await holdLabelsBack(page);
  await brush(page);
  await stroke(page, 3, 0.5);
  await told(page, keptHere);
  const drawn = await voxelsKept(page);
  const address = page.url();
  const next = await visitor.openTab();
  await page.close({ runBeforeUnload: false });
  await next.goto(address);
  await drawnShares(next);
  await told(next, /^Kept in this browser at|^Saved /);
  assert.equal(await voxelsDrawn(next), drawn, 'a closed tab lost voxels');
  return next;
}

test('what is painted is accepted voxel for voxel, though the API and the tab die', {
  skip: browserTool.skip || python.skip,
  timeout: 300_000,
}, async (t) => {
  const { stack, folder } = await openStack(t, 'reading', sizePixels);
  const team = await assembleTeam(stack);
  const [study, many] = await prepare(team);
  const visitor = await Visitor.open(t, stack, browserTool.path, 'reading');
  const { page } = visitor;
  await visitor.signIn(reader);
  await page.getByRole('link', { name: 'My reads' }).click();
  await page.getByRole('button', { name: 'Next read' }).click();
  await drawnShares(page);
  await told(page, 'Draw on any of the images.');
  await page.getByText('A lesion that is seen on one sequence only').waitFor();
  const timer = page.getByRole('timer');
  assert.match((await timer.textContent()) ?? '', /^Time on this read: 0:\d\d$/);
  await brush(page);
  // BRAVO is axial, the others were taken sagittal and tilted: each stroke lands on BRAVO's own voxels.
  await stroke(page, 2, 0.45);
  await killWhileSaving(page, stack);
  await comment(visitor);
  const next = await closeWhileDirty(visitor);
  await save(next);
  await told(next, /^Saved [\d:]+ and read back: /);
  const painted = await paintedVoxels(next);
  assert.ok(placesOf(painted).length > 20);
  const [, minutes, seconds] = /(\d+):(\d\d)$/.exec((await next.getByRole('timer').textContent()) ?? '') ?? [];
  const shown = 60 * Number(minutes) + Number(seconds);
  const spent = await secondsSpent(team, study);
  assert.ok(Math.abs(spent - shown) < 10, `${spent} s at the server, ${shown} s on the screen`);
  await next.getByRole('button', { name: 'Sign and submit' }).click();
  await next.getByRole('heading', { name: 'My reads' }).waitFor();

  const series = await acceptedSeries(team.of.auditor, study.id);
  const where = { study: study.studyInstanceUid, series };
  const accepted = await readSegElsewhere(team.of.auditor, where, python.path, join(folder, 'accepted.dcm'));
  assert.deepEqual(placesOf(accepted), placesOf(painted));
  await drawOnManyLesions(team, many, next);
  assert.deepEqual(visitor.strangers, [], 'requests left for elsewhere');
  assert.deepEqual(visitor.problems, []);
});

/** Of the one read of a study. */
async function secondsSpent({ of }: Team, study: PreparedStudy): Promise<number> {
  type Answer = { tasks: { edges: { node: { reads: { secondsSpent: number }[] } }[] } };
  const { tasks } = await of.auditor.graphql<Answer>(
    'query ($id: ID!) { tasks(filter: { studyId: $id }) { edges { node { reads { secondsSpent } } } } }',
    { id: study.id },
  );
  return tasks.edges[0]!.node.reads[0]!.secondsSpent;
}

const lesionCount = 200;

/** Two hundred lesions of a voxel each, apart from each other. */
function scattered({ grid }: BravoSeries): LabelVolume {
  const [columns, rows, slices] = grid.size;
  const data = new Uint16Array(columns * rows * slices);
  let number = 0;
  for (let k = 2; k < slices; k += 3)
    for (let j = 12; j < rows - 12; j += 4)
      for (let i = 12; i < columns - 12; i += 4)
        if (number < lesionCount) data[(k * rows + j) * columns + i] = ++number;
  assert.equal(number, lesionCount);
  return { grid, data };
}

/** A label with two hundred lesions is opened, drawn on and saved. */
async function drawOnManyLesions(team: Team, study: PreparedStudy, page: Page): Promise<void> {
  const client = team.of.readerOne;
  const [read] = await queueOf(client);
  await client.graphql(
    'mutation ($id: ID!) { readStart(input: { readId: $id }) { read { id } userErrors { code path message } } }',
    { id: read!.id },
  );
  const source = await fetchBravo(client, study.studyInstanceUid, study.bravoSeriesUid);
  const saved = await storeLabel(client, scattered(source), source, 'Many');
  await client.graphql(
    'mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) { revision { id } userErrors { code path message } } }',
    { input: { readId: read!.id, parentId: null, ...saved } },
  );
  await page.reload();
  await page.getByRole('button', { name: 'Go on' }).click();
  await drawnShares(page);
  await told(page, 'Draw on any of the images.');
  const lesions = page.getByRole('list', { name: 'Metastases' }).getByRole('listitem');
  assert.equal(await lesions.count(), lesionCount);
  const before = placesOf(await paintedVoxels(page)).length;
  assert.equal(before, lesionCount);
  await brush(page);
  await stroke(page, 0, 0.5);
  await save(page);
  await told(page, /^Saved [\d:]+ and read back: \d+ metastases, /);
  assert.ok(placesOf(await paintedVoxels(page)).length > before);
  const elsewhere = elsewhereOf(team, read!.id, () => storeLabel(client, scattered(source), source, 'Many'));
  await drawWhileSavedElsewhere(page, elsewhere);
  await drawOnFullDisk(page, elsewhere);
}

/** The first reader's other place, from which the same read is saved. */
function elsewhereOf({ of }: Team, readId: string, store: () => Promise<object>): Elsewhere {
  const head = async (): Promise<{ id: string; voxelCount: number }> => {
    type Answer = { node: { head: { id: string; voxelCount: number } } };
    const query = 'query ($id: ID!) { node(id: $id) { ... on Read { head { id voxelCount } } } }';
    return (await of.readerOne.graphql<Answer>(query, { id: readId })).node.head;
  };
  return {
    voxelCount: async () => (await head()).voxelCount,
    save: async () => {
      const parentId = (await head()).id;
      await of.readerOne.graphql(
        'mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) { revision { id } userErrors { code path message } } }',
        { input: { readId, parentId, ...(await store()) } },
      );
    },
  };
}
