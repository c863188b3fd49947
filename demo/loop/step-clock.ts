export interface TimedStep {
  readonly name: string;
  readonly s: number;
}

/** Tells of progress; a fraction where it is known. */
export type Tell = (fraction: number | undefined, message: string) => void;

/** Times the steps of the loop and shows how far each is: a bar on a terminal, a line now and then elsewhere. */
export class StepClock {
  readonly steps: TimedStep[] = [];
  readonly #write: (text: string) => void;
  readonly #terminal: boolean;

  constructor(output: { write(text: string): unknown; readonly isTTY?: boolean }) {
    this.#write = (text) => void output.write(text);
    this.#terminal = output.isTTY === true;
  }

  async step<T>(name: string, body: (tell: Tell) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const seconds = (): number => (performance.now() - startedAt) / 1000;
    let toldAt = -Infinity;
    const tell: Tell = (fraction, message) => {
      const now = performance.now();
      if (now - toldAt < (this.#terminal ? 100 : 10_000)) return;
      toldAt = now;
      const bar =
        fraction === undefined
          ? ''
          : `[${'#'.repeat(Math.round(fraction * 24)).padEnd(24, '.')}] ${String(Math.round(fraction * 100)).padStart(3)} % `;
      const line = `${name.padEnd(10)} ${bar}${message}`.slice(0, 118);
      this.#write(this.#terminal ? `\r\x1b[2K${line}` : `${line}\n`);
    };
    try {
      const result = await body(tell);
      this.steps.push({ name, s: Math.round(seconds() * 10) / 10 });
      this.#write(`${this.#terminal ? '\r\x1b[2K' : ''}${name.padEnd(10)} done in ${seconds().toFixed(1)} s\n`);
      return result;
    } catch (error) {
      this.#write(`${this.#terminal ? '\n' : ''}${name.padEnd(10)} failed after ${seconds().toFixed(1)} s\n`);
      throw error;
    }
  }
}
