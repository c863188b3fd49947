/**
 * Everything that a blind reader can ask, before and after each thing that a colleague does: nothing may differ. What is asked is read
 * off the schema, so that a field, a mutation or a subscription that is new tomorrow is asked too, or fails here.
 */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { type GraphQLObjectType, parse, subscribe } from 'graphql';
import { randomUid } from '#core/dicom/uid.ts';
import { newId, type TaskId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type NodeType, nodeTypes } from '../api/graphql/node-types.ts';
import { openRequest } from '../api/request.ts';
import { buildSchema } from '../api/schema.ts';
import { startApi, type TestApi } from './harness/api-server.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { call, selectAll } from './harness/everything.ts';
import { fill, typeOfId } from './harness/mutation-inputs.ts';
import { boxes, done, save, stageSeg } from './harness/reading.ts';
import { type Data, type TestServices, testServices } from './harness/services.ts';

const schema = buildSchema();
const fieldsOf = (type: 'Query' | 'Mutation' | 'Subscription') =>
  (schema.getType(type) as GraphQLObjectType).getFields();

let api: TestApi;
let t: TestServices;
let desk: Desk;
/** Readers of the same tasks as Anna: one who holds every role there is, and one who reads only. */
let dora: Caller;
let plain: Caller;
/** Sees what there is to see. */
let watcher: Caller;
before(async () => {
  api = await startApi();
  t = testServices(api.services, api.stop);
  desk = await openDesk(t, 'Consortium', api.issuer);
  const { tenant } = desk.room;
  const others = [
    'TENANT_ADMIN',
    'COORDINATOR',
    'ADJUDICATOR',
    'ENGINEER',
    'APPROVER',
    'CLINICIAN',
    'AUDITOR',
  ] as const;
  dora = await tenant.member('Dora', 'READER', ...others);
  plain = await tenant.member('Plain', 'READER');
  watcher = await tenant.member('Watcher', 'COORDINATOR', 'AUDITOR', 'ENGINEER');
});
after(() => api?.stop());

interface Scene extends DeskTask {
  readonly annas: string;
  /** Of the blind reader, with something saved in it. */
  readonly own: string;
  readonly ownHead: string;
  /** What the blind reader said of a place. */
  readonly ownRemark: string;
}

/** A task of a blind protocol that Anna and the blind reader have begun to read. */
async function begin(blind: Caller, protocol: object = {}): Promise<Scene> {
  const protocolId = await desk.publish({ name: `Blind ${newId()}`, ...protocol });
  const [one] = await desk.createTasks(protocolId, [3]);
  const { anna } = desk.room.people;
  const annas = await desk.room.begin(one!.taskId, anna);
  const own = await desk.room.begin(one!.taskId, blind);
  const { id: ownHead } = await save(t, blind, one!.study, own, boxes([1, 1, 1, 2]));
  const ownRemark = await remark(blind, one!.taskId);
  return { ...one!, annas, own, ownHead, ownRemark };
}

/** Says something of a place. @returns the comment's id */
async function remark(caller: Caller, taskId: string): Promise<string> {
  const input = { taskId, body: 'A vessel?', point: { x: 0, y: 0, z: 7 }, idempotencyKey: newId() };
  return (await done(t, caller, 'commentAdd', input, 'comment { id }')).comment.id;
}

/** What Anna does, step by step, with the ids and UIDs that come of it. */
async function* whatAnnaDoes({ study, taskId, annas, ownRemark }: Scene, traces: Traces): AsyncGenerator<string> {
  const { anna, coordinator } = desk.room.people;
  traces.stagedUid = await stageSeg(t, anna, study, boxes([9, 6, 2, 2]));
  const first = await save(t, anna, study, annas, boxes([9, 6, 2, 2]));
  await note(traces, annas, [first.id, ...first.lesions.map(({ id }: Data) => id)]);
  const head = await save(t, anna, study, annas, boxes([9, 6, 2, 2], [1, 1, 1, 2]), first.id);
  await note(traces, annas, [head.id, ...head.lesions.map(({ id }: Data) => id)]);
  traces.ids.push(await remark(anna, taskId));
  traces.ids.push(await remark(coordinator, taskId));
  // What others think of the blind reader's own remark.
  await done(t, coordinator, 'commentResolve', { commentId: ownRemark }, 'comment { id }');
  yield 'saves';
  await done(t, anna, 'readSubmit', { readId: annas, revisionId: head.id }, 'read { id }');
  yield 'submits';
  await done(t, coordinator, 'readReturn', { readId: annas, reason: 'Look again.' }, 'read { id }');
  yield 'gets it back';
  await done(t, anna, 'readStart', { readId: annas }, 'read { id }');
  await done(t, anna, 'readSubmit', { readId: annas, revisionId: head.id }, 'read { id }');
  yield 'submits again';
}

/** What there is of Anna's to be found. */
interface Traces {
  readonly ids: string[];
  readonly series: string[];
  stagedUid: string;
}
async function note(traces: Traces, readId: string, ids: readonly string[]): Promise<void> {
  const text = 'query ($id: ID!) { node(id: $id) { ... on Read { head { segSeriesInstanceUid } } } }';
  const { data } = await t.ask(watcher, text, { id: readId });
  traces.ids.push(...ids);
  traces.series.push(data.node.head.segSeriesInstanceUid);
}

/** Every query with everything below it. `id` stands for one object's. */
function queriesOf(id: string): string[] {
  const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    node: { id: JSON.stringify(id) },
    nodes: { ids: JSON.stringify([id]) },
  };
  return Object.entries(fieldsOf('Query')).flatMap(([name, field]) => {
    const type = schema.getType(String(field.type).replace(/[[\]!]/g, ''))!;
    // Each alternative of an argument that must be given is asked.
    const kinds = name === 'agreement' ? ['READER', 'PAIR', 'REPEAT', 'SITE', 'MONTH', 'ARM'] : [undefined];
    return kinds.map(
      (by) => `{ ${call(field, by ? { by } : (given[name] ?? {}))} ${selectAll(schema, type, 5) ?? ''} }`,
    );
  });
}

/** All that GraphQL tells the caller: by lists, by ids of their own, and by ids that they should not know. */
async function askAll(caller: Caller, scene: Scene, hidden: readonly string[]): Promise<Map<string, unknown>> {
  const told = new Map<string, unknown>();
  const tell = async (text: string, what: string): Promise<void> => {
    const { data, errors } = await t.tryOut(caller, text);
    for (const error of errors) assert.match(error, /^(FORBIDDEN|BAD_USER_INPUT)/, `${what}: ${error}`);
    told.set(what, JSON.stringify({ data, errors }));
  };
  for (const text of queriesOf(scene.taskId)) await tell(text, text.slice(0, 60));
  const node = selectAll(schema, schema.getType('Node')!, 5)!;
  for (const id of [scene.study.globalId, scene.own, scene.ownHead, scene.ownRemark])
    await tell(`{ node(id: ${JSON.stringify(id)}) ${node} }`, `node ${id}`);
  for (const [n, id] of hidden.entries()) {
    const { data, errors } = await t.tryOut(caller, `{ node(id: ${JSON.stringify(id)}) { id } }`);
    assert.deepEqual([data, errors], [{ node: null }, []], `object ${n} of another's shows by its id`);
  }
  // Judged by what the caller may know.
  for (const filter of ['states: [CROSS_CHECKING, ADJUDICATING]', 'states: [DELINEATING]', 'unassigned: true'])
    await tell(`{ tasks(filter: { ${filter} }) { edges { node { id } } } }`, filter);
  for (const state of ['CROSS_CHECKING', 'ADJUDICATING', 'DELINEATING', 'OPEN'])
    await tell(`{ studies(filter: { taskStates: [${state}] }) { edges { node { id } } } }`, `studies ${state}`);
  return told;
}

/** What every mutation answers about this task, with ids of another's and with ids that never were; nothing that they do is kept. */
async function tryMutations(caller: Caller, scene: Scene, hidden: readonly string[]): Promise<Map<string, string>> {
  const told = new Map<string, string>();
  const known: Partial<Record<NodeType, string>> = {
    ...{ Task: scene.taskId, Study: scene.study.globalId, Read: scene.own, Revision: scene.ownHead },
    Member: globalId('Member', caller.memberId),
  };
  const typeOf = (id: string): NodeType => Buffer.from(id, 'base64url').toString().split(':')[0] as NodeType;
  for (const [name, field] of Object.entries(fieldsOf('Mutation'))) {
    const type = field.args[0]!.type;
    const text = `mutation ($input: ${type}) { ${name}(input: $input) { userErrors { code path message ... on ConflictError { current { __typename id } } } } }`;
    const kinds = new Set<NodeType>();
    const answer = async (of: Partial<Record<NodeType, string>>): Promise<string> => {
      const input = fill(type, name, (one) => {
        const wanted = typeOfId(name, one);
        kinds.add(wanted);
        return of[wanted] ?? known[wanted] ?? globalId(wanted, absent);
      });
      return JSON.stringify(await t.tryOut(caller, text, { input }));
    };
    told.set(name, await answer({}));
    for (const kind of (['Read', 'Revision', 'Lesion', 'LesionAgreement', 'Comment'] as const).filter((one) =>
      kinds.has(one),
    )) {
      const unknown = await answer({ [kind]: globalId(kind, absent) });
      told.set(`${name} ${kind}`, unknown);
      for (const id of hidden.filter((one) => typeOf(one) === kind))
        assert.equal(await answer({ [kind]: id }), unknown, `${name}: another's ${kind} answers unlike none`);
    }
  }
  return told;
}
const absent = newId<TaskId>();

/** DICOMweb as the caller: what is listed of the study, and what comes for series that they should not know. */
async function browse(caller: Caller, { study }: Scene, series: readonly string[]): Promise<Map<string, string>> {
  const authorization = `Bearer ${await api.token(caller.memberId)}`;
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`${api.address}/dicomweb/studies${path}`, { headers: { authorization } });
    return `${response.status} ${response.headers.get('content-type')} ${await response.text()}`;
  };
  const told = new Map<string, string>();
  const at = `/${study.studyInstanceUid}/series`;
  for (const path of [
    `?StudyInstanceUID=${study.studyInstanceUid}`,
    '?ModalitiesInStudy=SEG',
    at,
    `${at}?Modality=SEG`,
  ])
    told.set(path, await get(path));
  const unknown = randomUid();
  const routes = (uid: string): string[] => {
    const instance = `${at}/${uid}/instances/${unknown}`;
    return [
      ...[`${at}?SeriesInstanceUID=${uid}`, `${at}/${uid}/instances`, `${at}/${uid}`, `${at}/${uid}/metadata`],
      ...[instance, `${instance}/metadata`, `${instance}/frames/1`, `${at}/${uid}/checkerboard`],
    ];
  };
  const nothing = await Promise.all(routes(unknown).map(get));
  for (const uid of series) {
    const answers = await Promise.all(routes(uid).map(get));
    for (const [n, answer] of answers.entries())
      assert.equal(
        answer.replaceAll(uid, ''),
        nothing[n]!.replaceAll(unknown, ''),
        `WADO or QIDO ${n} of another's SEG`,
      );
  }
  return told;
}

const sameAs = (now: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>, what: string): void => {
  for (const [asked, answer] of before) assert.equal(now.get(asked), answer, `${what}: ${asked} has changed`);
};

for (const role of ['every role', 'the role of a reader alone'] as const)
  test(`a blind reader with ${role} learns nothing of what a colleague does, by any question`, async () => {
    const blind = role === 'every role' ? dora : plain;
    const scene = await begin(blind);
    const traces: Traces = { ids: [scene.annas], series: [], stagedUid: '' };
    const asked = await askAll(blind, scene, traces.ids);
    const tried = await tryMutations(blind, scene, traces.ids);
    const browsed = await browse(blind, scene, traces.series);
    assert.ok(asked.size > 20 && tried.size > 30 && browsed.size === 4);
    const watched = await askAll(watcher, scene, []);
    for await (const step of whatAnnaDoes(scene, traces)) {
      sameAs(await askAll(blind, scene, traces.ids), asked, `Anna ${step}`);
      if (step !== 'saves' && step !== 'submits') continue;
      sameAs(await tryMutations(blind, scene, traces.ids), tried, `Anna ${step}`);
      sameAs(await browse(blind, scene, traces.series), browsed, `Anna ${step}`);
    }
    // The same questions of somebody who may know: they are not answered alike for want of anything to see.
    const seen = await askAll(watcher, scene, []);
    assert.ok([...seen].filter(([what, answer]) => watched.get(what) !== answer).length >= 4);
    const shown = await browse(watcher, scene, []);
    assert.notEqual(
      shown.get(`/${scene.study.studyInstanceUid}/series?Modality=SEG`),
      browsed.get(`/${scene.study.studyInstanceUid}/series?Modality=SEG`),
    );

    // A SEG that a colleague sent is none that one could save.
    const steal = async (segSopInstanceUid: string): Promise<string> => {
      const input = {
        readId: scene.own,
        parentId: scene.ownHead,
        segSopInstanceUid,
        segments: [{ number: 1, voxelCount: 8 }],
      };
      const text =
        'mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) { userErrors { code path message } } }';
      return JSON.stringify(await t.tryOut(blind, text, { input }));
    };
    assert.equal(await steal(traces.stagedUid), await steal(randomUid()));
    assert.match(await steal(traces.stagedUid), /NOT_FOUND/);

    // Both have signed: that the reads are compared, disputed and adjudicated shows as little.
    await done(t, blind, 'readSubmit', { readId: scene.own, revisionId: scene.ownHead }, 'read { id }');
    const signed = await askAll(blind, scene, traces.ids);
    await desk.work('COMPARE');
    const agreements = (await desk.look(scene.taskId)).agreements.edges.map(({ node }: Data) => node.id);
    assert.ok(agreements.length > 0);
    traces.ids.push(...agreements);
    sameAs(await askAll(blind, scene, traces.ids), signed, 'the reads are compared');
    await desk.room.begin(scene.taskId, desk.room.people.adjudicator, 'ADJUDICATE');
    sameAs(await askAll(blind, scene, traces.ids), signed, 'an adjudicator begins');
  });

test('the first reader of a study that is checked learns nothing of the check', async () => {
  const protocolId = await desk.publish({ name: `Check ${newId()}`, readerCount: 1, check: 'DELINEATE_THEN_CHECK' });
  const [one] = await desk.createTasks(protocolId, [0]);
  const own = await desk.room.begin(one!.taskId, dora);
  const { id: ownHead } = await save(t, dora, one!.study, own, boxes([1, 1, 1, 2]));
  await done(t, dora, 'readSubmit', { readId: own, revisionId: ownHead }, 'read { id }');
  const ownRemark = await remark(dora, one!.taskId);
  const scene: Scene = { ...one!, annas: own, own, ownHead, ownRemark };
  const signed = await askAll(dora, scene, []);
  await desk.work('COMPARE');
  sameAs(await askAll(dora, scene, []), signed, 'the outlines are listed');
  const { anna } = desk.room.people;
  const check = await desk.room.begin(scene.taskId, anna, 'CROSS_CHECK');
  const said = await remark(anna, scene.taskId);
  const added = await save(t, anna, scene.study, check, boxes([9, 6, 2, 2]));
  const hidden = [check, said, added.id, added.lesions[0].id];
  sameAs(await askAll(dora, scene, hidden), signed, 'the check is saved');
  const text = 'query ($id: ID!) { node(id: $id) { ... on Read { agreements { edges { node { id } } } } } }';
  const places = (await t.ask(anna, text, { id: check })).data.node.agreements.edges.map(({ node }: Data) => node.id);
  const verdicts = [{ agreementId: places[0], decision: 'REJECT', reason: 'A vessel.' }];
  await done(t, anna, 'verdictGive', { readId: check, verdicts }, 'agreements { id }');
  await done(t, anna, 'readSubmit', { readId: check, revisionId: added.id }, 'read { id }');
  await desk.work('COMPARE');
  assert.equal((await desk.look(scene.taskId)).state, 'ADJUDICATING');
  sameAs(await askAll(dora, scene, [...hidden, ...places]), signed, 'the check is compared');
});

test('nothing of a read can be followed: the one subscription takes no such object', async () => {
  assert.deepEqual(Object.keys(fieldsOf('Subscription')), ['jobChanged'], 'ask what a new subscription tells');
  const scene = await begin(dora);
  const document = parse('subscription ($ids: [ID!]!) { jobChanged(ids: $ids) { job { id } } }');
  const follow = async (id: string): Promise<string> => {
    const { context, transaction } = await openRequest(api.services, dora);
    const stream = await subscribe({ schema, document, variableValues: { ids: [id] }, contextValue: context });
    await transaction.rollback();
    if (!(Symbol.asyncIterator in stream)) return JSON.stringify(stream.errors?.map(({ message }) => message));
    const { done: ended } = await stream.next();
    return ended ? 'nothing' : 'an event';
  };
  for (const type of Object.keys(nodeTypes) as NodeType[]) {
    const answer = await follow(globalId(type, absent));
    assert.match(answer, /nothing|no job that can be followed/, type);
    const shown = { Task: scene.taskId, Read: scene.annas, Revision: scene.ownHead, Study: scene.study.globalId }[
      type as 'Task'
    ];
    if (shown) assert.equal(await follow(shown), answer, type);
  }
});
