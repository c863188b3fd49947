import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { lstat, mkdir, readFile, realpath, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { claim } from './exclusive.ts';
import { preparePostgresBinaries, ROOT_STATE_DIR } from './postgres-binaries.ts';
import {
  giveToPostgres,
  type Log,
  makePassableDirectory,
  postgresIdentity,
  reachableByNobody,
} from './postgres-user.ts';
import {
  becomesTrue,
  commandLine,
  isPostmaster,
  recordedPid,
  runningPostmaster,
  stopPostmaster,
  waitForOrphans,
} from './postmaster.ts';

const SUPERUSER = 'metloop_admin';
const START_ATTEMPTS = 4;
const START_PATIENCE_MS = 60_000;

export interface RunningPostgres {
  /** Connects as superuser to the database `postgres`. Only for provisioning: row-level security does not bind it. */
  readonly superuserUrl: string;
  readonly port: number;
  /** Ends the server orderly. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL for the demo and the tests, on 127.0.0.1 and a free port, with its data in `dataDir`:
 *
 *     cluster/        the data, with checksums
 *     password        of the superuser; the other roles' are derived from it
 *     postgres.log
 *
 * A server left running by a launcher that was killed is taken over. If the caller ends without `stop()`, the server
 * is told to stop. For root, if other users cannot reach `dataDir`, the files lie in /var/lib/metloop instead.
 * @throws Error if another process has started PostgreSQL on `dataDir`, or if it does not start.
 */
export async function startPostgres(options: { dataDir: string; log: Log }): Promise<RunningPostgres> {
  const { log } = options;
  const home = await chooseHome(resolve(options.dataDir), log);
  const claimed = await claim(`postgres ${home}`);
  if ('heldBy' in claimed) {
    const holder = claimed.heldBy === undefined ? 'another process' : `process ${claimed.heldBy}`;
    throw new Error(`The database in ${options.dataDir} is in use by ${holder}: stop that, or choose another folder.`);
  }
  try {
    const binaries = await preparePostgresBinaries(log);
    const password = await readPassword(home);
    const cluster = join(home, 'cluster');
    if (!(await exists(cluster))) await initialise(home, binaries, password);
    const { pid, port, superuserUrl } =
      (await adopt(cluster, password, log)) ?? (await startWithRetries(home, binaries, password));
    const stopAtExit = (): void => {
      if (isPostmaster(pid, cluster)) process.kill(pid, 'SIGINT');
    };
    process.on('exit', stopAtExit);
    const stop = async (): Promise<void> => {
      await stopPostmaster(pid, cluster);
      process.off('exit', stopAtExit);
      await claimed.release();
    };
    return { superuserUrl, port, stop };
  } catch (error) {
    await claimed.release();
    throw error;
  }
}

interface Started {
  readonly pid: number;
  readonly port: number;
  readonly superuserUrl: string;
}

/** The folder that holds cluster and password: `dataDir`, unless PostgreSQL could not get there. */
async function chooseHome(dataDir: string, log: Log): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  await makePassableDirectory(dataDir);
  const real = await realpath(dataDir);
  if (process.getuid?.() !== 0 || (await reachableByNobody(join(real, 'cluster')))) return real;
  const state = real.startsWith(`${await realpath(tmpdir())}/`) ? tmpdir() : ROOT_STATE_DIR;
  const home = join(state, `postgres-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`);
  await makePassableDirectory(home);
  if ((await lstat(home)).uid !== 0) throw new Error(`${home} belongs to another user: remove it, or move ${dataDir}.`);
  await writeFile(join(real, 'moved-to'), `${home}\n`);
  log(`PostgreSQL does not run as root and no other user can enter ${dataDir}: its data is in ${home}`);
  return realpath(home);
}

async function readPassword(home: string): Promise<string> {
  const path = join(home, 'password');
  const fresh = `${path}.new`;
  if (!(await exists(path))) {
    await rm(fresh, { force: true });
    await writeFile(fresh, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
    await rename(fresh, path);
  }
  return readFile(path, 'utf8');
}

/** Makes the cluster beside its place and moves it there, so that an interrupted start leaves no half of one. */
async function initialise(home: string, binaries: string, password: string): Promise<void> {
  const fresh = join(home, 'cluster.new');
  const passwordFile = join(home, 'password.initdb');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveToPostgres(fresh);
  await giveToPostgres(passwordFile);
  const settings = ['--data-checksums', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const who = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, `--pgdata=${fresh}`];
  try {
    await promisify(execFile)(join(binaries, 'bin', 'initdb'), [...settings, ...locale, ...who], {
      ...postgresIdentity(),
      env: environment(),
      cwd: '/',
    });
  } catch (error) {
    throw new Error(`The database could not be made in ${home}: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, join(home, 'cluster'));
}

/** Takes over a server that outlived its launcher; one that does not answer is stopped. */
async function adopt(cluster: string, password: string, log: Log): Promise<Started | undefined> {
  const left = runningPostmaster(cluster);
  if (left === undefined) return undefined;
  const superuserUrl = urlOf(SUPERUSER, password, left.port, 'postgres');
  if (left.ready && (await answers(superuserUrl))) {
    log(`PostgreSQL was still running (process ${left.pid}): taken over`);
    return { pid: left.pid, port: left.port, superuserUrl };
  }
  log(`PostgreSQL was still running (process ${left.pid}) but did not answer: restarting it`);
  await stopPostmaster(left.pid, cluster);
  return undefined;
}

async function startWithRetries(home: string, binaries: string, password: string): Promise<Started> {
  const cluster = join(home, 'cluster');
  for (let attempt = 1; ; attempt++) {
    await waitForOrphans(cluster);
    await removeForeignPidFile(cluster);
    // Another program may take the port between our asking for a free one and the server's using it.
    const port = await freePort();
    try {
      const pid = await launch(home, binaries, port);
      return { pid, port, superuserUrl: urlOf(SUPERUSER, password, port, 'postgres') };
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await sleep(300 * attempt);
    }
  }
}

async function launch(home: string, binaries: string, port: number): Promise<number> {
  const cluster = join(home, 'cluster');
  const logFile = join(home, 'postgres.log');
  const output = openSync(logFile, 'w', 0o600);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // In a session of its own, so that Ctrl-C in the terminal reaches the launcher only, which then stops it in order.
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', cluster, ...options], {
    ...postgresIdentity(),
    env: environment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const failure = failureOf(child);
  child.unref();
  const ready = (): boolean => failure() !== undefined || runningPostmaster(cluster)?.ready === true;
  const inTime = await becomesTrue(ready, START_PATIENCE_MS);
  const reason = inTime ? failure() : `it was not ready after ${START_PATIENCE_MS / 1000} s`;
  if (reason === undefined) return child.pid!;
  child.kill('SIGQUIT');
  const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
  throw new Error(`PostgreSQL did not start: ${reason}. The end of ${logFile}:\n${tail}`);
}

/** Tells why the child ended, once it has. */
function failureOf(child: ChildProcess): () => string | undefined {
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = error.message;
  });
  child.on('exit', (code, signal) => {
    failure = `it ended with ${signal ?? `exit code ${code}`}`;
  });
  return () => failure;
}

/** PostgreSQL refuses to start if the process named in an old pid file is alive, though it be another program by now. */
async function removeForeignPidFile(cluster: string): Promise<void> {
  const pid = recordedPid(cluster);
  if (pid !== undefined && commandLine(pid).length > 0 && !isPostmaster(pid, cluster)) {
    await unlink(join(cluster, 'postmaster.pid'));
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('No free port was found on 127.0.0.1.');
  return address.port;
}

/** A connection string for a database of the embedded server. */
function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error ? String(error.stderr).trim() : '';
  return stderr === '' ? error.message : stderr;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
