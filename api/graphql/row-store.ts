import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { NodeTable } from './node-types.ts';
import type { Row } from './rows.ts';

/** Tables whose rows are reached by (tenant, id). */
export type LoadableTable = NodeTable | 'job' | 'registration';

/** Loads rows by id, each at most once a request and many in one statement; null where the caller may see none. */
export class RowLoaders {
  readonly #db: Db;
  readonly #loaders = new Map<LoadableTable, DataLoader<string, unknown>>();

  constructor(db: Db) {
    this.#db = db;
  }

  of<T extends LoadableTable>(table: T): DataLoader<string, Row<T> | null> {
    const known = this.#loaders.get(table);
    if (known) return known as DataLoader<string, Row<T> | null>;
    const made = new DataLoader<string, Row<T> | null>(async (ids) => {
      const rows = (await this.#db
        .selectFrom(table as keyof DB as 'study')
        .selectAll()
        .where('id', 'in', ids as never)
        .execute()) as unknown as (Row<T> & { id: string })[];
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    });
    this.#loaders.set(table, made as DataLoader<string, unknown>);
    return made;
  }

  /** Forgets what was read, after a mutation has changed rows. */
  clear(): void {
    for (const loader of this.#loaders.values()) loader.clearAll();
  }
}
