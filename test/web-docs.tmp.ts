import { mkdtemp, rm } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { demoPassword } from '../demo/cast.ts';
import { annotate } from '../demo/loop/annotate.ts';
import { awaitPreparations } from '../demo/loop/prepare.ts';
import { assembleTeam } from '../demo/loop/team.ts';
import { uploadPatient } from '../demo/loop/upload.ts';
import { startStack } from '../demo/stack.ts';
import { requireTool } from './tools.ts';
import { drawnShares } from './web-browser.ts';

const size = 144;
const dir = await mkdtemp('/tmp/docs-');
const t0 = Date.now();
const at = (w: string) => console.log(((Date.now() - t0) / 1000).toFixed(1), w);
const stack = await startStack({ dataDir: dir, sizePixels: size, log: () => {} });
try {
  const team = await assembleTeam(stack);
  const up = () =>
    uploadPatient(team.of.coordinatorA, team.sites.A, { seed: 301, group: 'FOUR_TO_TEN', site: 'A' }, size);
  const p = await up().catch(() => up());
  at('up');
  const up2 = () => uploadPatient(team.of.coordinatorB, team.sites.B, { seed: 302, group: 'ONE_TO_THREE', site: 'B' }, size); const p2 = await up2().catch(() => up2());
  const all = await awaitPreparations(team.of.auditor, [p.studyInstanceUid, p2.studyInstanceUid], () => {}, 300000);
  const study = all.find((x) => x.studyInstanceUid === p.studyInstanceUid); const study2 = all.find((x) => x !== study);
  at('ready');
  console.log(await annotate(team, [{ patient: p, study: study! }, { patient: p2, study: study2! }], () => {}));
  at('annotated');
  const tool = await requireTool('chromium');
  const b = await chromium.launch({
    executablePath: tool.path!,
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  const page = await (await b.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(stack.address);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Email').fill('auditor@demo.metloop');
  await page.getByLabel('Password').fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.goto(`${stack.address}/studies/${study!.id}`);
  await page.getByText('Ground truth of').waitFor();
  await page.screenshot({ path: '/tmp/doc-study.png' });
  const { node } = await team.of.auditor.graphql<any>(
    'query($id:ID!){node(id:$id){... on Study{groundTruth{segSeriesInstanceUid lesions{sliceIndex volumeMm3}}}}}',
    { id: study!.id },
  );
  console.log(JSON.stringify(node));
  await page.goto(
    `${stack.address}/viewer/metloop?StudyInstanceUIDs=${p.studyInstanceUid}&show=${node.groundTruth.segSeriesInstanceUid}`,
  );
  await drawnShares(page);
  await page.waitForTimeout(9000);
  const best = node.groundTruth.lesions.toSorted((x: any, y: any) => y.volumeMm3 - x.volumeMm3);
  for (const [n, l] of best.slice(0, 3).entries()) {
    await page.evaluate((i) => {
      const c: any = (globalThis as any).cornerstone;
      const v = c.getRenderingEngines()[0].getViewports()[0];
      c.utilities.jumpToSlice(v.element, { imageIndex: i });
    }, l.sliceIndex);
    await page.waitForTimeout(2500);
    await page.screenshot({ path: `/tmp/doc-viewer-${n}.png` });
  }
  at('done');
  await b.close();
} catch (e) {
  console.log(e);
} finally {
  await stack.supervisor.stopAll();
  await rm(dir, { recursive: true, force: true });
}
