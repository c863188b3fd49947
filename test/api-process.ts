/** Run by uploads-cut-off.test.ts as a process of its own, which it kills: the API on a free port, without the web app. */
import type { AddressInfo } from 'node:net';
import { readConfig } from '#core/config.ts';
import { Database } from '#core/db/database.ts';
import { openPool } from '#core/db/pool.ts';
import { openQueue } from '#core/jobs/queues.ts';
import { openLog } from '#core/log.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { Changes } from '../api/changes.ts';
import { createServer } from '../api/server.ts';

const config = readConfig(process.env);
const log = openLog('api', 'silent');
const app = await createServer({
  ...{ config, log, changes: new Changes(config.databaseUrl, log) },
  database: new Database(openPool(config.databaseUrl, { name: 'metloop-api', max: 4 })),
  queue: await openQueue(config.databaseUrl, { max: 2, supervise: false }),
  objects: await openFileStore(process.env.METLOOP_STORE_DIR!),
});
await app.listen({ host: config.host, port: 0 });
process.stdout.write(`listening on ${(app.server.address() as AddressInfo).port}\n`);
