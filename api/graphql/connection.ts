import type { Expression, SqlBool } from 'kysely';
import { DomainError } from '#core/domain/errors.ts';
import { isId } from '#core/domain/ids.ts';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** A page to read: at most `limit` rows after the one with this key. */
export interface Page {
  readonly limit: number;
  /** Key of the last row of the page before; undefined for the first page. */
  readonly after: string | undefined;
}

const greatestPage = 100;

/** Keys of lists in the order of a number. */
export const isNumberKey = (key: string): boolean => /^\d{1,15}$/.test(key);

/**
 * @param isKey Tells keys of the list, by default ids: others never reach the database.
 * @throws DomainError INVALID if `first` is not 1 to 100 or `after` is not a cursor.
 */
export function parsePage({ first, after }: PageArguments, isKey: (key: string) => boolean = isId): Page {
  const limit = first ?? 25;
  if (!Number.isInteger(limit) || limit < 1 || limit > greatestPage) {
    throw new DomainError('INVALID', `first must be 1 to ${greatestPage}, it is ${limit}.`, { path: ['first'] });
  }
  if (after === null || after === undefined) return { limit, after: undefined };
  const key = Buffer.from(after, 'base64url').toString('utf8');
  if (!key.startsWith('after:') || !isKey(key.slice('after:'.length)))
    throw new DomainError('INVALID', 'after is not a cursor of this list.', { path: ['after'] });
  return { limit, after: key.slice('after:'.length) };
}

const cursorOf = (key: string): string => Buffer.from(`after:${key}`).toString('base64url');

export interface Connection<T> {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** A connection of what a store read with `limit + 1`: the row beyond the page tells that more follow. */
export function connection<T>(rows: readonly T[], { limit }: Page, keyOf: (row: T) => string): Connection<T> {
  const edges = rows.slice(0, limit).map((node) => ({ cursor: cursorOf(keyOf(node)), node }));
  return { edges, pageInfo: { endCursor: edges.at(-1)?.cursor ?? null, hasNextPage: rows.length > limit } };
}

/** A connection over a list that is whole in memory, in its order. */
export function connectionOfList<T extends { id: string }>(rows: readonly T[], args: PageArguments): Connection<T> {
  const page = parsePage(args);
  const start = page.after === undefined ? 0 : rows.findIndex(({ id }) => id === page.after) + 1;
  return connection(rows.slice(start, start + page.limit + 1), page, ({ id }) => id);
}

/** For queries with a condition that may be absent. */
export type Condition = Expression<SqlBool>;
