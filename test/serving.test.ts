import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { ModelVersionId, SegmentationId, SiteId, StudyId } from '#core/domain/ids.ts';
import { newId } from '#core/domain/ids.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { LearningRows } from './harness/learning.ts';
import { codes, mutate, plain } from './harness/mutate.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

let services: TestServices;
let tenant: TestTenant;
let rows: LearningRows;
let people: Record<'engineer' | 'approver' | 'clinician' | 'clinicianAtB' | 'coordinator' | 'auditor', Caller>;
let tenants = 0;

before(async () => {
  services = await startServices();
});
after(() => services.stop());

test.beforeEach(async () => {
  tenant = await createTenant(services.services.database, `Tenant ${++tenants}`);
  rows = new LearningRows(services.services.database, tenant.tenantId);
  people = {
    engineer: await tenant.member('engineer', 'ENGINEER'),
    approver: await tenant.member('approver', 'APPROVER'),
    clinician: await tenant.member('clinician', ['CLINICIAN', tenant.siteIds[0]]),
    clinicianAtB: await tenant.member('clinician-b', ['CLINICIAN', tenant.siteIds[1]]),
    coordinator: await tenant.member('coordinator', 'COORDINATOR'),
    auditor: await tenant.member('auditor', 'AUDITOR'),
  };
});

const rollOut = (version: ModelVersionId, sites: readonly SiteId[], caller = people.approver): Promise<Data> =>
  mutate(
    services,
    caller,
    'rolloutCreate',
    {
      modelVersionId: globalId('ModelVersion', version),
      siteIds: sites.map((id) => globalId('Site', id)),
      reason: 'It is better',
    },
    'rollout { id stage modelVersion { number } sites { edges { node { id } } } history { stage reason member { name } } }',
  );

const rollBack = (rolloutId: string): Promise<Data> =>
  mutate(services, people.approver, 'rolloutRollback', { rolloutId, reason: 'It is worse' }, 'rollout { id stage }');

let keys = 0;
const segment = (caller: Caller, studyId: StudyId, idempotencyKey = `request-${++keys}`): Promise<Data> =>
  mutate(
    services,
    caller,
    'requestSegmentation',
    { studyId: globalId('Study', studyId), idempotencyKey },
    'segmentation { id state modelVersion { number } rollout { id } requestedBy { name } progress { attempt fraction } }',
  );

async function liveAt(siteId: SiteId): Promise<number | null> {
  const { data } = await services.ask(
    people.auditor,
    `{ node(id: "${globalId('Site', siteId)}") { ... on Site { liveVersion { number } } } }`,
  );
  return data.node.liveVersion?.number ?? null;
}

test('a rollback makes the earlier version answer the next request', async () => {
  const [siteA, siteB] = tenant.siteIds;
  const [one, two] = [
    await rows.approvedVersion(1, people.engineer.memberId),
    await rows.approvedVersion(2, people.engineer.memberId),
  ];
  const { studyId } = await rows.study({ siteId: siteA });
  const elsewhere = await rows.study({ siteId: siteB });

  const first = await rollOut(one, [siteA]);
  assert.deepEqual(first.userErrors, []);
  assert.equal(first.rollout.stage, 'LIVE');
  assert.equal((await segment(people.clinician, studyId)).segmentation.modelVersion.number, 1);
  assert.deepEqual(codes(await segment(people.clinicianAtB, elsewhere.studyId)), ['NO_LIVE_VERSION']);

  const second = await rollOut(two, [siteA, siteB]);
  const answered = await segment(people.clinician, studyId, 'while-two-is-live');
  assert.equal(answered.segmentation.modelVersion.number, 2);
  assert.equal(answered.segmentation.rollout.id, second.rollout.id);
  assert.equal((await segment(people.clinicianAtB, elsewhere.studyId)).segmentation.modelVersion.number, 2);

  const taken = await rollBack(second.rollout.id);
  assert.deepEqual([taken.rollout.stage, taken.userErrors], ['ROLLED_BACK', []]);
  assert.equal((await segment(people.clinician, studyId)).segmentation.modelVersion.number, 1);
  // Where nothing served before, nothing does.
  assert.deepEqual(codes(await segment(people.clinicianAtB, elsewhere.studyId)), ['NO_LIVE_VERSION']);
  // A repeat gives the first answer, not the present version's.
  const repeated = await segment(people.clinician, studyId, 'while-two-is-live');
  assert.deepEqual(repeated.segmentation, answered.segmentation);
  assert.deepEqual(codes(await rollBack(second.rollout.id)), ['WRONG_STATE']);

  const { data } = await services.ask(
    people.auditor,
    `{ node(id: "${first.rollout.id}") { ... on Rollout { stage history { stage } } } auditEvents(first: 1) { edges { node { action objectType objectId reason hash } } } }`,
  );
  assert.deepEqual(plain(data.node), {
    stage: 'LIVE',
    history: [{ stage: 'LIVE' }, { stage: 'SUPERSEDED' }, { stage: 'LIVE' }],
  });
  assert.equal(data.auditEvents.edges[0].node.action, 'requestSegmentation');
  assert.match(data.auditEvents.edges[0].node.hash, /^[0-9a-f]{64}$/);
});

test('a version that is no longer approved does not come back, and one taken back by another never does', async () => {
  const [siteA, siteB] = tenant.siteIds;
  const versions: ModelVersionId[] = [];
  for (const number of [1, 2, 3]) versions.push(await rows.approvedVersion(number, people.engineer.memberId));
  const [one, two, three] = versions as [ModelVersionId, ModelVersionId, ModelVersionId];
  await rollOut(one, [siteA, siteB]);
  const second = await rollOut(two, [siteA, siteB]);
  const third = await rollOut(three, [siteB]);
  // Two is still LIVE at A, so that it can be taken back; at B three serves and goes on.
  await rollBack(second.rollout.id);
  assert.deepEqual([await liveAt(siteA), await liveAt(siteB)], [1, 3]);
  await rollBack(third.rollout.id);
  assert.deepEqual([await liveAt(siteA), await liveAt(siteB)], [1, 1]);

  const again = await rollOut(two, [siteA]);
  await rows.inTenant((db) =>
    db.updateTable('model_version').set({ state: 'RETIRED' }).where('id', '=', one).execute(),
  );
  await rollBack(again.rollout.id);
  assert.deepEqual([await liveAt(siteA), await liveAt(siteB)], [null, 1]);
});

test('only an approved version is rolled out, by an approver, at sites where it does not serve', async () => {
  const [siteA] = tenant.siteIds;
  const version = await rows.approvedVersion(1, people.engineer.memberId);
  assert.match((await rollOut(version, [siteA], people.engineer)).errors[0], /^FORBIDDEN/);
  await rollOut(version, [siteA]);
  assert.deepEqual(codes(await rollOut(version, [siteA])), ['INVALID']);
  assert.deepEqual(codes(await rollOut(version, [])), ['INVALID']);
  const other = await rows.approvedVersion(2, people.engineer.memberId);
  await rows.inTenant((db) =>
    db.updateTable('model_version').set({ state: 'CANDIDATE' }).where('id', '=', other).execute(),
  );
  const refused = await rollOut(other, [siteA]);
  assert.deepEqual(codes(refused), ['WRONG_STATE']);
  assert.equal(refused.userErrors[0].current.id, globalId('ModelVersion', other));
  assert.equal(await liveAt(siteA), 1);

  const stranger = await createTenant(services.services.database, 'Strangers');
  const approver = await stranger.member('approver', 'APPROVER');
  assert.deepEqual(codes(await rollOut(version, [siteA], approver)), ['NOT_FOUND']);
  assert.deepEqual(codes(await rollOut(version, [stranger.siteIds[0]], approver)), ['NOT_FOUND']);
});

test('of rollouts at once every one is served in turn or refused cleanly, and one version is live', async () => {
  const [siteA, siteB] = tenant.siteIds;
  const versions: ModelVersionId[] = [];
  for (const number of [1, 2, 3, 4]) versions.push(await rows.approvedVersion(number, people.engineer.memberId));
  const answers = await Promise.all(
    versions.map((version, index) => rollOut(version, index % 2 ? [siteB, siteA] : [siteA, siteB])),
  );
  for (const answer of answers) assert.deepEqual(answer.userErrors, []);
  const live = await rows.inTenant((db) =>
    db.selectFrom('rollout_site').selectAll().where('stage', '=', 'LIVE').execute(),
  );
  const rollouts = await rows.inTenant((db) =>
    db.selectFrom('rollout').selectAll().where('stage', '=', 'LIVE').execute(),
  );
  assert.equal(live.length, 2);
  assert.deepEqual(
    [...new Set(live.map(({ rollout_id }) => rollout_id))],
    rollouts.map(({ id }) => id),
  );
});

test('a rollout that loses to one which kept no order is refused as STALE', async () => {
  const [siteA] = tenant.siteIds;
  const [one, two] = [
    await rows.approvedVersion(1, people.engineer.memberId),
    await rows.approvedVersion(2, people.engineer.memberId),
  ];
  const { promise: inserted, resolve: tellInserted } = Promise.withResolvers<void>();
  const other = rows.inTenant(async (db) => {
    const id = newId<never>();
    await db
      .insertInto('rollout')
      .values({ tenant_id: tenant.tenantId, id, model_version_id: one, stage: 'LIVE' })
      .execute();
    await db
      .insertInto('rollout_site')
      .values({ tenant_id: tenant.tenantId, rollout_id: id, site_id: siteA, stage: 'LIVE' })
      .execute();
    tellInserted();
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  await inserted;
  assert.deepEqual(codes(await rollOut(two, [siteA])), ['STALE']);
  await other;
  assert.equal(await liveAt(siteA), 1);
});

test('a request needs a role at the site, a study that may be seen, its sequences and a preparation', async () => {
  const [siteA, siteB] = tenant.siteIds;
  const version = await rows.approvedVersion(1, people.engineer.memberId);
  await rollOut(version, [siteA, siteB]);
  const { studyId } = await rows.study({ siteId: siteA });
  assert.match((await segment(people.coordinator, studyId)).errors[0], /^FORBIDDEN/);
  assert.match((await segment(people.approver, studyId)).errors[0], /^FORBIDDEN/);
  const hidden = await segment(people.clinicianAtB, studyId);
  const absent = await segment(people.clinicianAtB, newId<StudyId>());
  assert.deepEqual(codes(hidden), ['NOT_FOUND']);
  assert.deepEqual(hidden.userErrors, absent.userErrors);
  assert.equal((await segment(people.engineer, studyId)).segmentation.modelVersion.number, 1);

  const stranger = await (await createTenant(services.services.database, 'Others')).member('engineer', 'ENGINEER');
  assert.deepEqual(codes(await segment(stranger, studyId)), ['NOT_FOUND']);
  assert.deepEqual(codes(await segment(people.clinician, studyId, 'short')), ['INVALID']);

  const lacking = await rows.study({ siteId: siteA, roles: ['BRAVO', 'T1_POST'] });
  const [missing] = (await segment(people.clinician, lacking.studyId)).userErrors;
  assert.deepEqual([missing.code, missing.roles], ['MISSING_SEQUENCE', ['T1_PRE', 'FLAIR']]);
  const frugal = await rows.approvedVersion(2, people.engineer.memberId, { plan: { sequenceDropout: 0.3 } });
  const taken = await rollOut(frugal, [siteA]);
  assert.equal((await segment(people.clinician, lacking.studyId, 'to-the-frugal')).segmentation.modelVersion.number, 2);
  const needs = `{ node(id: "${globalId('ModelVersion', frugal)}") { ... on ModelVersion { requiredRoles } } }`;
  assert.deepEqual(plain((await services.ask(people.clinician, needs)).data.node.requiredRoles), ['BRAVO']);
  await rollBack(taken.rollout.id);

  const unprepared = await rows.study({ siteId: siteA, preparation: null });
  assert.deepEqual(codes(await segment(people.clinician, unprepared.studyId)), ['NOT_PREPARED']);
  await rows.prepare(studyId, 2, 'QUEUED');
  const [waiting] = (await segment(people.clinician, studyId)).userErrors;
  assert.equal(waiting.code, 'NOT_PREPARED');
  assert.match(waiting.message, /QUEUED/);
  await rows.prepare(studyId, 3, 'READY', 'f'.repeat(64));
  const [otherPlan] = (await segment(people.clinician, studyId)).userErrors;
  assert.equal(otherPlan.code, 'NOT_PREPARED');
  assert.match(otherPlan.message, /another plan/);
});

test('who reads a study blind can neither ask for nor see a segmentation of it', async () => {
  const [siteA] = tenant.siteIds;
  const reader = await tenant.member('reader', 'READER', 'CLINICIAN', 'ENGINEER');
  await rollOut(await rows.approvedVersion(1, people.engineer.memberId), [siteA]);
  const study = await rows.study({ siteId: siteA });
  const own = await segment(reader, study.studyId, 'before-blind');
  assert.equal(own.segmentation.state, 'QUEUED');
  await rows.blind(study, reader.memberId);
  assert.deepEqual(codes(await segment(reader, study.studyId)), ['NOT_FOUND']);
  assert.deepEqual(codes(await segment(reader, study.studyId, 'before-blind')), ['NOT_FOUND']);
  const seen = `{ segmentations { edges { node { id } } } node(id: "${own.segmentation.id}") { id }
    study: node(id: "${globalId('Study', study.studyId)}") { ... on Study { segmentations { edges { node { id } } } } } }`;
  const hidden = await services.ask(reader, seen);
  assert.deepEqual([hidden.data.segmentations.edges, hidden.data.node], [[], null]);
  const shown = await services.ask(people.clinician, seen);
  assert.equal(shown.data.study.segmentations.edges.length, 1);
});

test('a key stands for one study of one member', async () => {
  const [siteA] = tenant.siteIds;
  await rollOut(await rows.approvedVersion(1, people.engineer.memberId), [siteA]);
  const [one, other] = [await rows.study({ siteId: siteA }), await rows.study({ siteId: siteA })];
  const answers = await Promise.all([1, 2, 3].map(() => segment(people.clinician, one.studyId, 'same-key')));
  assert.equal(new Set(answers.map(({ segmentation }) => segmentation.id)).size, 1);
  assert.deepEqual(codes(await segment(people.clinician, other.studyId, 'same-key')), ['IDEMPOTENCY_CONFLICT']);
  const theirs = await segment(people.engineer, other.studyId, 'same-key');
  assert.equal(theirs.segmentation.requestedBy.name, 'engineer');
  const jobs = await rows.inTenant((db) => db.selectFrom('job').selectAll().where('kind', '=', 'SEGMENT').execute());
  assert.deepEqual(
    jobs.map(({ state, site_id }) => [state, site_id]),
    [
      ['QUEUED', siteA],
      ['QUEUED', siteA],
    ],
  );
});

test('a segmentation shows lesions largest first and what was dropped; its asker may cancel it until it ends', async () => {
  const [siteA] = tenant.siteIds;
  await rollOut(await rows.approvedVersion(1, people.engineer.memberId), [siteA]);
  const { studyId } = await rows.study({ siteId: siteA });
  const { segmentation } = await segment(people.clinician, studyId);
  const cancel = (caller: Caller): Promise<Data> => {
    const input = { segmentationId: segmentation.id };
    return mutate(services, caller, 'segmentationCancel', input, 'segmentation { state progress { endedAt } }');
  };
  await rows.inTenant(async (db) => {
    const { id } = await db.selectFrom('segmentation').select('id').executeTakeFirstOrThrow();
    const dropped = [
      { reason: 'OUTSIDE_BRAIN_MASK', volumeMm3: 4, centroidLps: [1, 2, 3], probability: 0.97, voxelCount: 4 },
    ];
    await db
      .updateTable('segmentation')
      .set({ dropped: JSON.stringify(dropped) })
      .where('id', '=', id as SegmentationId)
      .execute();
    for (const [number, volume] of [
      [1, 12],
      [2, 50],
    ] as const) {
      const size = { longest_diameter_mm: 5, perpendicular_diameter_mm: 4, slice_count: 3, slice_index: 9 };
      await db
        .insertInto('lesion')
        .values({
          tenant_id: tenant.tenantId,
          id: newId<never>(),
          segmentation_id: id,
          number,
          voxel_count: volume,
          volume_mm3: volume,
          ...size,
          centroid_lps: [0, 0, 0],
          probability: 0.99,
        })
        .execute();
    }
  });
  const { data } = await services.ask(
    people.clinician,
    `{ node(id: "${segmentation.id}") { ... on Segmentation { lesions { volumeMm3 probability } dropped { reason centroidLps { x y z } } results { kind } study { id } } } }`,
  );
  assert.deepEqual(
    data.node.lesions.map(({ volumeMm3 }: Data) => volumeMm3),
    [50, 12],
  );
  assert.deepEqual(plain(data.node.dropped), [{ reason: 'OUTSIDE_BRAIN_MASK', centroidLps: { x: 1, y: 2, z: 3 } }]);
  assert.deepEqual(codes(await cancel(people.engineer)), ['NOT_FOUND']);
  assert.equal((await cancel(people.clinician)).segmentation.state, 'CANCELLED');
  assert.deepEqual(codes(await cancel(people.clinician)), ['WRONG_STATE']);
  const job = await rows.inTenant((db) =>
    db.selectFrom('job').selectAll().where('kind', '=', 'SEGMENT').executeTakeFirstOrThrow(),
  );
  assert.equal(job.state, 'CANCELLED');
});

test('a clinician sees the version that answers, but not what it learnt from nor how other sites are served', async () => {
  const [siteA, siteB] = tenant.siteIds;
  const version = await rows.approvedVersion(1, people.engineer.memberId);
  const { rollout } = await rollOut(version, [siteB]);
  const seen = await services.ask(
    people.clinician,
    `{ node(id: "${globalId('ModelVersion', version)}") { ... on ModelVersion { number requiredRoles trainingRun { id } evaluations { edges { node { id } } } reviews { id } rollouts { edges { node { id } } } } }
      rollout: node(id: "${rollout.id}") { id } }`,
  );
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(plain(seen.data), {
    node: {
      ...{ number: 1, requiredRoles: ['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR'] },
      ...{ trainingRun: null, evaluations: { edges: [] }, reviews: [], rollouts: { edges: [] } },
    },
    rollout: null,
  });
  assert.deepEqual([await liveAt(siteA), await liveAt(siteB)], [null, 1]);
});
