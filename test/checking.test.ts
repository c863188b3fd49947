/** One delineates, another checks: what each of them sees and does, and what comes of it. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { type Caller, scopeOf } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { boxes, done, refused, save } from './harness/reading.ts';
import type { ReadingRoom } from './harness/reading-room.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let room: ReadingRoom;
let desk: Desk;
let rooms = 0;
before(async () => {
  t = await startServices();
});
after(() => t?.stop());
test.beforeEach(async () => {
  desk = await openDesk(t, `Consortium ${++rooms}`);
  room = desk.room;
});

const outlined = boxes([1, 1, 1, 3], [8, 8, 2, 3]);

/** A task whose first read Anna has signed, with Boris to check it. */
async function toCheck(): Promise<DeskTask & { annas: string; boriss: string; lesions: string[] }> {
  const protocolId = await desk.publish({
    ...{ name: 'Check', readerCount: 1, check: 'DELINEATE_THEN_CHECK', agreement: { minDice: 0.5 } },
  });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const { anna, boris, coordinator } = room.people;
  const annas = await room.begin(taskId, anna);
  const early = { taskIds: [taskId], kind: 'CROSS_CHECK', readerId: globalId('Member', boris.memberId) };
  assert.equal(await refused(t, coordinator, 'readAssign', early), 'WRONG_STATE');
  const lesions = await desk.submit(anna, study, annas, outlined);
  assert.equal(await refused(t, coordinator, 'readAssign', early), 'WRONG_STATE', 'not yet listed');
  await desk.work('COMPARE');
  const task = await desk.look(taskId);
  assert.deepEqual([task.state, task.unassignedReads], ['CROSS_CHECKING', 1]);
  const own = { ...early, readerId: globalId('Member', anna.memberId) };
  assert.equal(await refused(t, coordinator, 'readAssign', own), 'ALREADY_READ');
  const boriss = await room.begin(taskId, boris, 'CROSS_CHECK');
  return { taskId, study, annas, boriss, lesions };
}

const placesOf = async (caller: Caller, readId: string): Promise<Data[]> => {
  const text = `query ($id: ID!) { node(id: $id) { ... on Read { agreements { edges { node {
    id kind lesions { id voxelCount } check { decision member { name } } verdict { decision } } } } } } }`;
  const { data, errors } = await t.ask(caller, text, { id: readId });
  assert.deepEqual(errors, []);
  return data.node.agreements.edges.map(({ node }: Data) => node);
};
const give = (caller: Caller, readId: string, verdicts: object[]) =>
  done(
    t,
    caller,
    'verdictGive',
    { readId, verdicts: verdicts.map((one) => ({ reason: 'Seen on FLAIR.', ...one })) },
    'agreements { id }',
  );

test('what the second reader accepts is accepted ground truth, without an adjudicator', async () => {
  const { boris } = room.people;
  const { taskId, boriss, lesions } = await toCheck();
  const places = await placesOf(boris, boriss);
  assert.deepEqual(
    places.map(({ kind, lesions: seen }) => [kind, seen[0].id]),
    lesions.map((id) => ['ONE_READER_ONLY', id]),
  );
  const [one, two] = places;
  assert.equal(await refused(t, boris, 'readSubmit', { readId: boriss }), 'VERDICT_MISSING');
  const merge = { agreementId: one.id, decision: 'MERGE', lesionIds: lesions, reason: 'Both.' };
  assert.equal(await refused(t, boris, 'verdictGive', { readId: boriss, verdicts: [merge] }), 'INVALID');
  await give(boris, boriss, [
    { agreementId: one.id, decision: 'ACCEPT' },
    { agreementId: two.id, decision: 'ACCEPT', lesionIds: [lesions[1]] },
  ]);
  const signed = 'read { state signature { meaning } }';
  const { read } = await done(t, boris, 'readSubmit', { readId: boriss }, signed);
  assert.match(read.signature.meaning, /^I checked/);
  await desk.work('COMPARE');
  const task = await desk.look(taskId);
  assert.deepEqual(
    [task.state, task.groundTruth.lesions, task.agreements.edges.map(({ node }: Data) => node.kind)],
    ['ACCEPTED', [{ voxelCount: 27 }, { voxelCount: 27 }], ['AGREED', 'AGREED']],
  );
});

test('only what is disputed reaches the adjudicator, who sees both outlines and no name', async () => {
  const { boris, adjudicator } = room.people;
  const { taskId, study, boriss, lesions } = await toCheck();
  const [one, two] = await placesOf(boris, boriss);
  // The first is corrected slightly, the second is none, a third was missed.
  const drawn = await save(t, boris, study, boriss, boxes([1, 1, 1, 4], [12, 2, 0, 2]));
  const foreign = { agreementId: one.id, decision: 'REDRAW', lesionIds: [lesions[0]], reason: 'No.' };
  assert.equal(await refused(t, boris, 'verdictGive', { readId: boriss, verdicts: [foreign] }), 'NOT_FOUND');
  await give(boris, boriss, [
    { agreementId: one.id, decision: 'REDRAW', lesionIds: [drawn.lesions[0].id] },
    { agreementId: two.id, decision: 'REJECT' },
  ]);
  await done(t, boris, 'readSubmit', { readId: boriss, revisionId: drawn.id }, 'read { id }');
  await desk.work('COMPARE');
  assert.equal((await desk.look(taskId)).state, 'ADJUDICATING');
  const readId = await room.begin(taskId, adjudicator, 'ADJUDICATE');
  const disputes = await placesOf(adjudicator, readId);
  assert.deepEqual(
    disputes.map(({ kind, lesions: seen, check }) => [
      kind,
      seen[0].id,
      check?.decision ?? null,
      check?.member ?? null,
    ]),
    [
      ['ONE_READER_ONLY', lesions[1], 'REJECT', null],
      ['ONE_READER_ONLY', drawn.lesions[1].id, null, null],
    ],
  );
  await give(adjudicator, readId, [
    { agreementId: disputes[0].id, decision: 'ACCEPT', lesionIds: [lesions[1]] },
    { agreementId: disputes[1].id, decision: 'ACCEPT', lesionIds: [drawn.lesions[1].id] },
  ]);
  const seenByChecker = await placesOf(boris, boriss);
  assert.deepEqual(
    seenByChecker.map(({ check, verdict }) => [check?.decision ?? null, verdict]),
    [
      ['REDRAW', null],
      ['REJECT', null],
      [null, null],
    ],
    'the second reader learns nothing of the adjudication',
  );
  await done(t, adjudicator, 'readSubmit', { readId }, 'read { id }');
  await desk.work('COMPARE');
  const task = await desk.look(taskId);
  assert.equal(task.state, 'ACCEPTED');
  const volumes = task.groundTruth.lesions.map(({ voxelCount }: Data) => voxelCount);
  assert.deepEqual(volumes.toSorted(), [27, 64, 8].toSorted(), 'the correction stands, not the union of both');
});

test('the second reader sees the label and not who drew it; the first learns nothing of the check', async () => {
  const { anna, boris } = room.people;
  const dora = await room.tenant.member('Dora', 'READER');
  const { taskId, annas, boriss, lesions } = await toCheck();
  const places = await placesOf(boris, boriss);
  const ids = [annas, boriss, ...lesions, ...places.map(({ id }) => id)];
  const seen = async (caller: Caller) => {
    const text = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
    return (await t.ask(caller, text, { ids })).data.nodes.map((node: Data) => node !== null);
  };
  assert.deepEqual(await seen(boris), [false, true, true, true, true, true]);
  assert.deepEqual(await seen(anna), [true, false, true, true, false, false]);
  const listed = async (caller: Caller): Promise<string[]> => {
    const rows = await t.services.database.inTenant(scopeOf(caller), (db) =>
      db.selectFrom('dicom_series').select('description').where('modality', '=', 'SEG').execute(),
    );
    return rows.map(({ description }) => description ?? '');
  };
  assert.deepEqual(await listed(boris), ['Label of a read, 2 metastases'], 'in the viewer too');
  assert.deepEqual(await listed(dora), []);
  assert.deepEqual(await seen(dora), [false, false, false, false, false, false]);
  const text =
    'query ($id: ID!) { node(id: $id) { ... on Task { state reads { id } agreements { edges { node { id } } } } } }';
  assert.deepEqual((await t.ask(anna, text, { id: taskId })).data.node, {
    ...{ state: 'DELINEATING', reads: [{ id: annas }], agreements: { edges: [] } },
  });
  const revision =
    'query ($id: ID!) { node(id: $id) { ... on LesionAgreement { id } } reads { edges { node { id head { id member { name } read { id } } } } } }';
  const { data } = await t.ask(boris, revision, { id: places[0].id });
  assert.deepEqual(data.reads.edges, [{ node: { id: boriss, head: null } }]);
});

test('a check whose time is up goes to another, and its reader sees the label no more', async () => {
  const { boris, coordinator } = room.people;
  const { taskId, boriss, lesions } = await toCheck();
  await desk.timeIsUp();
  const task = await desk.look(taskId);
  assert.deepEqual([task.state, task.unassignedReads], ['CROSS_CHECKING', 1]);
  const text = 'query ($id: ID!) { node(id: $id) { __typename } }';
  assert.equal((await t.ask(boris, text, { id: lesions[0] })).data.node, null);
  const again = { taskIds: [taskId], kind: 'CROSS_CHECK', readerId: globalId('Member', boris.memberId) };
  assert.equal(await refused(t, coordinator, 'readAssign', again), 'ALREADY_READ');
  const { reads } = await done(
    t,
    coordinator,
    'readAssign',
    { taskIds: [taskId], kind: 'CROSS_CHECK' },
    'reads { id }',
  );
  assert.equal(reads.length, 1);
  assert.notEqual(reads[0].id, boriss);
});

test('under ROUND_ROBIN the check is handed out by itself, and an empty read can be added to', async () => {
  const protocolId = await desk.publish({
    ...{ name: 'Robin', readerCount: 1, check: 'DELINEATE_THEN_CHECK', assignment: 'ROUND_ROBIN' },
  });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const { anna, boris, adjudicator } = room.people;
  const people = [anna, boris, adjudicator];
  const holder = async (kind: string): Promise<Caller> => {
    const { reads } = await desk.look(taskId);
    const { reader } = reads.find((read: Data) => read.kind === kind);
    return people.find(({ name }) => name === reader.name)!;
  };
  const first = await holder('DELINEATE');
  const { read } = await done(t, first, 'readStart', {}, 'read { id }');
  await desk.submit(first, study, read.id, boxes());
  await desk.work('COMPARE');
  const second = await holder('CROSS_CHECK');
  assert.notEqual(second, first);
  const { read: check } = await done(t, second, 'readStart', {}, 'read { id kind }');
  assert.equal(check.kind, 'CROSS_CHECK');
  await save(t, second, study, check.id, boxes([3, 3, 1, 2])).then(({ id }: Data) =>
    done(t, second, 'readSubmit', { readId: check.id, revisionId: id }, 'read { id }'),
  );
  await desk.work('COMPARE');
  const task = await desk.look(taskId);
  assert.deepEqual(
    [task.state, task.agreements.edges.map(({ node }: Data) => node.kind)],
    ['ADJUDICATING', ['ONE_READER_ONLY']],
  );
});
