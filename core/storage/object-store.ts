/**
 * Where bytes live. An object is written once under a key and never changed: a second write of the same bytes is
 * "already there", of other bytes a conflict. A database row that names a key may rely on the object's presence,
 * because `put` returns only when the object would survive a power cut.
 */
export interface ObjectStore {
  /**
   * Stores `body` under `key` unless an object is there already.
   * @param options.sha256 Expected SHA-256, lower-case hex; the object does not appear if the bytes differ.
   * @throws ObjectConflict if other bytes are already stored under the key.
   * @throws ObjectCorrupt if the bytes do not have the expected SHA-256.
   * @throws InvalidObjectKey
   */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: { sha256?: string }): Promise<PutResult>;

  /** The object's bytes, or those of a range. @throws ObjectNotFound @throws RangeNotSatisfiable */
  get(key: string, range?: ByteRange): Promise<Uint8Array>;

  /** As `get`, in pieces; errors are thrown by the first piece. */
  stream(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;

  /** The object's bytes, whose hash was checked. @throws ObjectNotFound @throws ObjectCorrupt */
  getVerified(key: string, sha256: string): Promise<Uint8Array>;

  /** Size of the object; undefined if there is none. */
  head(key: string): Promise<ObjectHead | undefined>;

  /**
   * Objects whose key begins with `prefix` (any string, as in S3), in the order of their keys. Objects that come or go
   * meanwhile may be listed or not.
   */
  list(prefix: string): AsyncIterable<ListedObject>;

  /** Deletes the object; there being none is no error, so that a deletion can be repeated. */
  delete(key: string): Promise<void>;
}

export interface PutResult {
  /** False if the same bytes were there already. */
  readonly created: boolean;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A part of an object. It ends at the object's end at the latest. */
export interface ByteRange {
  /** First byte; 0 by default. */
  readonly offset?: number;
  /** Number of bytes, at least 1; by default to the end. */
  readonly length?: number;
}

/** @throws RangeError if the range cannot be one of any object. */
export function assertByteRange({ offset = 0, length }: ByteRange): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`offset must be an integer >= 0: ${offset}`);
  if (length !== undefined && (!Number.isSafeInteger(length) || length < 1)) {
    throw new RangeError(`length must be an integer >= 1: ${length}`);
  }
}

export interface ObjectHead {
  readonly sizeBytes: number;
}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** There is no object under the key. */
export class ObjectNotFound extends Error {
  override readonly name = 'ObjectNotFound';
  readonly key: string;

  constructor(key: string) {
    super(`There is no object "${key}" in the object store.`);
    this.key = key;
  }
}

/** Other bytes are stored under the key already. */
export class ObjectConflict extends Error {
  override readonly name = 'ObjectConflict';
  readonly key: string;

  constructor(key: string) {
    super(`Object "${key}" exists with other content, and objects are never overwritten: choose another key.`);
    this.key = key;
  }
}

/** Bytes do not have the SHA-256 they should have. */
export class ObjectCorrupt extends Error {
  override readonly name = 'ObjectCorrupt';
  readonly key: string;
  readonly expectedSha256: string;
  readonly actualSha256: string;

  constructor(key: string, expectedSha256: string, actualSha256: string) {
    super(`Object "${key}" should have SHA-256 ${expectedSha256}, but its bytes have ${actualSha256}.`);
    this.key = key;
    this.expectedSha256 = expectedSha256;
    this.actualSha256 = actualSha256;
  }
}

/** The range begins behind the object's end. */
export class RangeNotSatisfiable extends Error {
  override readonly name = 'RangeNotSatisfiable';
  readonly key: string;

  constructor(key: string, offset: number, sizeBytes: number) {
    super(`Object "${key}" has ${sizeBytes} bytes, so that nothing can be read from byte ${offset} on.`);
    this.key = key;
  }
}
