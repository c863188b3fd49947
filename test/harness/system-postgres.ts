import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { giveToPostgres, makePassableDirectory, postgresIdentity } from '../../demo/services/postgres-user.ts';
import { freePort } from './s3-server.ts';

export interface SystemPostgres {
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL of the operating system on a throwaway cluster, on 127.0.0.1 and a free port. @param binaries Folder of `initdb` and `postgres` */
export async function startSystemPostgres(binaries: string): Promise<SystemPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'metloop-system-postgres-'));
  await makePassableDirectory(home);
  const cluster = join(home, 'cluster');
  const password = randomBytes(16).toString('hex');
  await mkdir(cluster, { mode: 0o700 });
  await giveToPostgres(cluster);
  await writeFile(join(home, 'password'), password, { mode: 0o600 });
  await giveToPostgres(join(home, 'password'));
  const options = { ...postgresIdentity(), cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  const who = ['--username=admin', `--pwfile=${join(home, 'password')}`, '--auth=scram-sha-256'];
  await promisify(execFile)(join(binaries, 'initdb'), [...who, '--encoding=UTF8', '--pgdata', cluster], options);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  const server = spawn(join(binaries, 'postgres'), ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])], {
    ...options,
    stdio: 'ignore',
  });
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit');
    await rm(home, { recursive: true, force: true });
  };
  const superuserUrl = `postgres://admin:${password}@127.0.0.1:${port}/postgres`;
  for (let tries = 0; tries < 100; tries++) {
    const client = new pg.Client({ connectionString: superuserUrl });
    try {
      await client.connect();
      await client.end();
      return { superuserUrl, stop };
    } catch {
      await sleep(100);
    }
  }
  await stop();
  throw new Error('the system PostgreSQL does not answer');
}
