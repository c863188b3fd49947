/** Shows how far something is: a bar on a terminal, elsewhere a line every ten seconds. */
export class Progress {
  readonly #total: number;
  readonly #began = performance.now();
  #done = 0;
  #shownAt = Number.NEGATIVE_INFINITY;

  /** @param total Bytes. */
  constructor(total: number) {
    this.#total = total;
  }

  add(bytes: number): void {
    this.#done += bytes;
    const interval = process.stderr.isTTY ? 100 : 10_000;
    if (performance.now() - this.#shownAt < interval) return;
    this.#shownAt = performance.now();
    this.#show();
  }

  /** Says something above the bar. */
  say(line: string): void {
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}\n` : `${line}\n`);
  }

  end(): void {
    if (!process.stderr.isTTY) return;
    this.#show();
    process.stderr.write('\n');
  }

  #show(): void {
    const line = barOf(this.#done, this.#total, (performance.now() - this.#began) / 1000);
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }
}

/** One line: a bar, the share, the amount, the speed and the time left. */
export function barOf(done: number, total: number, seconds: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * 30);
  const speed = seconds > 0 ? done / seconds : 0;
  const left = speed > 0 ? `, ${Math.ceil((total - done) / speed)} s left` : '';
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const bar = `${'='.repeat(filled)}${' '.repeat(30 - filled)}`;
  return `[${bar}] ${Math.floor(share * 100)} %  ${mib(done)} of ${mib(total)} MiB, ${mib(speed)} MiB/s${left}`;
}
