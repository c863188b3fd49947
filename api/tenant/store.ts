import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { MemberId, SiteId, TenantId } from '#core/domain/ids.ts';
import type { Grant } from '../context.ts';
import type { Page } from '../graphql/connection.ts';
import type { MemberRow, SiteRow, TenantRow } from '../graphql/rows.ts';

/** The one tenant of the transaction. */
export const readTenant = (db: Db): Promise<TenantRow> => db.selectFrom('tenant').selectAll().executeTakeFirstOrThrow();

export const readSites = (db: Db, { limit, after }: Page): Promise<SiteRow[]> =>
  db
    .selectFrom('site')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after as SiteId))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

export const readMembers = (db: Db, { limit, after }: Page, only: MemberId | undefined): Promise<MemberRow[]> =>
  db
    .selectFrom('member')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '>', after as MemberId))
    .$if(only !== undefined, (query) => query.where('id', '=', only!))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

/** Grants of members, by member id. */
export const grantsByMember = (db: Db): DataLoader<string, Grant[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('member_role')
      .selectAll()
      .where('member_id', 'in', ids as MemberId[])
      .execute();
    return ids.map((id) =>
      rows.filter((row) => row.member_id === id).map((row) => ({ role: row.role, siteId: row.site_id })),
    );
  });

export async function insertTenant(
  db: Db,
  id: TenantId,
  { name, preparedSizePixels }: { name: string; preparedSizePixels: number },
  deidentificationKey: Buffer,
): Promise<void> {
  await db.insertInto('tenant').values({ id, name, prepared_size_pixels: preparedSizePixels }).execute();
  await db.insertInto('tenant_secret').values({ tenant_id: id, deidentification_key: deidentificationKey }).execute();
}

export const insertSite = (db: Db, tenantId: TenantId, id: SiteId, name: string): Promise<unknown> =>
  db.insertInto('site').values({ tenant_id: tenantId, id, name }).execute();

export async function insertMember(
  db: Db,
  tenantId: TenantId,
  id: MemberId,
  member: { name: string; email: string; issuer: string; subject: string },
  grants: readonly Grant[],
): Promise<void> {
  const { name, email, issuer, subject } = member;
  await db.insertInto('member').values({ tenant_id: tenantId, id, name, email, issuer, subject }).execute();
  const rows = grants.map(({ role, siteId }) => ({ tenant_id: tenantId, member_id: id, role, site_id: siteId }));
  if (rows.length > 0) await db.insertInto('member_role').values(rows).execute();
}
