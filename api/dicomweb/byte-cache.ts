/** What never changes under its key, kept while it is used; the least recently used goes when the budget is spent. */
export class ByteCache {
  readonly #entries = new Map<string, Uint8Array>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The bytes under the key, made if they are not there. What is larger than a quarter of the budget is not kept. */
  async get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = this.#entries.get(key);
    if (kept) {
      this.#entries.delete(key);
      this.#entries.set(key, kept);
      return kept;
    }
    const made = await make();
    if (made.length <= this.#maxBytes / 4 && !this.#entries.has(key)) {
      this.#entries.set(key, made);
      this.#bytes += made.length;
      for (const [oldest, { length }] of this.#entries) {
        if (this.#bytes <= this.#maxBytes) break;
        this.#entries.delete(oldest);
        this.#bytes -= length;
      }
    }
    return made;
  }
}
