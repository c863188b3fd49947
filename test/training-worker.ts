// A worker in a process of its own that works on one job: training-worker.ts DATABASE_URL FOLDER TENANT JOB; training.test.ts kills it.
import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import type { JobId, TenantId } from '#core/domain/ids.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { runTicket } from '../gpu-worker/jobs/run-job.ts';
import { createStages } from '../gpu-worker/stages/stages.ts';

const [databaseUrl = '', folder = '', tenantId, jobId] = process.argv.slice(2);
const services = {
  database: new Database(openPool(databaseUrl, { name: 'metloop-worker', max: 3 })),
  queue: await openQueue(databaseUrl, { max: 2, supervise: false }),
  log: openLog('worker', 'silent'),
  objects: await openFileStore(folder),
  stages: createStages().byKind,
  draining: new AbortController().signal,
};
await runTicket(services, { tenantId: tenantId as TenantId, jobId: jobId as JobId });
