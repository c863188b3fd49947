/** Run by postgres.test.ts as a process of its own: starts PostgreSQL, prints its address and waits. */
import { startPostgres } from '../demo/services/postgres.ts';

process.on('SIGTERM', () => process.exit(0));
const postgres = await startPostgres({ dataDir: process.argv[2]!, log: () => undefined });
process.stdout.write(`${postgres.superuserUrl}\n`);
setInterval(() => undefined, 60_000);
