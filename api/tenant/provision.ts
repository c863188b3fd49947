import { randomBytes } from 'node:crypto';
import { audit } from '#core/db/audit.ts';
import { type Database, serviceScope } from '#core/db/database.ts';
import { type MemberId, newId, type SiteId, type TenantId } from '#core/domain/ids.ts';
import type { Role } from '#core/domain/roles.ts';
import { insertMember, insertSite, insertTenant } from './store.ts';

/** A consortium as its operator sets it up. */
export interface TenantSpec {
  readonly name: string;
  /** Edge of a prepared slice; the paper's is 256. */
  readonly preparedSizePixels: number;
  readonly sites: readonly string[];
  readonly members: readonly MemberSpec[];
}

export interface MemberSpec {
  readonly name: string;
  readonly email: string;
  /** The person at the OIDC provider: issuer and subject of their tokens. */
  readonly issuer: string;
  readonly subject: string;
  /** Each role, at one of the sites by name or everywhere. */
  readonly grants: readonly { readonly role: Role; readonly site?: string }[];
}

export interface ProvisionedTenant {
  readonly tenantId: TenantId;
  readonly siteIds: Readonly<Record<string, SiteId>>;
}

/** Sets up a tenant with its sites and members: an operator's act, for which there is no mutation, since nobody is a member yet. */
export async function provisionTenant(database: Database, spec: TenantSpec): Promise<ProvisionedTenant> {
  const tenantId = newId<TenantId>();
  const siteIds = Object.fromEntries(spec.sites.map((name) => [name, newId<SiteId>()]));
  await database.inTenant(serviceScope(tenantId), async (db) => {
    await insertTenant(db, tenantId, spec, randomBytes(32));
    for (const [name, id] of Object.entries(siteIds)) await insertSite(db, tenantId, id, name);
    for (const member of spec.members) {
      const grants = member.grants.map(({ role, site }) => ({
        role,
        siteId: site === undefined ? null : siteOf(siteIds, site),
      }));
      await insertMember(db, tenantId, newId<MemberId>(), member, grants);
    }
    const source = { tenantId, memberId: null, requestId: 'operator' };
    await audit(db, source, { action: 'tenantProvision', objectType: 'Tenant', objectId: tenantId });
  });
  return { tenantId, siteIds };
}

function siteOf(siteIds: Readonly<Record<string, SiteId>>, name: string): SiteId {
  const id = siteIds[name];
  if (!id) throw new Error(`a member's role is limited to site "${name}", which the tenant does not have`);
  return id;
}
