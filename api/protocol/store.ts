import DataLoader from 'dataloader';
import type { Insertable } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { MemberId, ProtocolId } from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { MemberRow, ProtocolRow } from '../graphql/rows.ts';

/** Undefined if a protocol of this name is there already, or a version that follows the same one. */
export const insertProtocol = (db: Db, protocol: Insertable<DB['protocol']>): Promise<ProtocolRow | undefined> =>
  db
    .insertInto('protocol')
    .values(protocol)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

export const insertAdjudicators = async (
  db: Db,
  rows: readonly Insertable<DB['protocol_adjudicator']>[],
): Promise<void> => {
  if (rows.length > 0) await db.insertInto('protocol_adjudicator').values(rows).execute();
};

/** How many of these are active and hold ADJUDICATOR. */
export const countAdjudicators = async (db: Db, ids: readonly MemberId[]): Promise<number> => {
  if (ids.length === 0) return 0;
  const rows = await db
    .selectFrom('member')
    .innerJoin('member_role', (join) =>
      join.onRef('member_role.tenant_id', '=', 'member.tenant_id').onRef('member_role.member_id', '=', 'member.id'),
    )
    .select('member.id')
    .where('member.id', 'in', ids)
    .where('member.state', '=', 'ACTIVE')
    .where('member_role.role', '=', 'ADJUDICATOR')
    .execute();
  return rows.length;
};

export const readNewestVersion = (db: Db, name: string): Promise<ProtocolRow> =>
  db
    .selectFrom('protocol')
    .selectAll()
    .where('name', '=', name)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();

export const readSuccessor = (db: Db, id: ProtocolId): Promise<ProtocolRow | undefined> =>
  db.selectFrom('protocol').selectAll().where('follows_id', '=', id).executeTakeFirst();

/** Versions that follow protocols, by the id of the one before; null for the newest. */
export const successorByProtocol = (db: Db): DataLoader<string, ProtocolRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('protocol')
      .selectAll()
      .where('follows_id', 'in', ids as ProtocolId[])
      .execute();
    return ids.map((id) => rows.find(({ follows_id }) => follows_id === id) ?? null);
  });

/** Who may adjudicate by protocols, by protocol id; none for everybody who holds the role. */
export const adjudicatorsByProtocol = (db: Db): DataLoader<string, MemberRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('protocol_adjudicator as a')
      .innerJoin('member as m', (join) =>
        join.onRef('m.tenant_id', '=', 'a.tenant_id').onRef('m.id', '=', 'a.member_id'),
      )
      .selectAll('m')
      .select('a.protocol_id')
      .where('a.protocol_id', 'in', ids as ProtocolId[])
      .orderBy('m.name')
      .execute();
    return ids.map((id) => rows.filter(({ protocol_id }) => protocol_id === id));
  });

/** Newest first. */
export const readProtocols = (db: Db, { limit, after }: Page): Promise<ProtocolRow[]> =>
  db
    .selectFrom('protocol')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after as ProtocolId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
