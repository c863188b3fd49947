import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import { type Db, serviceScope } from '#core/db/database.ts';
import { readSeg } from '#core/dicom/read-seg.ts';
import type { DatasetManifest, ManifestCase } from '#core/domain/dataset-manifest.ts';
import type { EvaluationReport } from '#core/domain/evaluation-report.ts';
import {
  type DatasetId,
  type JobId,
  newId,
  type RolloutId,
  type SegmentationId,
  type TrainingRunId,
} from '#core/domain/ids.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { cancelJob } from '#core/jobs/cancel.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { canonicalHash } from '#core/plan-hash.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import type { Caller } from '../api/context.ts';
import { runTicket, type WorkerServices } from '../gpu-worker/jobs/run-job.ts';
import { decodeWeights } from '../gpu-worker/model/weights.ts';
import { segment } from '../gpu-worker/postprocess/segment.ts';
import { decodePrepared } from '../gpu-worker/stages/prepared-file.ts';
import { createStages, type Stages } from '../gpu-worker/stages/stages.ts';
import { resizeLabels } from '../gpu-worker/volume/in-plane.ts';
import { startDatabase, type TestDatabase } from './harness/database.ts';
import { reportedVolumes } from './harness/report.ts';
import {
  freezeCases,
  insertHead,
  learnedSequences,
  mapOf,
  nativeGrid,
  type Setting,
  sizePixels,
} from './harness/synthetic-learning.ts';
import { createTenant, type TestTenant } from './harness/tenant.ts';

const plan: TrainingPlan = {
  ...paperPlan,
  ...{ width: 0.125, sizePixels, sequences: learnedSequences, precision: 'F32', seed: 2 },
  ...{ batchSize: 4, epochs: 16, learningRate: 0.003, coolingPart: 0.5 },
};

let db: TestDatabase;
let folder: string;
let objects: ObjectStore;
let queue: PgBoss;
let stages: Stages;
let tenant: TestTenant;
let engineer: Caller;
let setting: Setting;
let cases: ManifestCase[];
let frozen: { datasetId: DatasetId; manifest: DatasetManifest; manifestSha256: string };

before(async () => {
  db = await startDatabase();
  folder = await mkdtemp(join(tmpdir(), 'metloop-stages-'));
  objects = await openFileStore(folder);
  queue = await openQueue(db.appUrl, { max: 2, supervise: false });
  stages = createStages();
  tenant = await createTenant(db.database, 'Consortium');
  engineer = await tenant.member('engineer', 'ENGINEER');
  setting = { test: db, objects, tenant };
  const [a, b] = tenant.siteIds;
  cases = [
    await insertHead(setting, a, 'TRAIN', { seed: 1, lesionCount: 2 }),
    await insertHead(setting, b, 'TRAIN', { seed: 2, lesionCount: 1 }),
    await insertHead(setting, a, 'TRAIN', { seed: 3, lesionCount: 2 }),
    await insertHead(setting, a, 'DEVELOPMENT', { seed: 4, lesionCount: 2 }),
    await insertHead(setting, b, 'TEST', { seed: 5, lesionCount: 2 }),
    await insertHead(setting, a, 'TEST', { seed: 6, lesionCount: 0 }),
  ];
  frozen = await freezeCases(setting, engineer.memberId, cases);
});
after(async () => {
  await stages.close();
  await queue.stop({ graceful: false });
  await db.stop();
  await rm(folder, { recursive: true, force: true });
});

const inTenant = <T>(body: (db: Db) => Promise<T>): Promise<T> =>
  db.database.inTenant(serviceScope(tenant.tenantId), body);

/** Works on a job as a worker does, until it is done with. */
function work(jobId: JobId, draining = new AbortController()): Promise<void> {
  const services: WorkerServices = {
    ...{ database: db.database, objects, queue, stages: stages.byKind },
    ...{ log: openLog('test', 'silent'), draining: draining.signal },
  };
  return runTicket(services, { tenantId: tenant.tenantId, jobId });
}

async function startRun(datasetId: DatasetId): Promise<{ runId: TrainingRunId; jobId: JobId }> {
  const runId = newId<TrainingRunId>();
  const jobId = await inTenant(async (trx) => {
    const id = await enqueue(trx, queue, tenant.tenantId, { kind: 'TRAIN', objectId: runId });
    const by = { started_by: engineer.memberId, idempotency_key: runId };
    const planned = { plan: JSON.stringify(plan), plan_hash: canonicalHash({ ...plan }) };
    await trx
      .insertInto('training_run')
      .values({ tenant_id: tenant.tenantId, id: runId, dataset_id: datasetId, job_id: id, ...planned, ...by })
      .execute();
    return id;
  });
  return { runId, jobId };
}

const readRun = (id: TrainingRunId) =>
  inTenant((trx) => trx.selectFrom('training_run').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const readJob = (id: JobId) =>
  inTenant((trx) => trx.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const readMetrics = (id: TrainingRunId) =>
  inTenant((trx) =>
    trx.selectFrom('training_metric').selectAll().where('training_run_id', '=', id).orderBy('step').execute(),
  );
const evaluationOf = (id: TrainingRunId) =>
  inTenant((trx) => trx.selectFrom('evaluation').selectAll().where('training_run_id', '=', id).executeTakeFirst());
const versions = () => inTenant((trx) => trx.selectFrom('model_version').selectAll().orderBy('number').execute());
const load = (sha256: string): Promise<Uint8Array> => objects.getVerified(objectKey(tenant.tenantId, sha256), sha256);

/** Resolves once the run has measured this step. */
async function reached(id: TrainingRunId, step: number): Promise<void> {
  for (;;) {
    if (((await readMetrics(id)).at(-1)?.step ?? 0) >= step) return;
    await sleep(30);
  }
}

/** 3 studies of 10 slices with brain each. */
const steps = (30 * plan.epochs) / plan.batchSize;
let trained: TrainingRunId;

test('a training learns, and its evaluation publishes the version', async () => {
  const { runId, jobId } = await startRun(frozen.datasetId);
  trained = runId;
  await work(jobId);
  const run = await readRun(runId);
  assert.equal(run.state, 'SUCCEEDED', JSON.stringify(await readJob(jobId)));
  const metrics = await readMetrics(runId);
  assert.equal(metrics.at(-1)!.step, steps);
  assert.equal(metrics.at(-1)!.epoch, plan.epochs);
  assert.ok(metrics.at(-1)!.loss < 0.2 * metrics[0]!.loss, `loss ${metrics[0]!.loss} to ${metrics.at(-1)!.loss}`);
  assert.ok(Number(metrics.at(-1)!.memory_bytes) > 1e8);
  const watched = metrics.flatMap(({ step, development_auc }) => (development_auc === null ? [] : step));
  assert.deepEqual(
    watched,
    Array.from({ length: plan.epochs }, (_, n) => Math.ceil((30 * (n + 1)) / plan.batchSize)),
  );
  assert.ok(metrics.at(-1)!.development_auc! > 0.95);
  assert.equal(decodeWeights(await load(run.weights_sha256!)).network.width, plan.width);
  assert.deepEqual(await versions(), [], 'a version before its evaluation');

  const queued = (await evaluationOf(runId))!;
  assert.deepEqual([queued.state, queued.subset, queued.report], ['QUEUED', 'TEST', null]);
  await work(queued.job_id);
  const evaluation = (await evaluationOf(runId))!;
  assert.equal(evaluation.state, 'SUCCEEDED', JSON.stringify(await readJob(queued.job_id)));
  const report = evaluation.report as unknown as EvaluationReport;
  const bytes = await load(evaluation.report_sha256!);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes)), report);
  assert.deepEqual([report.weightsSha256, report.datasetManifestSha256], [run.weights_sha256, frozen.manifestSha256]);
  checkReport(report);

  const [version, ...others] = await versions();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [version!.number, version!.state, version!.training_run_id, version!.threshold, version!.threshold_rule],
    [1, 'CANDIDATE', runId, report.threshold, 'MAX_DICE'],
  );
  assert.equal(evaluation.model_version_id, version!.id);
  const artifacts = await inTenant((trx) =>
    trx.selectFrom('artifact').selectAll().where('model_version_id', '=', version!.id).execute(),
  );
  const hashes = Object.fromEntries(artifacts.map(({ kind, sha256 }) => [kind, sha256]));
  assert.deepEqual([hashes.WEIGHTS, hashes.MANIFEST], [run.weights_sha256, frozen.manifestSha256]);
  assert.equal(hashes.PLAN, run.plan_hash);
  assert.ok((await load(hashes.SAVED_MODEL!)).length > 100_000);
  const events = await inTenant((trx) =>
    trx.selectFrom('audit_event').selectAll().where('action', '=', 'modelVersionPublish').execute(),
  );
  assert.deepEqual(
    events.map(({ object_id }) => object_id),
    [version!.id],
  );
});

function checkReport(report: EvaluationReport): void {
  const byStudy = new Map(report.cases.map((one) => [one.studyId, one]));
  assert.deepEqual(
    new Set(byStudy.keys()),
    new Set(cases.filter(({ subset }) => subset === 'TEST').map(({ studyId }) => studyId)),
  );
  const withLesions = byStudy.get(cases[4]!.studyId)!;
  assert.deepEqual(
    [withLesions.siteName, withLesions.group, withLesions.figures.lesionCount],
    ['Consortium 2', 'ONE_TO_THREE', 2],
  );
  const { auc, dice, foundLesionCount } = withLesions.figures;
  assert.ok(auc! > 0.98 && dice! > 0.6 && foundLesionCount === 2, JSON.stringify(withLesions.figures));
  const free = byStudy.get(cases[5]!.studyId)!;
  assert.deepEqual([free.group, free.figures.auc, free.figures.dice], ['NONE', null, null]);
  assert.ok(free.figures.fpPerCase! <= 2);
  assert.deepEqual(
    report.rows.byLesionGroup.map(({ label, caseCount }) => [label, caseCount]),
    [
      ['all', 1],
      ['1-3', 1],
      ['no metastasis', 1],
    ],
  );
  assert.deepEqual(
    report.rows.bySite.map(({ label }) => label),
    ['Consortium 1, no metastasis', 'Consortium 2'],
  );
  assert.equal(report.threshold, report.developmentThresholds!.maxDice);
  assert.ok(report.intensityBaseline!.dice > 0.3 && report.intensityBaseline!.dice <= 1);
  assert.equal(report.rocCurves[0]!.mean.length, 101);
}

test('a worker that is told to stop saves a checkpoint, from which another comes to the same weights', async () => {
  const { runId, jobId } = await startRun(frozen.datasetId);
  const draining = new AbortController();
  const first = work(jobId, draining);
  await reached(runId, steps / 3);
  draining.abort();
  await first;
  assert.equal((await readJob(jobId)).max_attempts, 4, 'stopping a worker cost an attempt');
  assert.deepEqual([(await readRun(runId)).state, (await readJob(jobId)).state], ['QUEUED', 'QUEUED']);
  const checkpoints = await inTenant((trx) =>
    trx.selectFrom('checkpoint').selectAll().where('training_run_id', '=', runId).orderBy('step').execute(),
  );
  const left = checkpoints.at(-1)!.step;
  assert.ok(left >= steps / 3 && left < steps, `${left}`);
  const second = work(jobId);
  const told = await stepsTold(jobId, second);
  assert.ok(told.length > 0 && Math.min(...told) > left, `resumed at ${left}: ${told}`);
  const run = await readRun(runId);
  assert.equal(run.state, 'SUCCEEDED', JSON.stringify(await readJob(jobId)));
  const resumed = await readMetrics(runId);
  const uninterrupted = await readMetrics(trained);
  assert.deepEqual(
    resumed.map(({ step }) => step),
    uninterrupted.map(({ step }) => step),
  );
  assert.equal(run.weights_sha256, (await readRun(trained)).weights_sha256);
});

/** Steps that the second attempt at a job tells of while it is being made. */
async function stepsTold(jobId: JobId, working: Promise<void>): Promise<number[]> {
  const told = new Set<number>();
  let over = false;
  const ended = working.finally(() => {
    over = true;
  });
  while (!over) {
    const { attempt, message } = await readJob(jobId);
    const step = /^step (\d+) of/.exec(message ?? '')?.[1];
    if (attempt === 2 && step) told.add(Number(step));
    await sleep(20);
  }
  await ended;
  return [...told];
}

test('a cancelled run stops and leaves nothing to judge', async () => {
  const { runId, jobId } = await startRun(frozen.datasetId);
  const running = work(jobId);
  await reached(runId, 2);
  await inTenant(async (trx) => {
    assert.ok(await cancelJob(trx, jobId));
    await trx.updateTable('training_run').set({ state: 'CANCELLED' }).where('id', '=', runId).execute();
  });
  const { step: last } = (await readMetrics(runId)).at(-1)!;
  await running;
  assert.ok((await readMetrics(runId)).at(-1)!.step <= last + 1);
  const run = await readRun(runId);
  assert.deepEqual([run.state, run.weights_sha256, (await readJob(jobId)).state], ['CANCELLED', null, 'CANCELLED']);
  assert.equal(await evaluationOf(runId), undefined);
});

test('a manifest that was changed after freezing is refused, and so is a patient of the sealed side', async () => {
  const tampered = await freezeCases(setting, engineer.memberId, cases);
  const path = join(folder, 'objects', objectKey(tenant.tenantId, tampered.manifestSha256));
  const text = JSON.stringify(tampered.manifest).replaceAll('"subset":"TEST"', '"subset":"TRAIN"');
  await chmod(path, 0o600);
  await writeFile(path, text);
  const sealed = cases.map((one) => ({ ...one, subset: 'TRAIN' as const }));
  const leaking = await freezeCases(setting, engineer.memberId, sealed);
  for (const [{ datasetId }, code] of [
    [tampered, 'HASH_MISMATCH'],
    [leaking, 'BAD_INPUT'],
  ] as const) {
    const { runId, jobId } = await startRun(datasetId);
    await work(jobId);
    assert.deepEqual([(await readRun(runId)).state, (await readJob(jobId)).failure_code], ['FAILED', code]);
    assert.deepEqual(await readMetrics(runId), []);
  }
});

test('a segmentation answers with a SEG of the lesions, its measurements and contours, and the probability map', async () => {
  const [version] = await versions();
  const asked = cases[4]!;
  const { id, jobId } = await requestSegmentation(version!.id, asked);
  await work(jobId);
  const { state, dropped } = await inTenant((trx) =>
    trx.selectFrom('segmentation').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  );
  assert.equal(state, 'COMPLETED', JSON.stringify(await readJob(jobId)));
  const results = await inTenant((trx) =>
    trx.selectFrom('segmentation_result').selectAll().where('segmentation_id', '=', id).execute(),
  );
  const bytesOf = async (kind: string): Promise<Uint8Array> => {
    const found = results.find((result) => result.kind === kind)!;
    const bytes = await load(found.sha256);
    assert.equal(Number(found.size_bytes), bytes.length);
    return bytes;
  };
  const seg = readSeg(await bytesOf('SEG'), nativeGrid);
  const probability = mapOf(await bytesOf('PROBABILITY_MAP'));
  const prepared = decodePrepared(await load(asked.preparedSha256));
  const expected = segment(probability, resizeLabels(prepared.brainMask, nativeGrid), {
    threshold: version!.threshold,
  });
  assert.deepEqual(seg.label.data, expected.label.data);
  assert.deepEqual([seg.segments.length >= 2, seg.segments[0]!.algorithmName], [true, 'Metloop model 1']);
  const lesions = await inTenant((trx) =>
    trx.selectFrom('lesion').selectAll().where('segmentation_id', '=', id).orderBy('number').execute(),
  );
  assert.deepEqual(
    lesions.map(({ number, voxel_count }) => ({ number, voxelCount: Number(voxel_count) })),
    seg.segments.map(({ number, voxelCount }) => ({ number, voxelCount })),
  );
  assert.equal((dropped as unknown[]).length, expected.dropped.length);
  const volumes = lesions.map((lesion) => lesion.volume_mm3);
  assert.deepEqual(reportedVolumes(await bytesOf('MEASUREMENTS')), volumes);
});

test('without a finding there is a map and a report that says so, and no SEG', async () => {
  const [version] = await versions();
  const atOne = { threshold: 1 };
  await inTenant((trx) => trx.updateTable('model_version').set(atOne).where('id', '=', version!.id).execute());
  const { id, jobId } = await requestSegmentation(version!.id, cases[5]!);
  await work(jobId);
  assert.equal((await readJob(jobId)).state, 'SUCCEEDED', JSON.stringify(await readJob(jobId)));
  const kinds = await inTenant((trx) =>
    trx.selectFrom('segmentation_result').select('kind').where('segmentation_id', '=', id).execute(),
  );
  assert.deepEqual(kinds.map(({ kind }) => kind).sort(), ['MEASUREMENTS', 'PROBABILITY_MAP']);
});

test('a study that is not prepared as the network needs it fails with the reason', async () => {
  const [version] = await versions();
  const other = await insertHead(setting, tenant.siteIds[0], 'TRAIN', { seed: 9, lesionCount: 0, without: 'FLAIR' });
  const { id, jobId } = await requestSegmentation(version!.id, other);
  // The plan is the run's, which learnt from T1_POST and BRAVO.
  const plans = { plan: JSON.stringify({ ...plan, sequences: ['BRAVO', 'FLAIR'] }) };
  await inTenant((trx) => trx.updateTable('training_run').set(plans).where('id', '=', trained).execute());
  await work(jobId);
  const { state } = await inTenant((trx) =>
    trx.selectFrom('segmentation').select('state').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  const { failure_code, failure_message } = await readJob(jobId);
  assert.deepEqual([state, failure_code], ['FAILED', 'MISSING_SEQUENCE']);
  assert.match(failure_message!, /has no FLAIR/);
});

async function requestSegmentation(
  versionId: Awaited<ReturnType<typeof versions>>[number]['id'],
  { studyId, preparationId }: ManifestCase,
): Promise<{ id: SegmentationId; jobId: JobId }> {
  const [id, rolloutId] = [newId<SegmentationId>(), newId<RolloutId>()];
  const tenant_id = tenant.tenantId;
  const jobId = await inTenant(async (trx) => {
    const rollout = { tenant_id, id: rolloutId, model_version_id: versionId, stage: 'SHADOW' as const };
    await trx.insertInto('rollout').values(rollout).execute();
    const job = await enqueue(trx, queue, tenant.tenantId, { kind: 'SEGMENT', objectId: id });
    await trx
      .insertInto('segmentation')
      .values({
        ...{ tenant_id, id, job_id: job, model_version_id: versionId, rollout_id: rolloutId },
        ...{ study_id: studyId as never, preparation_id: preparationId as never },
        ...{ requested_by: engineer.memberId, idempotency_key: id },
      })
      .execute();
    return job;
  });
  return { id, jobId };
}
