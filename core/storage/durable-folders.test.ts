import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { DurableFolders, syncFolder } from './durable-folders.ts';

const root = await mkdtemp(join(tmpdir(), 'metloop-folders-'));
test.after(() => rm(root, { recursive: true }));

test('a folder that takes the place of another is told from it, though it may have its number', async () => {
  const path = join(root, 'place');
  await mkdir(path);
  const first = await syncFolder(path);
  assert.equal(await syncFolder(path), first);
  await rmdir(path);
  await mkdir(path);
  assert.notEqual(await syncFolder(path), first);
});

test('folders that are there, and such as are gone, are synced up to the root', async () => {
  const folders = new DurableFolders(root);
  const deep = join(root, 'a', 'b');
  await folders.syncUpTo(deep);
  await mkdir(deep, { recursive: true });
  await folders.syncUpTo(deep);
  await folders.syncUpTo(deep);
  await folders.sync(join(root, 'never'));
});
