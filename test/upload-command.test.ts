/** `metloop upload`, run as its users run it, against the whole API behind a connection that fails. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type FaultProxy, startFaultProxy } from './harness/fault-proxy.ts';
import { type Intake, startIntake } from './harness/intake.ts';

const phantom = generatePhantom({ seed: 31, size: 48 });
let intake: Intake;
let proxy: FaultProxy;
let folder: string;
before(async () => {
  intake = await startIntake();
  proxy = await startFaultProxy(Number(new URL(intake.api.address).port));
  folder = await mkdtemp(join(tmpdir(), 'metloop-upload-'));
});
after(async () => {
  await proxy?.stop();
  await intake?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A folder with a study in it. @returns its path and how many images it holds */
async function studyFolder(label: string): Promise<{ path: string; count: number }> {
  const path = join(folder, label);
  await mkdir(join(path, 'below'), { recursive: true });
  let count = 0;
  for await (const { bytes } of writePhantomStudy(phantom, { label }))
    await writeFile(join(path, count % 2 ? 'below' : '', `IM${count++}`), bytes);
  return { path, count };
}

function start(...args: readonly string[]): ChildProcess {
  const program = join(import.meta.dirname, '..', 'bin', 'metloop.ts');
  return spawn(process.execPath, [program, 'upload', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, METLOOP_TOKEN: intake.token, XDG_STATE_HOME: join(folder, 'state') },
  });
}

async function upload(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const child = start(...args);
  let [out, err] = ['', ''];
  child.stdout!.on('data', (text) => {
    out += text;
  });
  child.stderr!.on('data', (text) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}
const target = (): string[] => ['--to', `http://127.0.0.1:${proxy.port}`, '--site', 'hospital'];
const instances = async (): Promise<number> => {
  const { uploads } = await intake.ask('{ uploads(first: 100) { edges { node { storedInstances } } } }');
  return uploads.edges.reduce(
    (sum: number, { node }: { node: { storedInstances: number } }) => sum + node.storedInstances,
    0,
  );
};

test('a dry run shows series and refusals, and sends nothing', async () => {
  const { path, count } = await studyFolder('dry');
  const clean = await upload(path, '--dry-run');
  assert.equal(clean.code, 0, clean.err);
  assert.match(clean.out, new RegExp(`Would send ${count} files: 4 series of 1 studies\\. Nothing was sent\\.`));
  assert.equal(clean.out.match(/ files .* MiB {2}MR /g)?.length, 4, clean.out);
  await writeFile(join(path, 'letter.txt'), 'Dear colleague');
  const whole = await readFile(join(path, 'IM0'));
  await writeFile(join(path, 'cut'), whole.subarray(0, whole.length - 10));
  const spoiled = await upload(path, '--dry-run', '--to', 'https://nobody.invalid', '--site', 'x');
  assert.equal(spoiled.code, 1);
  assert.match(spoiled.out, /1 files are not DICOM and were left out\./);
  assert.match(spoiled.out, /1 files would be refused:\n {2}cut: PixelData \(7fe0,0010\) claims/);
  assert.equal(proxy.count('POST'), 0);
});

test('an upload gets through a failing connection, and a next run sends nothing again', async () => {
  const { path, count } = await studyFolder('sent');
  proxy.next('POST', 'REFUSE', 'CUT_ANSWER', 'LOSE_ANSWER');
  const first = await upload(path, ...target());
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, new RegExp(`^Stored ${count} files\\.$`, 'm'));
  assert.match(first.err, /answered 503: .*Trying again in \d\.\d s\./);
  assert.match(first.err, /could not be reached/);
  const posts = proxy.count('POST');
  const again = await upload(path, ...target());
  assert.equal(again.code, 0);
  assert.match(again.out, new RegExp(`Stored 0 files; ${count} were stored by an earlier run\\.`));
  assert.equal(proxy.count('POST'), posts + 1, 'one question: which site');
  const journal = await readFile(
    join(folder, 'state/metloop/uploads', (await readdir(join(folder, 'state/metloop/uploads')))[0]!),
    'utf8',
  );
  assert.doesNotMatch(journal, /IM\d|sent/, 'the journal names no file');
});

test('an upload that was killed goes on where it was', async () => {
  const { path, count } = await studyFolder('killed');
  const before = await instances();
  const journal = join(folder, 'journal.txt');
  const child = start(path, ...target(), '--journal', journal);
  const known = async (): Promise<number> =>
    (await readFile(journal, 'utf8').catch(() => '')).match(/^[0-9a-f]{64}$/gm)?.length ?? 0;
  while ((await known()) === 0 && child.exitCode === null) await sleep(5);
  child.kill('SIGKILL');
  if (child.exitCode === null) await once(child, 'exit');
  const done = await known();
  assert.ok(done > 0 && done < count, `${done} of ${count} before the kill`);
  const rest = await upload(path, ...target(), '--journal', journal);
  assert.equal(rest.code, 0, rest.err);
  assert.match(rest.out, new RegExp(`Stored ${count - done} files; ${done} were stored by an earlier run`));
  assert.ok((await instances()) >= before + count);
});

test('what is refused is named with the reason, and the exit code says so', async () => {
  const { path, count } = await studyFolder('refused');
  const whole = await readFile(join(path, 'IM0'));
  await writeFile(join(path, 'zz-cut'), whole.subarray(0, whole.length - 10));
  const { code, out } = await upload(path, ...target());
  assert.equal(code, 1);
  assert.match(out, new RegExp(`Stored ${count} files\\.\n1 files were refused:\n {2}zz-cut: UNREADABLE`));
});

test('each way to fail has its exit code', async () => {
  const { path } = await studyFolder('codes');
  const [to] = [target().slice(0, 2)];
  assert.equal((await upload(path, ...to, '--site', 'elsewhere')).code, 4);
  await writeFile(join(folder, 'token'), 'nonsense\n');
  const stranger = await upload(path, ...target(), '--token-file', join(folder, 'token'));
  assert.equal(stranger.code, 4, stranger.err);
  const nowhere = await upload(path, '--to', 'http://127.0.0.1:9', '--site', 'x', '--retries', '1');
  assert.equal(nowhere.code, 3);
  assert.match(nowhere.err, /could not be reached.*Given up after 2 attempts\./);
  for (const args of [
    [],
    [path],
    [path, '--to', 'http://metloop.example', '--site', 'x'],
    [path, ...target(), '--retries', 'x'],
    [join(folder, 'none'), ...target()],
    [path, '--nonsense'],
  ])
    assert.equal((await upload(...args)).code, 2, args.join(' '));
});
