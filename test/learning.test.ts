import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { DatasetManifest } from '#core/domain/dataset-manifest.ts';
import { type DatasetId, newId, type StudyId, type SubjectId, type TrainingRunId } from '#core/domain/ids.ts';
import { sha256Hex } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { LearningRows, rowId, type TestStudy } from './harness/learning.ts';
import { codes, mutate, plain } from './harness/mutate.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let services: TestServices;
let tenant: TestTenant;
let rows: LearningRows;
let people: Record<'engineer' | 'other' | 'approver' | 'clinician' | 'auditor', Caller>;
let tenants = 0;

before(async () => {
  services = await startServices();
});
after(() => services.stop());

test.beforeEach(async () => {
  tenant = await createTenant(services.services.database, `Tenant ${++tenants}`);
  rows = new LearningRows(services.services.database, tenant.tenantId);
  people = {
    engineer: await tenant.member('engineer', 'ENGINEER', 'APPROVER'),
    other: await tenant.member('other', 'ENGINEER'),
    approver: await tenant.member('approver', 'APPROVER'),
    clinician: await tenant.member('clinician', 'CLINICIAN'),
    auditor: await tenant.member('auditor', 'AUDITOR'),
  };
});

const call = (caller: Caller, name: string, input: object, fields: string): Promise<Data> =>
  mutate(services, caller, name, input, fields);

const create = async (name: string): Promise<string> =>
  (await call(people.engineer, 'datasetCreate', { name }, 'dataset { id state }')).dataset.id;
const freeze = (datasetId: string, input: object = { testPerGroup: 2, trainPerDevelopment: 3 }): Promise<Data> =>
  call(people.engineer, 'datasetFreeze', { datasetId, ...input }, 'dataset { id state manifestSha256 frozenAt seed }');
const start = (datasetId: string, idempotencyKey: string, plan?: object, caller = people.engineer): Promise<Data> =>
  call(
    caller,
    'trainingRunStart',
    { datasetId, idempotencyKey, ...(plan && { plan }) },
    'trainingRun { id state plan { hash sizePixels epochs sequences } startedBy { name } }',
  );

const cohort = (perGroup: number): Promise<TestStudy[]> => rows.cohort(tenant.siteIds, perGroup);

const readManifest = async (sha256: string): Promise<DatasetManifest> => {
  const bytes = await services.services.objects.get(objectKey(tenant.tenantId, sha256));
  assert.equal(sha256Hex(bytes), sha256);
  return JSON.parse(new TextDecoder().decode(bytes)) as DatasetManifest;
};

const sides = async (): Promise<Map<SubjectId, string | null>> => {
  const subjects = await rows.inTenant((db) => db.selectFrom('subject').select(['id', 'subset']).execute());
  return new Map(subjects.map(({ id, subset }) => [id, subset]));
};

test('freezing takes the newest accepted labels of prepared studies, and no patient is on two sides', async () => {
  const studies = await cohort(5);
  const twice = studies[0]!;
  // The same patient again, with more lesions: the patient's group is the greater one.
  const again = await rows.accepted({ siteId: tenant.siteIds[1], subjectId: twice.subjectId, lesionCount: 14 });
  const { revisionId } = await rows.accept(twice, 3, 2);
  const [unprepared, judged] = [studies[1]!, studies[2]!];
  await rows.prepare(unprepared.studyId, 2, 'QUEUED');
  await rows.prepare(judged.studyId, 2, 'FAILED');
  const none = await rows.accepted({ siteId: tenant.siteIds[0], lesionCount: 0 });
  await rows.study({ siteId: tenant.siteIds[0] });

  const { dataset, userErrors: errors } = await freeze(await create('First'));
  assert.deepEqual([errors, dataset.state], [[], 'FROZEN']);
  const manifest = await readManifest(dataset.manifestSha256);
  const wanted = [...studies.filter((one) => one !== unprepared && one !== judged), again, none];
  assert.deepEqual(
    manifest.cases.map(({ studyId }) => studyId),
    wanted.map(({ studyId }) => studyId).sort(),
  );
  const own = manifest.cases.filter(({ subjectId }) => subjectId === twice.subjectId);
  assert.deepEqual(
    own.map(({ lesionGroup }) => lesionGroup),
    ['MORE_THAN_TEN', 'MORE_THAN_TEN'],
  );
  assert.equal(own.find(({ studyId }) => studyId === twice.studyId)?.revisionId, revisionId);
  assert.equal(new Set(own.map(({ subset }) => subset)).size, 1);
  for (const [, some] of Map.groupBy(manifest.cases, ({ subjectId }) => subjectId))
    assert.equal(new Set(some.map(({ subset }) => subset)).size, 1);
  assert.deepEqual(new Set(manifest.cases.map(({ subset }) => subset)), new Set(['TRAIN', 'DEVELOPMENT', 'TEST']));
  const bySubject = await sides();
  for (const { subjectId, subset } of manifest.cases) assert.equal(bySubject.get(subjectId as SubjectId), subset);

  const shown = await services.ask(
    people.approver,
    `{ node(id: "${dataset.id}") { ... on Dataset { cases(first: 100, subset: TEST) { edges { node { study { id } revision { id } lesionGroup subset } } } } } }`,
  );
  assert.deepEqual(shown.errors, []);
  const testCases = manifest.cases.filter(({ subset }) => subset === 'TEST');
  assert.deepEqual(
    shown.data.node.cases.edges.map(({ node }: Data) => rowId(node.study.id)),
    testCases.map(({ studyId }) => studyId),
  );
  assert.deepEqual(codes(await freeze(dataset.id)), ['WRONG_STATE']);
});

test('test patients stay test patients in every later dataset', async () => {
  await cohort(4);
  const first = await readManifest((await freeze(await create('First'))).dataset.manifestSha256);
  const inTest = new Set(first.cases.filter(({ subset }) => subset === 'TEST').map(({ subjectId }) => subjectId));
  const learntFrom = new Set(first.cases.filter(({ subset }) => subset !== 'TEST').map(({ subjectId }) => subjectId));
  assert.ok(inTest.size >= 3);
  await cohort(4);
  for (const seed of [1, 2, 3]) {
    const { dataset } = await freeze(await create(`Later ${seed}`), { seed, testPerGroup: 3, trainPerDevelopment: 3 });
    const later = await readManifest(dataset.manifestSha256);
    for (const { subjectId, subset } of later.cases) {
      if (inTest.has(subjectId)) assert.equal(subset, 'TEST');
      if (learntFrom.has(subjectId)) assert.notEqual(subset, 'TEST');
    }
  }
});

test('datasets frozen at once agree on who is a test patient', async () => {
  await cohort(4);
  const drafts = await Promise.all(['One', 'Two', 'Three'].map(create));
  const answers = await Promise.all(drafts.map((id, index) => freeze(id, { seed: index, testPerGroup: 2 })));
  for (const { userErrors: errors } of answers) assert.deepEqual(errors, []);
  const manifests = await Promise.all(answers.map(({ dataset }) => readManifest(dataset.manifestSha256)));
  const tests = manifests.map(({ cases }) =>
    cases
      .filter(({ subset }) => subset === 'TEST')
      .map(({ subjectId }) => subjectId)
      .sort(),
  );
  assert.deepEqual(tests[1], tests[0]);
  assert.deepEqual(tests[2], tests[0]);
});

test('the database itself refuses a leak between the sides', async () => {
  await cohort(3);
  const { dataset } = await freeze(await create('First'));
  const { cases } = await readManifest(dataset.manifestSha256);
  const leaked = cases.find(({ subset }) => subset === 'TEST')!;
  const learnt = cases.find(({ subset }) => subset === 'TRAIN')!;
  const draft = rowId<DatasetId>(await create('Leaky'));
  const insert = (one: typeof leaked, subset: 'TRAIN' | 'TEST'): Promise<unknown> =>
    rows.inTenant((db) =>
      db
        .insertInto('dataset_case')
        .values({
          ...{ tenant_id: tenant.tenantId, dataset_id: draft, subset, lesion_group: one.lesionGroup },
          ...{ study_id: one.studyId as StudyId, subject_id: one.subjectId as SubjectId },
          ...{ revision_id: one.revisionId as never, preparation_id: one.preparationId as never },
        })
        .execute(),
    );
  await assert.rejects(insert(leaked, 'TRAIN'), /its side of the split is another/);
  await assert.rejects(insert(learnt, 'TEST'), /its side of the split is another/);
  const move = (id: string, subset: 'TRAIN' | 'TEST'): Promise<unknown> =>
    rows.inTenant((db) =>
      db
        .updateTable('subject')
        .set({ subset })
        .where('id', '=', id as SubjectId)
        .execute(),
    );
  await assert.rejects(move(leaked.subjectId, 'TRAIN'), /permanent/);
  await assert.rejects(move(learnt.subjectId, 'TEST'), /cannot enter the test set/);
  await assert.rejects(
    rows.inTenant((db) => db.updateTable('dataset').set({ name: 'Other' }).where('state', '=', 'FROZEN').execute()),
    /never changes/,
  );
});

test('a dataset that cannot be split, mixes preparations or has a taken name is refused', async () => {
  const id = await create('Few');
  assert.deepEqual(codes(await freeze(id)), ['SPLIT_IMPOSSIBLE']);
  const siteId = tenant.siteIds[0];
  for (const lesionCount of [1, 5]) await rows.accepted({ siteId, lesionCount });
  assert.deepEqual(codes(await freeze(id)), ['SPLIT_IMPOSSIBLE']);
  assert.deepEqual([...(await sides()).values()], [null, null]);
  await rows.accepted({ siteId, lesionCount: 12, planHash: 'e'.repeat(64) });
  const [mixed] = (await freeze(id)).userErrors;
  assert.equal(mixed.code, 'INVALID');
  assert.match(mixed.message, /eeeeeeeeeeee/);
  assert.deepEqual(plain((await freeze(id, { testPerGroup: 0 })).userErrors[0].path), ['testPerGroup']);
  assert.deepEqual(codes(await call(people.engineer, 'datasetCreate', { name: ' Few ' }, 'dataset { id }')), [
    'INVALID',
  ]);
  const refused = await call(people.approver, 'datasetCreate', { name: 'Mine' }, 'dataset { id }');
  assert.match(refused.errors[0], /^FORBIDDEN/);

  const stranger = await (await createTenant(services.services.database, 'Strangers')).member('engineer', 'ENGINEER');
  const hidden = await call(stranger, 'datasetFreeze', { datasetId: id }, 'dataset { id }');
  const absent = await call(stranger, 'datasetFreeze', { datasetId: globalId('Dataset', newId()) }, 'dataset { id }');
  assert.deepEqual(codes(hidden), ['NOT_FOUND']);
  assert.deepEqual(plain(hidden), plain(absent));
});

test('a training starts once a key, on a frozen dataset, by a plan within its bounds', async () => {
  await cohort(3);
  const draft = await create('Draft');
  assert.deepEqual(codes(await start(draft, 'key-number-1')), ['WRONG_STATE']);
  const { dataset } = await freeze(await create('Frozen'));
  const answers = await Promise.all([1, 2, 3].map(() => start(dataset.id, 'key-number-2', { epochs: 3 })));
  assert.equal(new Set(answers.map(({ trainingRun }) => trainingRun.id)).size, 1);
  const { trainingRun } = answers[0];
  assert.deepEqual([trainingRun.state, trainingRun.plan.epochs, trainingRun.plan.sizePixels], ['QUEUED', 3, 256]);
  assert.deepEqual(codes(await start(dataset.id, 'key-number-2', { epochs: 4 })), ['IDEMPOTENCY_CONFLICT']);
  assert.notEqual((await start(dataset.id, 'key-number-2', undefined, people.other)).trainingRun.id, trainingRun.id);
  for (const [plan, field] of [
    [{ sizePixels: 64 }, 'sizePixels'],
    [{ width: 2 }, 'width'],
    [{ learningRate: 0 }, 'learningRate'],
    [{ sequences: ['BRAVO', 'OTHER'] }, 'sequences'],
  ] as const) {
    const [error] = (await start(dataset.id, 'key-number-3', plan)).userErrors;
    assert.deepEqual([error.code, plain(error.path)], ['INVALID', ['plan', field]]);
  }
  assert.deepEqual(codes(await start(dataset.id, 'short')), ['INVALID']);
  const jobs = await rows.inTenant((db) => db.selectFrom('job').selectAll().where('kind', '=', 'TRAIN').execute());
  assert.equal(jobs.length, 2);
});

test('a run is cancelled with its job, once', async () => {
  await cohort(3);
  const { dataset } = await freeze(await create('Frozen'));
  const { trainingRun } = await start(dataset.id, 'to-be-cancelled');
  const cancel = (): Promise<Data> =>
    call(
      people.other,
      'trainingRunCancel',
      { trainingRunId: trainingRun.id },
      'trainingRun { state progress { endedAt } }',
    );
  const cancelled = await cancel();
  assert.equal(cancelled.trainingRun.state, 'CANCELLED');
  assert.ok(cancelled.trainingRun.progress.endedAt);
  const again = await cancel();
  assert.deepEqual([codes(again), again.userErrors[0].current.id], [['WRONG_STATE'], trainingRun.id]);
});

test('measurements are thinned evenly, with the last one and every AUC among them', async () => {
  await cohort(3);
  const { dataset } = await freeze(await create('Frozen'));
  const { trainingRun } = await start(dataset.id, 'long-training');
  await rows.inTenant((db) =>
    db
      .insertInto('training_metric')
      .values(
        Array.from({ length: 500 }, (_, n) => ({
          ...{ tenant_id: tenant.tenantId, training_run_id: rowId<TrainingRunId>(trainingRun.id), step: n + 1 },
          ...{ epoch: n / 100, loss: 1 / (n + 1), learning_rate: 0.001, slices_per_second: 3, memory_bytes: 5e9 },
          development_auc: n % 100 === 49 ? 0.9 : null,
        })),
      )
      .execute(),
  );
  const read = async (maxPoints: number): Promise<Data[]> => {
    const text = `{ node(id: "${trainingRun.id}") { ... on TrainingRun { metrics(maxPoints: ${maxPoints}) { step developmentAuc memoryBytes } checkpoints { step savedAt } } } }`;
    return (await services.ask(people.auditor, text)).data.node.metrics;
  };
  const points = await read(50);
  assert.equal(points.length, 50);
  assert.deepEqual(
    points.filter(({ developmentAuc }) => developmentAuc !== null).map(({ step }) => step),
    [50, 150, 250, 350, 450],
  );
  assert.equal(points.at(-1).step, 500);
  const gaps = points.slice(1).map(({ step }, n) => step - points[n].step);
  assert.ok(Math.max(...gaps) <= 12, `${gaps}`);
  assert.equal((await read(3)).length, 3);
  assert.equal((await read(1000)).length, 500);
  assert.equal(points[0].memoryBytes, 5e9);
});
