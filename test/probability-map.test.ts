/** A version's probability map goes to clinicians, and to readers and adjudicators only where the protocol lets reads start from it. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { voxelCount } from '#core/domain/geometry.ts';
import type { ModelVersionId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { approveVersion, type InsertedAnswer, insertAnswer } from './harness/answer.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { boxes, done, grid } from './harness/reading.ts';
import { type Data, type TestServices, testServices } from './harness/services.ts';

let api: TestApi;
let t: TestServices;
let desk: Desk;
let versionId: ModelVersionId;
let clinician: Caller;
before(async () => {
  api = await startApi();
  t = testServices(api.services, api.stop);
  desk = await openDesk(t, 'Consortium', api.issuer);
  versionId = await approveVersion(desk);
  clinician = await desk.room.tenant.member('Clinician', 'CLINICIAN');
});
after(() => api?.stop());

const values = Float32Array.from({ length: voxelCount(grid) }, (_, n) => (n % 256) / 255);
const label = boxes([1, 1, 1, 3], [9, 6, 2, 2]);

async function get(caller: Caller, path: string): Promise<Response> {
  const authorization = `Bearer ${await api.token(caller.memberId)}`;
  return fetch(`${api.address}/dicomweb${path}`, { headers: { authorization } });
}
const bySeries = ({ study }: DeskTask, { mapSeriesUid }: InsertedAnswer): string =>
  `/studies/${study.studyInstanceUid}/series/${mapSeriesUid}/probability`;

/** What the reader of a read gets: the status by the read and by the map's series, and what GraphQL says of it. */
async function shown(reader: Caller, readId: string, task: DeskTask, answer: InsertedAnswer) {
  const text = 'query ($id: ID!) { node(id: $id) { ... on Read { showsAnswer } } }';
  const { data } = await t.ask(reader, text, { id: readId });
  const statuses = await Promise.all(
    [`/reads/${readId}/probability`, bySeries(task, answer)].map(async (path) => (await get(reader, path)).status),
  );
  return [data.node?.showsAnswer ?? null, ...statuses];
}

async function taskOf(protocol: object): Promise<{ task: DeskTask; answer: InsertedAnswer }> {
  const protocolId = await desk.publish({ name: `Protocol ${Math.random()}`, readerCount: 1, ...protocol });
  const [task] = (await desk.createTasks(protocolId, [0])) as [DeskTask];
  return { task, answer: await insertAnswer(desk, versionId, task.study, label, { grid, data: values }) };
}

test('the map comes a byte a voxel with its grid, to whoever may see the answer', async () => {
  const { task, answer } = await taskOf({});
  const response = await get(clinician, bySeries(task, answer));
  assert.equal(response.status, 200);
  assert.deepEqual(JSON.parse(response.headers.get('metloop-grid') ?? ''), grid);
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.deepEqual(
    bytes,
    Uint8Array.from(values, (_, n) => n % 256),
  );
  assert.equal(
    (await get(clinician, bySeries(task, { ...answer, mapSeriesUid: answer.seriesInstanceUid }))).status,
    404,
  );
});

test('a blind assisted reader gets the map by the read alone, and nobody else by that', async () => {
  const { anna, boris } = desk.room.people;
  const { task, answer } = await taskOf({ preAnnotation: true });
  const readId = await desk.room.begin(task.taskId, anna);
  assert.deepEqual(await shown(anna, readId, task, answer), [true, 200, 404]);
  assert.equal((await get(boris, `/reads/${readId}/probability`)).status, 404);
});

test('without drafts, in the arm without and in the sealed test set no reader gets it by any way', async () => {
  const { anna } = desk.room.people;
  const hidden: [string, object, boolean][] = [
    ['no drafts', {}, false],
    ['no drafts, open', { blind: false }, false],
    ['control', { preAnnotation: true, unassistedShare: 1 }, false],
    ['control, open', { preAnnotation: true, unassistedShare: 1, blind: false }, false],
    ['sealed', { preAnnotation: true }, true],
    ['sealed, open', { preAnnotation: true, blind: false }, true],
  ];
  for (const [what, protocol, sealed] of hidden) {
    const { task, answer } = await taskOf(protocol);
    if (sealed) await seal(task);
    const readId = await desk.room.begin(task.taskId, anna);
    assert.deepEqual(await shown(anna, readId, task, answer), [false, 404, 404], what);
    const text = '{ segmentations { edges { node { id study { id } } } } }';
    const found = (await t.ask(anna, text)).data.segmentations.edges;
    assert.ok(!found.some(({ node }: Data) => node.study.id === task.study.globalId), what);
  }
});

async function seal({ study }: DeskTask): Promise<void> {
  await desk.inTenant(async (db) => {
    const { subject_id } = await db
      .selectFrom('study')
      .select('subject_id')
      .where('id', '=', study.id)
      .executeTakeFirstOrThrow();
    await db.updateTable('subject').set({ subset: 'TEST' }).where('id', '=', subject_id).execute();
  });
}

/** An adjudicator's read of a task on which two readers differ, the first place being what the model found too. */
async function dispute(protocol: object) {
  const { anna, boris, adjudicator } = desk.room.people;
  const { task, answer } = await taskOf({ readerCount: 2, ...protocol });
  for (const [reader, seen] of [
    [anna, label],
    [boris, boxes([9, 6, 2, 2])],
  ] as const) {
    const readId = await desk.room.begin(task.taskId, reader);
    const head = (
      await t.ask(reader, 'query ($id: ID!) { node(id: $id) { ... on Read { head { id } } } }', { id: readId })
    ).data.node.head;
    await desk.submit(reader, task.study, readId, seen, head?.id);
  }
  await desk.work('COMPARE');
  return { task, answer, readId: await desk.room.begin(task.taskId, adjudicator, 'ADJUDICATE') };
}

test('an adjudicator sees what the version found at a dispute, if the protocol has drafts', async () => {
  const { adjudicator, coordinator } = desk.room.people;
  const text = `query ($id: ID!) { node(id: $id) { ... on Read { agreements { edges { node {
    id lesions { id } modelLesions { voxelCount probability } } } } } } }`;
  const modelAt = async (readId: string): Promise<Data[]> =>
    (await t.ask(adjudicator, text, { id: readId })).data.node.agreements.edges.map(({ node }: Data) => node);

  const allowed = await dispute({ preAnnotation: true });
  assert.deepEqual(await shown(adjudicator, allowed.readId, allowed.task, allowed.answer), [true, 200, 200]);
  const [place] = await modelAt(allowed.readId);
  assert.deepEqual(JSON.parse(JSON.stringify(place!.modelLesions)), [{ voxelCount: 27, probability: 0.9 }]);

  const without = await dispute({});
  assert.deepEqual(await shown(adjudicator, without.readId, without.task, without.answer), [false, 404, 404]);
  assert.deepEqual((await modelAt(without.readId))[0]!.modelLesions, []);
  assert.equal((await get(clinician, bySeries(without.task, without.answer))).status, 200);

  // Once the study is accepted the answer hides no longer.
  const [{ id: agreementId }] = (await modelAt(without.readId)) as [Data];
  const verdicts = [{ agreementId, decision: 'REJECT', reason: 'A vessel.' }];
  await done(t, adjudicator, 'verdictGive', { readId: without.readId, verdicts }, 'agreements { id }');
  await done(t, adjudicator, 'readSubmit', { readId: without.readId }, 'read { id }');
  await desk.work('COMPARE');
  assert.equal((await desk.look(without.task.taskId, coordinator)).state, 'ACCEPTED');
  assert.deepEqual(await shown(adjudicator, without.readId, without.task, without.answer), [false, 404, 200]);
});
