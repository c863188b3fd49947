/** Protocols by version, and what follows from them. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type Desk, openDesk } from './harness/desk.ts';
import { boxes, done, insertStudy, mutate, refused } from './harness/reading.ts';
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

test('a protocol has versions: each follows the newest, keeps the name, and new tasks take the newest', async () => {
  const { admin, coordinator, adjudicator, anna } = room.people;
  const first = await desk.publish({ name: 'Check' });
  const fields = 'protocol { id number name parent { id } dueHours blind adjudicators { name } successor { id } }';
  const next = { name: 'Check', instructions: 'Twice.', parentId: first, dueHours: 48, blind: false };
  const adjudicatorIds = [globalId('Member', adjudicator.memberId)];
  const { protocol } = await done(t, admin, 'protocolPublish', { ...next, adjudicatorIds }, fields);
  assert.deepEqual(
    { ...protocol, id: '' },
    {
      ...{ id: '', number: 2, name: 'Check', parent: { id: first }, dueHours: 48, blind: false },
      ...{ adjudicators: [{ name: 'Adjudicator' }], successor: null },
    },
  );
  const { userErrors } = await mutate(t, admin, 'protocolPublish', next, '');
  assert.deepEqual([userErrors[0].code, userErrors[0].current.id], ['STALE', protocol.id]);
  assert.equal(await refused(t, admin, 'protocolPublish', { ...next, parentId: undefined }), 'INVALID', 'name taken');
  const third = { ...next, parentId: protocol.id };
  assert.equal(await refused(t, admin, 'protocolPublish', { ...third, name: 'Other' }), 'INVALID');
  for (const wrong of [
    { dueHours: 0 },
    { dueHours: 8761 },
    { unassistedShare: 0.5 },
    { preAnnotation: true, unassistedShare: 1.1 },
    { adjudicateSoleRead: true },
    { seed: -1 },
    { adjudicatorIds: [globalId('Member', anna.memberId)] },
    { adjudicatorIds: [...adjudicatorIds, ...adjudicatorIds] },
  ])
    assert.equal(await refused(t, admin, 'protocolPublish', { ...third, ...wrong }), 'INVALID', JSON.stringify(wrong));
  const study = await insertStudy(t, room.tenant.tenantId, room.tenant.siteIds[0]);
  const old = { studyIds: [study.globalId], protocolId: first };
  assert.equal(await refused(t, coordinator, 'taskCreate', old), 'STALE');
});

test('two who publish a version of the same one at once: one is stale', async () => {
  const parentId = await desk.publish({ name: 'Check' });
  const input = { name: 'Check', instructions: '', parentId };
  const payloads = await Promise.all(
    [1, 2].map(() => mutate(t, room.people.admin, 'protocolPublish', input, 'protocol { number }')),
  );
  const codes = payloads.map(({ userErrors, protocol }) => userErrors[0]?.code ?? protocol.number);
  assert.deepEqual(new Set(codes), new Set(['STALE', 2]));
});

test('one reader: accepted as it is signed, or lesion by lesion by an adjudicator', async () => {
  const { anna, adjudicator } = room.people;
  const label = boxes([1, 1, 1, 3], [8, 8, 2, 2]);
  const alone = await desk.publish({ name: 'Alone', readerCount: 1 });
  const [one] = await desk.createTasks(alone, [0]);
  await desk.submit(anna, one!.study, await room.begin(one!.taskId, anna), label);
  await desk.work('COMPARE');
  const accepted = await desk.look(one!.taskId);
  assert.equal(accepted.state, 'ACCEPTED');
  assert.deepEqual(accepted.groundTruth.lesions, [{ voxelCount: 27 }, { voxelCount: 8 }]);

  const judged = await desk.publish({
    name: 'Judged',
    readerCount: 1,
    adjudicateSoleRead: true,
    assignment: 'ROUND_ROBIN',
  });
  const [two] = await desk.createTasks(judged, [0]);
  const [read] = (await desk.look(two!.taskId)).reads;
  const reader = [anna, room.people.boris, adjudicator].find(({ name }) => name === read.reader.name)!;
  const other = await room.tenant.member('Another', 'ADJUDICATOR');
  await done(t, reader, 'readStart', {}, 'read { id }');
  const lesions = await desk.submit(reader, two!.study, read.id, label);
  await desk.work('COMPARE');
  const disputed = await desk.look(two!.taskId);
  assert.deepEqual([disputed.state, disputed.unassignedReads], ['ADJUDICATING', 0]);
  const judge = [adjudicator, other].find(({ name }) => name === disputed.reads[1].reader.name)!;
  const { read: started } = await done(
    t,
    judge,
    'readStart',
    {},
    'read { id kind agreements { edges { node { id kind lesions { id } } } } }',
  );
  assert.equal(started.kind, 'ADJUDICATE');
  const places = started.agreements.edges.map(({ node }: Data) => node);
  assert.deepEqual(
    places.map(({ kind, lesions: outlined }: Data) => [kind, outlined.map(({ id }: Data) => id)]),
    lesions.map((id) => ['ONE_READER_ONLY', [id]]),
  );
  const verdicts = [
    { agreementId: places[0].id, decision: 'ACCEPT', lesionIds: [lesions[0]], reason: 'Enhances.' },
    { agreementId: places[1].id, decision: 'REJECT', reason: 'A vessel.' },
  ];
  await done(t, judge, 'verdictGive', { readId: started.id, verdicts }, 'agreements { id }');
  await done(t, judge, 'readSubmit', { readId: started.id }, 'read { id }');
  await desk.work('COMPARE');
  assert.deepEqual((await desk.look(two!.taskId)).groundTruth.lesions, [{ voxelCount: 27 }]);
});

test('three readers are matched over all; what one of them lacks is a dispute like any other', async () => {
  const { anna, boris } = room.people;
  const dora = await room.tenant.member('Dora', 'READER');
  const protocolId = await desk.publish({ name: 'Three', readerCount: 3 });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const labels = [
    boxes([1, 1, 1, 3], [8, 8, 2, 2]),
    boxes([1, 1, 1, 3], [8, 8, 2, 2]),
    boxes([1, 1, 1, 3], [12, 2, 0, 2]),
  ];
  for (const [n, reader] of [anna, boris, dora].entries()) {
    assert.equal((await desk.look(taskId)).unassignedReads, 3 - n);
    await desk.submit(reader, study, await room.begin(taskId, reader), labels[n]!);
  }
  await desk.work('COMPARE');
  const task = await desk.look(taskId);
  assert.equal(task.state, 'ADJUDICATING');
  assert.deepEqual(task.agreements.edges.map(({ node }: Data) => [node.kind, node.lesions.length]).toSorted(), [
    ['AGREED', 3],
    ['ONE_READER_ONLY', 1],
    ['ONE_READER_ONLY', 2],
  ]);
});

test('under an open protocol readers see each other’s reads, under a blind one nothing', async () => {
  const { anna, boris, clara } = room.people;
  for (const blind of [true, false]) {
    const [one] = await desk.createTasks(await desk.publish({ name: `Blind ${blind}`, blind }), [0]);
    const { taskId, study } = one!;
    const annas = await room.begin(taskId, anna);
    const boriss = await room.begin(taskId, boris);
    const lesions = await desk.submit(anna, study, annas, boxes([1, 1, 1, 2]));
    const ids = [annas, ...lesions];
    const { data } = await t.ask(
      boris,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Read { reader { name } } } }',
      { ids },
    );
    const seen = (await desk.look(taskId, boris)).reads.map(({ id }: Data) => id);
    if (blind) assert.deepEqual([data.nodes, seen], [[null, null], [boriss]]);
    else assert.deepEqual([data.nodes[0], seen], [{ __typename: 'Read', reader: { name: 'Anna' } }, [annas, boriss]]);
    const uninvolved = await t.ask(clara, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    assert.deepEqual(uninvolved.data.nodes, [null, null]);
  }
});

test('only a protocol’s own adjudicators are asked', async () => {
  const { admin, coordinator, anna, boris, adjudicator } = room.people;
  const other = await room.tenant.member('Other', 'ADJUDICATOR');
  const adjudicatorIds = [globalId('Member', other.memberId)];
  const input = { name: 'Own', instructions: '', readerCount: 1, adjudicateSoleRead: true, adjudicatorIds };
  const { protocol } = await done(t, admin, 'protocolPublish', input, 'protocol { id }');
  const [one] = await desk.createTasks(protocol.id, [0]);
  await desk.submit(boris, one!.study, await room.begin(one!.taskId, boris), boxes([1, 1, 1, 2]));
  await desk.work('COMPARE');
  assert.equal((await desk.look(one!.taskId)).unassignedReads, 1);
  const assign = (reader: Caller) => ({
    taskIds: [one!.taskId],
    kind: 'ADJUDICATE',
    readerId: globalId('Member', reader.memberId),
  });
  assert.equal(await refused(t, coordinator, 'readAssign', assign(adjudicator)), 'INVALID');
  assert.equal(await refused(t, coordinator, 'readAssign', assign(anna)), 'INVALID');
  await done(t, coordinator, 'readAssign', assign(other), 'reads { id }');
});

test('an ended study is read once more in a new round; what was accepted stands until then', async () => {
  const { coordinator, anna, boris, adjudicator } = room.people;
  const first = await desk.publish({ name: 'Alone', readerCount: 1 });
  const [one] = await desk.createTasks(first, [4]);
  const { taskId, study } = one!;
  const reopen = { taskId, reason: 'A version found more.' };
  assert.equal(await refused(t, coordinator, 'taskReopen', reopen), 'WRONG_STATE');
  await desk.submit(anna, study, await room.begin(taskId, anna), boxes([1, 1, 1, 2]));
  await desk.work('COMPARE');
  const truthOf = async (): Promise<Data> =>
    (
      await t.ask(
        coordinator,
        'query ($id: ID!) { node(id: $id) { ... on Study { groundTruth { id lesions { voxelCount } } } } }',
        { id: study.globalId },
      )
    ).data.node.groundTruth;
  const before = await truthOf();
  const second = await desk.publish({ name: 'Alone', readerCount: 1, parentId: first });
  assert.equal(await refused(t, boris, 'taskReopen', reopen).catch(() => 'FORBIDDEN'), 'FORBIDDEN');
  assert.equal(await refused(t, coordinator, 'taskReopen', { ...reopen, reason: 'No' }), 'INVALID');
  const fields = 'task { id round state priority reopenedReason protocol { id } groundTruth { id } }';
  const { task } = await done(t, adjudicator, 'taskReopen', reopen, fields);
  assert.deepEqual(
    { ...task, id: '' },
    {
      ...{ id: '', round: 2, state: 'OPEN', priority: 4, reopenedReason: reopen.reason },
      ...{ protocol: { id: second }, groundTruth: null },
    },
  );
  assert.deepEqual(await truthOf(), before);
  assert.equal(await refused(t, coordinator, 'taskReopen', reopen), 'WRONG_STATE', 'not the newest any more');
  await desk.submit(boris, study, await room.begin(task.id, boris), boxes([1, 1, 1, 3]));
  await desk.work('COMPARE');
  assert.deepEqual((await truthOf()).lesions, [{ voxelCount: 27 }]);
  assert.equal((await desk.look(taskId)).state, 'ACCEPTED');
  const old = await t.ask(coordinator, 'query ($id: ID!) { node(id: $id) { ... on Task { groundTruth { id } } } }', {
    id: taskId,
  });
  assert.equal(old.data.node.groundTruth.id, before.id);
});
