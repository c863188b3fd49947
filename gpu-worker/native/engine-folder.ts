import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type EngineFlavour, requirements } from './wheels.ts';

/** Raised whenever the way of building changes, so that older results are not taken for new ones. */
const recipe = 1;
const manifestFile = 'manifest.json';
const abandonedAfterMs = 6 * 3600_000;

interface Manifest {
  /** By path in the folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** The per-user cache, shared by all checkouts: METLOOP_CACHE, or `metloop` in XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.METLOOP_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'metloop');
}

/** Where the engine of this flavour lies; its name depends on everything that it is built from. */
export function engineFolder(flavour: EngineFlavour, env: NodeJS.ProcessEnv = process.env): string {
  const { version } = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/package.json') as { version: string };
  const content = createHash('sha256').update(requirements(flavour)).digest('hex').slice(0, 12);
  return join(cacheFolder(env), 'engine', `${flavour}-tfjs${version}-napi8-recipe${recipe}-${content}`);
}

/** Makes an empty folder beside `folder`, to be filled and then published; clears what crashed installations left. */
export async function beginFolder(folder: string): Promise<string> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const found = name.startsWith('.tmp-') ? await stat(path).catch(() => undefined) : undefined;
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
  const temporary = join(parent, `.tmp-${basename(folder)}-${process.pid}-${Math.random().toString(36).slice(2)}`);
  await mkdir(temporary);
  return temporary;
}

/** Writes the manifest of a filled folder: size and hash of each of `paths`. */
export async function writeManifest(folder: string, paths: readonly string[]): Promise<void> {
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const path of paths) {
    files[path] = { bytes: (await stat(join(folder, path))).size, sha256: await sha256(join(folder, path)) };
  }
  await writeFile(join(folder, manifestFile), JSON.stringify({ files } satisfies Manifest, null, 1));
}

/**
 * Moves a filled folder to its place in one step. If another installer was faster, its folder stays and `temporary` is removed;
 * if a damaged folder lies there, it is replaced.
 */
export async function publishFolder(temporary: string, folder: string): Promise<void> {
  for (;;) {
    try {
      await rename(temporary, folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    if ((await problemOf(folder)) === undefined) {
      await rm(temporary, { recursive: true, force: true });
      return;
    }
    const aside = `${temporary}-damaged`;
    await rename(folder, aside).catch(() => {});
    await rm(aside, { recursive: true, force: true });
  }
}

/** What is wrong with an installed folder, or undefined. Sizes are always compared, contents only if `thorough`. */
export async function problemOf(folder: string, thorough = false): Promise<string | undefined> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined);
  if (text === undefined) return 'not installed';
  const { files } = JSON.parse(text) as Manifest;
  for (const [path, expected] of Object.entries(files)) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found?.size !== expected.bytes) return `${path} is missing or cut short`;
    if (thorough && (await sha256(join(folder, path))) !== expected.sha256)
      return `${path} has changed since it was built`;
  }
  return undefined;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
