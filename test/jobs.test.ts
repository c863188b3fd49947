import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { type Db, serviceScope } from '#core/db/database.ts';
import { type JobId, newId, type TenantId } from '#core/domain/ids.ts';
import { cancelJob } from '#core/jobs/cancel.ts';
import { JobFailure, type JobTicket } from '#core/jobs/contract.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { runTicket } from '../gpu-worker/jobs/run-job.ts';
import { type Failure, type JobContext, type Stage, Stopped, TryLater } from '../gpu-worker/jobs/stage.ts';
import { startDatabase, type TestDatabase } from './harness/database.ts';
import { createTenant } from './harness/tenant.ts';

let server: TestDatabase;
let owner: pg.Client;
let queue: PgBoss;
let tenantId: TenantId;
before(async () => {
  server = await startDatabase();
  owner = new pg.Client({ connectionString: server.ownerUrl });
  await owner.connect();
  queue = await openQueue(server.appUrl, { max: 2, supervise: false });
  ({ tenantId } = await createTenant(server.database, 'Consortium'));
});
after(async () => {
  await queue?.stop({ graceful: false });
  await owner?.end();
  await server?.stop();
});

const inTenant = <T>(body: (db: Db) => Promise<T>): Promise<T> =>
  server.database.inTenant(serviceScope(tenantId), body);
const newJob = (kind: 'SEGMENT' | 'TRAIN' = 'SEGMENT'): Promise<JobId> =>
  inTenant((db) => enqueue(db, queue, tenantId, { kind, objectId: newId() }));
const jobRow = (id: JobId) =>
  inTenant((db) => db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const endLease = (id: JobId): Promise<unknown> =>
  inTenant((db) =>
    db
      .updateTable('job')
      .set({ lease_until: new Date(Date.now() - 1000) })
      .where('id', '=', id)
      .execute(),
  );
/** Tickets of a job that wait, with the seconds until they may be taken. */
const tickets = async (id: JobId): Promise<number[]> => {
  const { rows } = await owner.query<{ wait: number }>(
    `select greatest(0, extract(epoch from start_after - now()))::float8 as wait from pgboss.job
     where data ->> 'jobId' = $1 and state in ('created', 'retry')`,
    [id],
  );
  return rows.map(({ wait }) => Math.round(wait));
};

interface Told {
  readonly begun: number[];
  readonly failed: Failure[];
  readonly handedBack: number[];
}

/** Runs a ticket of the job with a stage that does `run`, as one worker. */
async function work(
  jobId: JobId,
  run: (context: JobContext) => Promise<unknown>,
  options: { told?: Told; draining?: AbortSignal; writeResult?: (db: Db) => Promise<void> } = {},
): Promise<Told> {
  const told = options.told ?? { begun: [], failed: [], handedBack: [] };
  const stage: Stage = {
    begin: async (_, job) => void told.begun.push(job.attempt),
    fail: async (_, __, failure) => void told.failed.push(failure),
    handBack: async (_, job) => void told.handedBack.push(job.attempt),
    run: async (context) => {
      await run(context);
      return options.writeResult ?? (async () => {});
    },
  };
  const services = {
    database: server.database,
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
    draining: options.draining ?? new AbortController().signal,
  };
  await runTicket(services, { tenantId, jobId } satisfies JobTicket);
  return told;
}

test('a job is queued with the row that it concerns, or not at all', async () => {
  let id: JobId | undefined;
  const undone = inTenant(async (db) => {
    id = await enqueue(db, queue, tenantId, { kind: 'SEGMENT', objectId: newId() });
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  assert.deepEqual(await tickets(id!), []);
  assert.deepEqual(await inTenant((db) => db.selectFrom('job').select('id').where('id', '=', id!).execute()), []);
  const kept = await newJob();
  assert.deepEqual(await tickets(kept), [0]);
  const { state, attempt } = await jobRow(kept);
  assert.deepEqual([state, attempt], ['QUEUED', 0]);
  const { rows } = await owner.query("select data from pgboss.job where data ->> 'jobId' = $1", [kept]);
  assert.deepEqual(rows, [{ data: { tenantId, jobId: kept } }], 'the queue carries ids only');
});

test('a job that succeeds is told as done, once, and a second ticket does nothing', async () => {
  const id = await newJob();
  const told = await work(id, async ({ progress }) => progress({ step: 'half', fraction: 0.5 }));
  const { state, attempt, fraction, ended_at, lease_until } = await jobRow(id);
  assert.deepEqual([state, attempt, fraction, ended_at !== null, lease_until], ['SUCCEEDED', 1, 1, true, null]);
  await work(id, () => assert.fail('it ran again'), { told });
  assert.deepEqual(told, { begun: [1], failed: [], handedBack: [] });
  const events = await inTenant((db) =>
    db.selectFrom('audit_event').select('changes').where('request_id', 'like', `job:${id}:%`).execute(),
  );
  assert.deepEqual(events, [{ changes: { attempt: 1, outcome: 'SUCCEEDED' } }]);
});

test('progress never falls within an attempt and begins anew with the next', async () => {
  const id = await newJob();
  const seen: number[] = [];
  const report = async ({ progress }: JobContext): Promise<void> => {
    for (const fraction of [0.4, 0.2, 0.6, -1]) {
      await progress({ step: 'a step', fraction });
      seen.push((await jobRow(id)).fraction);
      await sleep(320);
    }
  };
  await work(id, async (context) => {
    await report(context);
    throw new Error('the attempt fails');
  });
  assert.deepEqual(seen, [0.4, 0.4, 0.6, 0.6]);
  await work(id, async () => assert.deepEqual((await jobRow(id)).fraction, 0));
});

test('while another worker holds a job its ticket comes back when the lease ends, however often', async () => {
  const id = await newJob();
  const release = Promise.withResolvers<void>();
  const first = work(id, () => release.promise);
  while ((await jobRow(id)).state !== 'RUNNING') await sleep(20);
  const waiting = (await tickets(id)).length;
  for (let n = 1; n <= 8; n++) {
    await work(id, () => assert.fail('two workers at once'));
    const all = (await tickets(id)).toSorted((a, b) => a - b);
    assert.equal(all.length, waiting + n, 'the ticket that was used up was replaced by one');
    assert.ok(all.at(-1)! >= 25 && all.at(-1)! <= 31, `${all}`);
  }
  release.resolve();
  await first;
  assert.equal((await jobRow(id)).state, 'SUCCEEDED');
});

test('a worker that was thought dead changes nothing any more: neither rows, nor progress, nor the end', async () => {
  const id = await newJob();
  const release = Promise.withResolvers<void>();
  const wrong: string[] = [];
  let zombie: JobContext | undefined;
  const first = work(
    id,
    async (context) => {
      zombie = context;
      await release.promise;
    },
    { writeResult: async () => void wrong.push('the result of attempt 1') },
  );
  while ((await jobRow(id)).state !== 'RUNNING') await sleep(20);
  await endLease(id);
  const second = await work(id, async (context) => {
    await context.progress({ step: 'of the second', fraction: 0.7 });
    assert.equal(context.job.attempt, 2);
    await assert.rejects(
      zombie!.write(async () => void wrong.push('a write of attempt 1')),
      Stopped,
    );
    await assert.rejects(zombie!.progress({ step: 'of the first', fraction: 0.9 }), Stopped);
    release.resolve();
    await first;
    const { state, step, fraction, attempt } = await jobRow(id);
    assert.deepEqual([state, step, fraction, attempt], ['RUNNING', 'of the second', 0.7, 2]);
  });
  assert.deepEqual(wrong, []);
  assert.deepEqual(second.begun, [2]);
  assert.equal((await jobRow(id)).state, 'SUCCEEDED');
});

test('a failure that another attempt would meet again ends the job, with the stage told', async () => {
  const id = await newJob();
  const { failed } = await work(id, async () => {
    throw new JobFailure('EMPTY_BRAIN_MASK', 'No brain was found.');
  });
  assert.deepEqual(failed, [{ code: 'EMPTY_BRAIN_MASK', message: 'No brain was found.' }]);
  const { state, failure_code, failure_message, failure_retryable, attempt } = await jobRow(id);
  assert.deepEqual(
    { state, failure_code, failure_message, failure_retryable, attempt },
    {
      ...{ state: 'FAILED', failure_code: 'EMPTY_BRAIN_MASK', failure_message: 'No brain was found.' },
      ...{ failure_retryable: false, attempt: 1 },
    },
  );
});

test('an unexpected error is tried again, in the end told as INTERNAL without its words', async () => {
  const id = await newJob();
  const told: Told = { begun: [], failed: [], handedBack: [] };
  const stumble = async (): Promise<never> => {
    throw new Error('secret of the inside');
  };
  for (const attempt of [1, 2]) {
    await work(id, stumble, { told });
    const { state, failure_code } = await jobRow(id);
    assert.deepEqual([state, failure_code], ['QUEUED', null]);
    assert.equal((await tickets(id)).length, 1 + attempt, 'a ticket for the next attempt');
  }
  assert.deepEqual(told, { begun: [1, 2], failed: [], handedBack: [1, 2] });
  await work(id, stumble, { told });
  const { state, failure_code, failure_message, failure_retryable } = await jobRow(id);
  assert.deepEqual([state, failure_code, failure_retryable], ['FAILED', 'INTERNAL', true]);
  assert.doesNotMatch(failure_message!, /secret/);
  assert.equal(told.failed.length, 1);
});

test('a job whose every worker is lost fails as ATTEMPTS_EXHAUSTED', async () => {
  const id = await newJob();
  const releases: (() => void)[] = [];
  const lost: Promise<unknown>[] = [];
  for (const attempt of [1, 2, 3]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    releases.push(resolve);
    lost.push(work(id, () => promise));
    while ((await jobRow(id)).attempt !== attempt || (await jobRow(id)).state !== 'RUNNING') await sleep(20);
    await endLease(id);
  }
  const { begun, failed } = await work(id, () => assert.fail('a fourth attempt'));
  assert.deepEqual([begun, failed.map(({ code }) => code)], [[], ['ATTEMPTS_EXHAUSTED']]);
  for (const release of releases) release();
  await Promise.all(lost);
  const { state, failure_code } = await jobRow(id);
  assert.deepEqual([state, failure_code], ['FAILED', 'ATTEMPTS_EXHAUSTED']);
});

test('a worker that is told to stop hands its job back, which does not count as an attempt that failed', async () => {
  const id = await newJob();
  for (let n = 1; n <= 5; n++) {
    const draining = new AbortController();
    const { handedBack } = await work(
      id,
      async ({ signal, progress }) => {
        setTimeout(() => draining.abort(), 20);
        await once(signal, 'abort');
        await progress({ step: 'next', fraction: 0.5 });
      },
      { draining: draining.signal },
    );
    assert.deepEqual(handedBack, [n]);
    const { state, attempt, lease_until } = await jobRow(id);
    assert.deepEqual([state, attempt, lease_until], ['QUEUED', n, null]);
    assert.deepEqual(await tickets(id), Array(n + 1).fill(0), 'a ticket at once');
  }
  await work(id, async () => {});
  assert.equal((await jobRow(id)).state, 'SUCCEEDED');
});

test('a job that waits for something outside is tried later, as often as its stage wants', async () => {
  const id = await newJob();
  for (let n = 1; n <= 5; n++) {
    const run = async (): Promise<never> => {
      throw new TryLater(100 * n, 'not there yet');
    };
    const { failed, handedBack } = await work(id, run);
    assert.deepEqual([failed, handedBack], [[], [n]]);
    assert.deepEqual([(await jobRow(id)).state, (await jobRow(id)).attempt], ['QUEUED', n]);
    assert.deepEqual(
      (await tickets(id)).sort((a, b) => a - b).slice(1),
      Array.from({ length: n }, (_, k) => 100 * (k + 1)),
    );
  }
  await work(id, async () => {});
  assert.equal((await jobRow(id)).state, 'SUCCEEDED');
});

test('a cancelled job stops at the next thing that it does, and stays cancelled', async () => {
  const id = await newJob();
  const { begun, failed, handedBack } = await work(id, async ({ progress, write }) => {
    await progress({ step: 'begun', fraction: 0.1 });
    assert.equal(await inTenant((db) => cancelJob(db, id)), true);
    await assert.rejects(
      write(() => assert.fail('written')),
      Stopped,
    );
    await progress({ step: 'more', fraction: 1 });
    assert.fail('it went on');
  });
  assert.deepEqual({ begun, failed, handedBack }, { begun: [1], failed: [], handedBack: [] });
  const { state, step } = await jobRow(id);
  assert.deepEqual([state, step], ['CANCELLED', 'begun']);
  assert.equal(await inTenant((db) => cancelJob(db, id)), false);
  await work(id, () => assert.fail('it ran again'));
});

test('the job of a worker that is killed runs again on another', async (t) => {
  const start = async (): Promise<ChildProcess> => {
    const args = [join(import.meta.dirname, 'jobs-worker.ts'), server.appUrl];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout!, 'data');
    return child;
  };
  const id = await newJob('TRAIN');
  const first = await start();
  while ((await jobRow(id)).step !== `attempt 1 in ${first.pid}`) await sleep(50);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const killedAt = performance.now();
  const second = await start();
  // As if the heartbeat had been missing for long, and the lease were about to end.
  await owner.query(
    "update pgboss.job set heartbeat_on = now() - interval '1 minute' where data ->> 'jobId' = $1 and state = 'active'",
    [id],
  );
  await inTenant((db) =>
    db
      .updateTable('job')
      .set({ lease_until: new Date(Date.now() + 8000) })
      .where('id', '=', id)
      .execute(),
  );
  while ((await jobRow(id)).state !== 'SUCCEEDED' && performance.now() - killedAt < 25_000) await sleep(100);
  const { state, attempt, step } = await jobRow(id);
  assert.deepEqual([state, attempt, step], ['SUCCEEDED', 2, `attempt 2 in ${second.pid}`]);
});
