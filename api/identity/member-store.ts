import type { Database } from '#core/db/database.ts';
import type { MemberId, TenantId } from '#core/domain/ids.ts';
import type { Caller } from '../context.ts';
import type { Identity } from './token.ts';

/** Memberships of an identity, at most one a tenant. Roles come from the database, never from the token. */
export async function findCallers(database: Database, identity: Identity): Promise<Caller[]> {
  const members = await database.asIdentity(identity, (db) =>
    db
      .selectFrom('member')
      .select(['tenant_id', 'id', 'name', 'email'])
      .where('state', '=', 'ACTIVE')
      .orderBy('tenant_id')
      .execute(),
  );
  return Promise.all(
    members.map(async ({ tenant_id: tenantId, id, name, email }) => ({
      tenantId,
      memberId: id,
      name,
      email,
      expiresAt: identity.expiresAt,
      grants: await readGrants(database, tenantId, id),
    })),
  );
}

/**
 * A member on whose behalf something was signed earlier, with the roles of this moment; undefined unless still active.
 * @param expiresAt when what was signed ends
 */
export async function findMember(
  database: Database,
  tenantId: TenantId,
  id: MemberId,
  expiresAt: Date,
): Promise<Caller | undefined> {
  const member = await database.inTenant({ tenantId, memberId: id, siteIds: null, oversight: false }, (db) =>
    db
      .selectFrom('member')
      .select(['name', 'email'])
      .where('id', '=', id)
      .where('state', '=', 'ACTIVE')
      .executeTakeFirst(),
  );
  return member && { tenantId, memberId: id, ...member, expiresAt, grants: await readGrants(database, tenantId, id) };
}

const readGrants = (database: Database, tenantId: TenantId, memberId: Caller['memberId']): Promise<Caller['grants']> =>
  database.inTenant({ tenantId, memberId, siteIds: null, oversight: false }, async (db) => {
    const rows = await db
      .selectFrom('member_role')
      .select(['role', 'site_id'])
      .where('member_id', '=', memberId)
      .execute();
    return rows.map(({ role, site_id }) => ({ role, siteId: site_id }));
  });
