import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { sha256Hex } from './content.ts';
import { assertObjectKey } from './keys.ts';
import {
  assertByteRange,
  type ByteRange,
  type ListedObject,
  ObjectCorrupt,
  ObjectNotFound,
  type ObjectStore,
  RangeNotSatisfiable,
} from './object-store.ts';
import { nameOf, type S3Bucket, saying, statusOf } from './s3-bucket.ts';
import { headObject, putOnce } from './s3-put.ts';

/** A bucket; the credentials are the AWS SDK's to find (environment, profile, role of the machine). */
export interface S3StoreConfig {
  readonly kind: 's3';
  readonly bucket: string;
  /** Of a store that is not Amazon's; buckets are then parts of the path, not of the host. */
  readonly endpoint: string | undefined;
  readonly region: string;
}

/** Tries of one call, the first included; the SDK waits longer before each. */
const ATTEMPTS = 5;
const CONNECT_MS = 5_000;
/** To send one part and receive the head of the answer. */
const REQUEST_MS = 120_000;
/** Without a byte in either direction. */
const IDLE_MS = 60_000;
/** No write takes this long: an upload that is older belongs to a process that died. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/**
 * An object store in a bucket of S3 or of a server that speaks its protocol, with conditional writes (`If-None-Match: *`
 * on PutObject and CompleteMultipartUpload): of many writers exactly one wins, and what a killed one leaves is an unfinished
 * upload, seen by nobody and removed when the store is opened a day later.
 * @throws Error if the bucket cannot be reached.
 */
export async function openS3Store({ bucket, endpoint, region }: S3StoreConfig): Promise<ObjectStore> {
  const client = new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    maxAttempts: ATTEMPTS,
    // We send SHA-256 with each write and compare it in getVerified.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_MS,
    },
  });
  const s3: S3Bucket = { client, bucket };
  await saying(`reach the bucket "${bucket}"${endpoint ? ` at ${endpoint}` : ''}`, () =>
    client.send(new HeadBucketCommand({ Bucket: bucket })),
  );
  await abortAbandoned(s3);

  const store: ObjectStore = {
    async put(key, body, options = {}) {
      assertObjectKey(key);
      return saying(`write "${key}"`, () => putOnce(s3, key, body, options.sha256));
    },

    async get(key, range) {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.stream(key, range)) pieces.push(piece);
      return Buffer.concat(pieces);
    },

    async *stream(key, range = {}) {
      assertObjectKey(key);
      assertByteRange(range);
      yield* readResuming(s3, key, range);
    },

    async getVerified(key, sha256) {
      const bytes = await store.get(key);
      const actual = sha256Hex(bytes);
      if (actual !== sha256) throw new ObjectCorrupt(key, sha256, actual);
      return bytes;
    },

    async head(key) {
      assertObjectKey(key);
      const found = await saying(`look for "${key}"`, () => headObject(s3, key));
      return found && { sizeBytes: found.sizeBytes };
    },

    list: (prefix) => listKeys(s3, prefix),

    async delete(key) {
      assertObjectKey(key);
      await saying(`delete "${key}"`, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
  return store;
}

/** Reads a range; when the connection breaks, what is missing is asked for again, as long as something arrives. */
async function* readResuming(s3: S3Bucket, key: string, range: ByteRange): AsyncIterable<Uint8Array> {
  const first = await openBody(s3, key, range);
  if (first === undefined) return;
  const { etag, sizeBytes } = first;
  let { body } = first;
  let failures = 0;
  for (let read = 0; ; ) {
    try {
      for await (const piece of body) {
        yield piece as Uint8Array;
        read += (piece as Uint8Array).length;
        failures = 0;
      }
      if (read === sizeBytes) return;
      throw new Error(`the answer ended after ${read} of ${sizeBytes} bytes`);
    } catch (error) {
      if (++failures === ATTEMPTS)
        throw new Error(`The object store failed to read "${key}" to its end.`, { cause: error });
    } finally {
      body.destroy();
    }
    const rest = { offset: (range.offset ?? 0) + read, length: sizeBytes - read };
    const next = rest.length > 0 ? await openBody(s3, key, rest, etag) : undefined;
    if (next === undefined) return;
    body = next.body;
  }
}

interface Opened {
  readonly body: Readable;
  readonly sizeBytes: number;
  readonly etag: string | undefined;
}

/** The bytes of a range; undefined if it is the beginning of an empty object. */
async function openBody(s3: S3Bucket, key: string, range: ByteRange, etag?: string): Promise<Opened | undefined> {
  const { offset = 0, length } = range;
  const last = length === undefined ? '' : offset + length - 1;
  const command = new GetObjectCommand({
    Bucket: s3.bucket,
    Key: key,
    ...(offset > 0 || length !== undefined ? { Range: `bytes=${offset}-${last}` } : {}),
    ...(etag ? { IfMatch: etag } : {}),
  });
  return saying(`read "${key}"`, async () => {
    try {
      const { Body, ContentLength = 0, ETag } = await s3.client.send(command);
      return { body: Body as Readable, sizeBytes: ContentLength, etag: ETag };
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') throw new ObjectNotFound(key);
      if (statusOf(error) !== 416) throw error;
      if (offset === 0) return undefined;
      throw new RangeNotSatisfiable(key, offset, (await headObject(s3, key))?.sizeBytes ?? 0);
    }
  });
}

async function* listKeys({ client, bucket }: S3Bucket, prefix: string): AsyncIterable<ListedObject> {
  if (prefix !== '') assertObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  let token: string | undefined;
  do {
    const query = { Bucket: bucket, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) };
    const page = await saying(`list "${prefix}"`, () => client.send(new ListObjectsV2Command(query)));
    for (const { Key, Size = 0 } of page.Contents ?? []) if (Key) yield { key: Key, sizeBytes: Size };
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token);
}

async function abortAbandoned({ client, bucket }: S3Bucket): Promise<void> {
  await saying('remove the uploads of processes that died', async () => {
    let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (marker) {
      const page: ListMultipartUploadsCommandOutput = await client.send(
        new ListMultipartUploadsCommand({ Bucket: bucket, ...marker }),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Initiated || Date.now() - Initiated.getTime() < ABANDONED_AFTER_MS) continue;
        await client
          .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
          .catch((error: unknown) => {
            if (statusOf(error) !== 404) throw error;
          });
      }
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      marker = page.IsTruncated && KeyMarker ? { KeyMarker, ...(UploadIdMarker ? { UploadIdMarker } : {}) } : undefined;
    }
  });
}
