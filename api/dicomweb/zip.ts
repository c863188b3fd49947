import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

export type ZipErrorCode = 'NOT_ZIP' | 'TOO_LARGE' | 'OUT_OF_BOUNDS' | 'ENCRYPTED' | 'DAMAGED' | 'EMPTY';

/** Why an archive was refused, in a sentence without the names of its entries. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly code: ZipErrorCode;

  constructor(code: ZipErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface ZipLimits {
  /** Of the archive itself, which is held in memory. */
  readonly maxArchiveBytes: number;
  readonly maxEntries: number;
  /** Of one entry. */
  readonly maxEntryBytes: number;
  /** All entries together, as a multiple of the archive … */
  readonly maxRatio: number;
  /** … or so many bytes, if that is more. */
  readonly smallBytes: number;
}
export const defaultZipLimits: ZipLimits = {
  maxArchiveBytes: 2 ** 30,
  maxEntries: 100_000,
  maxEntryBytes: 2 ** 30,
  // Images shrink to a third or a quarter; an empty background to less.
  maxRatio: 40,
  smallBytes: 64 * 2 ** 20,
};

/**
 * The DICOM files of an archive, one after the other; what is no DICOM file is passed over, and no name is used for anything. Sizes,
 * counts and overlaps are judged by the directory before the first entry is opened, and entries are held to what it says.
 * @throws ZipError
 */
export async function* dicomFilesOf(
  archive: Buffer,
  limits: ZipLimits = defaultZipLimits,
): AsyncGenerator<AsyncIterable<Uint8Array>, void, void> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true, autoClose: false }).catch((cause: Error) => {
    throw new ZipError('NOT_ZIP', 'The file is no zip archive, or its directory is missing.', { cause });
  });
  let found = 0;
  for (const entry of await entriesOf(zip, archive.length, limits)) {
    const stream = await opened(zip, entry);
    const file = await dicomFile(stream, entry);
    if (file === undefined) stream.destroy();
    else {
      found++;
      yield file;
    }
  }
  if (found === 0) throw new ZipError('EMPTY', 'The archive holds no DICOM file.');
}

/** The entries worth opening. */
async function entriesOf(zip: ZipFile, archiveBytes: number, limits: ZipLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.maxEntries) throw tooManyEntries(limits);
  const entries: Entry[] = [];
  let [packed, unpacked] = [0, 0];
  try {
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      unpacked += entry.uncompressedSize;
      // More packed bytes than there are: entries share them.
      if (
        packed > archiveBytes ||
        unpacked > Math.max(limits.maxRatio * archiveBytes, limits.smallBytes) ||
        entry.uncompressedSize > limits.maxEntryBytes
      )
        throw new ZipError(
          'OUT_OF_BOUNDS',
          `The archive would grow beyond ${limits.maxRatio} times its size, or holds an entry of more than ${limits.maxEntryBytes} bytes.`,
        );
      if (entry.isEncrypted()) throw new ZipError('ENCRYPTED', 'The archive is encrypted: send it without a password.');
      if (isCandidate(entry)) entries.push(entry);
      if (entries.length > limits.maxEntries) throw tooManyEntries(limits);
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw cause;
    // Names that lead out of the archive end here too.
    throw new ZipError('DAMAGED', "The archive's directory is damaged, or names a path outside of it.", { cause });
  }
  return entries;
}

const tooManyEntries = ({ maxEntries }: ZipLimits): ZipError =>
  new ZipError('OUT_OF_BOUNDS', `The archive has more than ${maxEntries} entries.`);

/** Regular files that may be images: no folders, links, hidden files or the index of a disc. */
function isCandidate({ fileName, externalFileAttributes, uncompressedSize }: Entry): boolean {
  const name = fileName.split('/').at(-1) ?? '';
  const type = (externalFileAttributes >>> 16) & 0xf000;
  const regular = type === 0 || type === 0x8000;
  return regular && uncompressedSize > 132 && !/^\.|^dicomdir$/i.test(name) && !/(^|\/)__MACOSX\//.test(fileName);
}

async function opened(zip: ZipFile, entry: Entry): Promise<Readable> {
  return zip.openReadStreamPromise(entry).catch((cause: Error) => {
    throw new ZipError('DAMAGED', 'An entry of the archive cannot be opened. What stood before it is stored.', {
      cause,
    });
  });
}

/** The bytes of an entry that begins as DICOM does, checked against its sum; undefined for any other. */
async function dicomFile(stream: Readable, entry: Entry): Promise<AsyncIterable<Uint8Array> | undefined> {
  const chunks = stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  try {
    while (head.length < 132) {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      head = Buffer.concat([head, value]);
    }
  } catch (cause) {
    throw damaged(cause);
  }
  if (head.toString('latin1', 128, 132) !== 'DICM') return undefined;
  return checked(head, chunks, entry.crc32);
}

async function* checked(head: Buffer, rest: AsyncIterator<Buffer>, expected: number): AsyncGenerator<Uint8Array> {
  yield head;
  let sum = crc32(head);
  for (;;) {
    const { done, value } = await rest.next().catch((cause: unknown) => {
      throw damaged(cause);
    });
    if (done) break;
    sum = crc32(value, sum);
    yield value;
  }
  if (sum !== expected) throw damaged();
}

const damaged = (cause?: unknown): ZipError =>
  new ZipError('DAMAGED', 'An entry of the archive is damaged. What stood before it is stored.', { cause });
