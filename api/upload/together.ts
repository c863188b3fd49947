/** Work that comes piece by piece and is done several pieces at a time: what comes while some are done is done next. */
export class Together<T> {
  readonly #choose: (waiting: readonly T[]) => readonly T[];
  readonly #work: (chosen: readonly T[]) => Promise<void>;
  #waiting: readonly T[] = [];
  #busy = false;

  /**
   * @param choose which of those that wait are done now, in the order in which they came; none of them if all have to wait on
   * @param work must not throw
   */
  constructor(choose: (waiting: readonly T[]) => readonly T[], work: (chosen: readonly T[]) => Promise<void>) {
    this.#choose = choose;
    this.#work = work;
  }

  add(...pieces: readonly T[]): void {
    this.#waiting = [...this.#waiting, ...pieces];
    void this.look();
  }

  /** Looks again whether any may be done: to be called when what made some wait has ended. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let chosen = this.#take(); chosen.length > 0; chosen = this.#take()) await this.#work(chosen);
    this.#busy = false;
  }

  #take(): readonly T[] {
    const chosen = new Set(this.#choose(this.#waiting));
    this.#waiting = this.#waiting.filter((piece) => !chosen.has(piece));
    return [...chosen];
  }
}
