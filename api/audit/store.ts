import type { Db } from '#core/db/database.ts';
import type { MemberId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { AuditEventRow } from '../graphql/rows.ts';

export interface EventFilter {
  readonly memberId?: MemberId | undefined;
  readonly object?: { readonly type: string; readonly id: string } | undefined;
  readonly actions?: readonly string[] | undefined;
}

/** Newest first. */
export const readEvents = (
  db: Db,
  { limit, after }: Page,
  { memberId, object, actions }: EventFilter,
): Promise<AuditEventRow[]> =>
  db
    .selectFrom('audit_event')
    .selectAll()
    .$if(memberId !== undefined, (query) => query.where('member_id', '=', memberId!))
    .$if(object !== undefined, (query) =>
      query.where('object_type', '=', object!.type).where('object_id', '=', object!.id),
    )
    .$if(actions !== undefined, (query) => query.where('action', 'in', actions!))
    .$if(after !== undefined, (query) => query.where('number', '<', Number(after)))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
