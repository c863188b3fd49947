import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const byNumber = new Intl.Collator('en', { numeric: true });

/** Names in a folder, numbers in them in their order: 2 before 10. Hidden ones are left out; a folder that is not there has none. */
export async function namesIn(folder: string, kind: 'folders' | 'files'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter((entry) => (kind === 'folders' ? entry.isDirectory() : entry.isFile()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort(byNumber.compare);
}

/** The folder itself and those in it, two levels deep: a data set may lie in a folder of its archive. */
export async function nearFolders(folder: string): Promise<string[]> {
  const found = [folder];
  for (const first of await namesIn(folder, 'folders')) {
    found.push(join(folder, first));
    for (const second of await namesIn(join(folder, first), 'folders')) found.push(join(folder, first, second));
  }
  return found;
}
