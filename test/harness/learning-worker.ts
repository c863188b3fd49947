import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PgBoss } from 'pg-boss';
import { type Db, serviceScope } from '#core/db/database.ts';
import type { ManifestCase } from '#core/domain/dataset-manifest.ts';
import {
  type DatasetId,
  type JobId,
  type ModelVersionId,
  newId,
  type RolloutId,
  type SegmentationId,
  type TrainingRunId,
} from '#core/domain/ids.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { canonicalHash } from '#core/plan-hash.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import type { Caller } from '../../api/context.ts';
import { runTicket } from '../../gpu-worker/jobs/run-job.ts';
import { createStages, type Stages } from '../../gpu-worker/stages/stages.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import type { Setting } from './synthetic-learning.ts';
import { createTenant, type TestTenant } from './tenant.ts';

/** A worker without a queue to watch, on a database and a store of its own: it works on the jobs that it is told of. */
export class LearningWorker implements Setting {
  readonly test: TestDatabase;
  readonly objects: ObjectStore;
  readonly tenant: TestTenant;
  readonly engineer: Caller;
  /** Of the object store. */
  readonly folder: string;
  readonly #queue: PgBoss;
  readonly #stages: Stages = createStages();

  private constructor(
    test: TestDatabase,
    objects: ObjectStore,
    folder: string,
    queue: PgBoss,
    tenant: TestTenant,
    engineer: Caller,
  ) {
    this.test = test;
    this.objects = objects;
    this.folder = folder;
    this.#queue = queue;
    this.tenant = tenant;
    this.engineer = engineer;
  }

  static async start(): Promise<LearningWorker> {
    const test = await startDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'metloop-learning-'));
    const queue = await openQueue(test.appUrl, { max: 2, supervise: false });
    const tenant = await createTenant(test.database, 'Consortium');
    const engineer = await tenant.member('engineer', 'ENGINEER');
    return new LearningWorker(test, await openFileStore(folder), folder, queue, tenant, engineer);
  }

  async stop(): Promise<void> {
    await this.#stages.close();
    await this.#queue.stop({ graceful: false });
    await this.test.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  inTenant<T>(body: (db: Db) => Promise<T>): Promise<T> {
    return this.test.database.inTenant(serviceScope(this.tenant.tenantId), body);
  }

  /** Works on a job as a worker does, until it is done with. */
  work(jobId: JobId): Promise<void> {
    const services = {
      ...{ database: this.test.database, objects: this.objects, queue: this.#queue, stages: this.#stages.byKind },
      ...{ log: openLog('test', 'silent'), draining: new AbortController().signal },
    };
    return runTicket(services, { tenantId: this.tenant.tenantId, jobId });
  }

  async startRun(
    datasetId: DatasetId,
    plan: TrainingPlan,
    warmStartId: ModelVersionId | null = null,
  ): Promise<{ runId: TrainingRunId; jobId: JobId }> {
    const [runId, { tenantId }] = [newId<TrainingRunId>(), this.tenant];
    const jobId = await this.inTenant(async (db) => {
      const job_id = await enqueue(db, this.#queue, tenantId, { kind: 'TRAIN', objectId: runId });
      const planned = { plan: JSON.stringify(plan), plan_hash: canonicalHash({ ...plan }), warm_start_id: warmStartId };
      const by = { started_by: this.engineer.memberId, idempotency_key: runId };
      await db
        .insertInto('training_run')
        .values({ tenant_id: tenantId, id: runId, dataset_id: datasetId, job_id, ...planned, ...by })
        .execute();
      return job_id;
    });
    return { runId, jobId };
  }

  async requestSegmentation(
    versionId: ModelVersionId,
    { studyId, preparationId }: ManifestCase,
  ): Promise<{ id: SegmentationId; jobId: JobId }> {
    const [id, rolloutId] = [newId<SegmentationId>(), newId<RolloutId>()];
    const tenant_id = this.tenant.tenantId;
    const jobId = await this.inTenant(async (db) => {
      const rollout = { tenant_id, id: rolloutId, model_version_id: versionId, stage: 'SHADOW' as const };
      await db.insertInto('rollout').values(rollout).execute();
      const job_id = await enqueue(db, this.#queue, tenant_id, { kind: 'SEGMENT', objectId: id });
      await db
        .insertInto('segmentation')
        .values({
          ...{ tenant_id, id, job_id, model_version_id: versionId, rollout_id: rolloutId },
          ...{ study_id: studyId as never, preparation_id: preparationId as never },
          ...{ requested_by: this.engineer.memberId, idempotency_key: id },
        })
        .execute();
      return job_id;
    });
    return { id, jobId };
  }

  readonly readRun = (id: TrainingRunId) =>
    this.inTenant((db) => db.selectFrom('training_run').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
  readonly readJob = (id: JobId) =>
    this.inTenant((db) => db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
  readonly readMetrics = (id: TrainingRunId) =>
    this.inTenant((db) =>
      db.selectFrom('training_metric').selectAll().where('training_run_id', '=', id).orderBy('step').execute(),
    );
  readonly readCheckpoints = (id: TrainingRunId) =>
    this.inTenant((db) =>
      db.selectFrom('checkpoint').selectAll().where('training_run_id', '=', id).orderBy('step').execute(),
    );
  readonly load = (sha256: string): Promise<Uint8Array> =>
    this.objects.getVerified(objectKey(this.tenant.tenantId, sha256), sha256);
}
