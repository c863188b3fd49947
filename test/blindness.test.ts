import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { newId, type TaskId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { accept, boxes, compare, done, mutate, refused, save } from './harness/reading.ts';
import { openReadingRoom, type ReadingRoom } from './harness/reading-room.ts';
import type { Data } from './harness/services.ts';
import { createTenant } from './harness/tenant.ts';

let room: ReadingRoom;
/** Reads, though every role that looks at other people's reads is hers too. */
let dora: Caller;
let engineer: Caller;
before(async () => {
  room = await openReadingRoom();
  dora = await room.tenant.member('Dora', 'READER', 'COORDINATOR', 'ENGINEER', 'AUDITOR', 'ADJUDICATOR');
  engineer = await room.tenant.member('Engineer', 'ENGINEER');
});
after(() => room?.t.stop());

/** A second round of a study, submitted by Anna and Dora, with what lies in it. */
async function secondRound() {
  const { t, tenant, people, protocolId, openTask, begin } = room;
  const { anna, boris, coordinator } = people;
  const first = await openTask();
  for (const reader of [anna, boris]) {
    const readId = await begin(first.taskId, reader);
    const { id } = await save(t, reader, first.study, readId, boxes([5, 5, 1, 2]));
    await done(t, reader, 'readSubmit', { readId, revisionId: id }, 'read { id }');
    if (reader === boris) await accept(t, tenant.tenantId, id);
  }
  const create = { studyIds: [first.study.globalId], protocolId };
  const taskId: string = (await done(t, coordinator, 'taskCreate', create, 'tasks { id }')).tasks[0].id;
  const [annas, doras] = [await begin(taskId, anna), await begin(taskId, dora)];
  const hers = await save(t, anna, first.study, annas, boxes([1, 1, 1, 2], [9, 6, 2, 2]));
  const own = await save(t, dora, first.study, doras, boxes([1, 1, 1, 2]));
  return { study: first.study, firstTaskId: first.taskId, taskId, annas, doras, hers, own };
}

const submit = (reader: Caller, readId: string, revisionId: string) =>
  done(room.t, reader, 'readSubmit', { readId, revisionId }, 'read { id }');

/** Everything that a caller can learn of a study and of these ids. */
async function learn(caller: Caller, studyId: string, ids: readonly string[]): Promise<Data> {
  const text = `query ($study: ID!, $ids: [ID!]!) {
    node(id: $study) { ... on Study { groundTruth { id } lesionGroup tasks { edges { node {
      id state round groundTruth { id } reads { id } agreements { edges { node { id } } } } } } } }
    nodes(ids: $ids) { __typename id }
    reads { edges { node { task { study { id } } id } } }
    between: tasks(filter: { studyId: $study, states: [CROSS_CHECKING, ADJUDICATING] }) { edges { node { id } } }
    delineating: tasks(filter: { studyId: $study, states: [DELINEATING] }) { edges { node { id } } }
    studies(filter: { taskStates: [CROSS_CHECKING, ADJUDICATING] }) { edges { node { id } } }
  }`;
  const { data, errors } = await room.t.ask(caller, text, { study: studyId, ids });
  assert.deepEqual(errors, []);
  return data;
}

test('a blind reader learns nothing of the other reads, whatever roles they have', async () => {
  const { t, tenant, people } = room;
  const { anna, coordinator } = people;
  const { study, taskId, firstTaskId, annas, doras, hers, own } = await secondRound();
  const ids = [annas, hers.id, hers.lesions[0].id, hers.lesions[1].id, firstTaskId];
  const before = await learn(dora, study.globalId, ids);
  await submit(anna, annas, hers.id);
  assert.deepEqual(await learn(dora, study.globalId, ids), before, 'the other reader’s submission shows');
  const { read } = await done(t, coordinator, 'readReturn', { readId: annas, reason: 'Look again.' }, 'read { state }');
  assert.equal(read.state, 'RETURNED');
  assert.deepEqual(await learn(dora, study.globalId, ids), before, 'its return shows');
  await done(t, anna, 'readStart', { readId: annas }, 'read { id }');
  await submit(anna, annas, hers.id);
  await submit(dora, doras, own.id);
  assert.deepEqual(await learn(dora, study.globalId, ids), before, 'that the reads are compared shows');
  const places = [
    { kind: 'AGREED', lesions: [hers.lesions[0].id, own.lesions[0].id] },
    { kind: 'ONE_READER_ONLY', lesions: [hers.lesions[1].id] },
  ] as const;
  const agreements = await compare(t, tenant.tenantId, taskId, places);
  const hidden = [...ids, ...agreements];
  const seen = await learn(dora, study.globalId, hidden);
  assert.deepEqual(
    seen.nodes,
    hidden.map(() => null),
  );
  assert.deepEqual({ ...seen, nodes: [] }, { ...before, nodes: [] });
  assert.deepEqual(seen.node, {
    groundTruth: null,
    lesionGroup: null,
    tasks: {
      edges: [
        {
          node: {
            id: taskId,
            state: 'DELINEATING',
            round: 1,
            groundTruth: null,
            reads: [{ id: doras }],
            agreements: { edges: [] },
          },
        },
      ],
    },
  });
  assert.deepEqual([seen.between.edges, seen.delineating.edges], [[], [{ node: { id: taskId } }]]);
  assert.ok(!seen.studies.edges.some(({ node }: Data) => node.id === study.globalId));

  // The same questions asked by somebody who may know: the answers above are not empty for want of anything to see.
  const known = await learn(engineer, study.globalId, hidden);
  assert.deepEqual(
    known.nodes.map((node: Data) => node?.id),
    hidden,
  );
  assert.equal(known.node.lesionGroup, 'ONE_TO_THREE');
  assert.deepEqual([known.between.edges, known.delineating.edges], [[{ node: { id: taskId } }], []]);
  assert.equal(known.node.tasks.edges[0].node.round, 2);

  await accept(t, tenant.tenantId, own.id);
  const afterwards = await learn(dora, study.globalId, hidden);
  assert.deepEqual(
    afterwards.nodes.map((node: Data) => node?.id),
    hidden,
    'blindness ends with the task',
  );
});

test('a blind reader’s mutations answer as if the other reads were not there', async () => {
  const { t, people } = room;
  const { anna, clara } = people;
  const { taskId, annas, doras, hers, own } = await secondRound();
  await submit(anna, annas, hers.id);
  const absent = globalId('Read', newId());
  for (const [name, input] of [
    ['readReturn', { reason: 'Look again.' }],
    ['readStart', {}],
    ['readSubmit', { revisionId: hers.id }],
    ['revisionSave', { segments: [] }],
    [
      'verdictGive',
      { verdicts: [{ agreementId: globalId('LesionAgreement', newId()), decision: 'REJECT', reason: 'No.' }] },
    ],
  ] as const) {
    const there = await mutate(t, dora, name, { readId: annas, ...input }, '');
    assert.deepEqual(there, await mutate(t, dora, name, { readId: absent, ...input }, ''), name);
    assert.equal(there.userErrors[0].code, 'NOT_FOUND', name);
  }
  const stale = { readId: doras, parentId: hers.id, segments: [] };
  assert.equal((await mutate(t, dora, 'revisionSave', stale, '')).userErrors[0].current.id, own.id);
  const assign = { taskIds: [taskId], kind: 'DELINEATE', readerId: globalId('Member', clara.memberId) };
  assert.equal(await refused(t, dora, 'readAssign', assign), 'OWN_WORK');
});

test('readers without oversight and coordinators of another site see no read but their own', async () => {
  const { tenant, people } = room;
  const elsewhere = await tenant.member('Elsewhere', ['COORDINATOR', tenant.siteIds[1]]);
  const { study, taskId, annas, doras, hers, own } = await secondRound();
  const ids = [annas, doras, hers.id, own.id, hers.lesions[0].id];
  assert.deepEqual(
    (await learn(people.boris, study.globalId, ids)).nodes,
    ids.map(() => null),
  );
  const annasView = await learn(people.anna, study.globalId, ids);
  assert.deepEqual(
    annasView.nodes.map((node: Data) => node?.id),
    [annas, undefined, hers.id, undefined, hers.lesions[0].id],
  );
  for (const caller of [elsewhere, people.clara]) {
    const seen = await learn(caller, study.globalId, [...ids, taskId]);
    assert.deepEqual([seen.node, seen.nodes], [null, [...ids, taskId].map(() => null)]);
    assert.ok(!JSON.stringify(seen).includes(study.globalId));
  }
});

test('the adjudicator sees outlines without names until the task is accepted', async () => {
  const { t, tenant, people, begin } = room;
  const { anna, adjudicator, coordinator } = people;
  const { taskId, annas, doras, hers, own } = await secondRound();
  await submit(anna, annas, hers.id);
  await submit(dora, doras, own.id);
  await compare(t, tenant.tenantId, taskId, [{ kind: 'ONE_READER_ONLY', lesions: [hers.lesions[1].id] }]);
  await begin(taskId, adjudicator, 'ADJUDICATE');
  const text = `query ($id: ID!) { node(id: $id) { ... on Task { agreements { edges { node { lesions { id } } } }
    reads { kind reader { name } signature { printedName } head { member { name } lesions { id } } } } } }`;
  const namesOf = async (caller: Caller) => {
    const { data, errors } = await t.ask(caller, text, { id: taskId });
    assert.deepEqual(errors, []);
    const [place] = data.node.agreements.edges;
    assert.deepEqual(place.node.lesions, [{ id: hers.lesions[1].id }]);
    return data.node.reads.map(({ reader, signature, head }: Data) => [
      reader?.name,
      signature?.printedName,
      head?.member?.name,
      head?.lesions.length,
    ]);
  };
  const mine = ['Adjudicator', undefined, undefined, undefined];
  const named = [['Anna', 'Anna', 'Anna', 2], ['Dora', 'Dora', 'Dora', 1], mine]; // biome-ignore format: a table
  const nameless = [2, 1].map((lesions) => [undefined, undefined, undefined, lesions]);
  assert.deepEqual(await namesOf(adjudicator), [...nameless, mine]);
  assert.deepEqual(await namesOf(coordinator), named);
  await accept(t, tenant.tenantId, own.id);
  assert.deepEqual(await namesOf(adjudicator), named);
});

test('to another tenant nothing of this one is there', async () => {
  const { t, protocolId } = room;
  const { study, taskId, annas, hers } = await secondRound();
  const other = await createTenant(t.services.database, 'Other');
  const roles = ['TENANT_ADMIN', 'COORDINATOR', 'READER', 'ADJUDICATOR', 'ENGINEER', 'AUDITOR'] as const;
  const stranger = await other.member('Stranger', ...roles);
  const ids = [study.globalId, protocolId, taskId, annas, hers.id, hers.lesions[0].id];
  const { data } = await t.ask(
    stranger,
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } tasks { edges { node { id } } } reads { edges { node { id } } } }',
    { ids },
  );
  assert.deepEqual(data, { nodes: ids.map(() => null), tasks: { edges: [] }, reads: { edges: [] } });
  const absentTask = globalId('Task', newId<TaskId>());
  const readerId = globalId('Member', stranger.memberId);
  for (const [name, theirs, absent] of [
    [
      'taskCreate',
      { studyIds: [study.globalId], protocolId },
      { studyIds: [globalId('Study', newId())], protocolId: globalId('Protocol', newId()) },
    ],
    ['taskExclude', { taskId, reason: 'Curiosity.' }, { taskId: absentTask, reason: 'Curiosity.' }],
    [
      'readAssign',
      { taskIds: [taskId], kind: 'DELINEATE', readerId },
      { taskIds: [absentTask], kind: 'DELINEATE', readerId },
    ],
    ['readStart', { readId: annas }, { readId: globalId('Read', newId()) }],
    [
      'revisionSave',
      { readId: annas, parentId: hers.id, segments: [] },
      { readId: globalId('Read', newId()), segments: [] },
    ],
  ] as const) {
    const answer = await mutate(t, stranger, name, theirs, '');
    assert.equal(answer.userErrors[0].code, 'NOT_FOUND', name);
    assert.deepEqual(answer, await mutate(t, stranger, name, absent, ''), name);
  }
});
