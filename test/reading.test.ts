import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { serviceScope } from '#core/db/database.ts';
import type { Caller, Context } from '../api/context.ts';
import { submitRead } from '../api/crosscheck/submit-read.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import type { ReadRow } from '../api/graphql/rows.ts';
import { overlap } from './harness/overlap.ts';
import {
  accept,
  boxes,
  compare,
  counts,
  done,
  insertStudy,
  mutate,
  refused,
  save,
  stageSeg,
  type TestStudy,
} from './harness/reading.ts';
import { openReadingRoom, type ReadingRoom } from './harness/reading-room.ts';

let room: ReadingRoom;
before(async () => {
  room = await openReadingRoom();
});
after(() => room?.t.stop());

const jobsOf = (taskId: string) =>
  room.t.services.database.inTenant(serviceScope(room.tenant.tenantId), (db) =>
    db
      .selectFrom('job')
      .select(['id', 'kind', 'state'])
      .where('object_id', '=', localId('Task', taskId, []))
      .execute(),
  );

test('a protocol is published once under its name, within its bounds', async () => {
  const { t, people } = room;
  const { admin, anna } = people;
  const input = { name: 'Three readers', instructions: 'Look twice.', readerCount: 3, agreement: { minDice: 0.8 } };
  const fields = 'protocol { readerCount instructions agreement { minDice maxHd95Mm smallLesionMm } }';
  const { protocol } = await done(t, admin, 'protocolPublish', input, fields);
  assert.deepEqual(protocol.agreement, { minDice: 0.8, maxHd95Mm: 3, smallLesionMm: 5 });
  assert.equal(protocol.readerCount, 3);
  assert.equal(await refused(t, admin, 'protocolPublish', input), 'INVALID');
  for (const wrong of [
    { readerCount: 4 },
    { name: ' ' },
    { agreement: { minDice: 1.1 } },
    { agreement: { maxHd95Mm: 0 } },
  ])
    assert.equal(await refused(t, admin, 'protocolPublish', { ...input, name: 'Other', ...wrong }), 'INVALID');
  const { data } = await t.ask(anna, '{ viewer { tenant { protocols { edges { node { name } } } } } }');
  const names = data.viewer.tenant.protocols.edges.map(({ node }: { node: { name: string } }) => node.name);
  assert.deepEqual(names, ['Three readers', 'Two readers']);
  const { errors } = await t.ask(
    anna,
    'mutation M($i: ProtocolPublishInput!) { protocolPublish(input: $i) { protocol { id } } }',
    { i: input },
  );
  assert.match(errors[0]!, /^FORBIDDEN/);
});

test('a task needs a READY preparation, a site of one’s own and no open round', async () => {
  const { t, tenant, protocolId, openTask, people } = room;
  const { coordinator } = people;
  const [first, second] = tenant.siteIds;
  const create = (study: TestStudy) =>
    refused(t, coordinator, 'taskCreate', { studyIds: [study.globalId], protocolId });
  assert.equal(await create(await insertStudy(t, tenant.tenantId, first, 'QUEUED')), 'NOT_PREPARED');
  assert.equal(await create(await insertStudy(t, tenant.tenantId, second)), 'NOT_FOUND');
  const { study, taskId } = await openTask();
  const ready = await insertStudy(t, tenant.tenantId, first);
  const input = { studyIds: [ready.globalId, study.globalId], protocolId };
  const { userErrors } = await mutate(t, coordinator, 'taskCreate', input, '');
  assert.deepEqual(
    [userErrors[0].code, userErrors[0].path, userErrors[0].current.id],
    ['WRONG_STATE', ['studyIds', '1'], taskId],
  );
  const { data } = await t.ask(
    coordinator,
    'query ($id: ID!) { tasks(filter: { studyId: $id }) { edges { node { id } } } }',
    { id: ready.globalId },
  );
  assert.deepEqual(data.tasks.edges, [], 'what was refused in part must leave nothing');
});

test('reads go to readers of the site, as many as the protocol says, each once; one may be taken over', async () => {
  const { t, openTask, begin, stateOf, people } = room;
  const { admin, coordinator, anna, boris, clara, adjudicator } = people;
  const { study, taskId } = await openTask();
  const assign = (reader: Caller, more = {}) => ({
    taskIds: [taskId],
    kind: 'DELINEATE',
    readerId: globalId('Member', reader.memberId),
    ...more,
  });
  assert.equal(await refused(t, coordinator, 'readAssign', assign(clara)), 'INVALID');
  assert.equal(await refused(t, coordinator, 'readAssign', assign(admin)), 'INVALID');
  assert.equal(await refused(t, coordinator, 'readAssign', assign(adjudicator, { kind: 'ADJUDICATE' })), 'WRONG_STATE');
  const annas = await begin(taskId, anna);
  assert.equal(await stateOf(coordinator, taskId), 'DELINEATING');
  assert.equal(await refused(t, coordinator, 'readAssign', assign(anna)), 'ALREADY_READ');
  await begin(taskId, boris);
  assert.equal(await refused(t, coordinator, 'readAssign', assign(adjudicator)), 'INVALID');
  const takeOver = assign(adjudicator, { insteadOfReadId: annas });
  const { reads } = await done(t, coordinator, 'readAssign', takeOver, 'reads { id }');
  const uid = await stageSeg(t, anna, study, boxes([1, 1, 1, 2]));
  const late = { readId: annas, segSopInstanceUid: uid, segments: counts(boxes([1, 1, 1, 2])) };
  assert.equal(await refused(t, anna, 'revisionSave', late), 'WRONG_STATE');
  assert.equal(
    await refused(t, coordinator, 'readAssign', assign(anna, { insteadOfReadId: reads[0].id })),
    'ALREADY_READ',
  );
  const { read } = await done(t, adjudicator, 'readStart', {}, 'read { id }');
  assert.equal(read.id, reads[0].id, 'the next of the queue');
  assert.equal((await done(t, adjudicator, 'readStart', {}, 'read { id }')).read, null, 'an empty queue');
});

test('from OPEN to ACCEPTED', async () => {
  const { t, tenant, openTask, begin, stateOf, people } = room;
  const { coordinator, anna, boris, adjudicator } = people;
  const { study, taskId } = await openTask();
  const [annas, boriss] = [await begin(taskId, anna), await begin(taskId, boris)];
  const one = await save(t, anna, study, annas, boxes([1, 1, 1, 3], [8, 8, 2, 2]));
  assert.deepEqual(
    one.lesions.map(({ number, voxelCount, volumeMm3 }: never) => [number, voxelCount, volumeMm3]),
    [[1, 27, 54], [2, 8, 16]], // biome-ignore format: a table
  );
  const two = await save(t, anna, study, annas, boxes([1, 1, 1, 3]), one.id);
  assert.equal(two.parent.id, one.id);
  const three = await save(t, boris, study, boriss, boxes([1, 1, 1, 2], [12, 2, 0, 3]));
  assert.equal(await refused(t, anna, 'readSubmit', { readId: annas, revisionId: one.id }), 'STALE');
  assert.equal(
    await refused(t, anna, 'readSubmit', { readId: annas, revisionId: two.id, noMetastasis: true }),
    'INVALID',
  );
  assert.equal(await refused(t, boris, 'readSubmit', { readId: annas, revisionId: two.id }), 'NOT_FOUND');
  const signed = 'read { state signature { member { name } printedName meaning contentSha256 } }';
  const { read } = await done(t, anna, 'readSubmit', { readId: annas, revisionId: two.id }, signed);
  assert.deepEqual([read.state, read.signature.printedName, read.signature.member.name], ['SUBMITTED', 'Anna', 'Anna']);
  assert.match(read.signature.contentSha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(await jobsOf(taskId), []);
  await done(t, boris, 'readSubmit', { readId: boriss, revisionId: three.id }, 'read { id }');
  assert.equal(await stateOf(coordinator, taskId), 'CROSS_CHECKING');
  assert.deepEqual(
    (await jobsOf(taskId)).map(({ kind }) => kind),
    ['COMPARE'],
  );

  const [agreed, boundary, single] = await compare(t, tenant.tenantId, taskId, [
    { kind: 'AGREED', lesions: [two.lesions[0].id, three.lesions[0].id] },
    { kind: 'BOUNDARY_DISPUTE', lesions: [two.lesions[0].id, three.lesions[0].id] },
    { kind: 'ONE_READER_ONLY', lesions: [three.lesions[1].id] },
  ]);
  const assign = { taskIds: [taskId], kind: 'ADJUDICATE', readerId: globalId('Member', boris.memberId) };
  assert.equal(await refused(t, coordinator, 'readAssign', assign), 'INVALID', 'no adjudicator');
  const readId = await begin(taskId, adjudicator, 'ADJUDICATE');
  const [a, b, c] = [two.lesions[0].id, three.lesions[0].id, three.lesions[1].id];
  const give = (agreementId: string | undefined, decision: string, ...lesionIds: string[]) => ({
    readId,
    verdicts: [{ agreementId, decision, lesionIds, reason: 'Seen on FLAIR.' }],
  });
  for (const [input, code] of [
    [give(agreed, 'REJECT'), 'INVALID'],
    [give(boundary, 'ACCEPT'), 'INVALID'],
    [give(boundary, 'ACCEPT', a, b), 'INVALID'],
    [give(boundary, 'ACCEPT', c), 'NOT_FOUND'],
    [give(boundary, 'MERGE', a), 'INVALID'],
    [give(boundary, 'MERGE', a, a), 'INVALID'],
    [give(single, 'REJECT', c), 'INVALID'],
    [give(single, 'REDRAW', c), 'NOT_FOUND'],
  ] as const)
    assert.equal(await refused(t, adjudicator, 'verdictGive', input), code, JSON.stringify(input));
  assert.equal(await refused(t, adjudicator, 'readSubmit', { readId }), 'VERDICT_MISSING');
  await done(t, adjudicator, 'verdictGive', give(boundary, 'ACCEPT', a), 'agreements { id }');
  const verdict = 'agreements { verdict { decision reason lesions { id } member { name } } }';
  const { agreements } = await done(t, adjudicator, 'verdictGive', give(boundary, 'MERGE', a, b), verdict);
  assert.equal(agreements[0].verdict.decision, 'MERGE', 'a later verdict takes the place of an earlier');
  const open =
    'query ($id: ID!) { node(id: $id) { ... on Read { agreements(open: true) { edges { node { id } } } } } }';
  const { data } = await t.ask(adjudicator, open, { id: readId });
  assert.deepEqual(data.node.agreements.edges, [{ node: { id: single } }]);

  const drawn = await save(t, adjudicator, study, readId, boxes([12, 2, 0, 2]));
  await done(t, adjudicator, 'verdictGive', give(single, 'REDRAW', drawn.lesions[0].id), 'agreements { id }');
  const more = await save(t, adjudicator, study, readId, boxes([12, 2, 0, 2], [5, 5, 3, 2]), drawn.id);
  await done(t, adjudicator, 'verdictGive', give(single, 'REDRAW', more.lesions[0].id), 'agreements { id }');
  assert.equal(
    await refused(t, adjudicator, 'readSubmit', { readId, revisionId: more.id }),
    'VERDICT_MISSING',
    'a lesion that no verdict names',
  );
  const again = await save(t, adjudicator, study, readId, boxes([12, 2, 0, 4]), more.id);
  const submit = { readId, revisionId: again.id };
  assert.equal(await refused(t, adjudicator, 'readSubmit', submit), 'VERDICT_MISSING', 'redrawn since');
  await done(t, adjudicator, 'verdictGive', give(single, 'REDRAW', again.lesions[0].id), 'agreements { id }');
  await done(t, adjudicator, 'readSubmit', submit, 'read { id }');
  assert.equal(await stateOf(coordinator, taskId), 'ADJUDICATING');
  assert.equal((await jobsOf(taskId)).length, 2);
  const truth = await accept(t, tenant.tenantId, again.id);
  const accepted = await t.ask(
    anna,
    'query ($id: ID!) { node(id: $id) { ... on Study { lesionGroup groundTruth { id read { id } member { id } } tasks { edges { node { state groundTruth { id } } } } } } }',
    { id: study.globalId },
  );
  assert.deepEqual(accepted.data.node, {
    lesionGroup: 'ONE_TO_THREE',
    groundTruth: { id: truth, read: null, member: null },
    tasks: { edges: [{ node: { state: 'ACCEPTED', groundTruth: { id: truth } } }] },
  });
});

test('of two last readers who submit at once, one starts the one comparison', async () => {
  const { t, openTask, begin, stateOf, people } = room;
  const { coordinator, anna, boris } = people;
  const { study, taskId } = await openTask();
  const submissions = [];
  for (const reader of [anna, boris]) {
    const readId = await begin(taskId, reader);
    const { id } = await save(t, reader, study, readId, boxes([1, 1, 1, 2]));
    submissions.push({ caller: reader, readId, id });
  }
  const [first, second] = submissions.map(({ caller, readId, id }) => ({
    caller,
    body: (context: Context) =>
      submitRead(context, {
        readId: localId('Read', readId, []),
        revisionId: localId('Revision', id, []),
        noMetastasis: false,
      }),
  }));
  const outcome = await overlap(t.services, first!, second!);
  assert.equal((outcome as ReadRow).state, 'SUBMITTED');
  assert.equal((await jobsOf(taskId)).length, 1);
  assert.equal(await stateOf(coordinator, taskId), 'CROSS_CHECKING');
});

test('a read is returned before anything is compared, never one’s own; a task left out ends its reads', async () => {
  const { t, protocolId, openTask, begin, people } = room;
  const { coordinator, anna, boris } = people;
  const { study, taskId } = await openTask();
  const annas = await begin(taskId, anna);
  const boriss = await begin(taskId, boris);
  const { id } = await save(t, anna, study, annas, boxes([1, 1, 1, 2]));
  const giveBack = { readId: annas, reason: 'The left cerebellum is missing.' };
  assert.equal(await refused(t, coordinator, 'readReturn', giveBack), 'WRONG_STATE');
  await done(t, anna, 'readSubmit', { readId: annas, revisionId: id }, 'read { id }');
  const { read } = await done(
    t,
    coordinator,
    'readReturn',
    giveBack,
    'read { state returnedReason signature { meaning } }',
  );
  assert.deepEqual(read, { state: 'RETURNED', returnedReason: giveBack.reason, signature: null });
  await done(t, anna, 'readStart', { readId: annas }, 'read { id }');
  await done(t, anna, 'readSubmit', { readId: annas, revisionId: id }, 'read { id }');
  const out = { taskId, reason: 'Motion artefacts everywhere.' };
  const fields = 'task { state excludedReason reads { id state } }';
  const { task } = await done(t, coordinator, 'taskExclude', out, fields);
  assert.deepEqual([task.state, task.excludedReason], ['EXCLUDED', out.reason]);
  assert.deepEqual(
    new Map(task.reads.map(({ id: read, state }: never) => [read, state])),
    new Map([
      [annas, 'SUBMITTED'],
      [boriss, 'EXPIRED'],
    ]),
  );
  assert.equal(await refused(t, coordinator, 'taskExclude', out), 'WRONG_STATE');
  assert.equal(await refused(t, coordinator, 'readReturn', giveBack), 'WRONG_STATE');
  const input = { studyIds: [study.globalId], protocolId };
  assert.equal((await done(t, coordinator, 'taskCreate', input, 'tasks { round }')).tasks[0].round, 2);
});
