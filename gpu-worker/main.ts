import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import { refuseUnsafeRole } from '#core/db/role-check.ts';
import { readDeliverySettings } from '#core/delivery/settings.ts';
import { type JobTicket, jobsAtOnce, type QueueName } from '#core/jobs/contract.ts';
import { openQueue, polling } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openObjectStore, storeConfigFromEnv } from '#core/storage/open-store.ts';
import { runTicket } from './jobs/run-job.ts';
import { createStages } from './stages/stages.ts';

/** How long running jobs may take to reach a point where they can be handed back. */
const drainTimeoutMs = 60_000;

/**
 * Works on the jobs of these queues, as many of each at once as `jobsAtOnce` says, until SIGTERM; then running jobs hand themselves back or end.
 * @returns when it has stopped.
 */
export async function runWorker(env: NodeJS.ProcessEnv, queues: readonly QueueName[]): Promise<void> {
  const databaseUrl = env.DATABASE_URL;
  if (!databaseUrl) throw new Error('DATABASE_URL is not set; infra/environment.md says what it is for');
  const log = openLog('worker', env.LOG_LEVEL ?? 'info');
  const pool = openPool(databaseUrl, { name: 'metloop-worker', max: 6 });
  await refuseUnsafeRole(pool);
  const database = new Database(pool);
  const queue = await openQueue(databaseUrl, { max: 6, supervise: true });
  const stages = createStages(readDeliverySettings(env));
  const draining = new AbortController();
  const services = {
    database,
    queue,
    log,
    objects: await openObjectStore(storeConfigFromEnv(env)),
    stages: stages.byKind,
    draining: draining.signal,
  };
  for (const name of queues) {
    const options = { ...polling, localConcurrency: jobsAtOnce[name] };
    await queue.work<JobTicket>(name, options, async (tickets) => {
      for (const { data } of tickets) await runTicket(services, data);
    });
  }
  log.info({ queues }, 'the worker is ready');

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  log.info('draining');
  draining.abort();
  await queue.stop({ graceful: true, timeout: drainTimeoutMs });
  await stages.close();
  await database.close();
}
