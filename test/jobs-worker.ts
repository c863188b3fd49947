// A worker in a process of its own, with one stage that reports a step and then waits; jobs.test.ts kills it.
import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import type { JobTicket } from '#core/jobs/contract.ts';
import { openQueue, polling } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { runTicket } from '../gpu-worker/jobs/run-job.ts';
import type { Stage } from '../gpu-worker/jobs/stage.ts';

const [databaseUrl = ''] = process.argv.slice(2);
const queue = await openQueue(databaseUrl, { max: 3, supervise: true });
const stage: Stage = {
  begin: async () => {},
  fail: async () => {},
  run: async (context) => {
    await context.progress({ step: `attempt ${context.job.attempt} in ${process.pid}`, fraction: 0.5 });
    // The first attempt never comes to an end.
    if (context.job.attempt === 1) await new Promise(() => setInterval(() => {}, 1000));
    return async () => {};
  },
};
const services = {
  database: new Database(openPool(databaseUrl, { name: 'metloop-worker', max: 3 })),
  queue,
  log: openLog('worker', 'silent'),
  objects: undefined as never,
  stages: {
    DEFACE: stage,
    PREPARE: stage,
    COMPARE: stage,
    EXPIRE: stage,
    RETRAIN: stage,
    TRAIN: stage,
    EVALUATE: stage,
    SEGMENT: stage,
    DELIVER: stage,
  },
  draining: new AbortController().signal,
};
await queue.work<JobTicket>('train', polling, async ([ticket]) => runTicket(services, ticket!.data));
process.stdout.write('ready\n');
