/** Queues: who is given what to read, in which order and for how long. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { sql } from 'kysely';
import type { Caller } from '../api/context.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { type Desk, openDesk, readersOf } from './harness/desk.ts';
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

test('readStart takes the reads by priority, then due time, then age; an empty queue is no error', async () => {
  const { coordinator, anna } = room.people;
  const tasks = await desk.createTasks(room.protocolId, [0, 5, 0, 0]);
  const due = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const hours = [50, 60, 10, 50];
  for (const [n, { taskId }] of tasks.entries()) {
    const readerId = globalId('Member', anna.memberId);
    const dueAt = due(hours[n]!);
    const input = { taskIds: [taskId], kind: 'DELINEATE', readerId, dueAt: n === 3 ? due(50.1) : dueAt };
    await done(t, coordinator, 'readAssign', input, 'reads { dueAt }');
  }
  const expected = [1, 2, 0, 3].map((n) => tasks[n]!.taskId);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const text = `query ($after: String) { reads(first: 1, after: $after) { edges { node { task { id } } } pageInfo { endCursor hasNextPage } } }`;
    const { data, errors } = await t.ask(anna, text, { after });
    assert.deepEqual(errors, []);
    seen.push(...data.reads.edges.map(({ node }: Data) => node.task.id));
    after = data.reads.pageInfo.hasNextPage ? data.reads.pageInfo.endCursor : null;
  } while (after);
  assert.deepEqual(seen, expected, 'the list has the order of the queue, page by page');
  for (const taskId of expected)
    assert.equal((await done(t, anna, 'readStart', {}, 'read { task { id } }')).read.task.id, taskId);
  assert.equal((await done(t, anna, 'readStart', {}, 'read { id }')).read, null);
  for (const wrong of [due(-1), due(9000)]) {
    const input = { taskIds: [tasks[0]!.taskId], kind: 'DELINEATE', dueAt: wrong };
    assert.equal(await refused(t, coordinator, 'readAssign', input), 'INVALID');
  }
});

test('priorities are the coordinators’, not those of who reads the task, who sees none', async () => {
  const { coordinator, anna } = room.people;
  const [one, two] = await desk.createTasks(room.protocolId, [0, 0]);
  await room.begin(one!.taskId, anna);
  const both = await room.tenant.member('Both', 'COORDINATOR', 'READER');
  await room.begin(two!.taskId, both);
  const set = { taskIds: [one!.taskId, two!.taskId], priority: 7 };
  assert.equal(await refused(t, both, 'taskPrioritize', set), 'OWN_WORK');
  assert.equal((await desk.look(one!.taskId)).priority, 0, 'all or none');
  const { tasks } = await done(t, coordinator, 'taskPrioritize', set, 'tasks { id priority }');
  assert.deepEqual(
    tasks.map(({ priority }: Data) => priority),
    [7, 7],
  );
  assert.deepEqual(
    [(await desk.look(one!.taskId, anna)).priority, (await desk.look(two!.taskId, both)).priority],
    [null, null],
  );
  assert.equal(await refused(t, coordinator, 'taskPrioritize', { ...set, priority: 1e7 }), 'INVALID');
});

test('ROUND_ROBIN gives each task to those readers of its site who have the least to do', async () => {
  const { anna, boris, clara } = room.people;
  const protocolId = await desk.publish({ name: 'Robin', readerCount: 2, assignment: 'ROUND_ROBIN' });
  const tasks = await desk.createTasks(protocolId, [0, 0, 0, 0, 0, 0]);
  const count = new Map<string, number>();
  for (const { taskId } of tasks) {
    const task = await desk.look(taskId);
    assert.deepEqual([task.state, task.unassignedReads, readersOf(task).length], ['DELINEATING', 0, 2]);
    assert.equal(new Set(readersOf(task)).size, 2);
    for (const name of readersOf(task)) count.set(name, (count.get(name) ?? 0) + 1);
  }
  // Anna and Boris read at the site, the adjudicator everywhere; Clara elsewhere.
  assert.deepEqual(count, new Map([[anna.name, 4], [boris.name, 4], ['Adjudicator', 4]])); // biome-ignore format: a table
  assert.ok(!count.has(clara.name));
});

test('a task for which nobody is left says so, and takes the next who comes', async () => {
  const { coordinator } = room.people;
  const protocolId = await desk.publish({ name: 'Robin', readerCount: 3, assignment: 'ROUND_ROBIN' });
  const [{ taskId } = { taskId: '' }] = await desk.createTasks(protocolId, [0]);
  assert.deepEqual((await desk.look(taskId)).unassignedReads, 0);
  await desk.timeIsUp();
  const task = await desk.look(taskId);
  assert.deepEqual([task.state, task.unassignedReads, readersOf(task)], ['OPEN', 3, []]);
  const text = '{ tasks(filter: { unassigned: true }) { edges { node { id } } } }';
  assert.deepEqual((await t.ask(coordinator, text)).data.tasks.edges, [{ node: { id: taskId } }]);
  await room.tenant.member('Dora', 'READER');
  const { reads } = await done(t, coordinator, 'readAssign', { taskIds: [taskId], kind: 'DELINEATE' }, 'reads { id }');
  assert.equal(reads.length, 1);
  assert.deepEqual(
    [(await desk.look(taskId)).state, (await desk.look(taskId)).unassignedReads, readersOf(await desk.look(taskId))],
    ['DELINEATING', 2, ['Dora']],
  );
});

test('a read whose time is up goes to somebody else; what was saved in it stays, and its reader is out', async () => {
  const { anna, boris } = room.people;
  const protocolId = await desk.publish({ name: 'Robin', readerCount: 1, assignment: 'ROUND_ROBIN', dueHours: 1 });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const [first] = (await desk.look(taskId)).reads;
  const people = new Map([anna, boris, room.people.adjudicator].map((caller) => [caller.name, caller]));
  const slow = people.get(first.reader.name)!;
  const dueInMinutes = (Date.parse(first.dueAt) - Date.now()) / 60_000;
  assert.ok(dueInMinutes > 55 && dueInMinutes <= 60, String(dueInMinutes));
  assert.equal(await desk.work('EXPIRE'), 1);
  assert.equal((await desk.look(taskId)).reads[0].state, 'ASSIGNED', 'its time was not up');
  await done(t, slow, 'readStart', {}, 'read { id }');
  const saved = await save(t, slow, study, first.id, boxes([1, 1, 1, 2]));
  await desk.timeIsUp();
  const task = await desk.look(taskId);
  assert.deepEqual(
    task.reads.map(({ state, head }: Data) => [state, head?.id ?? null]),
    [
      ['EXPIRED', saved.id],
      ['ASSIGNED', null],
    ],
  );
  assert.notEqual(task.reads[1].reader.name, slow.name);
  assert.equal(await refused(t, slow, 'readStart', { readId: first.id }), 'WRONG_STATE');
  const late = { readId: first.id, revisionId: saved.id };
  assert.equal(await refused(t, slow, 'readSubmit', late), 'WRONG_STATE');
  assert.equal(
    (await t.ask(slow, 'query ($id: ID!) { node(id: $id) { id } }', { id: saved.id })).data.node.id,
    saved.id,
  );
});

test('a read that was returned gets its hours anew', async () => {
  const { coordinator, anna, boris } = room.people;
  const { taskId, study } = await room.openTask();
  const annas = await room.begin(taskId, anna);
  await room.begin(taskId, boris);
  await desk.submit(anna, study, annas, boxes([1, 1, 1, 2]));
  await desk.inTenant((db) =>
    db
      .updateTable('read')
      .set({ due_at: sql<Date>`now() - interval '1 hour'` })
      .where('id', '=', localId('Read', annas, []))
      .execute(),
  );
  await desk.work('EXPIRE');
  await done(t, coordinator, 'readReturn', { readId: annas, reason: 'The left half.' }, 'read { id }');
  await desk.work('EXPIRE');
  const { reads } = await desk.look(taskId);
  const annasRead = reads.find(({ id }: Data) => id === annas);
  assert.equal(annasRead.state, 'RETURNED');
  assert.ok(Date.parse(annasRead.dueAt) > Date.now() + 300 * 3_600_000);
});

test('under PRIORITY readers pull the most urgent task that they have not had, until every place is taken', async () => {
  const { anna, boris, clara } = room.people;
  const protocolId = await desk.publish({ name: 'Pull', readerCount: 1, assignment: 'PRIORITY' });
  const tasks = await desk.createTasks(protocolId, [1, 3, 2]);
  assert.deepEqual((await desk.look(tasks[0]!.taskId)).unassignedReads, 1);
  const next = async (caller: Caller): Promise<string | undefined> =>
    (await done(t, caller, 'readStart', {}, 'read { task { id } state }')).read?.task.id;
  assert.equal(await next(clara), undefined, 'of another site');
  const taken = await Promise.all([next(anna), next(boris)]);
  assert.deepEqual(new Set(taken), new Set([tasks[1]!.taskId, tasks[2]!.taskId]), 'never one task for two');
  assert.equal(await next(anna), tasks[0]!.taskId);
  assert.equal(await next(boris), undefined);
  await desk.timeIsUp();
  const again = await next(boris);
  assert.ok(again && again !== taken[1], 'never a task twice');
});
