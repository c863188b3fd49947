import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { type DatasetId, type ModelVersionId, newId, type TrainingRunId } from '#core/domain/ids.ts';
import type { ModelVersionState } from '#core/domain/lifecycle.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { LearningRows, rowId } from './harness/learning.ts';
import { codes, mutate, plain } from './harness/mutate.ts';
import { changed } from './harness/retraining-desk.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let services: TestServices;
let tenant: TestTenant;
let rows: LearningRows;
let engineer: Caller;
let datasetId: string;
let tenants = 0;
before(async () => {
  services = await startServices();
});
after(() => services?.stop());
test.beforeEach(async () => {
  tenant = await createTenant(services.services.database, `Tenant ${++tenants}`);
  rows = new LearningRows(services.services.database, tenant.tenantId);
  engineer = await tenant.member('engineer', 'ENGINEER');
  await rows.cohort(tenant.siteIds, 3);
  datasetId = await freeze('First');
});

async function freeze(name: string): Promise<string> {
  const { dataset } = changed(await mutate(services, engineer, 'datasetCreate', { name }, 'dataset { id }'));
  const choice = { datasetId: dataset.id, testPerGroup: 1, trainPerDevelopment: 2 };
  return changed(await mutate(services, engineer, 'datasetFreeze', choice, 'dataset { id }')).dataset.id;
}

const runFields = 'trainingRun { id warmStart { id number } plan { width epochs sequences sizePixels } }';
const start = (input: object, caller = engineer): Promise<Data> =>
  mutate(services, caller, 'trainingRunStart', { datasetId, idempotencyKey: crypto.randomUUID(), ...input }, runFields);

/** A version as the worker publishes it after such a run. @returns its global id */
async function publish(number: number, input: object): Promise<string> {
  const { trainingRun } = changed(await start(input));
  const { versionId } = await rows.publish(rowId<TrainingRunId>(trainingRun.id), rowId<DatasetId>(datasetId), number);
  return globalId('ModelVersion', versionId);
}

const become = (version: string, state: ModelVersionState): Promise<unknown> =>
  rows.inTenant((db) =>
    db.updateTable('model_version').set({ state }).where('id', '=', rowId<ModelVersionId>(version)).execute(),
  );

test('a training starts from a version of the same network; what is not said of its plan is the version’s', async () => {
  const plan = { width: 0.5, sequences: ['T1_POST', 'BRAVO'], epochs: 4 };
  const parent = await publish(1, { plan });
  datasetId = await freeze('Second');
  const { trainingRun } = changed(await start({ warmStartId: parent, plan: { epochs: 2 } }));
  assert.deepEqual(plain(trainingRun.plan), { ...plan, epochs: 2, sizePixels: 256 });
  assert.deepEqual(plain(trainingRun.warmStart), { id: parent, number: 1 });
  const { warm_start_id, retraining_policy_number } = await rows.inTenant((db) =>
    db
      .selectFrom('training_run')
      .selectAll()
      .where('id', '=', rowId<TrainingRunId>(trainingRun.id))
      .executeTakeFirstOrThrow(),
  );
  assert.deepEqual([warm_start_id, retraining_policy_number], [rowId(parent), null]);
  for (const [other, path] of [
    [{ width: 1 }, ['plan', 'width']],
    [{ sequences: ['BRAVO', 'T1_POST'] }, ['plan', 'sequences']],
    [{ sequences: ['BRAVO'] }, ['plan', 'sequences']],
    [{ sizePixels: 128 }, ['plan', 'sizePixels']],
  ] as const) {
    const [error] = (await start({ warmStartId: parent, plan: other })).userErrors;
    assert.deepEqual([error.code, plain(error.path)], ['INVALID', path]);
  }
});

test('every state of a version but REJECTED and RETIRED may be built upon, and one key begins one run', async () => {
  const parent = await publish(1, {});
  for (const state of ['CANDIDATE', 'IN_REVIEW', 'APPROVED'] as const) {
    await become(parent, state);
    changed(await start({ warmStartId: parent }));
  }
  const again = { warmStartId: parent, idempotencyKey: 'one-key-one-run' };
  const { trainingRun } = changed(await start(again));
  for (const state of ['REJECTED', 'RETIRED'] as const) {
    await become(parent, state);
    const refused = await start({ warmStartId: parent });
    const [error] = refused.userErrors;
    assert.deepEqual([error.code, plain(error.path), error.current.id], ['WRONG_STATE', ['warmStartId'], parent]);
    assert.equal(changed(await start(again)).trainingRun.id, trainingRun.id, 'begun before');
  }
  assert.deepEqual(codes(await start({ idempotencyKey: 'one-key-one-run' })), ['IDEMPOTENCY_CONFLICT']);
});

test('a version of another tenant is one that never was', async () => {
  const parent = await publish(1, {});
  const other = await createTenant(services.services.database, 'Strangers');
  const stranger = await other.member('engineer', 'ENGINEER');
  const theirs = new LearningRows(services.services.database, other.tenantId);
  await theirs.cohort(other.siteIds, 2);
  const { dataset } = await mutate(services, stranger, 'datasetCreate', { name: 'Theirs' }, 'dataset { id }');
  changed(await mutate(services, stranger, 'datasetFreeze', { datasetId: dataset.id }, 'dataset { id }'));
  const ask = (warmStartId: string): Promise<Data> => start({ datasetId: dataset.id, warmStartId }, stranger);
  const hidden = await ask(parent);
  assert.deepEqual([codes(hidden), plain(hidden.userErrors[0].path)], [['NOT_FOUND'], ['warmStartId']]);
  assert.deepEqual(plain(await ask(globalId('ModelVersion', newId()))), plain(hidden));
});

test('a version of slices of another size cannot be built upon', async () => {
  const parent = await publish(1, {});
  await rows.inTenant((db) =>
    db
      .updateTable('training_run')
      .set((eb) => ({ plan: eb.val(JSON.stringify({ sizePixels: 128 })) }))
      .execute(),
  );
  const [error] = (await start({ warmStartId: parent })).userErrors;
  assert.deepEqual([error.code, plain(error.path)], ['INVALID', ['warmStartId']]);
  assert.match(error.message, /takes slices of 128 pixels.*at 256/);
});

test('a version shows both its parents, what grew out of it, and its whole family; not to clinicians', async () => {
  const one = await publish(1, {});
  const two = await publish(2, { warmStartId: one });
  datasetId = await freeze('Second');
  const three = await publish(3, { warmStartId: two });
  const four = await publish(4, { warmStartId: one });
  await publish(5, {});
  const running = changed(await start({ warmStartId: two })).trainingRun.id;
  const text = `query ($id: ID!) { node(id: $id) { ... on ModelVersion {
    warmStart { number } trainingRun { dataset { name manifestSha256 } }
    warmStarts { edges { node { id state modelVersion { number } } } }
    lineage { number warmStart { number } trainingRun { dataset { name } } } } } }`;
  const look = async (id: string, caller = engineer): Promise<Data> => {
    const { data, errors } = await services.ask(caller, text, { id });
    assert.deepEqual(errors, []);
    return data.node;
  };
  const shown = await look(two);
  assert.equal(shown.warmStart.number, 1);
  assert.equal(shown.trainingRun.dataset.name, 'First');
  assert.match(shown.trainingRun.dataset.manifestSha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    shown.warmStarts.edges.map(({ node }: Data) => [node.state, node.modelVersion?.number ?? null]),
    [
      ['QUEUED', null],
      ['SUCCEEDED', 3],
    ],
  );
  assert.equal(shown.warmStarts.edges[0].node.id, running);
  const family = shown.lineage.map(({ number, warmStart, trainingRun }: Data) => [
    number,
    warmStart?.number ?? null,
    trainingRun.dataset.name,
  ]);
  assert.deepEqual(family, [
    [1, null, 'First'],
    [2, 1, 'First'],
    [3, 2, 'Second'],
    [4, 1, 'Second'],
  ]);
  for (const member of [one, three, four]) assert.deepEqual((await look(member)).lineage, shown.lineage);
  const clinician = await tenant.member('clinician', 'CLINICIAN');
  assert.deepEqual(plain(await look(two, clinician)), {
    ...{ warmStart: null, trainingRun: null, lineage: [] },
    warmStarts: { edges: [] },
  });
});

test('of a family that is too large its own line is shown first, then what is near', async () => {
  const one = await publish(1, {});
  const two = await publish(2, { warmStartId: one });
  for (let number = 3; number <= 110; number++) await publish(number, { warmStartId: one });
  const deep = await publish(111, { warmStartId: two });
  const { data } = await services.ask(
    engineer,
    'query ($id: ID!) { node(id: $id) { ... on ModelVersion { lineage { number } } } }',
    { id: deep },
  );
  const numbers = data.node.lineage.map(({ number }: Data) => number);
  assert.equal(numbers.length, 100);
  assert.deepEqual([numbers[0], numbers[1], numbers.at(-1)], [1, 2, 111]);
});
