import { type Database, serviceScope } from '#core/db/database.ts';
import { type MemberId, newId, type SiteId, type TenantId } from '#core/domain/ids.ts';
import type { Role } from '#core/domain/roles.ts';
import type { Caller, Grant } from '../../api/context.ts';

export interface TestTenant {
  readonly tenantId: TenantId;
  /** Two of them. */
  readonly siteIds: readonly [SiteId, SiteId];
  /** Makes a member with these roles; `[role, siteId]` limits a role to a site. */
  member(name: string, ...roles: readonly (Role | readonly [Role, SiteId])[]): Promise<Caller>;
}

/** A tenant with two sites and as yet no member; members are known to `issuer` by their own id. */
export async function createTenant(
  database: Database,
  name: string,
  issuer = 'https://login.example',
): Promise<TestTenant> {
  const tenantId = newId<TenantId>();
  const siteIds = [newId<SiteId>(), newId<SiteId>()] as const;
  const scope = serviceScope(tenantId);
  await database.inTenant(scope, async (db) => {
    await db.insertInto('tenant').values({ id: tenantId, name }).execute();
    const sites = siteIds.map((id, index) => ({ tenant_id: tenantId, id, name: `${name} ${index + 1}` }));
    await db.insertInto('site').values(sites).execute();
  });
  const member: TestTenant['member'] = async (memberName, ...roles) => {
    const id = newId<MemberId>();
    const grants: Grant[] = roles.map((role) =>
      typeof role === 'string' ? { role, siteId: null } : { role: role[0], siteId: role[1] },
    );
    const email = `${memberName}@${tenantId}.example`;
    await database.inTenant(scope, async (db) => {
      await db
        .insertInto('member')
        .values({ tenant_id: tenantId, id, issuer, subject: id, email, name: memberName })
        .execute();
      const rows = grants.map(({ role, siteId }) => ({ tenant_id: tenantId, member_id: id, role, site_id: siteId }));
      if (rows.length > 0) await db.insertInto('member_role').values(rows).execute();
    });
    return { tenantId, memberId: id, name: memberName, email, grants, expiresAt: new Date(Date.now() + 3_600_000) };
  };
  return { tenantId, siteIds, member };
}
