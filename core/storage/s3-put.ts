import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { sha256Hex } from './content.ts';
import { ObjectConflict, ObjectCorrupt, type ObjectHead, type PutResult } from './object-store.ts';
import { nameOf, type S3Bucket, statusOf } from './s3-bucket.ts';

/** What is longer goes in parts of this size: 10,000 of them, 78 GiB, is the protocol's limit. */
const PART_BYTES = 8 * 2 ** 20;
/** Tries of a write that the store refused because another one of the same key was under way (409). */
const CONFLICT_ATTEMPTS = 8;

type Written = Omit<PutResult, 'created'>;

/**
 * Writes an object unless one is there, without knowing its length beforehand and holding two parts of it in memory at most.
 * The store itself checks the SHA-256 that is sent with each request. An object appears at the last request only, whose condition
 * lets one writer win. If the answer to that request is lost, its repetition finds the object: then `created` is false.
 * @throws ObjectConflict @throws ObjectCorrupt
 */
export async function putOnce(
  s3: S3Bucket,
  key: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  announced: string | undefined,
): Promise<PutResult> {
  const known = body instanceof Uint8Array ? sha256Hex(body) : announced;
  if (announced !== undefined && known !== undefined) assertHash(key, announced, known);
  const parts = inParts(body instanceof Uint8Array ? [body] : body)[Symbol.asyncIterator]();
  const first = (await parts.next()).value as Uint8Array;
  const second = await parts.next();
  if (!second.done) return putInParts(s3, key, [first, second.value], parts, known);
  const sha256 = sha256Hex(first);
  assertHash(key, announced ?? sha256, sha256);
  return putWhole(s3, key, first, { sizeBytes: first.length, sha256 });
}

async function putWhole(s3: S3Bucket, key: string, bytes: Uint8Array, written: Written): Promise<PutResult> {
  const command = new PutObjectCommand({
    Bucket: s3.bucket,
    Key: key,
    Body: bytes,
    IfNoneMatch: '*',
    ChecksumSHA256: base64(written.sha256),
    Metadata: { sha256: written.sha256 },
  });
  const created = await winOrCompare(s3, key, written, () => s3.client.send(command));
  return { created, ...written };
}

async function putInParts(
  s3: S3Bucket,
  key: string,
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  known: string | undefined,
): Promise<PutResult> {
  const target = { Bucket: s3.bucket, Key: key };
  const metadata = known === undefined ? {} : { Metadata: { sha256: known } };
  const { UploadId } = await s3.client.send(
    new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256', ...metadata }),
  );
  const upload = { ...target, UploadId };
  try {
    const { parts, written } = await sendParts(s3, upload, head, rest);
    assertHash(key, known ?? written.sha256, written.sha256);
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: parts },
      IfNoneMatch: '*',
    });
    const created = await winOrCompare(s3, key, written, () => s3.client.send(complete));
    if (!created) await abort(s3, upload);
    return { created, ...written };
  } catch (error) {
    await abort(s3, upload);
    throw error;
  }
}

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

async function sendParts(
  { client }: S3Bucket,
  upload: Upload,
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): Promise<{ parts: CompletedPart[]; written: Written }> {
  const whole = createHash('sha256');
  const parts: CompletedPart[] = [];
  let sizeBytes = 0;
  const waiting = [...head];
  for (;;) {
    const part = waiting.shift() ?? (await rest.next()).value;
    if (part === undefined) break;
    whole.update(part);
    sizeBytes += part.length;
    const checksum = { PartNumber: parts.length + 1, ChecksumSHA256: base64(sha256Hex(part)) };
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, ...checksum, Body: part }));
    parts.push({ ETag, ...checksum });
  }
  return { parts, written: { sizeBytes, sha256: whole.digest('hex') } };
}

/** Frees what the parts occupy. If that fails too, opening the store a day later does it. */
const abort = (s3: S3Bucket, upload: Upload): Promise<unknown> =>
  s3.client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);

/** Sends the conditional request. @returns true if it made the object, false if the same bytes lay there. @throws ObjectConflict */
async function winOrCompare(
  s3: S3Bucket,
  key: string,
  written: Written,
  send: () => Promise<unknown>,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await send();
      return true;
    } catch (error) {
      const there = isTaken(error) ? await hashThere(s3, key, written.sizeBytes) : undefined;
      if (there === written.sha256) return false;
      if (there !== undefined) throw new ObjectConflict(key);
      // Taken, and deleted since; or another write was under way.
      const again = statusOf(error) === 412 || nameOf(error) === 'ConditionalRequestConflict';
      if (!again || attempt === CONFLICT_ATTEMPTS) throw error;
      await sleep(Math.random() * 50 * 2 ** attempt);
    }
  }
}

/** NoSuchUpload comes when an earlier try of the same request completed the upload and its answer was lost. */
const isTaken = (error: unknown): boolean => statusOf(error) === 412 || nameOf(error) === 'NoSuchUpload';

/** SHA-256 of what lies under the key, or '' if its size alone tells that it is something else; undefined if nothing lies there. */
async function hashThere(s3: S3Bucket, key: string, sizeBytes: number): Promise<string | undefined> {
  const there = await headObject(s3, key);
  if (there === undefined) return undefined;
  if (there.sizeBytes !== sizeBytes) return '';
  return there.sha256 ?? readHash(s3, key);
}

async function readHash({ client, bucket }: S3Bucket, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const hash = createHash('sha256');
  for await (const chunk of Body as Readable) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Size, and the hash if it was known before the first byte was sent. */
export async function headObject(
  { client, bucket }: S3Bucket,
  key: string,
): Promise<(ObjectHead & { readonly sha256: string | undefined }) | undefined> {
  try {
    const { ContentLength = 0, Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { sizeBytes: ContentLength, sha256: Metadata?.sha256 };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The bytes in parts of PART_BYTES, the last one shorter; one empty part if there are none. */
async function* inParts(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let filled = 0;
  let any = false;
  for await (const chunk of body) {
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + PART_BYTES - filled);
      pieces.push(piece);
      filled += piece.length;
      from += piece.length;
      if (filled < PART_BYTES) continue;
      yield Buffer.concat(pieces);
      [pieces, filled, any] = [[], 0, true];
    }
  }
  if (filled > 0 || !any) yield Buffer.concat(pieces);
}

function assertHash(key: string, expected: string, actual: string): void {
  if (expected !== actual) throw new ObjectCorrupt(key, expected, actual);
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
