import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { demoPassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { requireTool } from './tools.ts';
import { drawnShares, openStack, Visitor } from './web-browser.ts';

const sizePixels = 64;
const browserTool = await requireTool('chromium');

/** A phantom's study on the disk, as an export would be. */
async function writeFiles(folder: string): Promise<string[]> {
  const names: string[] = [];
  await mkdir(folder, { recursive: true });
  for await (const { bytes } of writePhantomStudy(
    generatePhantom({ seed: 5, size: sizePixels, group: 'ONE_TO_THREE' }),
  )) {
    names.push(join(folder, `IM${String(names.length).padStart(5, '0')}`));
    await writeFile(names.at(-1)!, bytes);
  }
  return names;
}

/** A task for the study with a read for the first reader. */
async function assignRead(client: (email: string) => Client): Promise<void> {
  const coordinator = client('coordinator-a@demo.metloop');
  type Ids<T extends string> = Record<T, Record<string, { id: string }[] & { id: string }>>;
  const found = await coordinator.graphql<{ studies: { edges: { node: { id: string } }[] } }>(
    '{ studies { edges { node { id } } } }',
  );
  const studyIds = found.studies.edges.map(({ node }) => node.id);
  const { protocolPublish } = await client('admin@demo.metloop').graphql<Ids<'protocolPublish'>>(
    'mutation { protocolPublish(input: { name: "Two readers", instructions: "Outline every metastasis." }) { protocol { id } userErrors { code path message } } }',
  );
  const { taskCreate } = await coordinator.graphql<Ids<'taskCreate'>>(
    'mutation ($i: TaskCreateInput!) { taskCreate(input: $i) { tasks { id } userErrors { code path message } } }',
    { i: { studyIds, protocolId: protocolPublish.protocol!.id } },
  );
  const { viewer } = await client('reader-1@demo.metloop').graphql<{ viewer: { member: { id: string } } }>(
    '{ viewer { member { id } } }',
  );
  await coordinator.graphql(
    'mutation ($i: ReadAssignInput!) { readAssign(input: $i) { reads { id } userErrors { code path message } } }',
    { i: { taskIds: taskCreate.tasks!.map(({ id }) => id), kind: 'DELINEATE', readerId: viewer.member.id } },
  );
}

test('people sign in, upload, look and delineate in a browser', {
  skip: browserTool.skip,
  timeout: 240_000,
}, async (t) => {
  const { stack, folder } = await openStack(t, 'web', sizePixels);
  const files = await writeFiles(join(folder, 'export', 'inner'));
  const visitor = await Visitor.open(t, stack, browserTool.path, 'web');
  const { page } = visitor;
  let told = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => void (String(payload).includes('jobChanged') && told++)),
  );
  const client = (email: string): Client =>
    new Client(stack.address, { issuer: stack.issuer, email, password: demoPassword });

  await visitor.signIn('coordinator-a@demo.metloop');
  await visitor.picture('empty');
  const [session] = (await visitor.cookies()).filter(({ name }) => name === 'metloop');
  assert.deepEqual([session?.httpOnly, session?.sameSite], [true, 'Strict']);

  await page.getByRole('link', { name: 'Upload' }).click();
  await page.getByLabel('Choose files').setInputFiles(files.slice(0, 3));
  await page.getByText('3 images of 1 study stored').waitFor({ timeout: 60_000 });
  // The folder as it comes from a disc: what is stored already is no problem, what is no image is left out.
  await writeFile(join(folder, 'export', 'DICOMDIR'), 'an index'.repeat(50));
  await visitor.drop('.drop', [join(folder, 'export')]);
  await page.getByText(`${files.length} images of 1 study stored`).waitFor({ timeout: 60_000 });
  await visitor.picture('uploaded');
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  await page.locator('tbody tr').first().waitFor();
  await visitor.picture('preparing');
  await page.locator('tbody .state', { hasText: 'Ready' }).waitFor({ timeout: 120_000 });
  await visitor.picture('ready');
  assert.ok(told > 0, 'the page was told of no change by WebSocket');

  await page.locator('tbody tr a').first().click();
  await page.getByText('FLAIR on BRAVO').waitFor();
  await visitor.picture('study');
  await page.getByRole('link', { name: 'Open in viewer' }).click();
  const shares = await drawnShares(page);
  await visitor.picture('viewer');
  assert.equal(shares.length, 4);
  for (const share of shares) assert.ok(share > 0.1, `an image is empty: ${shares}`);

  await assignRead(client);
  await visitor.signIn('reader-1@demo.metloop');
  await page.getByRole('link', { name: 'My reads' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await drawnShares(page);
  await page.getByRole('button', { name: 'Begin a label' }).click();
  await page.getByRole('button', { name: 'Brush', exact: true }).click();
  // On the copy of another sequence: what is drawn must land on BRAVO's grid all the same.
  const pane = (await page.locator('[data-cy="viewport-pane"]').nth(1).boundingBox())!;
  await page.mouse.move(pane.x + pane.width * 0.45, pane.y + pane.height * 0.55);
  await page.mouse.down();
  await page.mouse.move(pane.x + pane.width * 0.5, pane.y + pane.height * 0.57, { steps: 6 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved and read back: 1 metastasis.').waitFor({ timeout: 30_000 });
  await visitor.picture('saved');

  const labelsSeenBy = async (email: string): Promise<number> => {
    const [study] = (await (await client(email).retrieve('/studies')).json()) as { '0020000D': { Value: [string] } }[];
    if (!study) return 0;
    const uid = study['0020000D'].Value[0];
    return ((await (await client(email).retrieve(`/studies/${uid}/series?Modality=SEG`)).json()) as object[]).length;
  };
  assert.equal(await labelsSeenBy('reader-1@demo.metloop'), 1);
  assert.equal(await labelsSeenBy('coordinator-a@demo.metloop'), 1);
  assert.equal(await labelsSeenBy('reader-2@demo.metloop'), 0, "another reader sees the label of a first reader's");
  assert.equal(await labelsSeenBy('stranger@other.metloop'), 0);
  assert.deepEqual(visitor.strangers, [], 'requests left for elsewhere');
  assert.deepEqual(visitor.problems, []);
});
