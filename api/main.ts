import { readConfig } from '#core/config.ts';
import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import { refuseUnsafeRole } from '#core/db/role-check.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openObjectStore, storeConfigFromEnv } from '#core/storage/open-store.ts';
import { Changes } from './changes.ts';
import { createServer } from './server.ts';
import { readWebConfig, type WebFolders } from './web/config.ts';

/** Runs the API until it is told to stop; then it answers what it has begun. @returns when it has stopped. */
export async function runApi(env: NodeJS.ProcessEnv, webFolders: WebFolders): Promise<void> {
  const config = readConfig(env);
  const web = readWebConfig(env, webFolders);
  const log = openLog('api', config.logLevel);
  const pool = openPool(config.databaseUrl, { name: 'metloop-api', max: 20 });
  await refuseUnsafeRole(pool);
  const queue = await openQueue(config.databaseUrl, { max: 4, supervise: false });
  const changes = new Changes(config.databaseUrl, log);
  await changes.start();
  const database = new Database(pool);
  const objects = await openObjectStore(storeConfigFromEnv(env));
  const app = await createServer({ config, database, queue, objects, changes, log }, web);
  await app.listen({ host: config.host, port: config.port });
  log.info({ address: config.publicUrl }, 'the API is ready');

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  log.info('stopping');
  await app.close();
  await changes.stop();
  await queue.stop({ graceful: true, timeout: 5000 });
  await database.close();
}
