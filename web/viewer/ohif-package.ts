import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { transform } from 'esbuild';
import { patchFiles, type TextFiles } from './ohif-patches.ts';

/**
 * The viewer as its authors built it. It is fetched and not installed: what its package lists as dependencies is already inside
 * its bundles, and part of it is not in the registry.
 */
export const ohif = {
  name: '@ohif/app',
  version: '3.13.2',
  sha512:
    '5997719a9986eeba85816f5924b71b82bdd70ad2e2d4a0cd3e831a798e4f3deea3e06e1f8c48e393271933a0ba664d85f3b04ac457e9abe8dde715d907d13c10',
} as const;

/**
 * Its scripts are published with all their white space and comments. LEAN leaves these out, which is a third of what a browser fetches
 * and has to parse; names and statements stay as they are. PUBLISHED is for comparisons.
 */
export type OhifForm = 'LEAN' | 'PUBLISHED';
/** Raised with every change to what is made of the package. */
const recipes: Readonly<Record<OhifForm, string>> = { LEAN: 'recipe2', PUBLISHED: 'recipe1' };
/** AI models and whole-slide microscopy: nothing here opens them, and they are three quarters of the package. */
const leftOut = ['package/dist/ort', 'package/dist/dicom-microscopy-viewer'];
const compressible = /\.(js|css|html|json|svg|wasm)$/;
const patched = /\.(js|css|html|json)$/;
const run = promisify(execFile);

/** The folder with the viewer's files, ready to be served under /viewer/; made once for each user and version. */
export async function ensureOhif(
  cacheFolder: string,
  log: (line: string) => void,
  form: OhifForm = 'LEAN',
): Promise<string> {
  const folder = join(cacheFolder, 'viewer', `ohif-${ohif.version}-${recipes[form]}`);
  if (
    await access(join(folder, 'complete')).then(
      () => true,
      () => false,
    )
  )
    return folder;
  const began = Date.now();
  log(`preparing the viewer, ${ohif.name} ${ohif.version} (50 MB, once) …`);
  await mkdir(join(cacheFolder, 'viewer'), { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'viewer', '.tmp-'));
  try {
    await run('tar', ['xzf', await fetchPackage(work), '-C', work, ...leftOut.map((path) => `--exclude=${path}`)]);
    const dist = join(work, 'package', 'dist');
    await rename(join(work, 'package', 'LICENSE'), join(dist, 'LICENSE'));
    await patchFolder(dist);
    if (form === 'LEAN') await leanFolder(dist);
    await compressFolder(dist);
    await writeFile(join(dist, 'complete'), '');
    // Another process may have been faster; its folder is as good.
    await rename(dist, folder).catch(async (error) => {
      await access(join(folder, 'complete')).catch(() => Promise.reject(error));
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  log(`the viewer is ready, after ${Math.round((Date.now() - began) / 1000)} s`);
  return folder;
}

/** @throws Error if the registry gives other bytes than were examined. */
async function fetchPackage(work: string): Promise<string> {
  const { stdout } = await run(
    'npm',
    ['pack', `${ohif.name}@${ohif.version}`, '--pack-destination', work, '--silent', '--ignore-scripts'],
    { cwd: work },
  );
  const file = join(work, stdout.trim().split('\n').at(-1)!);
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== ohif.sha512)
    throw new Error(
      `the registry's ${ohif.name}@${ohif.version} has SHA-512 ${found}, not ${ohif.sha512}: it is not used`,
    );
  return file;
}

async function patchFolder(dist: string): Promise<void> {
  const names = (await readdir(dist)).filter((name) => patched.test(name));
  const files: TextFiles = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dist, name), 'utf8')] as const)),
  );
  for (const [name, text] of patchFiles(files)) if (text !== files.get(name)) await writeFile(join(dist, name), text);
}

/** One script after the other: the largest needs some hundred MB while it is read. */
async function leanFolder(dist: string): Promise<void> {
  for (const name of (await readdir(dist)).filter((one) => one.endsWith('.js'))) {
    const path = join(dist, name);
    await writeFile(path, await leanScript(await readFile(path, 'utf8')));
  }
}

/** The same script without white space and comments, but for licences. */
export async function leanScript(text: string): Promise<string> {
  const { code } = await transform(text, {
    minifyWhitespace: true,
    legalComments: 'inline',
    target: 'esnext',
    logLevel: 'silent',
  });
  return code;
}

async function compressFolder(dist: string): Promise<void> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && compressible.test(entry.name))
      await writeFile(`${path}.gz`, await promisify(gzip)(await readFile(path)));
  }
}
