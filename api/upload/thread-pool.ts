import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Why a thread gave no answer. Its work is lost, the process is not. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
  readonly reason: 'TIME' | 'MEMORY' | 'CRASH';

  constructor(reason: 'TIME' | 'MEMORY' | 'CRASH', message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface PoolOptions {
  readonly threads: number;
  /**
   * Of a thread's heap. A last line only: V8 may end the whole process when a heap grows past its limit in one leap, so the work itself
   * must be bounded well below it. Buffers are outside the heap.
   */
  readonly maxHeapMib: number;
}
export const defaultPoolOptions: PoolOptions = { threads: Math.min(4, availableParallelism()), maxHeapMib: 2048 };

interface Task {
  readonly work: unknown;
  readonly transfer: readonly ArrayBuffer[];
  readonly limitMs: number;
  resolve(answer: never): void;
  reject(error: Error): void;
}

/**
 * Threads that work on what nobody trusts: each on one thing at a time, which is ended with its thread if it takes too long. They start when there is work and keep no process alive.
 */
export class ThreadPool {
  readonly #program: URL;
  readonly #options: PoolOptions;
  readonly #idle: Worker[] = [];
  readonly #waiting: Task[] = [];
  #running = 0;

  /** @param program A module that answers each message of `parentPort` with one message. */
  constructor(program: URL, options: PoolOptions = defaultPoolOptions) {
    this.#program = program;
    this.#options = options;
  }

  /**
   * Hands work to a thread and gives its answer.
   * @param transfer buffers that are moved there, and are empty here afterwards
   * @param limitMs of the work itself, without the time that it waits for a thread
   * @param urgent goes before what waits
   * @throws ThreadLost
   */
  run<Answer>(work: unknown, transfer: readonly ArrayBuffer[], limitMs: number, urgent = false): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const task: Task = { work, transfer, limitMs, resolve: resolve as Task['resolve'], reject };
      if (urgent) this.#waiting.unshift(task);
      else this.#waiting.push(task);
      this.#next();
    });
  }

  #next(): void {
    const task = this.#running < this.#options.threads ? this.#waiting.shift() : undefined;
    if (!task) return;
    this.#running++;
    const thread = this.#idle.pop() ?? this.#start();
    thread.ref();
    const settle = (keep: boolean, then: () => void): void => {
      clearTimeout(timer);
      thread.removeAllListeners();
      this.#running--;
      if (keep) {
        thread.unref();
        thread.on('error', () => this.#forget(thread));
        thread.on('exit', () => this.#forget(thread));
        this.#idle.push(thread);
      } else {
        // A broken thread may still say so while it ends.
        thread.on('error', () => {});
        void thread.terminate();
      }
      then();
      this.#next();
    };
    const lose = (reason: ThreadLost['reason'], message: string, cause?: unknown): void =>
      settle(false, () => task.reject(new ThreadLost(reason, message, { cause })));
    const timer = setTimeout(
      () => lose('TIME', `It took longer than ${Math.round(task.limitMs / 1000)} seconds.`),
      task.limitMs,
    );
    thread.removeAllListeners();
    thread.on('message', (answer) => settle(true, () => task.resolve(answer as never)));
    thread.on('error', (cause: Error & { code?: string }) =>
      cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? lose('MEMORY', `It took more than ${this.#options.maxHeapMib} MiB of memory.`, cause)
        : lose('CRASH', 'Its thread broke down.', cause),
    );
    thread.on('exit', (code) => lose('CRASH', `Its thread ended with ${code}.`));
    thread.postMessage(task.work, [...task.transfer]);
  }

  #start(): Worker {
    return new Worker(this.#program, {
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeapMib, stackSizeMb: 4 },
    });
  }

  #forget(thread: Worker): void {
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}
