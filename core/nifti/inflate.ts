import { constants, gunzipSync } from 'node:zlib';
import { NiftiError } from './nifti-error.ts';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Compressed bytes from which a header surely comes; they grow to 64 MiB at most, since deflate makes 1032 bytes of one. */
const headBytes = 64 * 1024;

/** The beginning of what is compressed: as much as the first 64 KiB give. @throws NiftiError MALFORMED */
export function inflateHead(bytes: Uint8Array): Uint8Array {
  const head = bytes.subarray(0, headBytes);
  // A stream that ends early is no fault here: it was cut on purpose.
  return inflated(() => gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }));
}

/** All of what is compressed, its checksum included. @throws NiftiError OUT_OF_BOUNDS beyond `maxBytes`; TRUNCATED, MALFORMED */
export function inflateAll(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return inflated(() => gunzipSync(bytes, { maxOutputLength: maxBytes }), maxBytes);
}

function inflated(work: () => Uint8Array, maxBytes?: number): Uint8Array {
  try {
    return work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new NiftiError(
        'OUT_OF_BOUNDS',
        `The compressed file grows beyond the ${maxBytes} bytes that its header tells of.`,
        { cause },
      );
    if (code === 'Z_BUF_ERROR') throw new NiftiError('TRUNCATED', 'The compressed file ends in the middle.', { cause });
    if (code?.startsWith('Z_')) throw new NiftiError('MALFORMED', 'The compressed file is damaged.', { cause });
    throw cause;
  }
}
