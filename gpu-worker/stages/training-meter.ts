/** Losses that count as recent. */
const recentCount = 20;

/** Counts time and losses of a training as it runs. */
export class TrainingMeter {
  readonly #slicesPerStep: number;
  readonly #startedAt = performance.now();
  readonly #recent: number[] = [];
  #steps = 0;
  #firstLoss = 0;
  #measuredAt = performance.now();
  #sum = 0;
  #count = 0;

  constructor(slicesPerStep: number) {
    this.#slicesPerStep = slicesPerStep;
  }

  add(loss: number): void {
    this.#steps++;
    if (this.#steps <= recentCount) this.#firstLoss += (loss - this.#firstLoss) / this.#steps;
    this.#recent.push(loss);
    if (this.#recent.length > recentCount) this.#recent.shift();
    this.#sum += loss;
    this.#count++;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get msPerStep(): number {
    return this.elapsedMs / Math.max(1, this.#steps);
  }

  /** Mean of the first losses of this attempt. */
  get firstLoss(): number {
    return this.#firstLoss;
  }

  get recentLoss(): number {
    return this.#recent.reduce((sum, loss) => sum + loss, 0) / this.#recent.length;
  }

  /** Mean loss and speed since the last measurement. */
  takeMeasurement(): { loss: number; slicesPerSecond: number } {
    const now = performance.now();
    const seconds = Math.max(1e-3, (now - this.#measuredAt) / 1000);
    const measured = { loss: this.#sum / this.#count, slicesPerSecond: (this.#count * this.#slicesPerStep) / seconds };
    this.#measuredAt = now;
    this.#sum = 0;
    this.#count = 0;
    return measured;
  }
}

/** A training whose recent losses are so many times its first ones will not come back. */
const explosion = 10;

/** Why a training is not to go on, as the rest of a sentence; undefined if it is. */
export function divergence({
  recentLoss,
  firstLoss,
}: Pick<TrainingMeter, 'recentLoss' | 'firstLoss'>): string | undefined {
  if (!Number.isFinite(recentLoss)) return 'the loss is no number any more.';
  if (hasExploded(recentLoss, firstLoss))
    return `the loss has risen from ${firstLoss.toPrecision(3)} to ${recentLoss.toPrecision(3)}.`;
  return undefined;
}

export const hasExploded = (loss: number, firstLoss: number): boolean => loss > explosion * Math.max(firstLoss, 1);

/**
 * When the next checkpoint is due after one at `elapsedMs`: in a minute, or once a tenth more time has passed, so that a lost worker
 * costs little of a long training and its checkpoints do not fill the store.
 */
export const nextCheckpointMs = (elapsedMs: number): number => elapsedMs + Math.max(60_000, elapsedMs / 10);

/** Such as "3 min left". */
export function remainingText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min left` : `${(minutes / 60).toFixed(1)} h left`;
}
