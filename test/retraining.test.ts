import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { DatasetId, TrainingRunId } from '#core/domain/ids.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { rowId } from './harness/learning.ts';
import { codes, mutate, plain } from './harness/mutate.ts';
import { boxes, done, save } from './harness/reading.ts';
import { changed, openRetrainingDesk, type RetrainingDesk } from './harness/retraining-desk.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: RetrainingDesk;
let tenants = 0;
before(async () => {
  t = await startServices();
});
after(() => t?.stop());
test.beforeEach(async () => {
  desk = await openRetrainingDesk(t, `Consortium ${++tenants}`);
});

const jobsOf = (kind: 'RETRAIN' | 'TRAIN'): Promise<{ state: string }[]> =>
  desk.inTenant((db) => db.selectFrom('job').select('state').where('kind', '=', kind).execute());
const runs = (retraining: Data): Data[] => retraining.trainingRuns.edges.map(({ node }: Data) => node);

test('the labels that a policy waits for start one run, however many are accepted at once', async () => {
  await desk.cohort(3);
  changed(await desk.set({ afterAcceptedLabels: 3, plan: { epochs: 2 } }));
  assert.equal((await desk.look()).acceptedLabels, 0, 'labels of before');
  await desk.acceptLabels(2);
  assert.deepEqual([(await desk.look()).acceptedLabels, await jobsOf('RETRAIN')], [2, []]);
  for (let n = 0; n < 4; n++) await desk.readTwice();
  assert.equal(await desk.work('COMPARE'), 4);
  assert.deepEqual(await jobsOf('RETRAIN'), [{ state: 'QUEUED' }]);
  assert.equal(await desk.work('RETRAIN'), 1);

  const retraining = await desk.look();
  const [run, ...others] = runs(retraining);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [run.state, run.startedBy.name, run.retrainingPolicy.number, run.warmStart, run.plan.epochs],
    ['QUEUED', 'Engineer', 1, null, 2],
  );
  assert.equal(run.dataset.state, 'FROZEN');
  assert.match(run.dataset.name, /^Retraining \d{4}-\d\d-\d\d [0-9a-f]{12}$/);
  assert.equal(run.dataset.cases.edges.length, 9 + 6);
  assert.equal(retraining.acceptedLabels, 0);
  assert.deepEqual(
    [retraining.lastOutcome.kind, retraining.lastOutcome.acceptedLabels, retraining.lastOutcome.trainingRun.id],
    ['STARTED', 6, run.id],
  );
  assert.match(retraining.lastOutcome.message, /from scratch was queued on dataset ".*" with 15 studies\./);
  assert.deepEqual(await jobsOf('TRAIN'), [{ state: 'QUEUED' }]);
});

test('with the worker at it meanwhile every label counts towards one run, and a second job finds nothing to do', async () => {
  await desk.cohort(2);
  changed(await desk.set({ afterAcceptedLabels: 2 }));
  for (let n = 0; n < 6; n++) await desk.readTwice();
  let accepting = true;
  const { tenantId } = desk.room.tenant;
  const accept = desk.work('COMPARE').finally(() => {
    accepting = false;
  });
  while (accepting) {
    await desk.work('RETRAIN');
    // A ticket that was sent once too often.
    await desk.inTenant((db) => enqueue(db, t.services.queue, tenantId, { kind: 'RETRAIN', objectId: tenantId }));
  }
  await accept;
  while ((await desk.work('RETRAIN')) > 0);
  assert.ok((await jobsOf('RETRAIN')).every(({ state }) => state === 'SUCCEEDED'));
  const retraining = await desk.look();
  const started = runs(retraining);
  const used = await desk.inTenant((db) =>
    db.selectFrom('audit_event').select('changes').where('action', '=', 'trainingRunStart').execute(),
  );
  const counted = used.map(({ changes }) => (changes as Record<string, number>).acceptedLabels!);
  assert.equal(started.length, counted.length);
  assert.ok(started.length >= 1 && counted.every((labels) => labels >= 2), `${counted}`);
  assert.equal(retraining.acceptedLabels + counted.reduce((sum, labels) => sum + labels, 0), 6);
  assert.ok(retraining.acceptedLabels < 2);
});

test('a label that an adjudicator settled counts as one that was never disputed', async () => {
  const { room } = desk;
  const { anna, boris, adjudicator } = room.people;
  await desk.cohort(2);
  changed(await desk.set({ afterAcceptedLabels: 1 }));
  const { study, taskId } = await room.openTask();
  const drawn = [
    [anna, boxes([3, 3, 1, 2])],
    [boris, boxes()],
  ] as const;
  for (const [reader, label] of drawn) {
    const readId = await room.begin(taskId, reader);
    const { id: revisionId } = await save(t, reader, study, readId, label);
    await done(t, reader, 'readSubmit', { readId, revisionId, noMetastasis: reader === boris }, 'read { id }');
  }
  assert.equal(await desk.work('COMPARE'), 1);
  assert.equal(await room.stateOf(adjudicator, taskId), 'ADJUDICATING');
  assert.deepEqual([(await desk.look()).acceptedLabels, await jobsOf('RETRAIN')], [0, []]);
  const readId = await room.begin(taskId, adjudicator, 'ADJUDICATE');
  const { data } = await t.ask(
    adjudicator,
    'query ($id: ID!) { node(id: $id) { ... on Read { agreements { edges { node { id } } } } } }',
    { id: readId },
  );
  const verdicts = data.node.agreements.edges.map(({ node }: Data) => ({
    ...{ agreementId: node.id, decision: 'REJECT', lesionIds: [], reason: 'A vessel.' },
  }));
  await done(t, adjudicator, 'verdictGive', { readId, verdicts }, 'agreements { id }');
  await done(t, adjudicator, 'readSubmit', { readId }, 'read { id }');
  assert.equal(await desk.work('COMPARE'), 1);
  assert.equal(await room.stateOf(adjudicator, taskId), 'ACCEPTED');
  assert.deepEqual([(await desk.look()).acceptedLabels, await jobsOf('RETRAIN')], [1, [{ state: 'QUEUED' }]]);
});

test('a paused policy counts and starts nothing; going on, it starts at once, and so does one that waits for fewer', async () => {
  assert.deepEqual(codes(await desk.pause(true)), ['NOT_FOUND']);
  await desk.cohort(2);
  changed(await desk.set({ afterAcceptedLabels: 2 }));
  assert.equal(changed(await desk.pause(true)).retraining.paused, true);
  await desk.acceptLabels(3);
  assert.deepEqual([(await desk.look()).acceptedLabels, await jobsOf('RETRAIN')], [3, []]);
  changed(await desk.pause(false));
  assert.deepEqual(await jobsOf('RETRAIN'), [{ state: 'QUEUED' }]);
  // Paused again before a worker came to it.
  changed(await desk.pause(true));
  await desk.work('RETRAIN');
  assert.deepEqual([runs(await desk.look()), (await desk.look()).acceptedLabels], [[], 3]);
  changed(await desk.set({ replaces: 1, afterAcceptedLabels: 5 }));
  changed(await desk.pause(false));
  assert.equal(await desk.work('RETRAIN'), 0);
  changed(await desk.set({ replaces: 2, afterAcceptedLabels: 3 }));
  assert.equal(await desk.work('RETRAIN'), 1);
  const [run] = runs(await desk.look());
  assert.equal(run.retrainingPolicy.number, 3);
});

test('what makes a run impossible is told, the labels stay counted, and the next one has it tried again', async () => {
  changed(await desk.set({ afterAcceptedLabels: 1 }));
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const first = await desk.look();
  assert.deepEqual(
    [first.lastOutcome.kind, first.lastOutcome.acceptedLabels, first.lastOutcome.trainingRun, first.acceptedLabels],
    ['IMPOSSIBLE', 1, null, 1],
  );
  assert.match(first.lastOutcome.message, /Training and development need a patient with metastases each/);
  const left = await desk.inTenant(async (db) => ({
    datasets: await db.selectFrom('dataset').select('id').execute(),
    sides: await db.selectFrom('subject').select('subset').execute(),
    told: await db.selectFrom('audit_event').select('reason').where('action', '=', 'retrainingImpossible').execute(),
  }));
  assert.deepEqual([left.datasets, left.sides], [[], [{ subset: null }]]);
  assert.deepEqual(left.told, [{ reason: first.lastOutcome.message }]);
  await desk.cohort(2);
  assert.equal(await desk.work('RETRAIN'), 0);
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const second = await desk.look();
  assert.deepEqual(
    [second.lastOutcome.kind, second.lastOutcome.acceptedLabels, second.acceptedLabels],
    ['STARTED', 8, 0],
  );
});

test('where the object store is gone the policy says that it failed, and nothing is lost', async () => {
  await desk.cohort(2);
  changed(await desk.set({ afterAcceptedLabels: 1 }));
  await desk.acceptLabels(1);
  const folder = await mkdtemp(join(tmpdir(), 'metloop-gone-'));
  const objects = await openFileStore(join(folder, 'objects'));
  await rm(join(folder, 'objects'), { recursive: true });
  await writeFile(join(folder, 'objects'), 'no folder any more');
  for (let attempt = 0; attempt < 3; attempt++)
    assert.equal(await desk.work('RETRAIN', { ...desk.worker, objects }), 1);
  await rm(folder, { recursive: true });
  const failed = await desk.look();
  assert.deepEqual([failed.lastOutcome.kind, failed.acceptedLabels, runs(failed)], ['FAILED', 1, []]);
  assert.deepEqual(await jobsOf('RETRAIN'), [{ state: 'FAILED' }]);
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  assert.deepEqual([(await desk.look()).lastOutcome.kind, (await jobsOf('TRAIN')).length], ['STARTED', 1]);
});

test('a run starts from the newest approved version, by its plan, and no patient of a test set is ever learnt from', async () => {
  const { engineer, rows } = desk;
  await desk.cohort(4);
  changed(await desk.set({ afterAcceptedLabels: 1, plan: { width: 0.5, epochs: 3 }, seed: 5 }));
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const [first] = runs(await desk.look());
  const { versionId } = await rows.publish(rowId<TrainingRunId>(first.id), rowId<DatasetId>(first.dataset.id), 1);
  const input = { datasetId: first.dataset.id, idempotencyKey: 'a-candidate', plan: { width: 0.25 } };
  const { trainingRun } = changed(await mutate(t, engineer, 'trainingRunStart', input, 'trainingRun { id }'));
  await rows.publish(rowId<TrainingRunId>(trainingRun.id), rowId<DatasetId>(first.dataset.id), 2);
  await rows.inTenant((db) =>
    db.updateTable('model_version').set({ state: 'APPROVED' }).where('id', '=', versionId).execute(),
  );
  changed(await desk.set({ replaces: 1, afterAcceptedLabels: 1, plan: { epochs: 1 }, seed: 9 }));
  await desk.cohort(2);
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const [second] = runs(await desk.look());
  assert.deepEqual(
    [second.warmStart.number, second.plan.width, second.plan.epochs, second.retrainingPolicy.number],
    [1, 0.5, 1, 2],
    'the candidate, though newer, is not approved',
  );
  const sideOf = (run: Data): Map<string, string> =>
    new Map(run.dataset.cases.edges.map(({ node }: Data) => [node.study.id, node.subset]));
  const [before, later] = [sideOf(first), sideOf(second)];
  const moved = [...before].filter(([study, side]) => (side === 'TEST') !== (later.get(study) === 'TEST'));
  assert.deepEqual(moved, []);
  assert.ok([...before.values()].filter((side) => side === 'TEST').length >= 3);

  changed(await desk.set({ replaces: 2, afterAcceptedLabels: 1, plan: { width: 1 } }));
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const { lastOutcome } = await desk.look();
  assert.equal(lastOutcome.kind, 'IMPOSSIBLE');
  assert.match(lastOutcome.message, /Version 1 has width 0\.5, and this plan 1/);
});

test('administrators and engineers set the policy, others do not, and nobody sets one over another unseen', async () => {
  const { room, engineer } = desk;
  const { tenant, people } = room;
  const auditor = await tenant.member('Auditor', 'AUDITOR');
  const approver = await tenant.member('Approver', 'APPROVER');
  assert.equal(await desk.look(), null);
  for (const caller of [auditor, approver, people.coordinator])
    for (const answer of [await desk.set({ afterAcceptedLabels: 1 }, caller), await desk.pause(true, caller)])
      assert.match(answer.errors[0], /^FORBIDDEN/);
  const { errors } = await t.ask(people.coordinator, '{ retraining { paused } }');
  assert.match(errors[0]!, /^FORBIDDEN/);
  for (const [input, path] of [
    [{ afterAcceptedLabels: 0 }, ['afterAcceptedLabels']],
    [{ afterAcceptedLabels: 10_001 }, ['afterAcceptedLabels']],
    [{ afterAcceptedLabels: 1, testPerGroup: 0 }, ['testPerGroup']],
    [{ afterAcceptedLabels: 1, seed: -1 }, ['seed']],
    [{ afterAcceptedLabels: 1, plan: { width: 2 } }, ['plan', 'width']],
    [{ afterAcceptedLabels: 1, plan: { sizePixels: 64 } }, ['plan', 'sizePixels']],
  ] as const) {
    const [error] = (await desk.set(input)).userErrors;
    assert.deepEqual([error.code, plain(error.path)], ['INVALID', path]);
  }
  const both = await Promise.all(
    [engineer, people.admin].map((caller) => desk.set({ afterAcceptedLabels: 4, plan: { width: 0.5 } }, caller)),
  );
  assert.deepEqual(both.flatMap(codes), ['STALE']);
  assert.deepEqual(codes(await desk.set({ replaces: 2, afterAcceptedLabels: 4 })), ['STALE']);
  const { retraining } = changed(
    await desk.set({ replaces: 1, afterAcceptedLabels: 7, warmStart: false }, people.admin),
  );
  assert.deepEqual(
    [retraining.policy.number, retraining.policy.setBy.name, retraining.policy.plan],
    [2, 'Admin', { width: null, epochs: null, sequences: null }],
  );
  await assert.rejects(
    desk.inTenant((db) => db.updateTable('retraining_policy').set({ seed: 2 }).execute()),
    { code: '42501' },
  );
  assert.equal((await desk.look(auditor)).policy.afterAcceptedLabels, 7);
  const stranger = await openRetrainingDesk(t, 'Strangers');
  assert.equal(await stranger.look(), null);
  assert.equal(changed(await stranger.set({ afterAcceptedLabels: 1 })).retraining.policy.number, 1);
  assert.equal((await desk.look()).policy.number, 2);
});

test('who set the policy answers for its runs: they cannot sign, and the trail names policy and member', async () => {
  const { engineer, rows, room } = desk;
  await desk.cohort(2);
  changed(await desk.set({ afterAcceptedLabels: 1 }));
  changed(await desk.pause(false));
  await desk.acceptLabels(1);
  await desk.work('RETRAIN');
  const [run] = runs(await desk.look());
  const published = await rows.publish(rowId<TrainingRunId>(run.id), rowId<DatasetId>(run.dataset.id), 1);
  const modelVersionId = globalId('ModelVersion', published.versionId);
  const submission = { intendedUse: 'Research only', limits: 'Small ones' };
  const evaluationId = globalId('Evaluation', published.evaluationId);
  const submit = { modelVersionId, evaluationId, ...submission };
  changed(await mutate(t, engineer, 'modelVersionSubmit', submit, 'modelVersion { id }'));
  const { reportSha256 } = published;
  const signing = { modelVersionId, reportSha256, decision: 'APPROVE', meaning: 'I approve', comment: 'Good enough' };
  assert.deepEqual(codes(await mutate(t, engineer, 'reviewSign', signing, 'review { id }')), ['OWN_WORK']);

  const admin = await desk.look(room.people.admin);
  assert.deepEqual([admin.lastOutcome.kind, admin.lastOutcome.trainingRun, runs(admin)], ['STARTED', null, []]);
  const auditor = await room.tenant.member('Auditor', 'AUDITOR');
  const { data } = await t.ask(
    auditor,
    `{ auditEvents(first: 50, filter: { actions: ["retrainingSet", "retrainingPause", "datasetFreeze", "trainingRunStart", "jobRETRAIN"] }) {
      edges { node { action member { name } objectId requestId } } } }`,
  );
  const events = data.auditEvents.edges.map(({ node }: Data) => node).reverse();
  const tenantId = globalId('Tenant', room.tenant.tenantId);
  assert.deepEqual(
    events.map(({ action, member, objectId }: Data) => [action, member?.name ?? null, objectId]),
    [
      ['retrainingSet', 'Engineer', tenantId],
      ['retrainingPause', 'Engineer', tenantId],
      ['datasetFreeze', null, run.dataset.id],
      ['trainingRunStart', null, run.id],
      ['jobRETRAIN', null, null],
    ],
  );
  assert.match(events[3].requestId, /^job:/);
  const rowsOfTrail = await desk.inTenant((db) =>
    db.selectFrom('audit_event').select('changes').where('action', '=', 'trainingRunStart').execute(),
  );
  const { policyNumber, policySetBy, acceptedLabels } = rowsOfTrail[0]!.changes as Record<string, unknown>;
  assert.deepEqual([policyNumber, policySetBy, acceptedLabels], [1, engineer.memberId, 1]);
});
