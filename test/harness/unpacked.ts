import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromBufferPromise } from 'yauzl';

/** The files of a zip archive by path; each is also written below `folder`, if one is given. */
export async function unpack(archive: Buffer, folder?: string): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    files.set(entry.fileName, bytes);
    if (!folder) continue;
    const path = join(folder, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  return files;
}
