/** Hidden repeats: a reader against themselves, who cannot tell the second read from a first one. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { LabelVolume } from '#core/domain/geometry.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { boxes, done, refused } from './harness/reading.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: Desk;
let protocolId: string;
before(async () => {
  t = await startServices();
  desk = await openDesk(t, 'Consortium');
  const agreement = { minDice: 0.3, maxHd95Mm: 100, smallLesionMm: 0 };
  protocolId = await desk.publish({ name: 'Two readers of ten', readerCount: 2, agreement });
});
after(() => t?.stop());

async function accepted(annas: LabelVolume, boriss: LabelVolume): Promise<DeskTask> {
  const { anna, boris } = desk.room.people;
  const [one] = (await desk.createTasks(protocolId, [0])) as [DeskTask];
  for (const [reader, label] of [
    [anna, annas],
    [boris, boriss],
  ] as const)
    await desk.submit(reader, one.study, await desk.room.begin(one.taskId, reader), label);
  await desk.work('COMPARE');
  assert.equal((await desk.look(one.taskId)).state, 'ACCEPTED');
  return one;
}
const repeatBy = (taskId: string, reader: Caller) => ({ taskId, readerId: globalId('Member', reader.memberId) });
const plan = async (taskId: string, reader: Caller): Promise<string> =>
  (await done(t, desk.room.people.coordinator, 'taskRepeat', repeatBy(taskId, reader), 'task { id }')).task.id;

const rowsOf = async (caller: Caller, by: string): Promise<Data[]> => {
  const text = '{ agreement(by: BY) { rows { label readCount lesionDice { mean } sensitivity { mean } } } }';
  const { data, errors } = await t.ask(caller, text.replace('BY', by));
  assert.deepEqual(errors, []);
  return JSON.parse(JSON.stringify(data.agreement.rows));
};

/** What a reader sees of their queue and of a study; without ids, which differ between any two reads. */
async function seen(reader: Caller, study: DeskTask['study']): Promise<Data> {
  const text = `query ($study: ID!) {
    reads { edges { node { kind state assisted head { voxelCount } agreements { edges { node { kind } } }
      task { round state repeatOf { id } reopenedReason groundTruth { id } protocol { name } study { id } comments { edges { node { body } } }
        figures { label } reads { state } } } } }
    node(id: $study) { ... on Study { groundTruth { id } lesionGroup tasks { edges { node { round state repeatOf { id } } } } } } }`;
  const { data, errors } = await t.ask(reader, text, { study: study.globalId });
  assert.deepEqual(errors, []);
  const edges = data.reads.edges.filter(({ node }: Data) => node.task.study.id === study.globalId);
  return JSON.parse(JSON.stringify({ edges, node: data.node }).replaceAll(study.globalId, 'the study'));
}

test('a repeat looks like a first read to its reader, and says how well they agree with themselves', async () => {
  const { anna, coordinator } = desk.room.people;
  const big = boxes([1, 1, 1, 3]);
  const { taskId, study } = await accepted(big, big);
  const truth = (await desk.look(taskId)).groundTruth.id;
  const before = await rowsOf(coordinator, 'READER');
  const pairs = await rowsOf(coordinator, 'PAIR');
  const repeatId = await plan(taskId, anna);
  const [first] = (await desk.createTasks(protocolId, [0])) as [DeskTask];
  const [again, fresh] = [await queued(anna, repeatId), await desk.room.begin(first.taskId, anna)];
  await done(t, anna, 'readStart', { readId: again }, 'read { id }');
  assert.deepEqual(await seen(anna, study), await seen(anna, first.study));
  await desk.submit(anna, study, again, boxes([1, 1, 1, 2]));
  await desk.submit(anna, first.study, fresh, boxes([1, 1, 1, 2]));
  assert.deepEqual(await seen(anna, study), await seen(anna, first.study), 'once it is signed');

  await desk.work('COMPARE');
  const repeat = await desk.look(repeatId);
  assert.deepEqual([repeat.state, repeat.groundTruth], ['EXCLUDED', null]);
  assert.equal((await desk.look(taskId)).groundTruth.id, truth, 'what was accepted stands');
  // A cube of 8 in one of 27: Dice 16 / 35.
  const rows = await rowsOf(coordinator, 'REPEAT');
  assert.deepEqual(rows, [{ label: 'Anna', readCount: 1, lesionDice: { mean: 16 / 35 }, sensitivity: { mean: 1 } }]);
  assert.deepEqual(await rowsOf(anna, 'REPEAT'), rows);
  assert.deepEqual(await rowsOf(coordinator, 'READER'), before, 'a repeat counts among first reads');
  assert.deepEqual(await rowsOf(coordinator, 'PAIR'), pairs);
});

async function queued(reader: Caller, taskId: string): Promise<string> {
  const { reads } = await desk.look(taskId, reader);
  assert.deepEqual([reads.length, reads[0].kind, reads[0].state], [1, 'DELINEATE', 'ASSIGNED']);
  return reads[0].id;
}

test('only who delineated an accepted task repeats it, one round at a time, and nobody else is given it', async () => {
  const { anna, boris, clara, coordinator } = desk.room.people;
  const label = boxes([2, 2, 1, 2]);
  const { taskId } = await accepted(label, label);
  const refusal = (reader: Caller, by = coordinator) => refused(t, by, 'taskRepeat', repeatBy(taskId, reader));
  assert.equal(await refusal(clara), 'INVALID', 'never read it');
  const both = await desk.room.tenant.member('Both', 'COORDINATOR', 'READER');
  assert.equal(await refusal(both, both), 'OWN_WORK');
  const [open] = (await desk.createTasks(protocolId, [0])) as [DeskTask];
  assert.equal(await refused(t, coordinator, 'taskRepeat', repeatBy(open.taskId, anna)), 'WRONG_STATE');
  const repeatId = await plan(taskId, boris);
  assert.equal(await refusal(anna), 'WRONG_STATE', 'the study has an open round');
  assert.equal((await desk.look(repeatId)).unassignedReads, 0);
  const other = { taskIds: [repeatId], kind: 'DELINEATE', readerId: globalId('Member', anna.memberId) };
  assert.equal(await refused(t, coordinator, 'readAssign', other), 'WRONG_STATE');
});
