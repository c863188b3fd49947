import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensureOhif } from './viewer/ohif-package.ts';

const here = import.meta.dirname;

/**
 * Makes what browsers load, in the user's cache: the web app with the viewer's configuration, and the viewer. Both folders are
 * named by what they are made of, so a repeat finds them and several checkouts do not disturb each other.
 */
export async function buildWeb(options: {
  cacheFolder: string;
  log: (line: string) => void;
}): Promise<{ app: string; viewer: string }> {
  const [app, viewer] = await Promise.all([
    buildApp(options.cacheFolder),
    ensureOhif(options.cacheFolder, options.log),
  ]);
  return { app, viewer };
}

async function buildApp(cacheFolder: string): Promise<string> {
  const parent = join(cacheFolder, 'web');
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, '.tmp-'));
  try {
    const shared = {
      bundle: true,
      minify: true,
      sourcemap: true,
      target: 'es2022',
      logLevel: 'silent',
      absWorkingDir: here,
    } as const;
    const { metafile } = await build({
      ...shared,
      entryPoints: { app: 'app/main.tsx' },
      outdir: work,
      entryNames: '[name]-[hash]',
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      metafile: true,
    });
    await build({ ...shared, entryPoints: { 'app-config': 'viewer/app-config.ts' }, outdir: work, format: 'iife' });
    const outputs = Object.keys(metafile.outputs).map((path) => path.split('/').at(-1)!);
    const named = (extension: string): string => outputs.find((name) => name.endsWith(extension))!;
    const page = await readFile(join(here, 'app/index.html'), 'utf8');
    await writeFile(join(work, 'index.html'), page.replace('%SCRIPT%', named('.js')).replace('%STYLE%', named('.css')));
    await writeFile(join(work, 'icon.svg'), await readFile(join(here, 'app/icon.svg')));
    const folder = join(parent, await hashOf(work));
    // What lies there already was made of the same bytes.
    await rename(work, folder).catch(() => access(folder));
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort())
    hash.update(`${name}\0`).update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}
