/** Of a reader who does nothing for so long it is not known that they still look. */
export const idleAfterMs = 60_000;

/**
 * The time in which somebody is at work: from each sign of them until the next, or for as long as one lasts. Times are milliseconds on one
 * clock.
 */
export class ActiveTime {
  #activeMs: number;
  #countedTo = 0;
  #activeUntil = 0;

  /** @param activeMs from before, as after a reload */
  constructor(activeMs = 0) {
    this.#activeMs = activeMs;
  }

  /** The reader did something. */
  sign(now: number): void {
    this.#count(now);
    this.#activeUntil = now + idleAfterMs;
  }

  /** The reader looks at something else. */
  leave(now: number): void {
    this.#count(now);
    this.#activeUntil = now;
  }

  /** Active until now and not yet settled, ms. */
  unsettled(now: number): number {
    this.#count(now);
    return this.#activeMs;
  }

  /** So much has been told elsewhere and counts here no longer. */
  settle(ms: number): void {
    this.#activeMs = Math.max(0, this.#activeMs - ms);
  }

  #count(now: number): void {
    this.#activeMs += Math.max(0, Math.min(now, this.#activeUntil) - this.#countedTo);
    this.#countedTo = Math.max(this.#countedTo, now);
  }
}
