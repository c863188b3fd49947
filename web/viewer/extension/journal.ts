import type { DrawnSlice } from './label-pixels.ts';

/** What is drawn in a read and not yet with the server, as this browser keeps it. */
export interface JournalEntry {
  readonly readId: string;
  /** Revision that it was drawn from, null for none. */
  readonly parentId: string | null;
  readonly slices: readonly DrawnSlice[];
  /** Metastases whose outlines are coarse; entries of before this was asked have none. */
  readonly coarse?: readonly number[];
  /** Milliseconds since 1970. */
  readonly keptAt: number;
}

const storeName = 'reads';

/** Survives reloads, crashes of the tab and ended sessions; one entry a read. */
export class Journal {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<Journal> {
    const request = indexedDB.open('metloop-journal', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'readId' });
    return new Journal(await settled(request));
  }

  /** Returns once it is on the disk. */
  async keep(entry: JournalEntry): Promise<void> {
    const transaction = this.#database.transaction(storeName, 'readwrite', { durability: 'strict' });
    transaction.objectStore(storeName).put(entry);
    // Else it ends only once the page has heard of it, which a page that is closed does not.
    transaction.commit();
    await ended(transaction);
  }

  async find(readId: string): Promise<JournalEntry | undefined> {
    return settled(this.#database.transaction(storeName).objectStore(storeName).get(readId));
  }

  async forget(readId: string): Promise<void> {
    const transaction = this.#database.transaction(storeName, 'readwrite');
    transaction.objectStore(storeName).delete(readId);
    await ended(transaction);
  }
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
