/** Pieces of work of which some run at once, and whose answers are kept in the order in which they were begun. */
export class SideBySide<T> {
  readonly #atOnce: number;
  readonly #answers: T[] = [];
  readonly #running = new Set<Promise<void>>();
  #begun = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Begins `work`, and comes back when there is room for another piece. @throws what a piece threw, this one or an earlier one */
  async begin(work: () => Promise<T>): Promise<void> {
    const place = this.#begun++;
    const one: Promise<void> = work()
      .then(
        (answer) => {
          this.#answers[place] = answer;
        },
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => this.#running.delete(one));
    this.#running.add(one);
    if (this.#running.size >= this.#atOnce) await Promise.race(this.#running);
    this.#rethrow();
  }

  /** Until nothing runs; failures wait for `answers`. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Waits for what runs. @throws what a piece threw */
  async answers(): Promise<readonly T[]> {
    await this.settled();
    this.#rethrow();
    return this.#answers;
  }

  #rethrow(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
