/**
 * Syncs of one directory that are asked for while it is being synced are one: it begins after all of them were asked for, and so makes
 * every name durable that any of them is about. Otherwise each of many files that are stored at once would sync the same folders again.
 */
export class SharedSync<Result> {
  readonly #sync: (path: string) => Promise<Result>;
  readonly #running = new Map<string, Promise<Result>>();
  /** Those that have not begun. */
  readonly #next = new Map<string, Promise<Result>>();

  constructor(sync: (path: string) => Promise<Result>) {
    this.#sync = sync;
  }

  /** Resolves after a sync that began no earlier than this call, with what it gave. @throws what that sync threw */
  sync(path: string): Promise<Result> {
    const next = this.#next.get(path);
    if (next) return next;
    const before = this.#running.get(path);
    const begin = (): Promise<Result> => {
      this.#next.delete(path);
      const running = this.#sync(path).finally(() => {
        if (this.#running.get(path) === running) this.#running.delete(path);
      });
      this.#running.set(path, running);
      return running;
    };
    if (!before) return begin();
    const shared = before.then(begin, begin);
    this.#next.set(path, shared);
    return shared;
  }
}
