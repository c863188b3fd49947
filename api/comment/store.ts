import DataLoader from 'dataloader';
import { type Insertable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { CommentId, MemberId, TaskId, TenantId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { CommentRow } from '../graphql/rows.ts';

/** Oldest first, as row-level security lets see. */
export const readComments = (db: Db, taskId: TaskId, { limit, after }: Page): Promise<CommentRow[]> =>
  db
    .selectFrom('comment')
    .selectAll()
    .where('task_id', '=', taskId)
    .$if(after !== undefined, (query) => query.where('id', '>', after as CommentId))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

/** What the member said with this key. */
export const findByKey = (db: Db, memberId: MemberId, key: string): Promise<CommentRow | undefined> =>
  db
    .selectFrom('comment')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

export const insertComment = (db: Db, comment: Insertable<DB['comment']>): Promise<CommentRow> =>
  db.insertInto('comment').values(comment).returningAll().executeTakeFirstOrThrow();

/** Says that a member holds the comment to be settled, or no longer. */
export const putResolution = (
  db: Db,
  row: { tenant_id: TenantId; comment_id: CommentId; member_id: MemberId; resolved: boolean },
): Promise<unknown> =>
  db
    .insertInto('comment_resolution')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'comment_id', 'member_id'])
        .doUpdateSet({ resolved: row.resolved, at: sql<Date>`clock_timestamp()` }),
    )
    .execute();

/** When comments were settled, by comment id; null while they are not, as far as the caller may know. */
export const resolvedAtByComment = (db: Db): DataLoader<string, Date | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('comment_resolution')
      .select(['comment_id', 'resolved', 'at'])
      .distinctOn('comment_id')
      .where('comment_id', 'in', ids as CommentId[])
      .orderBy('comment_id')
      .orderBy('at', 'desc')
      .execute();
    const newest = new Map<string, (typeof rows)[number]>(rows.map((row) => [row.comment_id, row]));
    return ids.map((id) => {
      const row = newest.get(id);
      return row?.resolved ? row.at : null;
    });
  });
