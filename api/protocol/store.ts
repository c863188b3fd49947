import type { Insertable } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { ProtocolId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { ProtocolRow } from '../graphql/rows.ts';

/** Undefined if a protocol of this name is there already. */
export const insertProtocol = (db: Db, protocol: Insertable<DB['protocol']>): Promise<ProtocolRow | undefined> =>
  db
    .insertInto('protocol')
    .values(protocol)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();

/** Newest first. */
export const readProtocols = (db: Db, { limit, after }: Page): Promise<ProtocolRow[]> =>
  db
    .selectFrom('protocol')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after as ProtocolId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
