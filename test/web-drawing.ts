import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { drawnShares, type Visitor } from './web-browser.ts';

/** A short stroke of the brush over one of the four images, at a height of it from 0 to 1. */
export async function stroke(page: Page, pane: number, height: number): Promise<void> {
  const box = (await page.locator('[data-cy="viewport-pane"]').nth(pane).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * height);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * (height + 0.02), { steps: 6 });
  await page.mouse.up();
}

export const told = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).waitFor({ timeout: 60_000 });

/** Said of a drawing that this browser has, whether or not the server was asked to take it yet. */
export const keptHere = /^Kept in this browser at|All is kept in this browser/;

/** Lets no label reach the server, so that what is shown after a reload can come from the journal only. @returns what ends it */
export async function holdLabelsBack(page: Page): Promise<() => Promise<void>> {
  const stores = (url: URL): boolean => url.pathname.endsWith('/dicomweb/studies');
  await page.route(stores, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  return () => page.unroute(stores);
}

/** Voxels of the first metastasis, as the panel's list counts them. */
export async function voxelsDrawn(page: Page): Promise<number> {
  const line = page.getByRole('list', { name: 'Metastases' }).getByRole('listitem').first();
  await line.getByText(/voxels/).waitFor();
  return Number(/([\d,]+) voxels/.exec((await line.textContent()) ?? '')![1]!.replace(',', ''));
}

/** Voxels drawn, once a slow machine has drawn the whole stroke and the journal has had twice its two seconds to keep it. */
export async function voxelsKept(page: Page): Promise<number> {
  for (let before = -1; ; ) {
    const now = await voxelsDrawn(page);
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(5000);
  }
}

export const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Save', exact: true }).click();
export const brush = (page: Page): Promise<void> => page.getByRole('button', { name: 'Brush', exact: true }).click();

/** What was drawn a moment before the page goes is kept by its going. */
async function reloadAtOnce(page: Page, before: number): Promise<void> {
  await brush(page);
  await stroke(page, 0, 0.3);
  let seen = before;
  while (seen === before) seen = await voxelsDrawn(page);
  await page.reload();
  await drawnShares(page);
  await told(page, keptHere);
  assert.ok((await voxelsDrawn(page)) >= seen, 'a reload lost what had just been drawn');
}

/** A reader draws in the viewer, and loses nothing: by a reload, an ended session, a pulled cable or a second tab. */
export async function draw(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await told(page, 'Draw on any of the images.');
  // Half a minute after the last save the server has it, which a slow machine needs for this.
  const letGo = await holdLabelsBack(page);
  await brush(page);
  // On the copy of another sequence: what is drawn must land on BRAVO's grid all the same.
  await stroke(page, 1, 0.55);
  await told(page, keptHere);
  const drawn = await voxelsKept(page);
  assert.ok(drawn > 0);
  await page.reload();
  await drawnShares(page);
  await told(page, keptHere);
  assert.equal(await voxelsDrawn(page), drawn, 'a reload lost voxels');
  await reloadAtOnce(page, drawn);
  await letGo();
  await save(page);
  await told(page, /^Saved [\d:]+ and read back: 1 metastasis, /);
  await visitor.picture('saved');

  await visitor.disconnect(true);
  await brush(page);
  await stroke(page, 0, 0.4);
  await save(page);
  await told(page, /^The server does not answer\./);
  await visitor.disconnect(false);
  await told(page, /^Saved [\d:]+ and read back: 1 metastasis, /);

  await visitor.endSession();
  await stroke(page, 2, 0.45);
  await save(page);
  await told(page, /^Your session has ended\. All is kept in this browser/);
  await visitor.picture('session-ended');
  const other = await visitor.openTab();
  await visitor.signInOn(other, 'reader-1@demo.metloop');
  await told(page, /^Saved [\d:]+ and read back: 1 metastasis, /);
  const all = await voxelsDrawn(page);
  assert.ok(all > drawn);

  await other.goto(page.url());
  await drawnShares(other);
  await told(other, /^This read is open in another tab/);
  await other.getByRole('button', { name: 'Go on in this tab' }).click();
  await told(page, /^This read goes on in another tab\./);
  await told(other, 'Draw on any of the images.');
  assert.equal(await voxelsDrawn(other), all, 'the last save is another than was drawn');
  await other.close();
}
