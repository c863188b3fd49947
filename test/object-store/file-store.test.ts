import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { putContent } from '#core/storage/content.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { sha256OfKey } from '#core/storage/keys.ts';
import { ObjectCorrupt } from '#core/storage/object-store.ts';
import { storeConfigFromEnv } from '#core/storage/open-store.ts';
import { objectStoreConformance } from './conformance.ts';

const directory = await mkdtemp(join(tmpdir(), 'metloop-store-'));
test.after(() => rm(directory, { recursive: true }));

objectStoreConformance('file store', { METLOOP_STORE_DIR: directory });

test('file store: a damaged file is found out by the verified read', async () => {
  const store = await openFileStore(directory);
  const { key, sha256 } = await putContent(store, 'damaged', Buffer.from('as it was'));
  assert.equal(sha256OfKey(key), sha256);
  const path = join(directory, 'objects', key);
  await chmod(path, 0o640);
  await writeFile(path, 'as it is!');
  await assert.rejects(store.getVerified(key, sha256), ObjectCorrupt);
});

test('file store: opening removes what a dead writer left a day ago, and nothing younger', async () => {
  const own = join(directory, 'abandoned');
  await mkdir(join(own, 'incoming'), { recursive: true });
  for (const name of ['old', 'young']) await writeFile(join(own, 'incoming', name), 'half');
  const yesterday = Date.now() / 1000 - 25 * 3600;
  await utimes(join(own, 'incoming', 'old'), yesterday, yesterday);
  await openFileStore(own);
  assert.deepEqual(await readdir(join(own, 'incoming')), ['young']);
});

test('file store: deleting the last object of an upload removes its folder', async () => {
  const store = await openFileStore(join(directory, 'pruned'));
  const { key } = await putContent(store, 'tenant', Buffer.from('x'));
  await store.delete(key);
  assert.deepEqual(await readdir(join(directory, 'pruned', 'objects')), []);
});

test('a process without a configured store is told which variable to set', () => {
  assert.throws(() => storeConfigFromEnv({}), /METLOOP_STORE_DIR/);
});
