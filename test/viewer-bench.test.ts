import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import type { Page } from 'playwright-core';
import { launchChromium } from '../bench/viewer/chromium.ts';
import { inFreshContext } from '../bench/viewer/opening.ts';
import { type Painted, watchPainting } from '../bench/viewer/paint-probe.ts';
import { plainConfig, plainPath } from '../bench/viewer/plain-ohif-config.ts';
import { viewerFigures } from '../bench/viewer/viewer-figures.ts';
import { requireTool } from './tools.ts';

const browserTool = await requireTool('chromium');

/** Draws on one of four canvases and tells of it, as cornerstone does. */
const draw = (page: Page, index: number, what: 'nothing' | 'frame' | 'image'): Promise<Painted> =>
  page.evaluate(`(() => {
    const element = document.querySelectorAll('div')[${index}];
    const canvas = element.querySelector('canvas');
    const drawing = canvas.getContext('2d');
    drawing.fillStyle = 'black';
    drawing.fillRect(0, 0, 300, 300);
    drawing.strokeStyle = 'white';
    if ('${what}' === 'frame') drawing.strokeRect(1, 1, 298, 298);
    const gray = drawing.createRadialGradient(150, 150, 10, 150, 150, 120);
    gray.addColorStop(0, 'white');
    gray.addColorStop(1, 'black');
    drawing.fillStyle = gray;
    if ('${what}' === 'image') drawing.fillRect(0, 0, 300, 300);
    element.dispatchEvent(new CustomEvent('CORNERSTONE_IMAGE_RENDERED'));
    return benchPainted;
  })()`);

test('an image counts as painted when it shows something, not when it was drawn', {
  skip: browserTool.skip,
}, async (t) => {
  const browser = await launchChromium(() => {});
  t.after(() => browser.close());
  await inFreshContext(browser, undefined, async (page) => {
    await page.addInitScript(watchPainting);
    await page.goto(`data:text/html,${'<div><canvas width=300 height=300></canvas></div>'.repeat(5)}`);
    for (const what of ['nothing', 'frame'] as const)
      assert.deepEqual(await draw(page, 0, what), { first: 0, all: 0 }, what);
    const { first, all } = await draw(page, 0, 'image');
    assert.ok(first > 0 && all === 0);
    for (const index of [1, 2, 2, 0]) assert.deepEqual(await draw(page, index, 'image'), { first, all: 0 });
    // The first is replaced by another, so that only two of those painted are seen.
    await page.evaluate(`document.querySelector('div').remove()`);
    assert.deepEqual(await draw(page, 2, 'image'), { first, all: 0 });
    const whole = await draw(page, 3, 'image');
    assert.ok(whole.all > first, 'four were painted');
  });
});

test('plain OHIF is told of the archive and of the four series', () => {
  const path = plainPath('1.2.3', ['1.1', '1.2', '1.3', '1.4']);
  const window: { config?: Record<string, never> } = {};
  const search = path.slice(path.indexOf('?'));
  runInNewContext(plainConfig('http://127.0.0.1:1/dicom-web'), { window, location: { search }, URLSearchParams });
  const { dataSources, extensions } = window.config as unknown as {
    dataSources: { configuration: { wadoRoot: string } }[];
    extensions: { getHangingProtocolModule(): { name: string; protocol: { stages: { viewports: object[] }[] } }[] }[];
  };
  assert.equal(dataSources[0]!.configuration.wadoRoot, 'http://127.0.0.1:1/dicom-web');
  const [{ name, protocol }] = extensions[0]!.getHangingProtocolModule() as [{ name: string; protocol: never }];
  assert.equal(new URLSearchParams(search).get('hangingProtocolId'), name);
  const { viewports } = (protocol as { stages: { viewports: { displaySets: object[] }[] }[] }).stages[0]!;
  assert.deepEqual(
    JSON.parse(JSON.stringify(viewports.map(({ displaySets }) => displaySets))),
    ['1.1', '1.2', '1.3', '1.4'].map((id) => [{ id }]),
  );
});

test('figures are medians; a small study has a goal by the clock, a full one beside the peer alone', () => {
  const opening = (allSeconds: number) => ({ firstSeconds: allSeconds - 1, allSeconds, requests: 10, bytes: 2e6 });
  const measures = {
    ...{ sizePixels: 128, slices: 85, saves: [{ seconds: 0.3, sentBytes: 5000 }] },
    ...{ ours: [9, 2, 4].map(opening), peer: [5, 8, 6].map(opening) },
    ...{ oursListed: [3, 1].map(opening), peerListed: [4].map(opening) },
    ...{ oursNext: [2, 3].map(opening), peerNext: [5].map(opening) },
  };
  const small = new Map(viewerFigures({ size: 'small', ...measures }).map((one) => [one.figure, one]));
  const { ours, peer, ratio, goal } = small.get('small-all-images')!;
  assert.deepEqual({ ours, peer, ratio, goal }, { ours: 4, peer: 6, ratio: 4 / 6, goal: 1 });
  assert.deepEqual([small.get('small-wait')!.ours, small.get('small-wait')!.goal], [4, undefined]);
  assert.deepEqual([small.get('small-listed')!.ratio, small.get('small-wait-listed')!.ours], [0.5, 2]);
  assert.equal(small.get('small-wait-listed')!.goal, 3);
  assert.deepEqual([small.get('small-next')!.ratio, small.get('small-wait-next')!.ours], [0.5, 2.5]);
  assert.equal(small.get('small-save-bytes')!.ours, 5);
  assert.equal(
    viewerFigures({ size: 'full', ...measures }).some(({ figure }) => figure === 'full-wait'),
    false,
  );
});
