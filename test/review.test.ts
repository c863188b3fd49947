import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Estimate, EvaluationReport, FiguresRow } from '#core/domain/evaluation-report.ts';
import { newId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { caseFigures, emptyReport, hashOf, LearningRows, rowId, type TestStudy } from './harness/learning.ts';
import { codes, mutate, plain } from './harness/mutate.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let services: TestServices;
let tenant: TestTenant;
let rows: LearningRows;
let people: Record<'engineer' | 'other' | 'approver' | 'clinician' | 'auditor', Caller>;
let studies: TestStudy[];
let dataset: { id: string };
let trainingRun: { id: string };

const call = (caller: Caller, name: string, input: object, fields: string): Promise<Data> =>
  mutate(services, caller, name, input, fields);

before(async () => {
  services = await startServices();
});
after(() => services.stop());

let tenants = 0;
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
  studies = await rows.cohort(tenant.siteIds, 3);
  const { engineer } = people;
  const datasetId = (await call(engineer, 'datasetCreate', { name: 'Frozen' }, 'dataset { id }')).dataset.id;
  dataset = (await call(engineer, 'datasetFreeze', { datasetId }, 'dataset { id }')).dataset;
  const run = { datasetId, idempotencyKey: 'the-only-run' };
  trainingRun = (await call(engineer, 'trainingRunStart', run, 'trainingRun { id }')).trainingRun;
});

test('a version is submitted with its test report, and signed by somebody who did not train it', async () => {
  const published = await rows.publish(rowId(trainingRun.id), rowId(dataset.id), 1);
  const modelVersionId = globalId('ModelVersion', published.versionId);
  const evaluationId = globalId('Evaluation', published.evaluationId);
  const submit = (input: object = {}): Promise<Data> =>
    call(
      people.engineer,
      'modelVersionSubmit',
      { modelVersionId, evaluationId, intendedUse: 'Research only', limits: 'Small ones', ...input },
      'modelVersion { id state intendedUse }',
    );
  const sign = (caller: Caller, input: object = {}): Promise<Data> =>
    call(
      caller,
      'reviewSign',
      {
        modelVersionId,
        reportSha256: published.reportSha256,
        decision: 'APPROVE',
        meaning: 'I approve this version',
        comment: 'Good enough',
        ...input,
      },
      'review { decision comment signature { printedName meaning contentSha256 member { name } } modelVersion { state } evaluation { id } }',
    );

  assert.deepEqual(codes(await sign(people.approver)), ['WRONG_STATE']);
  assert.deepEqual(codes(await submit({ evaluationId: globalId('Evaluation', newId()) })), ['NOT_FOUND']);
  await rows.inTenant((db) => db.updateTable('evaluation').set({ subset: 'DEVELOPMENT' }).execute());
  assert.deepEqual(codes(await submit()), ['INVALID']);
  await rows.inTenant((db) => db.updateTable('evaluation').set({ subset: 'TEST' }).execute());
  assert.equal((await submit()).modelVersion.state, 'IN_REVIEW');
  assert.deepEqual(codes(await submit()), ['WRONG_STATE']);

  assert.deepEqual(codes(await sign(people.engineer)), ['OWN_WORK']);
  const stale = await sign(people.approver, { reportSha256: hashOf('an older report') });
  assert.deepEqual([codes(stale), stale.userErrors[0].current.id], [['STALE'], evaluationId]);
  assert.match((await sign(people.other)).errors[0], /^FORBIDDEN/);
  assert.deepEqual(codes(await sign(people.approver, { comment: 'ok' })), ['INVALID']);
  const { review } = await sign(people.approver);
  assert.deepEqual([review.modelVersion.state, review.signature.printedName], ['APPROVED', 'approver']);
  assert.equal(review.signature.contentSha256, published.reportSha256);
  assert.deepEqual(codes(await sign(people.approver)), ['WRONG_STATE']);
  await assert.rejects(
    rows.inTenant((db) =>
      db
        .updateTable('review')
        .set({ comment: 'Never mind' } as never)
        .execute(),
    ),
  );
  const { data } = await services.ask(
    people.auditor,
    `{ modelVersions(states: [APPROVED]) { edges { node { number threshold thresholdRule limits publishedAt artifacts { kind sha256 } reviews { comment } trainingRun { dataset { name } evaluations { id } modelVersion { number } } } } }
      auditEvents(filter: { objectId: "${modelVersionId}" }) { edges { node { action reason member { name } objectId } } } }`,
  );
  const { publishedAt, trainingRun: run, ...version } = plain(data.modelVersions.edges[0].node);
  assert.ok(publishedAt <= new Date().toISOString());
  assert.deepEqual(run, {
    dataset: { name: 'Frozen' },
    evaluations: [{ id: evaluationId }],
    modelVersion: { number: 1 },
  });
  assert.deepEqual(version, {
    ...{ number: 1, threshold: 0.93, thresholdRule: 'YOUDEN', limits: 'Small ones' },
    ...{ artifacts: [{ kind: 'WEIGHTS', sha256: hashOf('weights') }], reviews: [{ comment: 'Good enough' }] },
  });
  assert.deepEqual(plain(data.auditEvents.edges.map(({ node }: Data) => node)), [
    { action: 'reviewSign', reason: 'Good enough', member: { name: 'approver' }, objectId: modelVersionId },
    { action: 'modelVersionSubmit', reason: null, member: { name: 'engineer' }, objectId: modelVersionId },
  ]);
  assert.match(
    (await services.ask(people.engineer, '{ auditEvents { edges { node { number } } } }')).errors[0]!,
    /FORBIDDEN/,
  );
});

const mean = (value: number, count: number): Estimate => ({ mean: value, sd: null, low95: null, high95: null, count });

test('an evaluation shows its report, worst cases first, and to a blind reader not the case they read', async () => {
  const [good, bad, free] = studies as [TestStudy, TestStudy, TestStudy];
  const reported = (study: TestStudy, dice: number | null) => ({
    ...{ studyId: study.studyId, siteId: tenant.siteIds[0], siteName: 'North', group: 'ONE_TO_THREE' as const },
    figures: caseFigures({
      dice,
      lesionCount: dice === null ? 0 : 3,
      foundLesionCount: dice === null ? 0 : 2,
      fpPerCase: 4,
    }),
  });
  const row = {
    ...caseFigures({}),
    label: 'all',
    caseCount: 2,
    lesionCount: 6,
    foundLesionCount: 4,
    dice: mean(0.7, 2),
  } as unknown as FiguresRow;
  const report: EvaluationReport = {
    ...emptyReport,
    cases: [reported(good, 0.9), reported(free, null), reported(bad, 0.5)],
    rows: { byLesionGroup: [row], bySite: [{ ...row, label: 'North' }] },
    groupTests: [{ metric: 'brats23Hd95Mm', first: 'ONE_TO_THREE', second: 'FOUR_TO_TEN', pValue: 0.2, exact: true }],
    intensityBaseline: { dice: 0.1, threshold: 1.4 },
  };
  const { evaluationId } = await rows.publish(rowId(trainingRun.id), rowId(dataset.id), 1, report);
  const text = `{ node(id: "${globalId('Evaluation', evaluationId)}") { ... on Evaluation { state subset
    figures { label caseCount dice { mean count } auc { mean } } bySite: figures(by: SITE) { label }
    groupTests { metric pValue } intensityBaseline { dice threshold }
    cases(first: 2) { edges { node { study { id } foundLesionCount figures { label dice { mean } fpPerCase { mean } } } } pageInfo { hasNextPage endCursor } } } } }`;
  const { data, errors } = await services.ask(people.approver, text);
  assert.deepEqual(errors, []);
  const { cases, ...rest } = plain(data.node);
  assert.deepEqual(rest, {
    ...{ state: 'SUCCEEDED', subset: 'TEST', bySite: [{ label: 'North' }] },
    figures: [{ label: 'all', caseCount: 2, dice: { mean: 0.7, count: 2 }, auc: null }],
    groupTests: [{ metric: 'BRATS23_HD95', pValue: 0.2 }],
    intensityBaseline: { dice: 0.1, threshold: 1.4 },
  });
  assert.deepEqual(
    cases.edges.map(({ node }: Data) => rowId(node.study.id)),
    [bad.studyId, good.studyId],
  );
  assert.deepEqual(cases.edges[0].node.figures, { label: 'North', dice: { mean: 0.5 }, fpPerCase: { mean: 4 } });
  assert.equal(cases.pageInfo.hasNextPage, true);

  const reader = await tenant.member('reader', 'READER', 'ENGINEER');
  await rows.blind(bad, reader.memberId, 2);
  const shown = (await services.ask(reader, text)).data.node.cases;
  assert.deepEqual(
    shown.edges.map(({ node }: Data) => rowId(node.study.id)),
    [good.studyId, free.studyId],
  );
  assert.equal((await services.ask(people.clinician, text)).data.node, null);
  const listed = `{ node(id: "${dataset.id}") { ... on Dataset { cases(first: 100) { edges { node { study { id } } } } } } }`;
  const casesOf = async (caller: Caller): Promise<number> =>
    (await services.ask(caller, listed)).data.node.cases.edges.length;
  assert.equal((await casesOf(people.other)) - (await casesOf(reader)), 1);
});
