import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../demo/services/postmaster.ts';
import { type ProcessSpec, superviseProcesses } from '../demo/services/processes.ts';

const directory = await mkdtemp(join(tmpdir(), 'metloop-processes-'));
test.after(() => rm(directory, { recursive: true }));
let files = 0;
const recordFile = (): string => join(directory, `record-${files++}.json`);

/** A process that says its number and ends in order when asked. */
function sayer(name: string, rest = ''): ProcessSpec {
  const script = `process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); console.log('number', process.pid);
    setInterval(() => {}, 1000); ${rest}`;
  return { name, command: process.execPath, args: ['-e', script], ready: { line: /^number/ } };
}

const isAlive = (pid: number): boolean => commandLine(pid).length > 0;
const numbersIn = (lines: string[]): number[] =>
  lines.flatMap((line) => (/\| number (\d+)/.exec(line) ? [Number(/\d+$/.exec(line)![0])] : []));

test('services stop in the reverse order of their start', async () => {
  const lines: string[] = [];
  const file = recordFile();
  const supervisor = await superviseProcesses({ recordFile: file, log: (line) => lines.push(line) });
  await supervisor.start(sayer('first'));
  supervisor.add('second', async () => {
    lines.push('second stopped');
  });
  await supervisor.start(sayer('third'));
  assert.equal(existsSync(file), true);
  await supervisor.stopAll();
  assert.equal(await supervisor.untilStopped(), 0);
  const farewells = lines.filter((line) => /bye|stopped/.test(line));
  assert.deepEqual(farewells, ['third | bye', 'second stopped', 'first | bye']);
  assert.equal(numbersIn(lines).length, 2);
  assert.equal(numbersIn(lines).some(isAlive), false);
  assert.equal(existsSync(file), false);
});

test('readiness by address waits for an answer, and the environment reaches the process', async (t) => {
  const port = await freePort();
  const supervisor = await superviseProcesses({ recordFile: recordFile(), log: () => undefined });
  t.after(() => supervisor.stopAll());
  const script = `let n = 0; require('http').createServer((q, r) => { r.statusCode = n++ < 2 ? 503 : 200; r.end(process.env.WORD); })
    .listen(${port}, '127.0.0.1')`;
  const url = `http://127.0.0.1:${port}/`;
  await supervisor.start({
    name: 'web',
    command: process.execPath,
    args: ['-e', script],
    env: { WORD: 'hello' },
    ready: { url },
  });
  assert.equal(await (await fetch(url)).text(), 'hello');
});

test('a process that ends or hangs before it is ready is an error that says so', async () => {
  for (const [script, expected] of [
    ['process.exit(3)', /web did not start: it ended with exit code 3/],
    ['setInterval(() => {}, 1000)', /web did not start: it was not ready after 0.5 s/],
  ] as const) {
    const supervisor = await superviseProcesses({ recordFile: recordFile(), log: () => undefined });
    const spec = {
      name: 'web',
      command: process.execPath,
      args: ['-e', script],
      ready: { line: /never/ },
      readyWithinMs: 500,
    };
    if (script.includes('exit')) spec.readyWithinMs = 10_000;
    await assert.rejects(supervisor.start(spec), expected);
    await supervisor.stopAll();
  }
});

test('a process that is killed on purpose stops nothing else, and starts again', async () => {
  const lines: string[] = [];
  const supervisor = await superviseProcesses({ recordFile: recordFile(), log: (line) => lines.push(line) });
  await supervisor.start(sayer('killed'));
  await supervisor.start(sayer('steady'));
  const startAgain = await supervisor.interrupt('killed');
  const [killed, steady] = numbersIn(lines) as [number, number];
  assert.deepEqual([isAlive(killed), isAlive(steady)], [false, true]);
  await startAgain();
  assert.equal(numbersIn(lines).length, 3);
  await assert.rejects(supervisor.interrupt('nobody'), /no process nobody was started/);
  await supervisor.stopAll();
  assert.equal(await supervisor.untilStopped(), 0);
  assert.equal(numbersIn(lines).some(isAlive), false);
});

test('when one process dies, the others are stopped and the exit code is 1', async () => {
  const lines: string[] = [];
  const supervisor = await superviseProcesses({ recordFile: recordFile(), log: (line) => lines.push(line) });
  await supervisor.start(sayer('steady'));
  await supervisor.start(sayer('frail', 'setTimeout(() => process.exit(7), 200)'));
  assert.equal(await supervisor.untilStopped(), 1);
  assert.match(lines.join('\n'), /frail ended by itself \(exit code 7\)/);
  assert.equal(numbersIn(lines).some(isAlive), false);
});

test('a process that ignores SIGTERM is killed, with the children it started', async () => {
  const lines: string[] = [];
  const supervisor = await superviseProcesses({ recordFile: recordFile(), log: (line) => lines.push(line) });
  const script = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);
    const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log('number', c.pid); console.log('number', process.pid); console.log('up')`;
  const args = ['-e', script];
  await supervisor.start({ name: 'deaf', command: process.execPath, args, ready: { line: /up/ }, stopWithinMs: 300 });
  await supervisor.stopAll();
  await sleep(100);
  assert.equal(numbersIn(lines).length, 2);
  assert.equal(numbersIn(lines).some(isAlive), false);
});

async function supervisorProcess(file: string): Promise<{ child: ChildProcess; pid: number }> {
  const script = fileURLToPath(new URL('./processes-supervisor.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  while (!text.includes('supervising')) await once(child.stdout, 'data');
  return { child, pid: Number(/number (\d+)/.exec(text)![1]) };
}

test('SIGTERM and SIGINT end the supervisor in order, with exit code 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, pid } = await supervisorProcess(recordFile());
    assert.equal(isAlive(pid), true);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.equal(isAlive(pid), false);
  }
});

test('what a killed supervisor left is ended by the next; a stranger with a recorded number is not', async () => {
  const file = recordFile();
  const { child, pid } = await supervisorProcess(file);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isAlive(pid), true);

  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  const records = JSON.parse(await readFile(file, 'utf8'));
  records.push({ ...records[0], pid: stranger.pid }, { pid: -1 }, null);
  await writeFile(file, JSON.stringify(records));
  const lines: string[] = [];
  const supervisor = await superviseProcesses({ recordFile: file, log: (line) => lines.push(line) });
  await supervisor.stopAll();
  assert.deepEqual(lines, [`ended what an earlier start had left running: process ${pid}`]);
  assert.equal(isAlive(pid), false);
  assert.equal(isAlive(stranger.pid!), true);
  stranger.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
