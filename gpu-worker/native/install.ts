import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Log, runCommand } from './command.ts';
import { beginFolder, engineFolder, problemOf, publishFolder, writeManifest } from './engine-folder.ts';
import { type Check, inspectToolchain, nodeHeaders, tfjsPackage } from './toolchain.ts';
import { type EngineFlavour, engineFlavours, requirements, wheelTarget } from './wheels.ts';

const bindingFile = 'tfjs_binding.node';
const libraries = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];

/** An installed engine. */
export interface Engine {
  readonly folder: string;
  /** The Node addon; it finds TensorFlow's libraries beside itself. */
  readonly bindingPath: string;
}

/** The flavour that METLOOP_ENGINE asks for; `cpu` if it is unset. @throws Error if it names no flavour. */
export function engineFlavour(env: NodeJS.ProcessEnv = process.env): EngineFlavour {
  const wanted = env.METLOOP_ENGINE || 'cpu';
  const flavour = engineFlavours.find((known) => known === wanted);
  if (!flavour) throw new Error(`METLOOP_ENGINE is "${wanted}"; it may be ${engineFlavours.join(' or ')}.`);
  return flavour;
}

/**
 * Installs the native engine into the user's cache unless it lies there already: downloads TensorFlow's wheel by pip (version and
 * hash pinned), takes its libraries and C headers out, and compiles tfjs-node's own sources against them.
 * Safe to run at the same time in several processes.
 * @throws Error that names the system package to install, or that holds the output of the step that failed.
 */
export async function ensureEngine(options: { flavour?: EngineFlavour; log: Log }): Promise<Engine> {
  const { flavour = engineFlavour(), log } = options;
  const folder = engineFolder(flavour);
  if ((await problemOf(folder)) !== undefined) await install(flavour, folder, log);
  return { folder, bindingPath: join(folder, bindingFile) };
}

/** All that the engine depends on, for a doctor; hashes the installed files. */
export async function inspectEngine(flavour: EngineFlavour = engineFlavour()): Promise<Check[]> {
  const folder = engineFolder(flavour);
  const problem = await problemOf(folder, true);
  const fix =
    problem === 'not installed'
      ? 'It is installed on first use; nothing to do.'
      : `Delete ${folder}; it is installed anew on next use.`;
  const cached: Check =
    problem === undefined
      ? { name: `engine (${flavour})`, ok: true, detail: folder, fix: '' }
      : { name: `engine (${flavour})`, ok: false, detail: `${folder}: ${problem}`, fix };
  return [...(await inspectToolchain()), cached];
}

async function install(flavour: EngineFlavour, folder: string, log: Log): Promise<void> {
  const missing = (await inspectToolchain()).filter(({ ok }) => !ok);
  if (missing.length > 0) {
    throw new Error(
      `The native engine cannot be built. ${missing.map(({ name, fix }) => `${name}: ${fix}`).join(' ')}`,
    );
  }
  const started = Date.now();
  log(`Installing the native engine (${flavour}) into ${folder}; this happens once.`);
  const temporary = await beginFolder(folder);
  try {
    await download(flavour, temporary, log);
    await compile(temporary, log);
    await rm(join(temporary, 'tensorflow', 'include'), { recursive: true });
    await writeManifest(temporary, [bindingFile, ...libraries]);
    await publishFolder(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  log(`Native engine installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function download(flavour: EngineFlavour, folder: string, log: Log): Promise<void> {
  const wheelFolder = join(folder, 'wheels');
  const list = join(folder, 'requirements.txt');
  await mkdir(wheelFolder);
  await writeFile(list, requirements(flavour));
  const pip = ['-m', 'pip', '--disable-pip-version-check', 'download', '--quiet', '--no-cache-dir', '--no-deps'];
  await must(
    'python3',
    [...pip, '--require-hashes', ...wheelTarget, '--dest', wheelFolder, '-r', list],
    'Downloading TensorFlow',
    log,
  );
  const script = fileURLToPath(new URL('extract-wheel.py', import.meta.url));
  for (const wheel of await readdir(wheelFolder)) {
    await must('python3', [script, join(wheelFolder, wheel), folder], `Unpacking ${wheel.split('-')[0]}`, log);
    await rm(join(wheelFolder, wheel));
  }
  await rm(wheelFolder, { recursive: true });
  await rm(list);
}

async function compile(folder: string, log: Log): Promise<void> {
  const tfjs = tfjsPackage();
  const tensorflow = join(folder, 'tensorflow');
  const args = [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...[nodeHeaders(), tfjs, join(tensorflow, 'include')].map((path) => `-I${path}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => join(tfjs, 'binding', source)),
    ...['-o', join(folder, bindingFile), `-L${tensorflow}`],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/tensorflow'],
  ];
  await must('g++', args, 'Compiling the binding', log);
}

async function must(program: string, args: readonly string[], what: string, log: Log): Promise<void> {
  const { succeeded, output } = await runCommand(program, args, { what, log });
  if (!succeeded) throw new Error(`${what} failed; ${program} said:\n${output}`);
}
