import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { demoPassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type DemoStack, startStack } from '../demo/stack.ts';
import { requireTool } from './tools.ts';

const sizePixels = 64;
const browserTool = await requireTool('chromium');
const pictures = join(import.meta.dirname, '../test-artefacts');
/** Without a graphics card, and without a sandbox since tests may run as root in a container. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { data: Uint8Array } };
}

/** What the page sees of the viewer. */
interface ViewerWindow {
  readonly document: { querySelectorAll(selector: string): Iterable<Canvas> };
  readonly cornerstone?: { getRenderingEngines(): readonly { getViewports(): readonly unknown[] }[] };
}

const picture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(pictures, `web-${name}.png`) });

async function signIn(page: Page, address: string, email: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

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

/** Waits until four images are drawn. @returns of each the share of pixels that are neither black nor one flat colour. */
async function drawnShares(page: Page): Promise<number[]> {
  const shares = (): Promise<number[]> =>
    page.evaluate(() =>
      [...(globalThis as unknown as ViewerWindow).document.querySelectorAll('[data-cy="viewport-pane"] canvas')].map(
        (canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const levels = new Set<number>();
          let lit = 0;
          for (let n = 0; n < data.length; n += 4) {
            levels.add(data[n]!);
            if (data[n]! > 30) lit++;
          }
          return levels.size > 50 ? lit / (data.length / 4) : 0;
        },
      ),
    );
  await page.waitForFunction(
    () =>
      ((globalThis as unknown as ViewerWindow).cornerstone?.getRenderingEngines()[0]?.getViewports().length ?? 0) >= 4,
    null,
    { timeout: 60_000 },
  );
  for (let tries = 0; tries < 60; tries++) {
    const found = await shares();
    if (found.length === 4 && found.every((share) => share > 0.1)) return found;
    await page.waitForTimeout(500);
  }
  return shares();
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

async function openStack(t: TestContext): Promise<{ stack: DemoStack; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-web-'));
  await mkdir(pictures, { recursive: true });
  const lines: string[] = [];
  const stack = await startStack({ dataDir: join(folder, 'data'), sizePixels, log: (line) => void lines.push(line) });
  t.after(async () => {
    await stack.supervisor.stopAll();
    await writeFile(join(pictures, 'web-services.log'), lines.join('\n'));
    await rm(folder, { recursive: true, force: true });
  });
  return { stack, folder };
}

test('people sign in, upload, look and delineate in a browser', {
  skip: browserTool.skip,
  timeout: 240_000,
}, async (t) => {
  const { stack, folder } = await openStack(t);
  const files = await writeFiles(join(folder, 'export'));
  const browser = await chromium.launch({ executablePath: browserTool.path, args: flags });
  t.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const strangers: string[] = [];
  const problems: string[] = [];
  let told = 0;
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(request.url())) strangers.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(String(error.stack)));
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => void (String(payload).includes('jobChanged') && told++)),
  );
  const client = (email: string): Client =>
    new Client(stack.address, { issuer: stack.issuer, email, password: demoPassword });

  await signIn(page, stack.address, 'coordinator-a@demo.metloop');
  await picture(page, '1-empty');
  const [session] = (await context.cookies()).filter(({ name }) => name === 'metloop');
  assert.deepEqual([session?.httpOnly, session?.sameSite], [true, 'Strict']);

  await page.getByRole('link', { name: 'Upload' }).click();
  await page.getByLabel('Choose files').setInputFiles(files);
  await page.getByText(`${files.length} images of 1 study stored`).waitFor({ timeout: 60_000 });
  await picture(page, '2-uploaded');
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  await page.locator('tbody tr').first().waitFor();
  await picture(page, '3-preparing');
  await page.locator('tbody .state', { hasText: 'Ready' }).waitFor({ timeout: 120_000 });
  await picture(page, '4-ready');
  assert.ok(told > 0, 'the page was told of no change by WebSocket');

  await page.locator('tbody tr a').first().click();
  await page.getByText('FLAIR on BRAVO').waitFor();
  await picture(page, '5-study');
  await page.getByRole('link', { name: 'Open in viewer' }).click();
  const shares = await drawnShares(page);
  await picture(page, '6-viewer');
  assert.equal(shares.length, 4);
  for (const share of shares) assert.ok(share > 0.1, `an image is empty: ${shares}`);

  await assignRead(client);
  await context.clearCookies();
  await signIn(page, stack.address, 'reader-1@demo.metloop');
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
  await picture(page, '7-saved');

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
  assert.deepEqual(strangers, [], 'requests left for elsewhere');
  assert.deepEqual(problems, []);
});
