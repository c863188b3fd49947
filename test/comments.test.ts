import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { newId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { boxes, done, refused } from './harness/reading.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: Desk;
before(async () => {
  t = await startServices();
  desk = await openDesk(t, 'Consortium');
});
after(() => t?.stop());

const said = (taskId: string, body = 'A vessel?', idempotencyKey: string = newId()) => ({
  ...{ taskId, body, idempotencyKey },
  point: { x: 1.5, y: -2, z: 7 },
});
const fields = 'comment { id body mine member { name } point { x y z } resolvedAt }';
const add = async (caller: Caller, taskId: string, body?: string): Promise<string> =>
  (await done(t, caller, 'commentAdd', said(taskId, body), fields)).comment.id;
const settle = async (caller: Caller, commentId: string, resolved = true): Promise<string | null> =>
  (await done(t, caller, 'commentResolve', { commentId, resolved }, fields)).comment.resolvedAt;

/** What a caller is told of a task, as "body by whom, settled or open". */
async function seenBy(caller: Caller, { taskId }: DeskTask): Promise<string[]> {
  const text = `query ($id: ID!) { node(id: $id) { ... on Task { comments { edges { node {
    body mine member { name } resolvedAt } } } } } }`;
  const { data, errors } = await t.ask(caller, text, { id: taskId });
  assert.deepEqual(errors, []);
  return data.node.comments.edges.map(
    ({ node }: Data) => `${node.body} by ${node.member?.name ?? 'somebody'}, ${node.resolvedAt ? 'settled' : 'open'}`,
  );
}

test('a blind reader sees their own remarks until the task is accepted, the adjudicator all of them without names', async () => {
  const { anna, boris, clara, coordinator, adjudicator } = desk.room.people;
  const protocolId = await desk.publish({ name: 'Two blind' });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const annas = await desk.room.begin(taskId, anna);
  const boriss = await desk.room.begin(taskId, boris);
  const hers = await add(anna, taskId, 'A vessel?');
  await add(boris, taskId, 'Too small to tell.');
  assert.equal(await refused(t, clara, 'commentAdd', said(taskId)), 'NOT_FOUND', 'reads nothing of it');
  assert.deepEqual(await seenBy(anna, one!), ['A vessel? by Anna, open']);
  assert.deepEqual(await seenBy(boris, one!), ['Too small to tell. by Boris, open']);
  assert.equal(await refused(t, boris, 'commentResolve', { commentId: hers }), 'NOT_FOUND');

  await desk.submit(anna, study, annas, boxes([1, 1, 1, 2], [8, 6, 2, 2]));
  await desk.submit(boris, study, boriss, boxes([1, 1, 1, 2]));
  await desk.work('COMPARE');
  const judging = await desk.room.begin(taskId, adjudicator, 'ADJUDICATE');
  const all = ['A vessel? by somebody, open', 'Too small to tell. by somebody, open'];
  assert.deepEqual(await seenBy(adjudicator, one!), all);
  assert.ok(await settle(adjudicator, hers));
  assert.deepEqual(await seenBy(anna, one!), ['A vessel? by Anna, open'], 'that somebody settled it shows');
  assert.deepEqual((await seenBy(coordinator, one!))[0], 'A vessel? by Anna, settled');
  assert.equal(await settle(coordinator, hers, false), null, 'the newest word counts');
  assert.ok(await settle(adjudicator, hers));

  const { agreements } = await desk.look(taskId, adjudicator);
  const dispute = agreements.edges.find(({ node }: Data) => node.kind !== 'AGREED').node;
  const verdicts = [{ agreementId: dispute.id, decision: 'REJECT', reason: 'A vessel.' }];
  await done(t, adjudicator, 'verdictGive', { readId: judging, verdicts }, 'agreements { id }');
  await done(t, adjudicator, 'readSubmit', { readId: judging }, 'read { id }');
  await desk.work('COMPARE');
  assert.deepEqual(await seenBy(anna, one!), ['A vessel? by Anna, settled', 'Too small to tell. by Boris, open']);
  assert.deepEqual(await seenBy(await desk.room.tenant.member('Dan', 'READER'), one!), [], 'a task never read');
});

test('readers of an open protocol talk to each other', async () => {
  const { anna, boris } = desk.room.people;
  const [one] = await desk.createTasks(await desk.publish({ name: 'Open', blind: false }), [0]);
  for (const reader of [anna, boris]) await desk.room.begin(one!.taskId, reader);
  const hers = await add(anna, one!.taskId);
  assert.deepEqual(await seenBy(boris, one!), ['A vessel? by Anna, open']);
  assert.ok(await settle(boris, hers));
  assert.deepEqual(await seenBy(anna, one!), ['A vessel? by Anna, settled']);
});

test('a remark is said once, has a text and lies within BRAVO', async () => {
  const { anna } = desk.room.people;
  const [one] = await desk.createTasks(await desk.publish({ name: 'One', readerCount: 1 }), [0]);
  const { taskId } = one!;
  await desk.room.begin(taskId, anna);
  const input = said(taskId, '  A vessel?\n', 'said once');
  const { comment } = await done(t, anna, 'commentAdd', input, fields);
  assert.deepEqual(JSON.parse(JSON.stringify({ ...comment, id: '' })), {
    ...{ id: '', body: 'A vessel?', mine: true, member: { name: 'Anna' } },
    ...{ point: { x: 1.5, y: -2, z: 7 }, resolvedAt: null },
  });
  assert.equal((await done(t, anna, 'commentAdd', input, fields)).comment.id, comment.id, 'a repeat');
  assert.equal(await refused(t, anna, 'commentAdd', { ...input, body: 'Another.' }), 'IDEMPOTENCY_CONFLICT');
  assert.equal(await refused(t, anna, 'commentAdd', said(taskId, '  ')), 'INVALID');
  assert.equal(await refused(t, anna, 'commentAdd', said(taskId, 'x'.repeat(2001))), 'INVALID');
  const outside = { ...said(taskId), point: { x: 5000, y: 0, z: 0 } };
  assert.equal(await refused(t, anna, 'commentAdd', outside), 'INVALID');
  assert.equal((await seenBy(anna, one!)).length, 1);
});
