import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SharedSync } from './shared-sync.ts';

/** More are forgotten, and synced once more. */
const mostKnown = 10_000;

/** Makes the names in folders below a root durable, and those of the folders themselves. */
export class DurableFolders {
  readonly #root: string;
  readonly #shared = new SharedSync(syncFolder);
  /** Which folder it was at this path whose name is durable up to the root: another one may have taken its place since. */
  readonly #known = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes all names in `folder` durable, and its own and those above it where that is not known of them: also of such as were there
   * before, for another writer may have made them a moment ago. Those that are gone need no syncing.
   */
  async syncUpTo(folder: string): Promise<void> {
    const synced: [path: string, identity: string][] = [];
    for (let path = folder; ; path = dirname(path)) {
      const identity = await this.#shared.sync(path).catch(nothingThere);
      if (path === this.#root || (identity !== undefined && this.#known.get(path) === identity)) break;
      if (identity !== undefined) synced.push([path, identity]);
    }
    if (this.#known.size > mostKnown) this.#known.clear();
    // Only now: the name of each lies in the one above it.
    for (const [path, identity] of synced) this.#known.set(path, identity);
  }

  /** Makes the names in `folder` durable, which others are gone from. */
  async sync(folder: string): Promise<void> {
    await this.#shared.sync(folder).catch(nothingThere);
  }
}

/**
 * @returns what tells this folder from any other that ever had its path: numbers of folders are given anew, so with the time of its making;
 *   undefined where the file system does not keep that
 */
export async function syncFolder(path: string): Promise<string | undefined> {
  const folder = await open(path, 'r');
  try {
    const { ino, birthtimeNs } = await folder.stat({ bigint: true });
    await folder.sync();
    return birthtimeNs > 0n ? `${ino} ${birthtimeNs}` : undefined;
  } finally {
    await folder.close();
  }
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
