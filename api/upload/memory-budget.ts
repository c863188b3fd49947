/** Thrown when files would take more memory than is set aside; later there is room again. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
  readonly retryAfterSeconds = 5;
}

/** Bytes that files on their way in may hold at one time, over all requests: quarantine is memory, and memory ends. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** @throws OverBudget */
  take(bytes: number): void {
    if (this.#held + bytes > this.#maxBytes)
      throw new OverBudget('Too many files are on their way in at this moment: send these again in a few seconds.');
    this.#held += bytes;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }

  /** All bytes of a stream in one buffer of their own, charged until `release`. @throws OverBudget, and as the stream */
  async collect(stream: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; release: () => void }> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of stream) {
        this.take(chunk.length);
        size += chunk.length;
        chunks.push(chunk);
      }
    } catch (error) {
      this.release(size);
      throw error;
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return { bytes, release: () => this.release(size) };
  }
}

/** Of this process. Each byte of it stands for about three: as sent, de-identified, and decoded to be checked. */
export const intakeBudget = new MemoryBudget(2 * 2 ** 30);
