import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { drawnShares } from './web-browser.ts';
import { brush, save, stroke, told } from './web-drawing.ts';
import { paintedVoxels, placesOf } from './web-voxels.ts';

/** The newest save of a read, as the server has it, and another one on top of it from another place. */
export interface Elsewhere {
  voxelCount(): Promise<number>;
  save(): Promise<void>;
}

const places = async (page: Page) => placesOf(await paintedVoxels(page));

/** Strokes that are kept here and reach no server. @returns what is drawn then */
async function drawUnheard(page: Page, pane: number, height: number) {
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('revisionSave') ? route.abort() : route.continue(),
  );
  await brush(page);
  await stroke(page, pane, height);
  await save(page);
  await told(page, /^The server does not answer\./);
  return places(page);
}

/** A read is saved elsewhere while it is drawn on here: the reader is asked, and what was drawn here is lost by neither way. */
export async function drawWhileSavedElsewhere(page: Page, elsewhere: Elsewhere): Promise<void> {
  const shown = await drawUnheard(page, 0, 0.58);
  await elsewhere.save();
  await page.unroute('**/graphql');
  await told(page, /^This read was saved elsewhere meanwhile/);
  await page.getByRole('button', { name: 'Save what is shown here on top' }).click();
  await told(page, /^Saved [\d:]+ and read back: /);
  assert.deepEqual(await places(page), shown);
  assert.equal(await elsewhere.voxelCount(), shown.length);

  const kept = await drawUnheard(page, 1, 0.42);
  await elsewhere.save();
  const other = await elsewhere.voxelCount();
  await page.reload();
  await drawnShares(page);
  await told(page, /^This browser kept a drawing at [\d:]+ that began from an earlier save/);
  await page.unroute('**/graphql');
  assert.equal((await places(page)).length, other, 'the newest save is shown until the reader has said');
  await page.getByRole('button', { name: 'Show what was kept here' }).click();
  await told(page, /^Kept in this browser at|^Saved /);
  assert.deepEqual(await places(page), kept);
  await save(page);
  await told(page, /^Saved [\d:]+ and read back: /);
  assert.equal(await elsewhere.voxelCount(), kept.length);
}

interface DatabaseWindow {
  readonly IDBObjectStore: { readonly prototype: { put: () => never } };
}

/** A disk that takes nothing more does not keep strokes from the server. */
export async function drawOnFullDisk(page: Page, elsewhere: Elsewhere): Promise<void> {
  await page.evaluate(() => {
    (globalThis as unknown as DatabaseWindow).IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
  });
  const before = (await places(page)).length;
  await brush(page);
  await stroke(page, 0, 0.35);
  // By itself, and where a slow machine was still drawing the stroke once more.
  for (let tries = 0; ; tries++) {
    const { length } = await places(page);
    if (length > before && length === (await elsewhere.voxelCount())) break;
    assert.ok(tries < 60, 'strokes did not reach the server');
    await page.waitForTimeout(1000);
  }
  const drawn = await places(page);
  await page.reload();
  await drawnShares(page);
  await told(page, 'Draw on any of the images.');
  assert.deepEqual(await places(page), drawn);
}
