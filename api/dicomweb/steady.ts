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
