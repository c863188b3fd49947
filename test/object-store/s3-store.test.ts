import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { putContent, sha256Hex } from '#core/storage/content.ts';
import { quarantineKey, quarantinePrefix } from '#core/storage/keys.ts';
import { ObjectConflict, type ObjectStore } from '#core/storage/object-store.ts';
import { openObjectStore, storeConfigFromEnv } from '#core/storage/open-store.ts';
import { type FaultProxy, startFaultProxy } from '../harness/fault-proxy.ts';
import { freePort, startS3Server } from '../harness/s3-server.ts';
import { goProgram } from '../tools.ts';
import { objectStoreConformance } from './conformance.ts';

const MIB = 2 ** 20;
const { path, skip } = await goProgram('versitygw');
const server = skip === false ? await startS3Server(path) : undefined;
const env = server?.env ?? {};
// The SDK finds the credentials in the process's own environment.
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY,
});
const proxy = server && (await startFaultProxy(server.port));
test.after(async () => {
  await proxy?.stop();
  await server?.stop();
});

objectStoreConformance('S3 store', env, skip);

const faulty = async (body: (store: ObjectStore, faults: FaultProxy) => Promise<void>): Promise<void> => {
  const endpoint = `http://127.0.0.1:${proxy!.port}`;
  await body(await openObjectStore(storeConfigFromEnv({ ...env, S3_ENDPOINT: endpoint })), proxy!);
};

test('S3 store: a long object is not overwritten either, and a repetition is told from a conflict', {
  skip,
}, async () => {
  const store = await openObjectStore(storeConfigFromEnv(env));
  const tenant = randomUUID();
  const [one, two] = [randomBytes(20 * MIB), randomBytes(20 * MIB)];
  const stream = async function* (bytes: Uint8Array): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 3 * MIB + 1) yield bytes.subarray(at, at + 3 * MIB + 1);
  };
  const key = quarantineKey(tenant, 'u1', 'long');
  assert.equal((await store.put(key, stream(one))).created, true);
  assert.deepEqual(await store.put(key, stream(one)), {
    created: false,
    sizeBytes: one.length,
    sha256: sha256Hex(one),
  });
  assert.equal((await store.put(key, one)).created, false);
  await assert.rejects(store.put(key, stream(two)), ObjectConflict);
  await assert.rejects(store.put(key, two), ObjectConflict);
  await store.getVerified(key, sha256Hex(one));
  const race = quarantineKey(tenant, 'u1', 'race');
  const results = await Promise.allSettled([one, two].map((bytes) => store.put(race, stream(bytes))));
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const uploads = await sdk().send(new ListMultipartUploadsCommand({ Bucket: 'metloop' }));
  const left = (uploads.Uploads ?? []).filter(({ Key }) => Key?.includes(tenant));
  assert.deepEqual(left, [], 'no unfinished upload stays');
});

test('S3 store: a busy server is asked again, and a lost answer does no harm', { skip }, async () =>
  faulty(async (store, faults) => {
    const tenant = randomUUID();
    const short = randomBytes(1000);
    faults.next('PUT', 'REFUSE', 'REFUSE');
    assert.equal((await putContent(store, tenant, short)).created, true);
    const other = randomBytes(1000);
    faults.next('PUT', 'LOSE_ANSWER');
    const { key } = await putContent(store, tenant, other);
    await store.getVerified(key, sha256Hex(other));
    const long = randomBytes(20 * MIB);
    // The beginning of the upload is answered; its completion is not.
    faults.next('PUT', 'LOSE_ANSWER');
    const begun = faults.count('POST');
    const sending = store.put(quarantineKey(tenant, 'u1', 'long'), long);
    while (faults.count('POST') === begun) await new Promise((resolve) => setTimeout(resolve, 1));
    faults.next('POST', 'LOSE_ANSWER');
    await sending;
    assert.equal(faults.count('POST') - begun, 3, 'the completion was sent twice');
    await store.getVerified(quarantineKey(tenant, 'u1', 'long'), sha256Hex(long));
  }),
);

test('S3 store: a read goes on where the connection broke', { skip }, async () =>
  faulty(async (store, faults) => {
    const bytes = randomBytes(4 * MIB);
    const { key, sha256 } = await putContent(store, randomUUID(), bytes);
    const before = faults.count('GET');
    faults.next('GET', 'CUT_ANSWER', 'CUT_ANSWER', 'REFUSE');
    await store.getVerified(key, sha256);
    assert.equal(faults.count('GET') - before, 4);
    faults.next('GET', 'CUT_ANSWER');
    const range = { offset: 12_345, length: 2 * MIB };
    assert.deepEqual(Buffer.from(await store.get(key, range)), bytes.subarray(12_345, 12_345 + 2 * MIB));
  }),
);

test('S3 store: more keys than a page holds are all listed', { skip }, async () => {
  const store = await openObjectStore(storeConfigFromEnv(env));
  const tenant = randomUUID();
  const names = Array.from({ length: 1005 }, (_, n) => `f${String(n).padStart(5, '0')}`);
  for (let at = 0; at < names.length; at += 50)
    await Promise.all(
      names.slice(at, at + 50).map((name) => store.put(quarantineKey(tenant, 'u1', name), Buffer.from('x'))),
    );
  const listed: string[] = [];
  for await (const { key } of store.list(quarantinePrefix(tenant))) listed.push(key);
  assert.deepEqual(
    listed,
    names.map((name) => quarantineKey(tenant, 'u1', name)),
  );
});

test('S3 store: opening removes the upload that a dead writer began a day ago, and nothing younger', {
  skip,
}, async () => {
  const client = sdk();
  const tenant = randomUUID();
  for (const name of ['old', 'young'])
    await client.send(new CreateMultipartUploadCommand({ Bucket: 'metloop', Key: quarantineKey(tenant, 'u1', name) }));
  const open = async (): Promise<(string | undefined)[]> => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'metloop' }));
    return Uploads.map(({ Key }) => Key).filter((key) => key?.includes(tenant));
  };
  assert.equal((await open()).length, 2);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  const old = (await client.send(new ListMultipartUploadsCommand({ Bucket: 'metloop' }))).Uploads?.find(({ Key }) =>
    Key?.endsWith(`${tenant}/quarantine/u1/old`),
  );
  await utimes(await folderOfUpload(server!.folder, old!.UploadId!), yesterday, yesterday);
  await openObjectStore(storeConfigFromEnv(env));
  assert.deepEqual(await open(), [quarantineKey(tenant, 'u1', 'young')]);
});

test('S3 store: a bucket that is not there, a wrong secret and a silent server are told from each other', {
  skip,
}, async () => {
  const opening = (some: Record<string, string>): Promise<ObjectStore> =>
    openObjectStore(storeConfigFromEnv({ ...env, ...some }));
  await assert.rejects(opening({ S3_BUCKET: 'nowhere' }), /reach the bucket "nowhere" at http.*HTTP 404/);
  await assert.rejects(
    opening({ S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` }),
    /reach the bucket.*ECONNREFUSED/,
  );
  const secret = process.env.AWS_SECRET_ACCESS_KEY;
  process.env.AWS_SECRET_ACCESS_KEY = 'not-the-secret';
  await assert.rejects(opening({}), /reach the bucket.*HTTP 403/).finally(() => {
    process.env.AWS_SECRET_ACCESS_KEY = secret;
  });
});

test('the environment says which store, and only one', () => {
  assert.deepEqual(storeConfigFromEnv({ S3_BUCKET: 'b' }), {
    ...{ kind: 's3', bucket: 'b', endpoint: undefined, region: 'us-east-1' },
  });
  assert.throws(() => storeConfigFromEnv({}), /METLOOP_STORE_DIR.*S3_BUCKET/);
  assert.throws(() => storeConfigFromEnv({ S3_BUCKET: 'b', METLOOP_STORE_DIR: '/x' }), /Two object stores/);
  assert.throws(() => storeConfigFromEnv({ S3_BUCKET: 'b', S3_ENDPOINT: 'minio:9000' }), /S3_ENDPOINT is "minio:9000"/);
});

function sdk(): S3Client {
  return new S3Client({ endpoint: env.S3_ENDPOINT!, region: 'us-east-1', forcePathStyle: true });
}

/** Where versitygw keeps an unfinished upload; its time is that of the folder. */
async function folderOfUpload(bucketFolder: string, uploadId: string): Promise<string> {
  const entries = await readdir(bucketFolder, { recursive: true, withFileTypes: true });
  const found = entries.find(({ name }) => name === uploadId || name.startsWith(`${uploadId}.`));
  assert.ok(found, 'versitygw keeps uploads elsewhere now');
  return join(found.parentPath, found.name);
}
