import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { DatasetId, JobId, ModelVersionId, TrainingRunId } from '#core/domain/ids.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import { putContent } from '#core/storage/content.ts';
import { objectKey } from '#core/storage/keys.ts';
import { voxelRoc } from '../gpu-worker/metrics/roc.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../gpu-worker/model/checkpoint.ts';
import { LearningWorker } from './harness/learning-worker.ts';
import { freezeCases, insertHead, mapOf, sizePixels } from './harness/synthetic-learning.ts';

const plan: TrainingPlan = {
  ...paperPlan,
  ...{ width: 0.125, sizePixels, sequences: ['BRAVO', 'FLAIR'], precision: 'F32', seed: 6, sequenceDropout: 0.3 },
  ...{ batchSize: 4, microBatches: 2, epochs: 12, learningRate: 0.003, coolingPart: 0.5 },
};
/** Two studies of 10 slices with brain. */
const steps = (20 * plan.epochs) / plan.batchSize;

let worker: LearningWorker;
let datasetId: DatasetId;
let whole: TrainingRunId;
let versionId: ModelVersionId;

before(async () => {
  worker = await LearningWorker.start();
  const [a, b] = worker.tenant.siteIds;
  ({ datasetId } = await freezeCases(worker, worker.engineer.memberId, [
    await insertHead(worker, a, 'TRAIN', { seed: 1, lesionCount: 2 }),
    // Of a study to learn from, too, a sequence may be missing.
    await insertHead(worker, b, 'TRAIN', { seed: 2, lesionCount: 2, without: 'FLAIR' }),
    await insertHead(worker, a, 'DEVELOPMENT', { seed: 4, lesionCount: 2 }),
    await insertHead(worker, b, 'TEST', { seed: 5, lesionCount: 2, without: 'FLAIR' }),
  ]));
});
after(() => worker.stop());

const run = async (by: TrainingPlan = plan, warmStartId?: ModelVersionId) => {
  const started = await worker.startRun(datasetId, by, warmStartId);
  await worker.work(started.jobId);
  return started;
};

async function failure({ runId, jobId }: { runId: TrainingRunId; jobId: JobId }): Promise<readonly [string, string]> {
  const { failure_code, failure_message } = await worker.readJob(jobId);
  assert.equal((await worker.readRun(runId)).state, 'FAILED');
  return [failure_code!, failure_message!];
}

/** A run that another attempt has left at step 6 with this state. */
async function leftAtStep6(state: Uint8Array): Promise<{ runId: TrainingRunId; jobId: JobId; sha256: string }> {
  const started = await worker.startRun(datasetId, plan);
  const tenant_id = worker.tenant.tenantId;
  const { sha256 } = await putContent(worker.objects, tenant_id, state);
  const row = { tenant_id, training_run_id: started.runId, step: 6, attempt: 1, sha256 };
  await worker.inTenant((db) => db.insertInto('checkpoint').values(row).execute());
  return { ...started, sha256 };
}

const stateAtStep6 = async (): Promise<Uint8Array> => {
  const checkpoint = (await worker.readCheckpoints(whole)).find(({ step }) => step === 6)!;
  return worker.load(checkpoint.sha256);
};

test('a checkpoint is made after each tenth of a run, and a version is published', async () => {
  const { runId, jobId } = await run();
  whole = runId;
  const { state } = await worker.readRun(runId);
  assert.equal(state, 'SUCCEEDED', JSON.stringify(await worker.readJob(jobId)));
  assert.deepEqual(
    (await worker.readCheckpoints(runId)).map(({ step }) => step),
    Array.from({ length: 9 }, (_, n) => ((n + 1) * steps) / 10),
  );
  const metrics = await worker.readMetrics(runId);
  assert.ok(metrics.at(-1)!.loss < 0.5 * metrics[0]!.loss, `${metrics[0]!.loss} to ${metrics.at(-1)!.loss}`);
  const evaluation = await worker.inTenant((db) =>
    db.selectFrom('evaluation').select('job_id').where('training_run_id', '=', runId).executeTakeFirstOrThrow(),
  );
  await worker.work(evaluation.job_id);
  const version = await worker.inTenant((db) => db.selectFrom('model_version').select('id').executeTakeFirst());
  versionId = version?.id as ModelVersionId;
  assert.ok(versionId, JSON.stringify(await worker.readJob(evaluation.job_id)));
});

test('a version that learnt to do without FLAIR serves a study that has none', async () => {
  const study = await insertHead(worker, worker.tenant.siteIds[0], 'TRAIN', {
    seed: 9,
    lesionCount: 2,
    without: 'FLAIR',
  });
  const { id, jobId } = await worker.requestSegmentation(versionId, study);
  await worker.work(jobId);
  const { state } = await worker.inTenant((db) =>
    db.selectFrom('segmentation').select('state').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  assert.equal(state, 'COMPLETED', JSON.stringify(await worker.readJob(jobId)));
  const { sha256 } = await worker.inTenant((db) =>
    db
      .selectFrom('segmentation_result')
      .select('sha256')
      .where('segmentation_id', '=', id)
      .where('kind', '=', 'PROBABILITY_MAP')
      .executeTakeFirstOrThrow(),
  );
  const [map, label] = [mapOf(await worker.load(sha256)), decodeLabel(await worker.load(study.labelSha256))];
  const roc = voxelRoc(map.data, label.data, new Uint8Array(map.data.length).fill(1));
  assert.ok(roc!.auc > 0.9, `${roc!.auc}`);
});

test('a run whose worker is killed comes to the weights of one that was not interrupted', async (t) => {
  const { runId, jobId } = await worker.startRun(datasetId, plan);
  const script = fileURLToPath(new URL('training-worker.ts', import.meta.url));
  const { tenantId } = worker.tenant;
  const child = spawn(process.execPath, [script, worker.test.appUrl, worker.folder, tenantId, jobId], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  // Amid the steps after the third checkpoint.
  while ((await worker.readMetrics(runId)).length < (3 * steps) / 10 + 2 && child.exitCode === null) await sleep(20);
  child.kill('SIGKILL');
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  const left = (await worker.readCheckpoints(runId)).at(-1)!.step;
  assert.ok(left >= (3 * steps) / 10 && left < steps, `${left}`);
  assert.equal((await worker.readRun(runId)).state, 'RUNNING');
  const ended = { lease_until: sql<Date>`clock_timestamp() - interval '1 second'` };
  await worker.inTenant((db) => db.updateTable('job').set(ended).where('id', '=', jobId).execute());
  await worker.work(jobId);
  t.diagnostic(`went on from step ${left} of ${steps}`);
  const [resumed, uninterrupted] = [await worker.readRun(runId), await worker.readRun(whole)];
  assert.equal(resumed.state, 'SUCCEEDED', JSON.stringify(await worker.readJob(jobId)));
  assert.equal((await worker.readJob(jobId)).attempt, 2);
  assert.equal(resumed.weights_sha256, uninterrupted.weights_sha256);
});

test('a run that comes to no numbers stops, and keeps and names its last good checkpoint', async () => {
  const state = decodeCheckpoint(await stateAtStep6());
  // Adam takes the root of its second moments.
  const tensors = new Map(
    [...state.tensors].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('adam_v') ? data.fill(-1) : data },
    ]),
  );
  const broken = await leftAtStep6(encodeCheckpoint({ ...state, tensors }));
  await worker.work(broken.jobId);
  const [code, message] = await failure(broken);
  assert.equal(code, 'DIVERGED');
  assert.match(
    message,
    /^At step 8 of 60 the loss is no number any more\..*The checkpoint of step 6, from before, is kept\./,
  );
  assert.deepEqual(
    (await worker.readCheckpoints(broken.runId)).map(({ step }) => step),
    [6],
  );
});

test('a checkpoint that is damaged, or none, is refused with the reason', async () => {
  const state = await stateAtStep6();
  // An object of its own: the same state at a later time.
  const damaged = await leftAtStep6(encodeCheckpoint({ ...decodeCheckpoint(state), randomState: 'f'.repeat(32) }));
  const path = join(worker.folder, 'objects', objectKey(worker.tenant.tenantId, damaged.sha256));
  await chmod(path, 0o600);
  await writeFile(path, state.subarray(0, state.length / 2));
  const other = await leftAtStep6(await worker.load((await worker.readRun(whole)).weights_sha256!));
  for (const { jobId } of [damaged, other]) await worker.work(jobId);
  assert.deepEqual(await failure(damaged), [
    'HASH_MISMATCH',
    'The checkpoint of step 6 does not have its recorded hash any more; it was not used.',
  ]);
  const [code, message] = await failure(other);
  assert.equal(code, 'BAD_INPUT');
  assert.match(message, /^The checkpoint of step 6 cannot be gone on from: .* is not a checkpoint/);
});

test('a plan of another code version is refused', async () => {
  // Whose rate would not have cooled down.
  assert.equal((await failure(await run({ ...plan, codeVersion: '3', coolingPart: 0.5 })))[0], 'BAD_INPUT');
  const [code, message] = await failure(await run({ ...plan, codeVersion: '99' }));
  assert.equal(code, 'BAD_INPUT');
  assert.match(message, /plan is of code version 99, and this worker trains by version/);
});

test("a warm start begins with the version's weights, once, and is refused for another network", async () => {
  const short = { ...plan, epochs: 1 };
  const { runId, jobId } = await run(short, versionId);
  assert.equal((await worker.readRun(runId)).state, 'SUCCEEDED', JSON.stringify(await worker.readJob(jobId)));
  const [warm, cold] = [await worker.readMetrics(runId), await worker.readMetrics(whole)];
  assert.ok(warm[0]!.loss < 0.5 * cold[0]!.loss, `${warm[0]!.loss} warm, ${cold[0]!.loss} cold`);
  // What goes on from a checkpoint takes nothing of the version any more, and is computed as before, whatever is faster here.
  const resumed = await worker.startRun(datasetId, { ...plan, precision: 'AUTO' }, versionId);
  const [last] = (await worker.readCheckpoints(whole)).slice(-1);
  const row = { ...last!, training_run_id: resumed.runId };
  await worker.inTenant((db) => db.insertInto('checkpoint').values(row).execute());
  await worker.work(resumed.jobId);
  assert.equal((await worker.readRun(resumed.runId)).weights_sha256, (await worker.readRun(whole)).weights_sha256);
  for (const [other, reason] of [
    [{ ...short, width: 0.25 }, /^The run cannot start from model version 1: Weight stem\/7x7\/kernel has shape/],
    [{ ...short, sequences: ['FLAIR', 'BRAVO'] }, /takes BRAVO, FLAIR; they have to be the same, in one order/],
  ] as const) {
    const [code, message] = await failure(await run(other, versionId));
    assert.equal(code, 'BAD_INPUT');
    assert.match(message, reason);
  }
});
