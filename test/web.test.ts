import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { ZipFile } from 'yazl';
import { viewerWarmUpPath } from '#core/domain/web-places.ts';
import { demoPassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { generatePhantom, type Phantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { requireTool } from './tools.ts';
import { drawnShares, openStack, Visitor } from './web-browser.ts';
import { draw } from './web-drawing.ts';

const sizePixels = 64;
const browserTool = await requireTool('chromium');

/** A phantom's study on the disk, as an export would be. */
async function writeFiles(folder: string, phantom: Phantom): Promise<string[]> {
  const names: string[] = [];
  await mkdir(folder, { recursive: true });
  for await (const { bytes } of writePhantomStudy(phantom)) {
    names.push(join(folder, `IM${String(names.length).padStart(5, '0')}`));
    await writeFile(names.at(-1)!, bytes);
  }
  return names;
}

/** The phantom with its FLAIR taken 60 mm beside, as if the patient had lain elsewhere: more than is believed unseen. */
const misplaced = (phantom: Phantom): Phantom => ({
  ...phantom,
  series: phantom.series.map((one) => {
    if (one.sequence !== 'FLAIR') return one;
    const { grid } = one.volume;
    const indexToLps = grid.indexToLps.map((value, n) => value + (n === 3 ? 60 : 0));
    return { ...one, volume: { ...one.volume, grid: { ...grid, indexToLps } } };
  }),
});

/** A coordinator drops a study that is not prepared for certain, looks at the pictures and judges. */
async function judge(visitor: Visitor, folder: string): Promise<void> {
  const { page } = visitor;
  await writeFiles(folder, misplaced(generatePhantom({ seed: 6, size: sizePixels, group: 'ONE_TO_THREE' })));
  await page.getByRole('link', { name: 'Upload' }).click();
  await visitor.drop('.drop', [folder]);
  await page.getByText(/images of 1 study stored/).waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  const row = page.locator('tbody tr', { hasText: 'Needs review' });
  await row.waitFor({ timeout: 120_000 });
  await row.getByRole('link').first().click();
  await page.getByAltText('Checkerboard of BRAVO and FLAIR').waitFor();
  await page.getByLabel('Why').fill('The edges run on.');
  await page.getByAltText('Checkerboard of BRAVO and FLAIR').scrollIntoViewIfNeeded();
  await visitor.picture('needs-review');
  await page.getByRole('button', { name: 'Judge as usable' }).click();
  await page.getByText('Judged usable by Cora Harbour: The edges run on.').waitFor();
}

/** A coordinator lets the scanner's identity be kept, from the next upload on. */
async function chooseProfile(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.getByRole('link', { name: 'Sites' }).click();
  await page.getByText('Version 1, built in').waitFor();
  await page.getByLabel('Keep station names and serial numbers of scanners').check();
  await page.getByRole('button', { name: 'Choose for uploads to come' }).click();
  await page.getByText(/Version 2, by Cora Harbour/).waitFor();
  await visitor.picture('sites');
}

/** An administrator says how cases are read; a coordinator opens a task and gives it to a reader. */
async function assignRead(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await visitor.signIn('admin@demo.metloop');
  await page.getByRole('link', { name: 'Protocols' }).click();
  await page.getByLabel('Name').fill('Two readers');
  await page.getByLabel('What readers are told').fill('Outline every metastasis.');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('heading', { name: 'Two readers' }).waitFor();
  await visitor.picture('protocols');
  await openByAddress(page);
  await visitor.signIn('coordinator-a@demo.metloop');
  await openByAddress(page);
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  await page.locator('tbody tr a').first().click();
  await page.getByRole('button', { name: 'Open a task' }).click();
  await page.getByRole('combobox', { name: 'Reader', exact: true }).selectOption({ label: 'Dr. Rita Reader' });
  await visitor.picture('assigning');
  await page.getByRole('button', { name: 'Assign a reader' }).click();
  await page.getByText('Delineate: Dr. Rita Reader').waitFor();
}

/** Each page of the menu is where its address says, as for whoever keeps it or loads it anew. */
async function openByAddress(page: Page): Promise<void> {
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  const titles = await links.allTextContents();
  assert.ok(titles.length > 3, titles.join());
  for (const title of titles) {
    await links.filter({ hasText: title }).first().click();
    assert.equal((await page.reload())!.status(), 200, title);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Not here' }).count(), 0, title);
    assert.equal(await page.locator('nav [aria-current]').textContent(), title);
  }
}

/** An archive of some files. @returns its path */
async function zipped(path: string, files: readonly string[]): Promise<string> {
  const zip = new ZipFile();
  for (const file of files) zip.addFile(file, `export/${basename(file)}`);
  zip.end();
  await writeFile(path, zip.outputStream);
  return path;
}

/** What hangs is asked for first, the metadata of the other series once it is there. @param asked paths, of later requests too */
async function othersCameLater(asked: readonly string[]): Promise<void> {
  const seriesAskedFor = (): string[] => [...new Set(asked.filter((path) => path.endsWith('/metadata')))];
  for (const until = Date.now() + 30_000; seriesAskedFor().length < 7; await sleep(100))
    assert.ok(Date.now() < until, `only ${seriesAskedFor().length} of 7 series were asked for`);
  const firstSlice = asked.findIndex((path) => path.includes('/frames/'));
  const places = seriesAskedFor().map((path) => asked.indexOf(path));
  assert.equal(places.filter((at) => at < firstSlice).length, 4, 'others were asked for before the first slice');
}

/** While a reader looks at the list the viewer's scripts are run, and nothing of a study is asked for. */
async function warmedUp(page: Page): Promise<void> {
  const asked = async (): Promise<string[]> => {
    const frame = page.frames().find((one) => one.url().endsWith(viewerWarmUpPath));
    const names = await frame?.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    return (names ?? []).map((name) => new URL(name).pathname);
  };
  // The main script asks for the others.
  const scripts = async (): Promise<number> => (await asked()).filter((path) => /\.bundle\..+\.js$/.test(path)).length;
  for (const until = Date.now() + 30_000; (await scripts()) < 10; await sleep(100))
    assert.ok(Date.now() < until, `only ${await scripts()} scripts were run`);
  assert.deepEqual(
    (await asked()).filter((path) => /^\/(dicomweb|graphql)/.test(path)),
    [],
  );
}

test('people sign in, upload, look and delineate in a browser', {
  skip: browserTool.skip,
  timeout: 400_000,
}, async (t) => {
  const { stack, folder } = await openStack(t, 'web', sizePixels);
  const files = await writeFiles(
    join(folder, 'export', 'inner'),
    generatePhantom({ seed: 5, size: sizePixels, group: 'ONE_TO_THREE' }),
  );
  const visitor = await Visitor.open(t, stack, browserTool.path, 'web');
  const { page } = visitor;
  let told = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => void (String(payload).includes('jobChanged') && told++)),
  );
  await visitor.signIn('coordinator-a@demo.metloop');
  await visitor.picture('empty');
  const [session] = (await visitor.cookies()).filter(({ name }) => name === 'metloop');
  assert.deepEqual([session?.httpOnly, session?.sameSite], [true, 'Strict']);

  await page.getByRole('link', { name: 'Upload' }).click();
  await page.getByLabel('Choose files').setInputFiles([await zipped(join(folder, 'three.zip'), files.slice(0, 3))]);
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
  // What was done to the files is told to the coordinator, who sent them.
  await page.getByText(/^Removed: \d+ attributes/).click();
  await page.getByText('private attributes').first().waitFor();
  await visitor.picture('study');
  await chooseProfile(visitor);
  await page.goBack();
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  await page.getByRole('link', { name: 'Open in viewer' }).click();
  const shares = await drawnShares(page);
  await visitor.picture('viewer');
  assert.equal(shares.length, 4);
  for (const share of shares) assert.ok(share > 0.1, `an image is empty: ${shares}`);
  const contexts = await page.evaluate('cornerstone.getConfiguration().rendering.webGlContextCount');
  assert.equal(contexts, 1, 'cornerstone was told too late, or does not listen any more');
  await othersCameLater(asked);

  await assignRead(visitor);
  await judge(visitor, join(folder, 'second'));
  await visitor.signIn('reader-1@demo.metloop');
  await page.getByRole('link', { name: 'My reads' }).click();
  await warmedUp(page);
  await page.getByRole('button', { name: 'Start' }).click();
  await drawnShares(page);
  await draw(visitor);

  const client = (email: string): Client =>
    new Client(stack.address, { issuer: stack.issuer, email, password: demoPassword });
  const uid = new URL(page.url()).searchParams.get('StudyInstanceUIDs');
  const labelsSeenBy = async (email: string): Promise<number> =>
    ((await (await client(email).retrieve(`/studies/${uid}/series?Modality=SEG`)).json()) as object[]).length;
  assert.equal(await labelsSeenBy('reader-1@demo.metloop'), 1);
  assert.equal(await labelsSeenBy('coordinator-a@demo.metloop'), 1);
  assert.equal(await labelsSeenBy('reader-2@demo.metloop'), 0, "another reader sees the label of a first reader's");
  assert.equal(await labelsSeenBy('stranger@other.metloop'), 0);
  assert.deepEqual(visitor.strangers, [], 'requests left for elsewhere');
  assert.deepEqual(visitor.problems, []);
});
