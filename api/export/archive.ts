import { createHash } from 'node:crypto';
import { type PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ExportFile } from './contents.ts';

/** A file as it was sent. */
export interface SentFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface ArchiveOptions {
  /** The date of all files. */
  readonly modified: Date;
  /** After each file that was taken to its end, before the next one is asked for. */
  readonly onFile: (file: SentFile) => void;
  /** Fires when the receiver has gone. */
  readonly signal: AbortSignal;
}

const pieceBytes = 2 ** 16;

/**
 * The files as a zip archive, made while it is read: the next file is asked for when the last one was taken, so that one is in memory at
 * a time. If making a file fails, the stream is destroyed with the error.
 */
export function archiveOf(files: AsyncIterable<ExportFile>, options: ArchiveOptions): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  zip.on('error', (error: Error) => output.destroy(error));
  fill(zip, files, options).catch((error: Error) => output.destroy(error));
  return output;
}

async function fill(
  zip: ZipFile,
  files: AsyncIterable<ExportFile>,
  { modified, onFile, signal }: ArchiveOptions,
): Promise<void> {
  for await (const file of files) onFile(await add(zip, file, modified, signal));
  zip.end();
}

/** Adds a file and waits until it was taken. */
async function add(zip: ZipFile, file: ExportFile, modified: Date, signal: AbortSignal): Promise<SentFile> {
  const { path, compress } = file;
  const sizeBytes = file.bytes.length;
  const hash = createHash('sha256');
  // The archive keeps what begins a file until its own end: the bytes must not hang on that.
  const box: { bytes: Uint8Array } = { bytes: file.bytes };
  const gone = new AbortController();
  await new Promise<void>((taken, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { signal: gone.signal });
    zip.addReadStreamLazy(path, { compress, mtime: modified, mode: 0o100644 }, (begin) => {
      const body = Readable.from(pieces(box.bytes, hash.update.bind(hash)), { objectMode: false });
      box.bytes = new Uint8Array();
      body.once('close', taken);
      begin(null, body);
    });
    ownLastName(zip);
  }).finally(() => gone.abort());
  return { path, sizeBytes, sha256: hash.digest('hex') };
}

/**
 * The archive keeps the name of every file until its end, as a view on memory that Node shares out in pieces of 64 KiB: a copy of its own
 * lets go of that, which of thousands of files is hundreds of MiB.
 */
function ownLastName(zip: ZipFile): void {
  const { entries } = zip as unknown as { readonly entries: readonly { utf8FileName: Buffer }[] };
  const last = entries.at(-1)!;
  last.utf8FileName = Buffer.from(Uint8Array.from(last.utf8FileName).buffer);
}

function* pieces(bytes: Uint8Array, each: (piece: Uint8Array) => unknown): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    each(piece);
    yield piece;
  }
}
