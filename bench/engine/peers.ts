import { createHash } from 'node:crypto';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Log, runCommand } from '../../gpu-worker/native/command.ts';
import {
  beginFolder,
  cacheFolder,
  problemOf,
  publishFolder,
  writeManifest,
} from '../../gpu-worker/native/engine-folder.ts';
import type { EngineFlavour } from '../../gpu-worker/native/wheels.ts';
import { PeerProcess } from './peer-process.ts';

const peersFolder = fileURLToPath(new URL('peers', import.meta.url));

/** The Python versions that the peers' packages exist for. */
const pythons = { oldest: 10, newest: 13 } as const;

/** The packages of the peers, each by version and hashes; made by `uv pip compile --universal --generate-hashes`. */
const lists: Readonly<Record<EngineFlavour, string>> = { cpu: 'requirements.txt', gpu: 'requirements-gpu.txt' };

/** Programs in Python that the bench compares with. */
export type PythonPeer = 'openvino-peer.py' | 'keras-peer.py';

/**
 * The peers' Python: a virtual environment in the user's cache that the bench makes by itself, in one step, so that a bench
 * that was interrupted leaves nothing half done.
 * @throws Error that says what to install where Python cannot make one
 */
export async function ensurePeers(flavour: EngineFlavour, log: Log): Promise<string> {
  const list = join(peersFolder, lists[flavour]);
  const version = await pythonVersion(log);
  const content = createHash('sha256')
    .update(await readFile(list))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder(), 'bench', `peers-${flavour}-python${version}-${content}`);
  if ((await problemOf(folder)) !== undefined) await install(list, folder, log);
  return join(folder, 'bin', 'python');
}

/** Starts a peer that is written in Python. */
export function startPython(python: string, script: PythonPeer, name: string): PeerProcess {
  // The user's own packages must not come in, and a GPU's memory is shared with ours.
  const env = { PYTHONNOUSERSITE: '1', PYTHONPATH: '', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
  return new PeerProcess({ name, command: [python, join(peersFolder, script)], env });
}

/** Starts the layers model, which is written in TypeScript. */
export function startLayers(name: string): PeerProcess {
  return new PeerProcess({
    name,
    command: [process.execPath, fileURLToPath(new URL('layers-peer.ts', import.meta.url))],
  });
}

async function pythonVersion(log: Log): Promise<string> {
  const words = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const { succeeded, output } = await runCommand('python3', ['-c', words], { what: 'python3', log });
  if (!succeeded) throw new Error('The peers need python3: install the system package "python3".');
  const minor = Number(/^3\.(\d+)$/.exec(output)?.[1]);
  if (minor >= pythons.oldest && minor <= pythons.newest) return output;
  throw new Error(
    `The peers' packages exist for Python 3.${pythons.oldest} to 3.${pythons.newest}; python3 is ${output}. ` +
      'Put one of these first in PATH, or leave the peers out with --only study --only scaling.',
  );
}

async function install(list: string, folder: string, log: Log): Promise<void> {
  log(`Installing the peers into ${folder}; this happens once.`);
  const temporary = await beginFolder(folder);
  try {
    const made = await runCommand('python3', ['-m', 'venv', temporary], { what: 'Making a virtual environment', log });
    if (!made.succeeded) {
      throw new Error(
        'python3 cannot make a virtual environment: install the system package "python3-venv" ' +
          `(Debian, Ubuntu: apt-get install python3-venv). It said:\n${made.output}`,
      );
    }
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet', '--no-cache-dir', '--no-deps'];
    const only = ['--require-hashes', '--only-binary=:all:', '-r', list];
    const what = 'Downloading the peers';
    const installed = await runCommand(join(temporary, 'bin', 'python'), [...pip, ...only], { what, log });
    if (!installed.succeeded) throw new Error(`${what} failed; pip said:\n${installed.output}`);
    await copyFile(list, join(temporary, 'requirements.txt'));
    await writeManifest(temporary, ['requirements.txt', 'pyvenv.cfg']);
    await publishFolder(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
