/** Reads that start from what a version found, and the control that does not. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { ModelVersionId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { approveVersion, insertAnswer } from './harness/answer.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { boxes, done, save } from './harness/reading.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: Desk;
let modelVersionId: ModelVersionId;
let rooms = 0;
before(async () => {
  t = await startServices();
});
after(() => t?.stop());
test.beforeEach(async () => {
  desk = await openDesk(t, `Consortium ${++rooms}`);
  modelVersionId = await approveVersion(desk);
});

const answer = ({ study }: DeskTask, label: ReturnType<typeof boxes>) =>
  insertAnswer(desk, modelVersionId, study, label);

const assign = async (taskId: string, reader: Caller): Promise<string> => {
  const input = { taskIds: [taskId], kind: 'DELINEATE', readerId: globalId('Member', reader.memberId) };
  return (await done(t, desk.room.people.coordinator, 'readAssign', input, 'reads { id }')).reads[0].id;
};
const start = async (reader: Caller, readId: string): Promise<Data> => {
  const fields = `read { id assisted head { id draft member { name } voxelCount segSeriesInstanceUid segSopInstanceUid
    lesions { number voxelCount } } }`;
  return (await done(t, reader, 'readStart', { readId }, fields)).read;
};

test('an assisted read begins with a draft of its own, from which the reader goes on; the answer stays hidden', async () => {
  const { anna } = desk.room.people;
  const protocolId = await desk.publish({ name: 'Assisted', readerCount: 1, preAnnotation: true });
  const [one] = await desk.createTasks(protocolId, [0]);
  const found = boxes([1, 1, 1, 3], [8, 8, 2, 2]);
  const segmentation = await answer(one!, found);
  const readId = await assign(one!.taskId, anna);
  const read = await start(anna, readId);
  assert.ok(read.assisted && read.head.draft);
  assert.deepEqual([read.head.member, read.head.voxelCount], [null, 35]);
  assert.deepEqual(
    read.head.lesions.map(({ voxelCount }: Data) => voxelCount),
    [27, 8],
  );
  assert.notEqual(read.head.segSeriesInstanceUid, segmentation.seriesInstanceUid, 'a SEG of its own');
  const hidden = await t.ask(
    anna,
    'query ($id: ID!) { node(id: $id) { id } segmentations { edges { node { id } } } }',
    {
      id: globalId('Segmentation', segmentation.id),
    },
  );
  assert.deepEqual(hidden.data, { node: null, segmentations: { edges: [] } });
  const next = await save(t, anna, one!.study, readId, boxes([1, 1, 1, 3]), read.head.id);
  assert.equal(next.parent.id, read.head.id);
  await done(t, anna, 'readSubmit', { readId, revisionId: next.id }, 'read { id }');
  await desk.work('COMPARE');
  assert.deepEqual((await desk.look(one!.taskId)).groundTruth.lesions, [{ voxelCount: 27 }]);
  // What the reader took away of the draft, for each voxel of it.
  const arms = '{ agreement(by: ARM) { rows { label readCount editedFraction { mean count } } } }';
  assert.deepEqual((await t.ask(anna, arms)).data.agreement.rows, [
    { label: 'ASSISTED', readCount: 1, editedFraction: { mean: 8 / 35, count: 1 } },
  ]);
});

test('a share of the reads starts from nothing, and a patient of the sealed test set is never read assisted', async () => {
  const { anna } = desk.room.people;
  const control = await desk.publish({
    ...{ name: 'Control', readerCount: 1, preAnnotation: true, unassistedShare: 1, seed: 7 },
  });
  const assisted = await desk.publish({ name: 'Assisted', readerCount: 1, preAnnotation: true });
  const [one] = await desk.createTasks(control, [0]);
  const [two, three] = await desk.createTasks(assisted, [0, 0]);
  for (const task of [one!, two!]) await answer(task, boxes([1, 1, 1, 3]));
  await desk.inTenant(async (db) => {
    const { subject_id } = await db
      .selectFrom('study')
      .select('subject_id')
      .where('id', '=', two!.study.id)
      .executeTakeFirstOrThrow();
    await db.updateTable('subject').set({ subset: 'TEST' }).where('id', '=', subject_id).execute();
  });
  const arms: (string | null)[] = [];
  for (const { taskId } of [one!, two!, three!]) {
    const readId = await assign(taskId, anna);
    const read = await start(anna, readId);
    assert.deepEqual([read.assisted, read.head], [false, null]);
    const row = await desk.inTenant((db) =>
      db
        .selectFrom('read')
        .select('arm')
        .where('id', '=', localId('Read', readId, []))
        .executeTakeFirstOrThrow(),
    );
    arms.push(row.arm);
  }
  assert.deepEqual(arms, ['UNASSISTED', null, null], 'control, sealed, nothing found');
});
