import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../demo/services/postgres.ts';
import { linkLibraries } from '../demo/services/postgres-binaries.ts';
import { isPostmaster, recordedPid } from '../demo/services/postmaster.ts';
import { provisionDatabase } from '../demo/services/provision-database.ts';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function temporary(t: test.TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'metloop-postgres-'));
  t.after(async () => {
    // Hooks run in the order of their making, so this one stops the servers before it removes their data.
    for (const server of started.splice(0)) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return directory;
}

const started: RunningPostgres[] = [];

/** Starts PostgreSQL, to be stopped at the end of the test at the latest. */
async function start(dataDir: string, log: (line: string) => void = () => undefined): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, log });
  started.push(server);
  return server;
}

/** Starts PostgreSQL from a process of its own, which waits for its end. */
async function launcher(dataDir: string): Promise<{ child: ChildProcess; superuserUrl: string }> {
  const script = fileURLToPath(new URL('./postgres-launcher.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [data] = await once(child.stdout, 'data');
  return { child, superuserUrl: String(data).trim() };
}

test('it starts, keeps its data over a restart, and stops', async (t) => {
  const dataDir = await temporary(t);
  const first = await start(dataDir);
  assert.match(first.superuserUrl, /@127\.0\.0\.1:/);
  const pid = recordedPid(join(dataDir, 'cluster'))!;
  const [row] = await query(
    first.superuserUrl,
    `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as address,
      current_setting('server_version_num')::int as version`,
  );
  assert.deepEqual({ ...row, version: 0 }, { checksums: 'on', address: '127.0.0.1', version: 0 });
  assert.ok(Number(row!.version) >= 180_000);
  await query(first.superuserUrl, 'create table kept as select 42 as answer');
  await first.stop();
  await first.stop();
  assert.equal(isPostmaster(pid, join(dataDir, 'cluster')), false);
  const second = await start(dataDir);
  assert.deepEqual(await query(second.superuserUrl, 'select answer from kept'), [{ answer: 42 }]);
  assert.equal((await stat(join(dataDir, 'password'))).mode & 0o777, 0o600);
  const wrong = second.superuserUrl.replace(/:[0-9a-f]+@/, ':guessed@');
  await assert.rejects(query(wrong, 'select 1'), /password authentication failed/);
});

test('the app role is neither owner nor superuser, and passwords outlast a restart', async (t) => {
  const dataDir = await temporary(t);
  const first = await start(dataDir);
  const { superuserUrl } = first;
  const [urls] = await Promise.all(
    ['metloop', 'metloop', 'odd "name"'].map((database) => provisionDatabase({ superuserUrl, database })),
  );
  const who = `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
    (select datdba = r.oid from pg_database where datname = current_database()) as owner
    from pg_roles r where rolname = current_user`;
  const powerless = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
  assert.deepEqual(await query(urls!.appUrl, who), [{ ...powerless, owner: false }]);
  assert.deepEqual(await query(urls!.ownerUrl, who), [{ ...powerless, owner: true }]);
  await query(urls!.ownerUrl, 'create table secret as select 1');
  await assert.rejects(query(urls!.appUrl, 'select * from secret'), /permission denied/);
  await assert.rejects(query(urls!.appUrl, 'create table mine ()'), /permission denied/);
  await first.stop();
  const second = await start(dataDir);
  const moved = urls!.appUrl.replace(`:${first.port}/`, `:${second.port}/`);
  assert.deepEqual(await query(moved, 'select 1 as one'), [{ one: 1 }]);
});

test('the server outlives a killed launcher and is taken over by the next start', async (t) => {
  const dataDir = await temporary(t);
  const { child, superuserUrl } = await launcher(dataDir);
  await query(superuserUrl, 'create table kept as select 42 as answer');
  await assert.rejects(start(dataDir), new RegExp(`in use by process ${child.pid}`));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lines: string[] = [];
  const again = await start(dataDir, (line) => lines.push(line));
  assert.match(lines.join('\n'), /taken over/);
  assert.deepEqual(await query(again.superuserUrl, 'select answer from kept'), [{ answer: 42 }]);
  await again.stop();
  await assert.rejects(query(superuserUrl, 'select 1'), /ECONNREFUSED/);
});

test('a launcher that just ends takes the server with it', async (t) => {
  const dataDir = await temporary(t);
  const { child, superuserUrl } = await launcher(dataDir);
  child.kill('SIGTERM');
  await once(child, 'exit');
  const next = await start(dataDir);
  assert.notEqual(next.superuserUrl, superuserUrl);
});

test('it starts after the server was killed, and over a pid file that names a stranger', async (t) => {
  const dataDir = await temporary(t);
  const cluster = join(dataDir, 'cluster');
  const first = await start(dataDir);
  await query(first.superuserUrl, 'create table kept as select 42 as answer');
  const pidFile = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  process.kill(recordedPid(cluster)!, 'SIGKILL');
  await first.stop();
  const second = await start(dataDir);
  assert.deepEqual(await query(second.superuserUrl, 'select answer from kept'), [{ answer: 42 }]);
  await second.stop();
  await writeFile(join(cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
  const third = await start(dataDir);
  assert.deepEqual(await query(third.superuserUrl, 'select answer from kept'), [{ answer: 42 }]);
  await third.stop();
});

test('an interrupted first start leaves nothing that prevents the next', async (t) => {
  const dataDir = await temporary(t);
  await mkdir(join(dataDir, 'cluster.new'), { recursive: true });
  await writeFile(join(dataDir, 'cluster.new', 'PG_VERSION'), '18');
  await writeFile(join(dataDir, 'password.new'), 'half');
  const postgres = await start(dataDir);
  assert.deepEqual(await query(postgres.superuserUrl, 'select 1 as one'), [{ one: 1 }]);
  await postgres.stop();
});

test('for root, a folder that no other user can enter is replaced by one that can', {
  skip: process.getuid?.() !== 0 && 'only root needs it',
}, async (t) => {
  const closed = await temporary(t);
  const dataDir = join(closed, 'data');
  const postgres = await start(dataDir);
  const movedTo = (await readFile(join(dataDir, 'moved-to'), 'utf8')).trim();
  t.after(() => rm(movedTo, { recursive: true, force: true }));
  assert.deepEqual(await query(postgres.superuserUrl, 'select 1 as one'), [{ one: 1 }]);
  await postgres.stop();
});

test('the libraries are linked by several processes at once, and again', async (t) => {
  const native = join(await temporary(t), 'copied');
  await mkdir(join(native, 'lib'), { recursive: true });
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await writeFile(join(native, 'lib', 'libx.so.1.2'), 'library');
  await Promise.all(Array.from({ length: 4 }, () => linkLibraries(native)));
  await linkLibraries(native);
  assert.deepEqual((await readdir(join(native, 'lib'))).sort(), ['libx.so.1', 'libx.so.1.2']);
  assert.equal(await readFile(join(native, 'lib', 'libx.so.1'), 'utf8'), 'library');
});
