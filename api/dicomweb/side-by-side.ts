/** Pieces of work of which some run at once, as many as their weights allow, and whose answers are kept in the order in which they were begun. */
export class SideBySide<T> {
  readonly #mostWeight: number;
  readonly #answers: T[] = [];
  readonly #running = new Set<Promise<void>>();
  #begun = 0;
  #weight = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(mostWeight: number) {
    this.#mostWeight = mostWeight;
  }

  /**
   * Begins `work`, and comes back when what runs weighs less than the most, so that there is room for another piece of any weight.
   * @throws what a piece threw, this one or an earlier one
   */
  async begin(work: () => Promise<T>, weight = 1): Promise<void> {
    const place = this.#begun++;
    this.#weight += weight;
    const one: Promise<void> = work()
      .then(
        (answer) => {
          this.#answers[place] = answer;
        },
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => {
        this.#running.delete(one);
        this.#weight -= weight;
      });
    this.#running.add(one);
    while (this.#weight >= this.#mostWeight) await Promise.race(this.#running);
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
