/** What hospitals send by mistake, and what becomes of it. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { newId } from '#core/domain/ids.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { phantomUids } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import {
  asAnotherSeries,
  asConstant,
  type FilesBySequence,
  filesBySequence,
  positionOf,
} from './harness/spoiled-study.ts';
import { createTenant } from './harness/tenant.ts';

let intake: Intake;
before(async () => {
  intake = await startIntake();
});
after(() => intake.stop());

let seed = 100;
/** A new patient's files. */
async function patient(): Promise<{ files: FilesBySequence; seriesUids: Readonly<Record<Sequence, string>> }> {
  const phantom = generatePhantom({ seed: seed++, size: 48, group: 'ONE_TO_THREE' });
  return { files: await filesBySequence(phantom), seriesUids: phantomUids(phantom).series };
}

/** Stores a study that is accepted whole. @returns its UID */
async function stored(...parts: readonly Uint8Array[][]): Promise<string> {
  const { status, uids, answer } = await intake.store(parts.flat());
  assert.equal(status, 200, JSON.stringify(answer).slice(0, 300));
  assert.equal(uids.length, 1);
  return uids[0]!;
}

const update = `mutation ($input: SeriesUpdateInput!) { seriesUpdate(input: $input) {
  series { role roleReason } userErrors { code message } } }`;
const start = `mutation ($input: PreparationStartInput!) { preparationStart(input: $input) {
  preparation { id state } userErrors { code message } } }`;

test('a study without BRAVO waits: it says what is missing, and naming the series mends it', async () => {
  const { files } = await patient();
  const uid = await stored(files.T1_PRE, files.T1_POST, files.FLAIR);
  const study = await intake.study(uid);
  assert.deepEqual(study.missingRoles, ['BRAVO']);
  assert.equal(study.preparation, null);
  const refused = await intake.ask(start, { input: { studyId: study.id } });
  assert.equal(refused.preparationStart.userErrors[0].code, 'MISSING_SEQUENCE');
  assert.match(refused.preparationStart.userErrors[0].message, /BRAVO.*seriesUpdate/);

  const post = study.series.find(({ role }: { role: string }) => role === 'T1_POST');
  const { seriesUpdate } = await intake.ask(update, { input: { seriesId: post.id, role: 'BRAVO' } });
  assert.deepEqual(seriesUpdate, { series: { role: 'BRAVO', roleReason: 'A member said so.' }, userErrors: [] });
  const mended = await intake.prepare(uid);
  assert.deepEqual(mended.missingRoles, ['T1_POST']);
  assert.equal(mended.preparation.state, 'READY', JSON.stringify(mended.preparation));
});

test('of a sequence that came twice one series is used, and the other says why not; a member may prefer it', async () => {
  const { files, seriesUids } = await patient();
  const again = files.BRAVO.map((file) => asAnotherSeries(file, seriesUids.BRAVO));
  const uid = await stored(...Object.values(files), again);
  const { series, missingRoles } = await intake.study(uid);
  assert.deepEqual(missingRoles, []);
  assert.equal(series.length, 5);
  const roles = series.map(({ role }: { role: string }) => role).toSorted();
  assert.deepEqual(roles, ['BRAVO', 'FLAIR', 'OTHER', 'T1_POST', 'T1_PRE']);
  const other = series.find(({ role }: { role: string }) => role === 'OTHER');
  assert.equal(other.instanceCount, files.BRAVO.length);
  assert.match(other.roleReason, /^[A-Z].{20,}\.$/);
  assert.match(other.roleReason, /series|another|duplicate|same/i);

  await intake.ask(update, { input: { seriesId: other.id, role: 'BRAVO' } });
  const after = await intake.study(uid);
  const bravos = after.series.filter(({ role }: { role: string }) => role === 'BRAVO');
  assert.deepEqual(
    bravos.map(({ id }: { id: string }) => id),
    [other.id],
  );
});

test('a file that came twice is there once', async () => {
  const { files } = await patient();
  const uid = await stored(...Object.values(files), files.BRAVO.slice(0, 3));
  const bravo = (await intake.study(uid)).series.find(({ role }: { role: string }) => role === 'BRAVO');
  assert.equal(bravo.instanceCount, files.BRAVO.length);
});

/** Prepares a study that cannot be prepared. @returns the sentence that says why */
async function failure(uid: string): Promise<string> {
  const { preparation } = await intake.prepare(uid);
  assert.equal(preparation.state, 'FAILED', JSON.stringify(preparation));
  const { code, message, retryable } = preparation.progress.failure;
  assert.equal(code, 'BAD_INPUT', message);
  assert.equal(retryable, false);
  assert.match(message, /\.?$/);
  return message;
}

test('a series that lost a slice in the middle fails the preparation with a sentence; the rest of the upload is kept', async () => {
  const { files } = await patient();
  const ordered = files.BRAVO.toSorted((a, b) => positionOf(a) - positionOf(b));
  const uid = await stored(files.T1_PRE, files.T1_POST, files.FLAIR, ordered.toSpliced(10, 1));
  assert.match(await failure(uid), /BRAVO cannot be used: .*(spac|gap|missing|apart)/i);
  // The lost slice arrives.
  await stored([ordered[10]!]);
  assert.equal((await intake.prepare(uid)).preparation.state, 'READY');
});

test('a series without an image in it fails the preparation with a sentence', async () => {
  const { files } = await patient();
  const uid = await stored(files.T1_POST, files.BRAVO, files.FLAIR, files.T1_PRE.map(asConstant));
  assert.match(await failure(uid), /T1_PRE cannot be used: no slice of the series has an image in it/);
});

test('what is no DICOM, is cut off or is empty is refused by file, and the others are stored', async () => {
  const { files } = await patient();
  const [whole] = files.BRAVO;
  const bad = [
    Buffer.from('this is no DICOM file at all'),
    whole!.subarray(0, whole!.length / 2),
    new Uint8Array(0),
    whole!.subarray(0, 200),
  ];
  const { status, answer, uids } = await intake.store([...bad, ...files.FLAIR]);
  assert.equal(status, 202, 'some stored, some not');
  assert.equal(answer['00081198']?.Value.length, bad.length);
  assert.equal(answer['00081199']?.Value.length, files.FLAIR.length);
  assert.equal(uids.length, 1);
  const { uploads } = await intake.ask(
    '{ uploads(first: 1) { edges { node { receivedFiles storedInstances refusals { edges { node { code message } } } } } } }',
  );
  const { node } = uploads.edges[0];
  assert.deepEqual([node.receivedFiles, node.storedInstances], [bad.length + files.FLAIR.length, files.FLAIR.length]);
  for (const { node: refusal } of node.refusals.edges) {
    // A file that was cut off claims more than there is.
    assert.match(refusal.code, /^(UNREADABLE|OUT_OF_BOUNDS)$/);
    assert.match(refusal.message, /^[A-Z].*\.?$/);
  }
  assert.equal((await intake.store(bad)).status, 409, 'none stored');
});

test('a series that is not there has no role: unknown and malformed ids are alike not there', async () => {
  const codes = async (seriesId: string): Promise<string[]> =>
    (await intake.ask(update, { input: { seriesId, role: 'BRAVO' } })).seriesUpdate.userErrors.map(
      ({ code }: { code: string }) => code,
    );
  for (const id of [globalId('Series', newId()), globalId('Study', newId()), 'nonsense'])
    assert.deepEqual(await codes(id), ['NOT_FOUND']);
});

test('an upload by who may not, or with an expired token, stores nothing', async () => {
  const { files } = await patient();
  const auditor = await intake.store(files.FLAIR, await intake.api.token('AUDITOR'));
  assert.equal(auditor.status, 404);
  const now = Math.floor(Date.now() / 1000);
  const expired = await intake.store(
    files.FLAIR,
    await intake.api.token('COORDINATOR', { iat: now - 900, exp: now - 300 }),
  );
  assert.equal(expired.status, 401);
  const elsewhere = await createTenant(intake.api.services.database, 'Elsewhere', intake.api.issuer);
  const stranger = await elsewhere.member('Stranger', 'COORDINATOR');
  // The refused ones left the connections usable.
  assert.equal((await intake.store(files.FLAIR)).status, 200);
  const foreign = await intake.store(files.FLAIR, await intake.api.token(stranger.memberId));
  assert.equal(foreign.status, 404);
});
