import { Readable } from 'node:stream';
import { MultipartError } from './multipart.ts';

/** A hospital's line may pause; a sender that is silent for so long has gone, or holds memory on purpose. */
export const maxSilenceMs = 120_000;

/**
 * The same bytes, as long as they keep coming; time that the reader takes does not count.
 * @throws MultipartError TRUNCATED if none came for `limitMs`
 */
export async function* steady(
  stream: AsyncIterable<Uint8Array>,
  limitMs = maxSilenceMs,
): AsyncGenerator<Uint8Array, void, void> {
  const source = stream[Symbol.asyncIterator]();
  let silent = false;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          silent = true;
          reject(new MultipartError('TRUNCATED', `No byte came for ${limitMs / 1000} seconds.`));
        }, limitMs);
      });
      const { done, value } = await Promise.race([source.next(), silence]).finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    // A stream that is waited for would not return before its next byte.
    if (!silent) await source.return?.();
  }
}

/** The same bytes; who stops reading early leaves the connection alone, on which the answer and the next request come. */
export const leftWhole = (stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  stream instanceof Readable
    ? { [Symbol.asyncIterator]: () => stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array> }
    : stream;
