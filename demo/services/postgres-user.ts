import { chmod, chown, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Receives one line of progress, without a line end. */
export type Log = (line: string) => void;

/** The user that PostgreSQL runs as if we are root, which it refuses. It must have an entry in /etc/passwd. */
const NOBODY = { uid: 65534, gid: 65534 } as const;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Options for `spawn` that give PostgreSQL a user it accepts. */
export function postgresIdentity(): { readonly uid?: number; readonly gid?: number } {
  return isRoot() ? NOBODY : {};
}

/** Gives a file or folder of ours to the user that PostgreSQL runs as. */
export async function giveToPostgres(path: string): Promise<void> {
  if (isRoot()) await chown(path, NOBODY.uid, NOBODY.gid);
}

/** Whether any user may pass through all the folders above `path`, which need not exist. */
export async function reachableByNobody(path: string): Promise<boolean> {
  for (let folder = dirname(await realpathOfExisting(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && (found.mode & 0o001) === 0) return false;
    if (folder === '/') return true;
  }
}

/** Makes the folder that holds a cluster and its secrets: ours, and passable for the user that PostgreSQL runs as. */
export async function makePassableDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: isRoot() ? 0o755 : 0o700 });
  if (isRoot() && (await stat(path)).uid === 0) await chmod(path, 0o711);
}

/** `path` without symbolic links, as far as it exists. */
async function realpathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return join(await realpathOfExisting(dirname(path)), path.slice(path.lastIndexOf('/') + 1));
  }
}
