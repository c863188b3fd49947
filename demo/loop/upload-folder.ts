import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, studiesOf } from '../client.ts';
import type { Tell } from './step-clock.ts';

/** Uploads the files of a folder, subfolders included, as they are. @returns study instance UIDs under which they are stored. */
export async function uploadFolder(client: Client, siteId: string, folder: string, tell: Tell): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new Error(`${folder} holds no files`);
  async function* read(): AsyncGenerator<Uint8Array> {
    for (const [index, file] of files.entries()) {
      tell(index / files.length, `${index} of ${files.length} files`);
      yield await readFile(file);
    }
  }
  const { status, answer } = await client.store(`/sites/${siteId}/studies`, read());
  const refused = answer['00081198']?.Value ?? [];
  if (refused.length > 0)
    tell(
      1,
      `${refused.length} of ${files.length} files were refused, such as: ${String(refused[0]?.['00000902']?.Value?.[0])}`,
    );
  if (status === 409)
    throw new Error(`no file of ${folder} was accepted: ${JSON.stringify(refused[0] ?? answer).slice(0, 300)}`);
  return [...studiesOf(answer)];
}
