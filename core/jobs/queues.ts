import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { queueNames } from './contract.ts';

/**
 * A queue that loses no ticket: a dead worker's is given to another after the heartbeat. A ticket fails only where the database or the
 * queue does, so that it is tried again for as long as that takes; how often a job is tried is said by its row.
 */
const queueOptions = {
  heartbeatSeconds: 10,
  expireInSeconds: 24 * 3600,
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  notify: true,
};
/**
 * How often a worker looks for tickets. NOTIFY wakes it for one new ticket, but neither for the next nor for one that may be taken only
 * later: of a study that may still grow, of another attempt, of the end of a lease.
 */
export const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 };
/** How soon a lost heartbeat is seen; with it, a lost worker's job is tried again as soon as its lease ends. */
const superviseSeconds = 5;

/**
 * Creates pg-boss's own schema and the queues, as the owner; the application's role may only use them.
 * @param role The application's role, escaped as an identifier.
 */
export async function createQueues(ownerUrl: string, role: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  try {
    for (const name of queueNames) {
      if (await boss.getQueue(name)) await boss.updateQueue(name, queueOptions);
      else await boss.createQueue(name, queueOptions);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`grant usage on schema pgboss to ${role}`);
    await client.query(`grant select, insert, update, delete on all tables in schema pgboss to ${role}`);
    await client.query(`grant usage, select on all sequences in schema pgboss to ${role}`);
    await client.query(`grant execute on all functions in schema pgboss to ${role}`);
  } finally {
    await client.end();
  }
}

/** The queue as the application uses it. Call `stop` to leave. */
export async function openQueue(databaseUrl: string, options: { max: number; supervise: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'metloop-queue',
    max: options.max,
    migrate: false,
    createSchema: false,
    supervise: options.supervise,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    schedule: false,
    useListenNotify: options.supervise,
  });
  // Lost connections are retried by pg-boss itself; without a listener the process would end.
  boss.on('error', () => {});
  await boss.start();
  return boss;
}
