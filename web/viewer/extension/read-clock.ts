import { ActiveTime } from './active-time.ts';

const signs = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;
const keptAs = (readId: string): string => `metloop-active-ms-${readId}`;

/** The reader's active time on a read: what the server was told, and what the next save tells it. A reload loses none of it. */
export class ReadClock {
  readonly #readId: string;
  readonly #time: ActiveTime;
  readonly #ends: (() => void)[] = [];
  #toldSeconds: number;

  /** @param toldSeconds of earlier saves, as the server has added them up */
  constructor(readId: string, toldSeconds: number) {
    this.#readId = readId;
    this.#toldSeconds = toldSeconds;
    this.#time = new ActiveTime(Number(localStorage.getItem(keptAs(readId))) || 0);
    const sign = (): void => this.#time.sign(performance.now());
    for (const name of signs) {
      addEventListener(name, sign, { capture: true, passive: true });
      this.#ends.push(() => removeEventListener(name, sign, { capture: true }));
    }
    const turn = (): void => (document.hidden ? this.#time.leave(performance.now()) : sign());
    document.addEventListener('visibilitychange', turn);
    this.#ends.push(() => document.removeEventListener('visibilitychange', turn));
    sign();
  }

  /** Whole seconds since the last save that told of them. */
  get untoldSeconds(): number {
    return Math.min(86_400, Math.floor(this.#time.unsettled(performance.now()) / 1000));
  }

  /** What the server has once the next save is in. */
  get seconds(): number {
    return this.#toldSeconds + this.untoldSeconds;
  }

  /** A save has told of so many seconds. */
  told(seconds: number): void {
    this.#time.settle(seconds * 1000);
    this.#toldSeconds += seconds;
    this.keep();
  }

  /** Writes what no save has told of to the disk. */
  keep(): void {
    localStorage.setItem(keptAs(this.#readId), String(Math.round(this.#time.unsettled(performance.now()))));
  }

  /** @param signed with nothing left to tell; otherwise the rest is kept for the next time */
  close(signed: boolean): void {
    for (const end of this.#ends) end();
    if (signed) localStorage.removeItem(keptAs(this.#readId));
    else this.keep();
  }
}
