import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { siteA } from '../demo/cast.ts';
import type { Client } from '../demo/client.ts';
import { annotate, type Reading } from '../demo/loop/annotate.ts';
import { type DemoPlan, freeze, learn } from '../demo/loop/learn.ts';
import { awaitPreparations } from '../demo/loop/prepare.ts';
import { fetchBravo, storeLabel } from '../demo/loop/read-study.ts';
import type { Team } from '../demo/loop/team.ts';
import { type Patient, type UploadedPatient, uploadPatient } from '../demo/loop/upload.ts';
import { type ReaderOptions, simulateReader } from '../demo/phantom/reader.ts';
import { drawnShares, overlaidShares, type Visitor } from './web-browser.ts';
import { type Elsewhere, editDraft, lookAtProbability } from './web-draft.ts';
import { save, told } from './web-drawing.ts';
import { repeatUnknowingly } from './web-repeat.ts';
import { sendResults } from './web-sending.ts';

/** Edge of a slice. */
export const sizePixels = 48;
const patients: readonly Patient[] = [
  { seed: 11, group: 'ONE_TO_THREE', site: 'A' },
  { seed: 12, group: 'ONE_TO_THREE', site: 'B' },
  { seed: 13, group: 'ONE_TO_THREE', site: 'A' },
];
/** Enough to have a version; what it is worth is not looked at here. */
const plan: DemoPlan = {
  width: 0.125,
  sizePixels,
  epochs: 3,
  batchSize: 8,
  learningRate: 0.003,
  coolingPart: 0,
  precision: 'F32',
  thresholdRule: 'SENSITIVE',
  maxFpPerCase: 2,
};

async function prepareAll(team: Team): Promise<Reading[]> {
  const uploaded: UploadedPatient[] = [];
  for (const patient of patients) {
    const coordinator = patient.site === 'A' ? team.of.coordinatorA : team.of.coordinatorB;
    uploaded.push(await uploadPatient(coordinator, team.sites[patient.site], patient, sizePixels));
  }
  const uids = uploaded.map(({ studyInstanceUid }) => studyInstanceUid);
  const studies = await awaitPreparations(team.of.auditor, uids, () => {});
  return uploaded.map((patient) => ({
    patient,
    study: studies.find(({ studyInstanceUid }) => studyInstanceUid === patient.studyInstanceUid)!,
  }));
}

/** The one read in a reader's queue, done as the viewer does it. */
async function deliver(reader: Client, { patient, study }: Reading, options: ReaderOptions): Promise<void> {
  const { readStart } = await reader.graphql<{ readStart: { read: { id: string } } }>(
    'mutation { readStart(input: {}) { read { id } userErrors { code path message } } }',
  );
  const readId = readStart.read.id;
  const { labels, mimics } = patient.phantom.truth;
  const source = await fetchBravo(reader, study.studyInstanceUid, study.bravoSeriesUid);
  const saved = await storeLabel(reader, simulateReader(labels, { ...options, mimics }), source, 'Delineation');
  const { revisionSave } = await reader.graphql<{ revisionSave: { revision: { id: string } } }>(
    'mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) { revision { id } userErrors { code path message } } }',
    { input: { readId, parentId: null, ...saved } },
  );
  await reader.graphql(
    'mutation ($input: ReadSubmitInput!) { readSubmit(input: $input) { read { state } userErrors { code path message } } }',
    { input: { readId, revisionId: revisionSave.revision.id } },
  );
}

async function taskReaches(auditor: Client, studyId: string, wanted: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { tasks } = await auditor.graphql<{ tasks: { edges: { node: { state: string } }[] } }>(
      'query ($studyId: ID!) { tasks(filter: { studyId: $studyId }) { edges { node { state } } } }',
      { studyId },
    );
    if (tasks.edges[0]?.node.state === wanted) return;
    await sleep(200);
  }
  assert.fail(`the task has not reached ${wanted} within a minute`);
}

const openStudy = async (page: Page, study: Reading['study']): Promise<void> => {
  await page.goto(new URL(`/studies/${study.id}`, page.url()).href);
  await page.getByRole('heading', { name: /^Patient/ }).waitFor();
};

/** A coordinator opens a task and finds two readers, who disagree. */
async function openAndAssign(visitor: Visitor, team: Team, reading: Reading): Promise<void> {
  const { page } = visitor;
  await visitor.signIn('coordinator-a@demo.metloop');
  await openStudy(page, reading.study);
  await page.getByText('Checkerboards').click();
  const board = page.getByAltText('Checkerboard of BRAVO and FLAIR');
  await board.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as { document: { images: Iterable<{ naturalWidth: number }> } };
    return [...document.images].filter(({ naturalWidth }) => naturalWidth === 3 * 48).length >= 1;
  });
  await visitor.picture('checkerboards');
  await page.getByText('Checkerboards').click();
  await page.getByLabel('Protocol').selectOption({ label: 'Two blind readers' });
  await page.getByRole('button', { name: 'Open a task' }).click();
  for (const name of ['Dr. Rita Reader', 'Dr. Ravi Reader']) {
    await page.getByRole('combobox', { name: 'Reader', exact: true }).selectOption({ label: name });
    await page.getByRole('button', { name: 'Assign a reader' }).click();
    await page.getByText(`Delineate: ${name}`).waitFor();
  }
  await page.getByRole('link', { name: 'Reading desk' }).click();
  await page.getByText('Delineate: Dr. Rita Reader').waitFor();
  await visitor.picture('desk');
  await openStudy(page, reading.study);
  await visitor.picture('assigned');
  await deliver(team.of.readerOne, reading, { seed: 1, missSmall: 0, dispute: 0, falsePositive: 0 });
  await deliver(team.of.readerTwo, reading, { seed: 2, missSmall: 0, dispute: 1, falsePositive: 2 });
  await taskReaches(team.of.auditor, reading.study.id, 'ADJUDICATING');
  await page.reload();
  await page.getByRole('button', { name: 'Assign an adjudicator' }).click();
  await page.getByText('Adjudicate: Dr. Judith Judge').waitFor();
}

/** The adjudicator settles every dispute: what one reader alone saw is none, of two outlines the first stands. */
async function adjudicate(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await visitor.signIn('adjudicator@demo.metloop');
  await page.getByRole('link', { name: 'My reads' }).click();
  await visitor.picture('my-reads');
  await page.getByRole('button', { name: 'Next read' }).click();
  await page.getByRole('heading', { name: /^Disputes of patient/ }).waitFor();
  const disputes = page.locator('.panel', { hasText: /^Dispute \d/ });
  const count = await disputes.count();
  assert.ok(count >= 2, `only ${count} disputes`);
  assert.ok(await page.getByRole('button', { name: 'Sign and submit' }).isDisabled());
  await redraw(visitor, disputes.first());
  for (let index = 1; index < count; index++) {
    const dispute = disputes.nth(index);
    const outlines = dispute.getByRole('checkbox', { name: /^[A-J]$/ });
    const two = (await outlines.count()) > 1;
    await dispute.getByRole('textbox').fill(two ? 'The outline follows the enhancement.' : 'A vessel runs on here.');
    for (let other = 1; other < (await outlines.count()); other++) await outlines.nth(other).uncheck();
    await dispute.getByRole('button', { name: two ? 'Accept the ticked' : 'No metastasis' }).click();
    await dispute.locator('.state.good').waitFor();
    if (index === 1) await visitor.picture('disputes');
  }
  await page.getByRole('button', { name: 'Sign and submit' }).click();
  await page.getByRole('heading', { name: 'My reads' }).waitFor();
}

interface Viewports {
  readonly cornerstone: {
    getRenderingEngines(): readonly {
      getViewport(id: string): {
        readonly element: { getBoundingClientRect(): { readonly left: number; readonly top: number } };
        worldToCanvas(point: readonly number[]): readonly [number, number];
      };
    }[];
  };
}

/** Where a place of the patient is on BRAVO, in pixels of the page. */
const onScreen = (viewer: Page, place: readonly number[]): Promise<readonly [number, number]> =>
  viewer.evaluate((point) => {
    const { cornerstone } = globalThis as unknown as Viewports;
    const bravo = cornerstone.getRenderingEngines()[0]!.getViewport('metloop-BRAVO');
    const { left, top } = bravo.element.getBoundingClientRect();
    const [x, y] = bravo.worldToCanvas(point);
    return [left + x, top + y] as const;
  }, place);

/** A dispute is drawn anew in the viewer, at its place and beside the readers' outlines, and stands as drawn. */
async function redraw(visitor: Visitor, dispute: Locator): Promise<void> {
  const { page } = visitor;
  const link = dispute.getByRole('link', { name: 'Redraw in the viewer' });
  const at = new URL((await link.getAttribute('href'))!, page.url()).searchParams.get('at')!;
  const opened = page.waitForEvent('popup');
  await link.click();
  const viewer = await opened;
  await drawnShares(viewer);
  await told(viewer, 'Draw on any of the images.');
  const others = viewer.getByRole('region', { name: 'Outlines to look at' }).getByRole('checkbox');
  assert.equal(await others.count(), 2);
  for (const other of await others.all()) await other.check();
  await viewer.getByRole('button', { name: 'Take an outline over' }).first().click();
  const [x, y] = await onScreen(viewer, at.split(',').map(Number));
  await viewer.mouse.click(x, y);
  await viewer
    .getByRole('list', { name: 'Metastases' })
    .getByText(/voxels/)
    .waitFor();
  await save(viewer);
  await told(viewer, /^Saved [\d:]+ and read back: 1 metastasis, /);
  await visitor.picture('redrawn', viewer);
  await viewer.close();
  await dispute.getByLabel('Mine 1').check({ timeout: 20_000 });
  const measures = (name: string): Promise<string[]> =>
    dispute
      .getByRole('row')
      .filter({ has: page.getByLabel(name, { exact: true }) })
      .locator('td.number')
      .allTextContents();
  const drawn = (await measures('Mine 1')).join();
  const theirs = [await measures('A'), await measures('B')].map((one) => one.join());
  assert.ok(theirs.includes(drawn), `${drawn} is neither of ${theirs.join(' and ')}`);
  await dispute.getByRole('textbox').fill('Drawn along the enhancement.');
  await dispute.getByRole('button', { name: 'As I have drawn it' }).click();
  await dispute.locator('.state.good', { hasText: 'Stands as redrawn' }).waitFor();
}

/** A coordinator sees how well readers agree. */
async function lookAtReaders(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await visitor.signIn('coordinator-a@demo.metloop');
  await page.getByRole('link', { name: 'Agreement' }).click();
  await page.getByRole('img', { name: /^Dice of \d+ lesions?, Dr\. R/ }).waitFor();
  await page.getByRole('img', { name: /^Volumes of \d+ lesions?, Dr\. Rita Reader/ }).waitFor();
  await visitor.picture('agreement');
  await page.getByLabel('Rows').selectOption({ label: 'Readers against each other' });
  await page.getByRole('heading', { name: 'Dr. Rita Reader against Dr. Ravi Reader' }).waitFor();
  await visitor.picture('agreement-pairs');
}

/** To the page of the first version, as somebody. */
async function openVersion({ page }: Visitor, signedIn: Promise<void>): Promise<void> {
  await signedIn;
  await page.getByRole('link', { name: 'Model versions' }).click();
  await page.getByRole('link', { name: 'Version 1' }).click();
  await page.getByRole('heading', { name: 'Model version 1' }).waitFor();
}

const stateInHeading = (page: Page, state: string): Promise<void> =>
  page.locator('.heading .state', { hasText: state }).waitFor();

/** Ends the access token of a page, in the service's words, at the next event that it follows. For pages that are loaded from now on. */
async function tokenEnder(page: Page) {
  const state = { wanted: false, told: 0, askedAgain: 0, toldAgain: 0 };
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (state.told > 0 && JSON.parse(String(message)).type === 'subscribe') state.askedAgain++;
      server.send(message);
    });
    server.onMessage((message) => {
      const { type, id } = JSON.parse(String(message)) as { type: string; id?: string };
      socket.send(message);
      if (type === 'next' && state.askedAgain > 0) state.toldAgain++;
      if (type !== 'next' || !state.wanted) return;
      state.wanted = false;
      state.told++;
      const errors = [{ message: 'The access token has expired.', extensions: { code: 'UNAUTHENTICATED' } }];
      socket.send(JSON.stringify({ id, type: 'next', payload: { errors } }));
      socket.send(JSON.stringify({ id, type: 'complete' }));
    });
  });
  return state;
}

/** An engineer begins a training from the version, follows it, and says when the next one begins by itself. */
async function retrain(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const token = await tokenEnder(page);
  await openVersion(visitor, visitor.signIn('engineer@demo.metloop'));
  const lineage = page.getByRole('img', { name: 'Version 1 from scratch on Walk' });
  await lineage.waitFor();
  await page.getByLabel('Epochs').fill('1');
  await page.getByRole('button', { name: 'Train from this version' }).click();
  await page.getByRole('img', { name: /A training under way from version 1 on Walk/ }).waitFor();
  await visitor.picture('retrained-from');
  await page.getByRole('link', { name: 'Training', exact: true }).click();
  token.wanted = true;
  const run = page.locator('tbody tr').first();
  await run.getByRole('link', { name: 'Version 1' }).waitFor();
  await page.getByText('No policy has been set.').waitFor();
  await page.getByText('Set a policy').click();
  await page.getByLabel('After so many newly accepted labels').fill('12');
  await visitor.picture('training');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText('0 of 12 newly accepted labels').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused').waitFor();
  await run.getByRole('link', { name: 'Version 2' }).waitFor({ timeout: 120_000 });
  assert.equal(token.told, 1);
  assert.ok(
    token.askedAgain > 0 && token.toldAgain > 0,
    `only asking now and then has shown it: ${JSON.stringify(token)}`,
  );
  await visitor.picture('policy');
  await page.getByRole('link', { name: 'Version 2' }).click();
  await page.getByRole('img', { name: /Version 2 from version 1 on Walk/ }).waitFor();
  await visitor.picture('lineage');
}

/** A version goes from disputes to figures, to a hospital and back, by clicking. */
export async function walk(visitor: Visitor, team: Team, readElsewhere: Elsewhere): Promise<void> {
  const { page } = visitor;
  const [own, elsewhere, ...others] = (await prepareAll(team)) as [Reading, Reading, Reading];
  await annotate(team, [elsewhere, ...others], () => {});
  await openAndAssign(visitor, team, own);
  await adjudicate(visitor);
  await taskReaches(team.of.auditor, own.study.id, 'ACCEPTED');
  await lookAtReaders(visitor);
  await learn(team, await freeze(team, 'Walk'), plan, () => {});

  await openVersion(visitor, visitor.signIn('engineer@demo.metloop'));
  await page.getByLabel('What it is for').fill('Finding metastases on phantoms.');
  await page.getByLabel('Where it is weak').fill('Has learnt for seconds only.');
  await visitor.picture('candidate');
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await stateInHeading(page, 'In review');

  await openVersion(visitor, visitor.signIn('approver@demo.metloop'));
  await page.getByLabel('Comment').fill('Good enough for a walk.');
  await visitor.picture('in-review');
  await page.getByRole('button', { name: 'Sign and approve' }).click();
  await stateInHeading(page, 'Approved');
  await page.getByLabel(siteA).check();
  await page.getByLabel('Why roll it out').fill('First version.');
  await page.getByRole('button', { name: 'Roll out' }).click();
  await page.locator('article .state', { hasText: 'Live' }).waitFor();
  await visitor.picture('live');

  await visitor.signIn('clinician-a@demo.metloop');
  await openStudy(page, own.study);
  await page.getByRole('button', { name: 'Request a segmentation' }).click();
  await page.locator('.state', { hasText: /Queued|Running/ }).waitFor();
  await visitor.picture('requested');
  await page.locator('.state', { hasText: 'Completed' }).waitFor({ timeout: 60_000 });
  const lesions = page.locator('.panel', { hasText: 'Segmentations' }).locator('tbody tr');
  await lesions.first().waitFor();
  await visitor.picture('completed');
  await sendResults(visitor, () => openStudy(page, own.study));
  await page.getByRole('link', { name: 'Show in the viewer' }).click();
  await drawnShares(page);
  for (const share of await overlaidShares(page)) assert.ok(share > 0, 'an image has no overlay');
  await visitor.picture('overlay');
  await lookAtProbability(page, /Probability, model version 1$/);
  await visitor.picture('probability');
  await editDraft(visitor, team, [own, ...others], readElsewhere);

  await visitor.signIn('clinician-b@demo.metloop');
  await openStudy(page, elsewhere.study);
  await page.getByRole('button', { name: 'Request a segmentation' }).click();
  await page.getByRole('alert').waitFor();
  await visitor.picture('no-live-version');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /No version is in service at the study's site/);

  await openVersion(visitor, visitor.signIn('approver@demo.metloop'));
  await page.getByLabel('Why take it back').fill('The walk is over.');
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.locator('article .state', { hasText: 'Rolled back' }).waitFor();
  await visitor.picture('rolled-back');
  await page.getByRole('link', { name: 'Model versions' }).click();
  await page.getByText('nowhere').waitFor();
  await visitor.picture('models');

  await retrain(visitor);

  await visitor.signIn('clinician-a@demo.metloop');
  await openStudy(page, own.study);
  await page.getByRole('button', { name: 'Request a segmentation' }).click();
  await page.getByRole('alert').waitFor();

  await repeatUnknowingly(visitor, () => openStudy(page, own.study));

  await visitor.signIn('coordinator-a@demo.metloop');
  await openStudy(page, own.study);
  await page.locator('select:has(option[value="T1_POST"]:checked)').selectOption({ label: 'Other' });
  await page.getByText('Missing: T1 post').waitFor();
  await visitor.picture('series-changed');
}
