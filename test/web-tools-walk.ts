import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { transformPoint } from '#core/domain/geometry.ts';
import type { PhantomTruth } from '../demo/phantom/phantom.ts';
import type { Visitor } from './web-browser.ts';
import { cameraOf, drawnOnPage, jumpTo, measuredLengths, onScreen, valuesUnder } from './web-viewer-page.ts';

type Point = readonly [number, number, number];

const entry = (page: Page, number: number) => page.getByRole('listitem').filter({ hasText: `Metastasis ${number}` });
const told = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).waitFor();

/** Voxels of a metastasis on the page. */
async function voxelsOf(page: Page, number: number): Promise<number> {
  return Object.values(await drawnOnPage(page))
    .flat()
    .filter(([, segment]) => segment === number).length;
}

/** Waits until a stroke has changed the number of voxels, and until it is drawn whole. @returns the number */
async function becomes(page: Page, number: number, enough: (count: number) => boolean): Promise<number> {
  for (let tries = 0, before = -1; tries < 100; tries++) {
    const count = await voxelsOf(page, number);
    if (enough(count) && count === before) return count;
    before = count;
    await page.waitForTimeout(200);
  }
  return assert.fail(`metastasis ${number} stays at ${await voxelsOf(page, number)} voxels`);
}

/** Waits until the viewer shows as many images and a label to draw on. */
async function panesAre(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const { document } = globalThis as unknown as { document: { querySelectorAll(s: string): { length: number } } };
      return document.querySelectorAll('[data-cy="viewport-pane"] canvas').length === wanted;
    },
    count,
    { timeout: 60_000 },
  );
}

export async function openRead({ page }: Visitor, uid: string, readId: string): Promise<void> {
  await page.goto(
    new URL(`/viewer/metloop?StudyInstanceUIDs=${uid}&read=${encodeURIComponent(readId)}`, page.url()).href,
  );
  await panesAre(page, 3);
  await told(page, 'Draw on any of the images.');
}

export async function reload({ page }: Visitor): Promise<void> {
  await page.reload();
  await panesAre(page, 3);
  await page
    .getByRole('list', { name: 'Metastases' })
    .getByText(/voxels/)
    .first()
    .waitFor({ timeout: 60_000 });
}

/** Draws along some points of the patient. */
async function drag(page: Page, points: readonly Point[]): Promise<void> {
  const [first, ...others] = await Promise.all(points.map((point) => onScreen(page, point)));
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const at of others) await page.mouse.move(...at, { steps: 3 });
  await page.mouse.up();
}

const circle = ([x, y, z]: Point, radiusMm: number): Point[] =>
  Array.from({ length: 17 }, (_, n): Point => {
    const turn = (n / 16) * 2 * Math.PI;
    return [x + radiusMm * Math.cos(turn), y + radiusMm * Math.sin(turn), z];
  });

/** Region growing, freehand, interpolation, holes, undo and redo, threshold brush: metastases 1 to 3. */
export async function drawWithAllTools(visitor: Visitor, { labels, lesions }: PhantomTruth): Promise<void> {
  const { page } = visitor;
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  const keys = await page.getByRole('dialog', { name: 'Keys' }).locator('kbd').allTextContents();
  assert.ok(keys.length > 25 && new Set(keys).size === keys.length, `${keys}`);
  await visitor.picture('keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });

  const largest = lesions[0]!;
  const truth = labels.data.filter((value) => value === largest.number).length;
  await jumpTo(page, largest.centreLps);
  await page.keyboard.press('g');
  await page.mouse.click(...(await onScreen(page, largest.centreLps)));
  await told(page, /^Grown by/);
  const grown = await voxelsOf(page, 1);
  assert.ok(grown > 0.6 * truth && grown < 1.3 * truth, `${grown} voxels grown, ${truth} are enhancing`);
  await visitor.picture('grown');

  await page.keyboard.press('n');
  await told(page, /^Metastasis 2 is drawn with/);
  const { grid } = labels;
  const beside = (slices: number): Point => {
    const [x, y, z] = transformPoint(grid.indexToLps, [32, 34, 20 + slices]);
    return [x, y, z];
  };
  await page.keyboard.press('f');
  for (const [slices, radius] of [
    [0, 24],
    [4, 12],
  ] as const) {
    await jumpTo(page, beside(slices));
    const before = await voxelsOf(page, 2);
    await drag(page, circle(beside(slices), radius));
    await becomes(page, 2, (count) => count > before);
  }
  const outlined = await voxelsOf(page, 2);
  await page.keyboard.press('i');
  await told(page, /drawn between slices\.$/);
  const whole = await voxelsOf(page, 2);
  assert.ok(whole > 1.5 * outlined, `${outlined} outlined, ${whole} with those between`);

  await jumpTo(page, beside(0));
  await page.keyboard.press('e');
  await drag(page, [beside(0), beside(0)]);
  const hollow = await becomes(page, 2, (count) => count < whole);
  await page.keyboard.press('h');
  await told(page, /filled in\.$/);
  assert.equal(await voxelsOf(page, 2), whole);
  await page.keyboard.press('Control+z');
  assert.equal(await voxelsOf(page, 2), hollow, 'undo of filling');
  await page.keyboard.press('Control+z');
  assert.equal(await voxelsOf(page, 2), whole, 'undo of a stroke');
  await page.keyboard.press('Control+z');
  assert.equal(await voxelsOf(page, 2), outlined, 'undo of interpolation');
  for (let n = 0; n < 3; n++) await page.keyboard.press('Control+y');
  assert.equal(await voxelsOf(page, 2), whole, 'redo of all three');

  await page.keyboard.press('n');
  await page.keyboard.press('t');
  await page.getByRole('slider', { name: 'Radius' }).fill('12');
  const level = Number(await page.getByRole('slider', { name: 'Level' }).inputValue());
  const small = lesions[1]!.centreLps;
  await jumpTo(page, small);
  await drag(page, [small, [small[0] + 2, small[1], small[2]]]);
  await becomes(page, 3, (count) => count > 0);
  const values = await valuesUnder(page, 3);
  assert.ok(values.length > 0, 'the threshold brush has painted nothing');
  assert.ok(
    values.every((value) => value >= level),
    `painted ${Math.min(...values)} below ${level}`,
  );
  await visitor.picture('painted');
}

/** Split, merge, delete, hide, coarse, jump: from metastasis 4 on. */
export async function editTheList(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.keyboard.press('n');
  await page.keyboard.press('b');
  await page.getByRole('slider', { name: 'Radius' }).fill('4');
  const { focalPoint } = await cameraOf(page);
  const [x, y, z] = focalPoint as unknown as Point;
  for (const aside of [-45, 45]) {
    const before = await voxelsOf(page, 4);
    await drag(page, [
      [x + aside, y, z],
      [x + aside + 3, y, z],
    ]);
    await becomes(page, 4, (count) => count > before);
  }
  const both = await voxelsOf(page, 4);
  assert.ok(both > 1);
  await page.keyboard.press('x');
  await told(page, 'Split into 2 metastases.');
  const parts = [await voxelsOf(page, 4), await voxelsOf(page, 5)];
  assert.ok(parts.every((count) => count > 0) && parts[0]! + parts[1]! === both);
  await page.getByLabel('Tick metastasis 4').check();
  await page.getByLabel('Tick metastasis 5').check();
  await page.getByRole('button', { name: 'Merge ticked' }).click();
  await told(page, 'Merged into metastasis 4.');
  assert.equal(await voxelsOf(page, 4), both);
  await entry(page, 5).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await entry(page, 5)
    .getByText(/voxels/)
    .waitFor();
  await entry(page, 5).getByRole('button', { name: 'Delete' }).click();
  await entry(page, 5).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await entry(page, 5)
    .getByText(/voxels/)
    .waitFor();
  assert.deepEqual([await voxelsOf(page, 4), await voxelsOf(page, 5)], parts);
  // A gap in the numbers is saved too.
  await entry(page, 4).getByRole('button', { name: 'Delete' }).click();
  await entry(page, 4).waitFor({ state: 'detached' });

  await entry(page, 2).getByRole('button', { name: 'Coarse' }).click();
  await entry(page, 2).getByText('coarse', { exact: true }).waitFor();
  await page.keyboard.press('Control+z');
  await entry(page, 2).getByText('coarse', { exact: true }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+y');
  await entry(page, 2).getByText('coarse', { exact: true }).waitFor();
  await entry(page, 1).getByRole('button', { name: 'Hide' }).click();
  await entry(page, 1).getByRole('button', { name: 'Show' }).waitFor();
  await entry(page, 1).getByRole('button', { name: 'Go to' }).click();
  await page.waitForTimeout(500);
  assert.notDeepEqual((await cameraOf(page)).focalPoint, focalPoint, 'nothing was gone to');
  await visitor.picture('list');
}

/** One large image, as acquired, beside the study before, other planes: the label stays on what is drawn on. */
export async function arrange(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const heightOf = async (): Promise<number> => (await cameraOf(page)).focalPoint[2]!;
  const height = await heightOf();
  const isWhereItWas = async (when: string): Promise<void> => {
    for (let tries = 0; tries < 30 && Math.abs((await heightOf()) - height) > 2; tries++)
      await page.waitForTimeout(100);
    assert.ok(Math.abs((await heightOf()) - height) < 2, `at ${await heightOf()} mm ${when}, before at ${height}`);
  };
  await page.keyboard.press('s');
  assert.ok(Math.abs((await cameraOf(page)).normal[0]!) > 0.99, 'not sagittal');
  await visitor.picture('sagittal');
  await page.keyboard.press('a');
  await isWhereItWas('after other planes');
  await page.keyboard.press('1');
  await panesAre(page, 1);
  await page.waitForTimeout(1500);
  await isWhereItWas('in large');
  await visitor.picture('large');
  await page.keyboard.press('1');
  await panesAre(page, 3);
  await page.keyboard.press('2');
  await page.locator('[data-viewport-uid="metloop-native-FLAIR"]').first().waitFor();
  await page.waitForTimeout(1500);
  await visitor.picture('native');
  await page.keyboard.press('3');
  await page.locator('[data-viewport-uid="metloop-prior-BRAVO"]').first().waitFor();
  await page.waitForTimeout(2000);
  await visitor.picture('prior');
  await page.keyboard.press('3');
  await panesAre(page, 3);
  await page.waitForTimeout(2000);
  await isWhereItWas('after all');
  const { focalPoint } = await cameraOf(page);
  const [x, y, z] = focalPoint as unknown as Point;
  await page.keyboard.press('l');
  await drag(page, [
    [x - 20, y, z],
    [x + 20, y, z],
  ]);
  // While it is drawn the line is measured again with each of its renderings.
  const isMeasured = (lengths: readonly number[]): boolean => Math.abs((lengths[0] ?? 0) - 40) < 2;
  for (let tries = 0; tries < 100 && !isMeasured(await measuredLengths(page)); tries++) await page.waitForTimeout(100);
  const lengths = await measuredLengths(page);
  assert.ok(isMeasured(lengths), `${lengths} mm measured along 40 mm`);
  await visitor.picture('back');
}
