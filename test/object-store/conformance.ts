import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { putContent, sha256Hex } from '#core/storage/content.ts';
import { InvalidObjectKey, objectKey, quarantineKey, quarantinePrefix, tenantPrefix } from '#core/storage/keys.ts';
import {
  type ListedObject,
  ObjectConflict,
  ObjectCorrupt,
  ObjectNotFound,
  type ObjectStore,
  RangeNotSatisfiable,
} from '#core/storage/object-store.ts';
import { openObjectStore, storeConfigFromEnv } from '#core/storage/open-store.ts';

const MIB = 1 << 20;

/**
 * What every object store must do. Each test works under a tenant of its own, so a store with other content may be used.
 * @param env The environment that configures the store, given to child processes too.
 * @param skip Why nothing can be tested.
 */
export function objectStoreConformance(
  name: string,
  env: Readonly<Record<string, string>>,
  skip: string | false = false,
): void {
  const check: Check = (title, body) => {
    test(`${name}: ${title}`, { skip }, async () => body(await openObjectStore(storeConfigFromEnv(env)), randomUUID()));
  };
  writing(check);
  racing(check);
  reading(check);
  listing(check);
  interruption(check, env);
}

type Check = (title: string, body: (store: ObjectStore, tenant: string) => Promise<void>) => void;

function writing(check: Check): void {
  check('what was put is got, with its size and hash', async (store, tenant) => {
    for (const bytes of [new Uint8Array(0), randomBytes(1), randomBytes(3 * MIB + 7)]) {
      const { key, ...result } = await putContent(store, tenant, bytes);
      assert.deepEqual(result, { created: true, sizeBytes: bytes.length, sha256: sha256Hex(bytes) });
      assert.deepEqual(Buffer.from(await store.get(key)), Buffer.from(bytes));
      assert.deepEqual(await store.head(key), { sizeBytes: bytes.length });
    }
  });

  check('a second put of the same bytes is "already there", of others a conflict', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'a.dcm');
    assert.equal((await store.put(key, Buffer.from('one'))).created, true);
    assert.equal((await store.put(key, Buffer.from('one'))).created, false);
    await assert.rejects(store.put(key, Buffer.from('two')), ObjectConflict);
    await assert.rejects(store.put(key, Buffer.from('longer')), ObjectConflict);
    assert.equal(Buffer.from(await store.get(key)).toString(), 'one');
  });

  check('bytes that differ from the announced hash are not stored', async (store, tenant) => {
    const key = objectKey(tenant, sha256Hex(Buffer.from('right')));
    await assert.rejects(
      store.put(key, Buffer.from('wrong'), { sha256: sha256Hex(Buffer.from('right')) }),
      ObjectCorrupt,
    );
    assert.equal(await store.head(key), undefined);
  });

  check('a stream of 64 MiB is put and streamed back in pieces', async (store, tenant) => {
    const hash = createHash('sha256');
    const key = quarantineKey(tenant, 'u1', 'big');
    const written = await store.put(key, pieces(64, hash));
    const expected = hash.digest('hex');
    assert.deepEqual(written, { created: true, sizeBytes: 64 * MIB, sha256: expected });
    const read = createHash('sha256');
    let largest = 0;
    for await (const chunk of store.stream(key)) {
      largest = Math.max(largest, chunk.length);
      read.update(chunk);
    }
    assert.equal(read.digest('hex'), expected);
    assert.ok(largest <= 8 * MIB, `a piece of ${largest} bytes`);
  });

  check('a failing source leaves nothing behind and its error is passed on', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'broken');
    const failing = async function* (): AsyncIterable<Uint8Array> {
      yield randomBytes(MIB);
      throw new Error('the connection was lost');
    };
    await assert.rejects(store.put(key, failing()), /the connection was lost/);
    assert.equal(await store.head(key), undefined);
    assert.equal((await store.put(key, Buffer.from('again'))).created, true);
  });

  check('deletion can be repeated, and the key is free afterwards', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'a');
    await store.put(key, Buffer.from('one'));
    await store.delete(key);
    await store.delete(key);
    assert.equal(await store.head(key), undefined);
    await assert.rejects(store.get(key), ObjectNotFound);
    assert.equal((await store.put(key, Buffer.from('two'))).created, true);
  });

  check('keys that leave the store or mean different things are refused by every call', async (store, tenant) => {
    const bad = ['', '/etc/passwd', '../x', 'a/../b', 'a/./b', 'a//b', 'a/', '.hidden', 'a/b\0', 'ä', 'x'.repeat(600)];
    for (const key of bad.flatMap((part) => [part, `tenants/${tenant}/${part}`])) {
      await assert.rejects(store.put(key, Buffer.from('x')), InvalidObjectKey, JSON.stringify(key));
      await assert.rejects(store.get(key), InvalidObjectKey, JSON.stringify(key));
      await assert.rejects(store.head(key), InvalidObjectKey, JSON.stringify(key));
      await assert.rejects(store.delete(key), InvalidObjectKey, JSON.stringify(key));
    }
    await assert.rejects(collect(store, '../'), InvalidObjectKey);
  });
}

function racing(check: Check): void {
  check('of 16 writers with different bytes one wins and 15 are told', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'contested');
    const bodies = Array.from({ length: 16 }, (_, n) => Buffer.from(`writer ${n}`.padEnd(100_000, '.')));
    const results = await Promise.allSettled(bodies.map((body) => store.put(key, body)));
    const winners = results.flatMap((result, n) => (result.status === 'fulfilled' ? [n] : []));
    assert.equal(winners.length, 1);
    for (const result of results) {
      if (result.status === 'rejected') assert.ok(result.reason instanceof ObjectConflict, String(result.reason));
    }
    assert.deepEqual(Buffer.from(await store.get(key)), bodies[winners[0]!]);
  });

  check('of 16 writers with the same bytes one creates and 15 find it there', async (store, tenant) => {
    const body = randomBytes(100_000);
    const results = await Promise.all(Array.from({ length: 16 }, () => putContent(store, tenant, body)));
    assert.equal(results.filter((result) => result.created).length, 1);
  });

  check('writers and deletions of neighbours do not disturb each other', async (store, tenant) => {
    const rounds = Array.from({ length: 40 }, async (_, n) => {
      const key = quarantineKey(tenant, 'u1', `f${n}`);
      await store.put(key, Buffer.from(`${n}`));
      if (n % 4 !== 0) await store.delete(key);
    });
    await Promise.all(rounds);
    assert.equal((await collect(store, quarantinePrefix(tenant, 'u1'))).length, 10);
  });
}

function reading(check: Check): void {
  check('ranges are those of the bytes, and end with the object', async (store, tenant) => {
    const bytes = randomBytes(2 * MIB + 100);
    const { key } = await putContent(store, tenant, bytes);
    const ranges = [
      { offset: 0, length: 1 },
      { offset: 5, length: MIB + 3 },
      { offset: 2 * MIB },
      { offset: bytes.length - 1, length: 50 },
      { length: 10 * MIB },
      {},
    ];
    for (const range of ranges) {
      const start = range.offset ?? 0;
      const expected = bytes.subarray(start, start + (range.length ?? bytes.length));
      assert.deepEqual(Buffer.from(await store.get(key, range)), expected, JSON.stringify(range));
      const streamed: Uint8Array[] = [];
      for await (const chunk of store.stream(key, range)) streamed.push(chunk);
      assert.deepEqual(Buffer.concat(streamed), expected, JSON.stringify(range));
    }
    await assert.rejects(store.get(key, { offset: bytes.length }), RangeNotSatisfiable);
    await assert.rejects(store.get(key, { offset: -1 }), RangeError);
    await assert.rejects(store.get(key, { length: 0 }), RangeError);
  });

  check('what is not there is an ObjectNotFound that names the key', async (store, tenant) => {
    const key = objectKey(tenant, '0'.repeat(64));
    assert.equal(await store.head(key), undefined);
    for (const reading of [
      () => store.get(key),
      () => store.getVerified(key, '0'.repeat(64)),
      () => first(store, key),
    ]) {
      await assert.rejects(reading, (error) => error instanceof ObjectNotFound && error.key === key);
    }
  });

  check('a verified read refuses bytes with another hash', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'a');
    const bytes = Buffer.from('content');
    await store.put(key, bytes);
    assert.deepEqual(Buffer.from(await store.getVerified(key, sha256Hex(bytes))), bytes);
    await assert.rejects(store.getVerified(key, sha256Hex(Buffer.from('other'))), ObjectCorrupt);
  });
}

function listing(check: Check): void {
  check('listing gives the keys under a prefix in order, and only those', async (store, tenant) => {
    const other = `${tenant}x`;
    const names = ['b', 'a', 'a-b', 'a.b', 'c=1', 'Z'];
    for (const name of names) {
      await store.put(quarantineKey(tenant, 'u1', name), Buffer.from(name));
      await store.put(quarantineKey(other, 'u1', name), Buffer.from(name));
    }
    await store.put(quarantineKey(tenant, 'u1-x', 'b'), Buffer.from('b'));
    const under = quarantinePrefix(tenant, 'u1');
    assert.deepEqual(
      await collect(store, under),
      names.map((name) => ({ key: under + name, sizeBytes: name.length })).sort((p, q) => (p.key < q.key ? -1 : 1)),
    );
    const all = (await collect(store, tenantPrefix(tenant))).map(({ key }) => key);
    assert.deepEqual(all, [...all].sort());
    assert.equal(all.length, names.length + 1);
    assert.equal((await collect(store, `${under}a`)).length, 3);
    assert.equal((await collect(store, tenantPrefix(randomUUID()))).length, 0);
  });
}

function interruption(check: Check, env: Readonly<Record<string, string>>): void {
  check('a writer killed in the middle leaves nothing visible, and the next one succeeds', async (store, tenant) => {
    const key = quarantineKey(tenant, 'u1', 'interrupted');
    const script = fileURLToPath(new URL('./interrupted-put.ts', import.meta.url));
    const child = spawn(process.execPath, [script, key], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    assert.match(String(line), /half-way/);
    child.kill('SIGKILL');
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, 'SIGKILL');
    assert.equal(await store.head(key), undefined);
    assert.deepEqual(await collect(store, tenantPrefix(tenant)), []);
    assert.equal((await store.put(key, Buffer.from('whole'))).created, true);
  });
}

async function* pieces(count: number, hash: ReturnType<typeof createHash>): AsyncIterable<Uint8Array> {
  const piece = randomBytes(MIB);
  for (let n = 0; n < count; n++) {
    const chunk = Buffer.from(piece);
    chunk.writeUInt32LE(n);
    hash.update(chunk);
    yield chunk;
  }
}

async function collect(store: ObjectStore, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

async function first(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  for await (const chunk of store.stream(key)) return chunk;
  return undefined;
}
