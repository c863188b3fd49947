/** Labels that come with a data set become accepted ground truth, and nothing else does by that way. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { readSeg } from '#core/dicom/read-seg.ts';
import { randomUid } from '#core/dicom/uid.ts';
import type { DatasetManifest } from '#core/domain/dataset-manifest.ts';
import type { LabelVolume } from '#core/domain/geometry.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller } from '../api/context.ts';
import { insertBravo } from './harness/desk.ts';
import { createJobWorker, type JobWorker } from './harness/job-worker.ts';
import {
  boxes,
  counts,
  done,
  grid,
  halved,
  insertStudy,
  mutate,
  refused,
  segOf,
  stageSeg,
  type TestStudy,
} from './harness/reading.ts';
import { openReadingRoom, type ReadingRoom } from './harness/reading-room.ts';
import type { Data } from './harness/services.ts';

let room: ReadingRoom;
let worker: JobWorker;
let keys = 0;
before(async () => {
  room = await openReadingRoom();
  worker = createJobWorker(room.t, room.tenant.tenantId);
});
after(() => room?.t.stop());

async function prepared(): Promise<TestStudy> {
  const study = await insertStudy(room.t, room.tenant.tenantId, room.tenant.siteIds[0]);
  await insertBravo(worker, room, study);
  return study;
}
const declared = { source: 'A public set, release 3', reason: 'Labels of the paper.' };
const newKey = (): string => `import-${++keys}`;
async function inputFor(study: TestStudy, label: LabelVolume, caller: Caller): Promise<Record<string, unknown>> {
  const segments = counts(label);
  const segSopInstanceUid = segments.length > 0 ? await stageSeg(room.t, caller, study, label) : null;
  return { studyId: study.globalId, segSopInstanceUid, segments, ...declared, idempotencyKey: newKey() };
}
const fields = `revision { id sha256 voxelCount provenance member { id } read { id } segSopInstanceUid
  imported { source reason beganAsDraft member { name } } lesions { number voxelCount } task { id state round protocol { id } groundTruth { id } } }`;
const take = async (study: TestStudy, label: LabelVolume, more: object = {}, caller = room.people.coordinator) =>
  (await done(room.t, caller, 'groundTruthImport', { ...(await inputFor(study, label, caller)), ...more }, fields))
    .revision;
const roundsOf = async (study: TestStudy): Promise<number> =>
  (await worker.inTenant((db) => db.selectFrom('task').select('id').where('study_id', '=', study.id).execute())).length;

/** Two places marked as one segment, and one as another. */
const label = ((): LabelVolume => {
  const { data } = boxes([1, 1, 1, 2], [6, 6, 1, 3], [12, 2, 3, 2]);
  return { grid, data: data.map((value) => (value === 3 ? 1 : value)) };
})();

test('an imported label is ground truth, its lesions connected components, and says where it comes from', async () => {
  const { t, tenant, people } = room;
  for (const caller of [people.coordinator, people.admin]) {
    const study = await prepared();
    const revision = await take(study, label, {}, caller);
    assert.deepEqual([revision.provenance, revision.member, revision.read], ['IMPORTED', null, null]);
    assert.deepEqual(revision.imported, { ...declared, beganAsDraft: false, member: { name: caller.name } });
    assert.deepEqual(revision.task, { ...revision.task, state: 'ACCEPTED', round: 1, protocol: null });
    assert.equal(revision.task.groundTruth.id, revision.id);
    assert.deepEqual(
      revision.lesions.map(({ voxelCount }: Data) => voxelCount),
      [8, 27, 8],
    );
    const stored = decodeLabel(await t.services.objects.get(objectKey(tenant.tenantId, revision.sha256)));
    assert.deepEqual(
      stored.data.map((value) => (value ? 1 : 0)),
      label.data.map((value) => (value ? 1 : 0)),
    );
    const { seg_sha256 } = await worker.inTenant((db) =>
      db
        .selectFrom('revision')
        .select('seg_sha256')
        .where('seg_sop_instance_uid', '=', revision.segSopInstanceUid)
        .executeTakeFirstOrThrow(),
    );
    const seg = readSeg(await t.services.objects.get(objectKey(tenant.tenantId, seg_sha256!)), grid);
    assert.deepEqual(seg.label.data, stored.data);
    const shown = await t.ask(
      people.coordinator,
      'query ($id: ID!) { node(id: $id) { ... on Study { lesionGroup groundTruth { id } tasks { edges { node { id } } } } } tasks(first: 100) { edges { node { id } } } }',
      { id: study.globalId },
    );
    assert.deepEqual([shown.data.node.lesionGroup, shown.data.node.groundTruth.id], ['ONE_TO_THREE', revision.id]);
    assert.ok(
      shown.data.tasks.edges.some(({ node }: Data) => node.id === revision.task.id),
      'it is listed',
    );
  }
  const events = await worker.inTenant((db) =>
    db.selectFrom('audit_event').selectAll().where('action', '=', 'groundTruthImport').execute(),
  );
  assert.equal(events.filter(({ reason }) => reason === declared.reason).length, 2);
});

test('a label on another grid of BRAVO’s frame of reference is imported where that is asked for', async () => {
  const { t, people } = room;
  const study = await prepared();
  const { frameOfReferenceUid } = await worker.inTenant((db) => readBravoSource(db, study.id));
  const finer = halved(label);
  const uid = randomUid();
  const content = segOf(finer, study.studyInstanceUid, uid, frameOfReferenceUid);
  const segSopInstanceUid = await stageSeg(t, people.coordinator, study, content, uid);
  const of = {
    studyId: study.globalId,
    segSopInstanceUid,
    segments: counts(finer),
    ...declared,
    idempotencyKey: newKey(),
  };
  assert.equal(await refused(t, people.coordinator, 'groundTruthImport', of), 'GRID_MISMATCH');
  const resampling =
    'revision { lesions { voxelCount } resampling { rule sentSopInstanceUid segments { voxelCountBefore voxelCountAfter } } }';
  const { revision } = await done(t, people.coordinator, 'groundTruthImport', { ...of, resample: true }, resampling);
  assert.deepEqual(revision, {
    lesions: [8, 27, 8].map((voxelCount) => ({ voxelCount })),
    resampling: {
      ...{ rule: 'PARTIAL_VOLUME', sentSopInstanceUid: uid },
      segments: [
        { voxelCountBefore: 128, voxelCountAfter: 16 },
        { voxelCountBefore: 216, voxelCountAfter: 27 },
      ],
    },
  });
});

test('no metastasis is a declaration of the source', async () => {
  const revision = await take(await prepared(), boxes());
  assert.deepEqual([revision.lesions, revision.voxelCount, revision.segSopInstanceUid], [[], 0, null]);
});

test('a repeat gives what is there, another thing under the same key is refused', async () => {
  const { t, people } = room;
  const study = await prepared();
  const input = await inputFor(study, label, people.coordinator);
  const first = await done(t, people.coordinator, 'groundTruthImport', input, fields);
  assert.deepEqual(await done(t, people.coordinator, 'groundTruthImport', input, fields), first);
  assert.equal(
    await refused(t, people.coordinator, 'groundTruthImport', { ...input, source: 'Another set' }),
    'IDEMPOTENCY_CONFLICT',
  );
  assert.equal(await roundsOf(study), 1);
});

test('what is accepted, left out or being read is not overwritten', async () => {
  const { t, people, openTask, begin } = room;
  const { study, taskId } = await openTask();
  await insertBravo(worker, room, study);
  await begin(taskId, people.anna);
  const attempt = async (more: object = {}): Promise<string> =>
    refused(t, people.coordinator, 'groundTruthImport', {
      ...(await inputFor(study, label, people.coordinator)),
      ...more,
    });
  assert.equal(await attempt(), 'WRONG_STATE');
  assert.equal(await attempt({ newRound: true }), 'WRONG_STATE', 'while it is read');
  await done(t, people.coordinator, 'taskExclude', { taskId, reason: 'Read elsewhere.' }, 'task { id }');
  assert.equal(await attempt(), 'WRONG_STATE');
  const second = await take(study, label, { newRound: true });
  assert.equal(second.task.round, 2);
  assert.equal(await attempt(), 'WRONG_STATE', 'accepted');
  const third = await take(study, boxes([3, 3, 2, 2]), { newRound: true });
  assert.deepEqual([third.task.round, third.lesions.length], [3, 1]);
  const kept = await t.ask(
    people.coordinator,
    'query ($id: ID!) { node(id: $id) { ... on Revision { voxelCount } } }',
    {
      id: second.id,
    },
  );
  assert.equal(kept.data.node.voxelCount, 43, 'the earlier one stands as it was');
});

test('a label that is not what it says is refused, and leaves nothing behind', async () => {
  const { t, tenant, people } = room;
  const study = await prepared();
  const other = await prepared();
  const good = await inputFor(study, label, people.coordinator);
  const call = (more: object, caller = people.coordinator): Promise<Data> =>
    mutate(t, caller, 'groundTruthImport', { ...good, idempotencyKey: newKey(), ...more }, '');
  const moved = { ...label, grid: { ...grid, indexToLps: grid.indexToLps.map((v, n) => (n === 3 ? v + 1 : v)) } };
  const staged = async (content: LabelVolume | Uint8Array): Promise<object> => ({
    segSopInstanceUid: await stageSeg(t, people.coordinator, study, content),
  });
  const foreign = segOf(label, other.studyInstanceUid, '2.25.1');
  const refusals: [string, object, RegExp][] = [
    ['GRID_MISMATCH', await staged(moved), /lies 1\.00 mm/],
    ['COUNT_MISMATCH', { segments: [{ number: 1, voxelCount: 43 }] }, /Segment 1 has 16 voxels/],
    ['LABEL_UNREADABLE', await staged(new Uint8Array(200)), /./],
    ['INVALID', await staged(foreign), /another study/],
    ['INVALID', { segSopInstanceUid: null }, /need the SEG/],
    ['INVALID', { source: 'x' }, /source must have 3 to 200/],
    ['INVALID', { reason: 'x' }, /reason must have/],
    ['NOT_FOUND', { segSopInstanceUid: '2.25.2' }, /no SEG with this UID/],
  ];
  for (const [code, more, words] of refusals) {
    const { userErrors } = await call(more);
    assert.equal(userErrors[0]?.code, code, JSON.stringify(more));
    assert.match(userErrors[0].message, words);
  }
  const unprepared = await insertStudy(t, tenant.tenantId, tenant.siteIds[0], 'QUEUED');
  const early = await call({ studyId: unprepared.globalId, segments: [], segSopInstanceUid: null });
  assert.equal(early.userErrors[0].code, 'NOT_PREPARED');
  const elsewhere = await tenant.member('Elsewhere', ['COORDINATOR', tenant.siteIds[1]]);
  assert.equal((await call({}, elsewhere)).userErrors[0].code, 'NOT_FOUND');
  const { errors } = await t.ask(
    people.anna,
    'mutation M($input: GroundTruthImportInput!) { groundTruthImport(input: $input) { revision { id } } }',
    { input: good },
  );
  assert.match(errors[0] ?? '', /FORBIDDEN/);
  assert.equal(await roundsOf(study), 0);
  // The label that was sent first is still there to be imported.
  assert.equal((await call({})).userErrors.length, 0);
});

test('a new round after an import needs a protocol; who reads it blind learns nothing of the import', async () => {
  const { t, people, protocolId, begin } = room;
  const study = await prepared();
  const { id, task } = await take(study, label);
  const again = { taskId: task.id, reason: 'To see for ourselves.' };
  assert.equal(await refused(t, people.coordinator, 'taskReopen', again), 'INVALID');
  const assign = { taskIds: [task.id], kind: 'DELINEATE' };
  assert.equal(await refused(t, people.coordinator, 'readAssign', assign), 'WRONG_STATE');
  const reopened = await done(t, people.coordinator, 'taskReopen', { ...again, protocolId }, 'task { id round }');
  assert.equal(reopened.task.round, 2);
  const text = `query ($study: ID!, $revision: ID!, $task: ID!) { study: node(id: $study) { ... on Study { groundTruth { id } lesionGroup } }
    revision: node(id: $revision) { id } task: node(id: $task) { id } }`;
  const look = async (): Promise<Data> =>
    (await t.ask(people.anna, text, { study: study.globalId, revision: id, task: task.id })).data;
  assert.equal((await look()).study.groundTruth.id, id, 'before she reads');
  await begin(reopened.task.id, people.anna);
  assert.deepEqual(await look(), { study: { groundTruth: null, lesionGroup: null }, revision: null, task: null });
  const seen = await t.services.database.inTenant(
    { tenantId: people.anna.tenantId, memberId: people.anna.memberId, siteIds: null, oversight: false },
    (db) => db.selectFrom('label_import').selectAll().where('study_id', '=', study.id).execute(),
  );
  assert.deepEqual(seen, []);
});

test('a frozen dataset takes imported labels; one that began as a draft is not drawn into the test set', async () => {
  const { t, tenant } = room;
  const engineer = await tenant.member('Engineer', 'ENGINEER');
  const drafts = [await prepared(), await prepared(), await prepared()];
  const taken: Data[] = [];
  for (const study of drafts) taken.push(await take(study, label, { beganAsDraft: true }));
  const { dataset } = await done(t, engineer, 'datasetCreate', { name: 'Imported' }, 'dataset { id }');
  const frozen = await done(
    t,
    engineer,
    'datasetFreeze',
    { datasetId: dataset.id, testPerGroup: 100, trainPerDevelopment: 1 },
    'dataset { manifestSha256 }',
  );
  const manifest = JSON.parse(
    new TextDecoder().decode(await t.services.objects.get(objectKey(tenant.tenantId, frozen.dataset.manifestSha256))),
  ) as DatasetManifest;
  for (const [n, study] of drafts.entries()) {
    const one = manifest.cases.find(({ studyId }) => studyId === study.id);
    assert.equal(one?.labelSha256, taken[n]!.sha256);
    assert.notEqual(one?.subset, 'TEST');
  }
  assert.ok(
    manifest.cases.some(({ subset }) => subset === 'TEST'),
    'other imported labels are',
  );
});
