import type DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import { type LoadableTable, RowLoaders } from './row-store.ts';
import type { Row } from './rows.ts';

/** Per request: rows by id, and lists by key that domains define with `list`. */
export class Loaders {
  readonly #db: Db;
  readonly #rows: RowLoaders;
  readonly #lists = new Map<unknown, DataLoader<string, unknown>>();

  constructor(db: Db) {
    this.#db = db;
    this.#rows = new RowLoaders(db);
  }

  /** A row by id; null if there is none that the caller may see. */
  row<T extends LoadableTable>(table: T, id: string): Promise<Row<T> | null> {
    return this.#rows.of(table).load(id);
  }

  /** A row that a foreign key promises. @throws Error if row-level security hides it, which is a fault of a policy. */
  async need<T extends LoadableTable>(table: T, id: string): Promise<Row<T>> {
    const row = await this.row(table, id);
    if (!row) throw new Error(`${table} ${id} is referred to but cannot be seen`);
    return row;
  }

  /** One loader a request for `define`, a domain's function that makes a DataLoader over the request's transaction. */
  list<V>(define: (db: Db) => DataLoader<string, V>): DataLoader<string, V> {
    const known = this.#lists.get(define);
    if (known) return known as DataLoader<string, V>;
    const made = define(this.#db);
    this.#lists.set(define, made as DataLoader<string, unknown>);
    return made;
  }

  /** Forgets what was read, after a mutation has changed rows. */
  clear(): void {
    this.#rows.clear();
    for (const loader of this.#lists.values()) loader.clearAll();
  }
}
