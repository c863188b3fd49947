import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { beginFolder, cacheFolder, engineFolder, problemOf, publishFolder, writeManifest } from './engine-folder.ts';

async function inTemporary(body: (folder: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'metloop-engine-'));
  try {
    await body(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

async function filled(folder: string, text: string): Promise<string> {
  const temporary = await beginFolder(folder);
  await writeFile(join(temporary, 'library'), text);
  await writeManifest(temporary, ['library']);
  return temporary;
}

test('the cache is named by METLOOP_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  assert.equal(cacheFolder({ METLOOP_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/metloop');
  assert.match(cacheFolder({}), /\.cache\/metloop$/);
});

test('the flavours lie in folders of their own', () => {
  const env = { METLOOP_CACHE: '/a' };
  assert.match(engineFolder('cpu', env), /^\/a\/engine\/cpu-/);
  assert.notEqual(engineFolder('cpu', env), engineFolder('gpu', env));
});

test('of installers that finish at the same time one wins, and nothing else is left', () =>
  inTemporary(async (root) => {
    const folder = join(root, 'engine');
    const texts = Array.from({ length: 8 }, (_, n) => `by installer ${n}`);
    await Promise.all(texts.map(async (text) => publishFolder(await filled(folder, text), folder)));
    assert.deepEqual(await readdir(root), ['engine']);
    assert.ok(texts.includes(await readFile(join(folder, 'library'), 'utf8')));
    assert.equal(await problemOf(folder, true), undefined);
  }));

test('a later installer keeps what is there, unless it is damaged', () =>
  inTemporary(async (root) => {
    const folder = join(root, 'engine');
    await publishFolder(await filled(folder, 'first'), folder);
    await publishFolder(await filled(folder, 'second'), folder);
    assert.equal(await readFile(join(folder, 'library'), 'utf8'), 'first');
    await writeFile(join(folder, 'library'), 'cut');
    await publishFolder(await filled(folder, 'third'), folder);
    assert.equal(await readFile(join(folder, 'library'), 'utf8'), 'third');
    assert.deepEqual(await readdir(root), ['engine']);
  }));

test('damage is found: by size always, by content if thorough', () =>
  inTemporary(async (root) => {
    const folder = join(root, 'engine');
    assert.equal(await problemOf(folder), 'not installed');
    await publishFolder(await filled(folder, 'library'), folder);
    await writeFile(join(folder, 'library'), 'lIbrary');
    assert.equal(await problemOf(folder), undefined);
    assert.match((await problemOf(folder, true)) ?? '', /library has changed/);
    await writeFile(join(folder, 'library'), 'lib');
    assert.match((await problemOf(folder)) ?? '', /library is missing or cut short/);
  }));

test('what a crashed installer left is cleared once it is old', () =>
  inTemporary(async (root) => {
    const folder = join(root, 'engine');
    const [old, recent] = [await beginFolder(folder), await beginFolder(folder)];
    const yesterday = new Date(Date.now() - 24 * 3600_000);
    await utimes(old, yesterday, yesterday);
    const own = await beginFolder(folder);
    const left = (await readdir(root)).map((name) => join(root, name));
    assert.deepEqual(left.sort(), [recent, own].sort());
  }));
