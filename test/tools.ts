/**
 * The programs that tests use besides npm packages: judges of our output that were written by others. They are
 * installed by `npm test` where that is possible; where it is not, their tests are skipped and named in red, and with
 * CI=true that is a failure.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOrthanc, orthancPackages } from '../bench/peers/orthanc.ts';
import { failureOf, findProgram, installPackages } from '../bin/debian.ts';
import { capture } from '../bin/steps.ts';
import { exclusively } from '../demo/services/exclusive.ts';
import { cacheFolder } from '../gpu-worker/native/engine-folder.ts';

/** Begins the reason of each test that is skipped for want of a tool. */
export const MISSING_TOOL = 'missing tool: ';

/** Programs by name, with the Debian packages that bring them. */
const programs = {
  dcmdump: ['dcmtk'],
  dciodvfy: ['dicom3tools'],
  dcentvfy: ['dicom3tools'],
  chromium: ['chromium'],
  openssl: ['openssl'],
  postgres: ['postgresql-15'],
  Orthanc: orthancPackages,
} as const;

/** Python packages that tests import: independent readers of DICOM. */
export const dicomReaders: readonly string[] = ['pydicom==3.0.2', 'highdicom==0.28.2'];

/** The client by which programs in Python speak DICOMweb. */
export const dicomwebClients: readonly string[] = ['dicomweb-client==0.61.2', 'pydicom==3.0.2'];
/** dcmqi's programs, which a Python package brings beside its `python`: SEG, SR and parametric map into research formats. */
export const dcmqiPrograms: readonly string[] = ['dcmqi==1.5.7'];

/** Python packages by which published weights are read independently of our own code. */
export const weightReaders: readonly string[] = ['numpy==2.4.6', 'safetensors==0.8.0'];

/** Python packages by which NIfTI is read independently of our own code. */
export const niftiReaders: readonly string[] = ['nibabel==5.4.2', 'numpy==2.4.6'];

/** The validator of the Brain Imaging Data Structure, as its makers publish it. */
export const bidsValidators: readonly string[] = ['bids-validator-deno==3.0.2'];

/** Programs in Go, built in the user's cache, by name: another S3 server. */
const goPrograms = { versitygw: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0' } as const;

/** Give `skip` to the test: `test('…', { skip: tool.skip }, …)`. `path` can be run if `skip` is false. */
export interface Tool {
  readonly path: string;
  readonly skip: string | false;
}

const root = join(import.meta.dirname, '..');
/** Set by the runner, which has tried to install everything before the first test. */
const TRIED = 'METLOOP_TOOLS_TRIED';

/**
 * Looks for a program and tries to install its packages if we may.
 * @throws Error with CI=true if it is missing.
 */
export async function requireTool(name: keyof typeof programs): Promise<Tool> {
  const find = name === 'Orthanc' ? findOrthanc : () => findProgram(name);
  let path = find();
  let reason = `apt-get install ${programs[name].join(' ')}`;
  if (path === undefined && mayInstall()) {
    reason = await installPackages(programs[name]);
    path = find();
  }
  return verdict(path, name, reason);
}

/**
 * A Python with packages of exactly these versions, in a virtual environment in the user's cache.
 * @param requirements As pip takes them, e.g. `pydicom==3.0.2`.
 * @throws Error with CI=true if it cannot be made.
 */
export async function pythonWith(requirements: readonly string[]): Promise<Tool> {
  const hash = createHash('sha256').update(requirements.toSorted().join('\n')).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `python-${hash}`);
  const complete = join(folder, 'complete');
  const python = join(folder, 'bin', 'python');
  const usable = async (): Promise<boolean> =>
    existsSync(complete) && (await capture(python, ['--version'], { cwd: root })).code === 0;
  let reason = '';
  if (!(await usable()) && mayInstall()) {
    reason = await exclusively(folder, async () => {
      if (await usable()) return '';
      await rm(folder, { recursive: true, force: true });
      const failed = (await failureOf('python3', ['-m', 'venv', folder])) ?? (await pipInstall(python, requirements));
      if (failed === undefined) await writeFile(complete, requirements.join('\n'));
      return failed ?? '';
    });
  }
  return verdict((await usable()) ? python : undefined, `python3 with ${requirements.join(' ')}`, reason);
}

/**
 * A program written in Go, built from its source in the user's cache if there is a `go`.
 * @throws Error with CI=true if it cannot be built.
 */
export async function goProgram(name: keyof typeof goPrograms): Promise<Tool> {
  const source = goPrograms[name];
  const folder = join(cacheFolder(), `go-${name}-${source.slice(source.indexOf('@') + 1)}`);
  const program = join(folder, name);
  let reason = `go install ${source}`;
  if (!existsSync(program) && mayInstall()) {
    reason = await exclusively(folder, async () => {
      if (existsSync(program)) return '';
      const go = findProgram('go') ?? '/usr/local/go/bin/go';
      // Go puts the program in its place by renaming, so that it is whole as soon as it is there.
      return (await failureOf('env', [`GOBIN=${folder}`, go, 'install', '-trimpath', source])) ?? '';
    });
  }
  return verdict(existsSync(program) ? program : undefined, name, reason);
}

/** Installs what all tests need, saying so. Failures show up as skipped tests. */
export async function installTools(log: (line: string) => void): Promise<void> {
  const wanted: [string, () => Promise<Tool>][] = [
    ...Object.keys(programs).map((name): [string, () => Promise<Tool>] => [
      name,
      () => requireTool(name as keyof typeof programs),
    ]),
    [`python3 with ${dicomReaders.join(' ')}`, () => pythonWith(dicomReaders)],
    [`python3 with ${dicomwebClients.join(' ')}`, () => pythonWith(dicomwebClients)],
    [`python3 with ${dcmqiPrograms.join(' ')}`, () => pythonWith(dcmqiPrograms)],
    [`python3 with ${weightReaders.join(' ')}`, () => pythonWith(weightReaders)],
    [`python3 with ${niftiReaders.join(' ')}`, () => pythonWith(niftiReaders)],
    [`python3 with ${bidsValidators.join(' ')}`, () => pythonWith(bidsValidators)],
    ...Object.keys(goPrograms).map((name): [string, () => Promise<Tool>] => [
      name,
      () => goProgram(name as keyof typeof goPrograms),
    ]),
  ];
  for (const [name, get] of wanted) {
    const began = performance.now();
    const slow = setTimeout(() => log(`installing ${name} …`), 1000);
    const outcome = await get().then(
      (tool) => tool.skip,
      (error: Error) => error.message,
    );
    clearTimeout(slow);
    const seconds = Math.round((performance.now() - began) / 1000);
    if (outcome !== false) log(outcome);
    else if (seconds > 1) log(`${name} is there, after ${seconds} s`);
  }
  process.env[TRIED] = '1';
}

function mayInstall(): boolean {
  return process.env[TRIED] !== '1';
}

function verdict(path: string | undefined, name: string, reason: string): Tool {
  if (path !== undefined) return { path, skip: false };
  const skip = `${MISSING_TOOL}${name}${reason === '' ? '' : ` (${reason})`}`;
  if (process.env.CI === 'true') throw new Error(skip);
  return { path: '', skip };
}

function pipInstall(python: string, requirements: readonly string[]): Promise<string | undefined> {
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
  return failureOf(python, ['-m', 'pip', 'install', ...options, ...requirements]);
}
