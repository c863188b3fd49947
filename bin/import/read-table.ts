import { readFile } from 'node:fs/promises';

/** Rows of a table with tabs, by the names in its first line; undefined if there is no such file. `n/a` is left out. */
export async function readTable(path: string): Promise<Readonly<Record<string, string>>[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = head.split('\t');
  return lines.map((line) => {
    const values = line.split('\t');
    return Object.fromEntries(
      names.map((name, n) => [name, values[n] ?? '']).filter(([, value]) => value !== '' && value !== 'n/a'),
    );
  });
}
