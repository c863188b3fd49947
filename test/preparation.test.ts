/** A study that is not registered for certain goes to a person: worker, stored picture, GraphQL, judgement. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { decode } from 'fast-png';
import { serviceScope } from '#core/db/database.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import { preparationPlanHash } from '#core/plan-hash.ts';
import { objectKey } from '#core/storage/keys.ts';
import { localId } from '../api/graphql/global-id.ts';
import { generatePhantom, type Phantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { decodePrepared } from '../gpu-worker/stages/prepared-file.ts';
import { type Intake, startIntake } from './harness/intake.ts';

const sizePixels = 48;
let intake: Intake;
before(async () => {
  intake = await startIntake(sizePixels);
});
after(() => intake.stop());

const misplacedBy = 60;
/** FLAIR lies 60 mm beside where the scanner says, further than a patient moves. */
function misplaced(phantom: Phantom): Phantom {
  const series = phantom.series.map((one) => {
    if (one.sequence !== 'FLAIR') return one;
    const { grid } = one.volume;
    const indexToLps = grid.indexToLps.map((value, n) => value + (n === 3 ? misplacedBy : 0));
    return { ...one, volume: { ...one.volume, grid: { ...grid, indexToLps } } };
  });
  return { ...phantom, series };
}

async function filesOf(phantom: Phantom, label = ''): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom, { label })) files.push(bytes);
  return files;
}

/** Stores the study and works on its preparation. @returns the study's UID */
async function prepared(phantom: Phantom): Promise<string> {
  const { status, uids } = await intake.store(await filesOf(phantom));
  assert.equal(status, 200);
  await intake.prepare(uids[0]!);
  return uids[0]!;
}

const text = `query ($uid: String!) { studies(filter: { studyInstanceUid: $uid }) { edges { node { preparation {
  id state planHash warnings brainMaskVolumeMm3 judgement { decision reason member { name } }
  registrations { plausible nmi rotationDegrees translationMm series { role seriesInstanceUid } } } } } } }`;
const preparationOf = async (uid: string) => (await intake.ask(text, { uid })).studies.edges[0].node.preparation;
const judgeText = `mutation ($input: PreparationJudgeInput!) { preparationJudge(input: $input) {
  preparation { state } userErrors { code message } } }`;
const judge = async (preparationId: string, decision: string) =>
  (await intake.ask(judgeText, { input: { preparationId, decision, reason: 'The edges run on across all squares.' } }))
    .preparationJudge;

const rowOf = (id: string) =>
  intake.api.services.database.inTenant(serviceScope(intake.tenantId), (db) =>
    db
      .selectFrom('preparation')
      .selectAll()
      .where('id', '=', localId('Preparation', id, []) as never)
      .executeTakeFirstOrThrow(),
  );

test('motion beyond the gates needs review: the picture is served, a person overrides, and the study is READY', async () => {
  const phantom = misplaced(generatePhantom({ seed: 41, size: sizePixels, group: 'ONE_TO_THREE' }));
  const uid = await prepared(phantom);
  const found = await preparationOf(uid);
  assert.equal(found.state, 'NEEDS_REVIEW', JSON.stringify(found));
  const { plan, prepared_sha256 } = await rowOf(found.id);
  const expectedHash = preparationPlanHash({ ...defaultPreparationPlan, sizePixels });
  assert.equal(found.planHash, expectedHash);
  assert.equal(preparationPlanHash(plan as never), expectedHash, 'the stored plan is the hashed one');
  const bytes = await intake.api.services.objects.getVerified(
    objectKey(intake.tenantId, prepared_sha256!),
    prepared_sha256!,
  );
  assert.equal(decodePrepared(bytes).planHash, expectedHash, 'the prepared file says by which plan it was made');

  const doubtful = found.registrations.filter(({ plausible }: { plausible: boolean }) => !plausible);
  assert.deepEqual(
    doubtful.map(({ series }: { series: { role: string } }) => series.role),
    ['FLAIR'],
  );
  assert.ok(Math.abs(doubtful[0].translationMm - misplacedBy) < 15, `${doubtful[0].translationMm} mm`);
  assert.match(found.warnings.join(), /FLAIR to BRAVO is outside the gates: .* mm, mutual information/);

  const url = `${intake.api.address}/dicomweb/studies/${uid}/series/${doubtful[0].series.seriesInstanceUid}/checkerboard?of=${found.id}`;
  const picture = await fetch(url, { headers: { authorization: `Bearer ${intake.token}` } });
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/png']);
  const { width, height, data } = decode(new Uint8Array(await picture.arrayBuffer()));
  assert.deepEqual([width, height], [3 * sizePixels, sizePixels]);
  assert.ok(new Set(data).size > 50, 'an image, not a blank');

  assert.deepEqual(await judge(found.id, 'USABLE'), { preparation: { state: 'READY' }, userErrors: [] });
  const judged = await preparationOf(uid);
  assert.deepEqual(judged.judgement, {
    ...{ decision: 'USABLE', reason: 'The edges run on across all squares.', member: { name: 'COORDINATOR' } },
  });
  assert.equal((await judge(found.id, 'UNUSABLE')).userErrors[0].code, 'WRONG_STATE');
});

test('a person may also refuse it, and the study is FAILED', async () => {
  const phantom = misplaced(generatePhantom({ seed: 42, size: sizePixels, group: 'ONE_TO_THREE' }));
  const { id } = await preparationOf(await prepared(phantom));
  assert.equal((await judge(id, 'UNUSABLE')).preparation.state, 'FAILED');
});

test('a plan that is not the recorded one, or one of other code, is not followed', async () => {
  const phantom = generatePhantom({ seed: 43, size: sizePixels, group: 'ONE_TO_THREE' });
  for (const [change, code, message] of [
    [{ sizePixels: 64 }, 'HASH_MISMATCH', /recorded hash/],
    [{ codeVersion: '0' }, 'BAD_INPUT', /version 0 of the preparation, this worker has version/],
  ] as const) {
    const { uids } = await intake.store(await filesOf(phantom, code));
    const { id } = await preparationOf(uids[0]!);
    const plan = { ...defaultPreparationPlan, sizePixels, ...change };
    // Of the second the hash is right.
    const hash = code === 'BAD_INPUT' ? { plan_hash: preparationPlanHash(plan) } : {};
    await intake.api.services.database.inTenant(serviceScope(intake.tenantId), (db) =>
      db
        .updateTable('preparation')
        .set({ plan: JSON.stringify(plan), ...hash })
        .where('id', '=', localId('Preparation', id, []) as never)
        .execute(),
    );
    const { preparation } = await intake.prepare(uids[0]!);
    assert.deepEqual([preparation.state, preparation.progress.failure.code], ['FAILED', code]);
    assert.match(preparation.progress.failure.message, message);
  }
});
