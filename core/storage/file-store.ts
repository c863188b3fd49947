import { createHash, randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from './content.ts';
import { DurableFolders, syncFolder } from './durable-folders.ts';
import { assertObjectKey, InvalidObjectKey } from './keys.ts';
import {
  assertByteRange,
  type ByteRange,
  type ListedObject,
  ObjectConflict,
  ObjectCorrupt,
  type ObjectHead,
  ObjectNotFound,
  type ObjectStore,
  type PutResult,
  RangeNotSatisfiable,
} from './object-store.ts';

const CHUNK_BYTES = 1 << 20;
/** No write takes this long: what lies in `incoming/` for longer belongs to a process that died. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/**
 * An object store in a folder, safe against crashes and concurrent writers on one machine:
 *
 *     <directory>/incoming/<uuid>     while being written
 *     <directory>/objects/<key>       complete, read-only
 *
 * `link()` moves a file from one to the other: it either makes the complete object visible or fails because one is
 * there, so of many writers exactly one wins and a killed writer leaves nothing to be seen.
 */
export async function openFileStore(directory: string): Promise<ObjectStore> {
  const incoming = join(directory, 'incoming');
  const objects = join(directory, 'objects');
  await mkdir(incoming, { recursive: true, mode: 0o750 });
  await mkdir(objects, { recursive: true, mode: 0o750 });
  await syncFolder(directory);
  await removeAbandoned(incoming);
  const pathOf = (key: string): string => {
    assertObjectKey(key);
    return join(objects, key);
  };

  const folders = new DurableFolders(objects);

  const store: ObjectStore = {
    async put(key, body, options = {}) {
      const path = pathOf(key);
      const temporary = join(incoming, randomUUID());
      try {
        const written = await writeAndSync(temporary, body);
        if (options.sha256 !== undefined && options.sha256 !== written.sha256) {
          throw new ObjectCorrupt(key, options.sha256, written.sha256);
        }
        const created = await linkOnce(temporary, path, key);
        if (!created) await assertSame(key, path, written);
        await folders.syncUpTo(dirname(path));
        return { created, ...written };
      } finally {
        await unlink(temporary).catch(ignore('ENOENT'));
      }
    },

    async get(key, range) {
      const { file, start, end } = await openRange(key, pathOf(key), range);
      try {
        const bytes = new Uint8Array(end - start);
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
          if (bytesRead === 0) throw new Error(`Object "${key}" became shorter while it was read.`);
          filled += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    },

    async *stream(key, range) {
      const { file, start, end } = await openRange(key, pathOf(key), range);
      try {
        for (let position = start; position < end; ) {
          const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
          const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
          if (bytesRead === 0) throw new Error(`Object "${key}" became shorter while it was read.`);
          yield chunk.subarray(0, bytesRead);
          position += bytesRead;
        }
      } finally {
        await file.close();
      }
    },

    async getVerified(key, sha256) {
      const bytes = await store.get(key);
      const actual = sha256Hex(bytes);
      if (actual !== sha256) throw new ObjectCorrupt(key, sha256, actual);
      return bytes;
    },

    async head(key): Promise<ObjectHead | undefined> {
      const found = await stat(pathOf(key)).catch(ignore('ENOENT', 'ENOTDIR'));
      return found?.isFile() ? { sizeBytes: found.size } : undefined;
    },

    list: (prefix) => listKeys(objects, prefix),

    async delete(key) {
      const path = pathOf(key);
      await unlink(path).catch(ignore('ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM'));
      await folders.sync(dirname(path));
      await removeEmptyParents(dirname(path), objects);
    },
  };
  return store;
}

async function writeAndSync(
  path: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<Omit<PutResult, 'created'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o440);
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** Makes `temporary` visible at `path`. Returns false if something is there already. */
async function linkOnce(temporary: string, path: string, key: string): Promise<boolean> {
  // Most folders are there. A concurrent deletion may remove one, empty for a moment, between mkdir and link: hence further tries.
  for (let attempt = 1; ; attempt++) {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return false;
      if (code === 'ENOTDIR') throw partIsObject(key);
      if (code !== 'ENOENT' || attempt === 10) throw error;
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o750 }).catch((error) => {
      const code = codeOf(error);
      // ENOENT: removed while it was made.
      if (code !== 'ENOENT') throw code === 'ENOTDIR' || code === 'EEXIST' ? partIsObject(key) : error;
    });
  }
}

const partIsObject = (key: string): InvalidObjectKey =>
  new InvalidObjectKey(`A part of "${key}" is itself the key of an object.`);

async function assertSame(key: string, path: string, written: Omit<PutResult, 'created'>): Promise<void> {
  const there = await stat(path).catch(ignore('ENOENT'));
  if (there?.isDirectory()) throw new InvalidObjectKey(`"${key}" is the beginning of other objects' keys.`);
  if (there?.size !== written.sizeBytes) throw new ObjectConflict(key);
  const hash = createHash('sha256');
  const file = await open(path);
  for await (const chunk of file.createReadStream({ highWaterMark: CHUNK_BYTES })) hash.update(chunk);
  if (hash.digest('hex') !== written.sha256) throw new ObjectConflict(key);
}

async function openRange(
  key: string,
  path: string,
  range: ByteRange = {},
): Promise<{ file: FileHandle; start: number; end: number }> {
  assertByteRange(range);
  const { offset = 0, length } = range;
  const file = await open(path).catch(ignore('ENOENT', 'ENOTDIR'));
  if (file === undefined) throw new ObjectNotFound(key);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new ObjectNotFound(key);
    if (offset > 0 && offset >= found.size) throw new RangeNotSatisfiable(key, offset, found.size);
    return { file, start: offset, end: Math.min(found.size, offset + (length ?? found.size)) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* listKeys(root: string, prefix: string): AsyncIterable<ListedObject> {
  if (prefix !== '') assertObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  yield* walk(root, folder, prefix);
}

/** The keys below `folder` ('' or ending in a slash), sorted as whole keys are. */
async function* walk(root: string, folder: string, prefix: string): AsyncIterable<ListedObject> {
  const entries: Dirent[] =
    (await readdir(join(root, folder), { withFileTypes: true }).catch(ignore('ENOENT', 'ENOTDIR'))) ?? [];
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  for (const name of names) {
    const key = folder + name;
    if (!key.startsWith(prefix)) continue;
    if (name.endsWith('/')) {
      yield* walk(root, key, prefix);
    } else {
      const found = await stat(join(root, key)).catch(ignore('ENOENT'));
      if (found) yield { key, sizeBytes: found.size };
    }
  }
}

async function removeEmptyParents(directory: string, root: string): Promise<void> {
  for (let path = directory; path !== root; path = dirname(path)) {
    const removed = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(ignore('ENOENT'));
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await unlink(path).catch(ignore('ENOENT'));
  }
}

/** A catch handler that turns errors of the named codes into undefined. */
function ignore(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(codeOf(error) ?? '')) throw error;
    return undefined;
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
