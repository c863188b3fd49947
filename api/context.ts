import type { PgBoss } from 'pg-boss';
import type { Config } from '#core/config.ts';
import type { AuditEntry } from '#core/db/audit.ts';
import { audit } from '#core/db/audit.ts';
import type { Database, Db, Scope } from '#core/db/database.ts';
import type { MemberId, SiteId, TenantId } from '#core/domain/ids.ts';
import { oversightRoles, type Role, siteRoles } from '#core/domain/roles.ts';
import type { Log } from '#core/log.ts';
import type { ObjectStore } from '#core/storage/object-store.ts';
import type { Changes } from './changes.ts';
import type { Loaders } from './graphql/loaders.ts';

/** What the whole server shares. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly queue: PgBoss;
  readonly objects: ObjectStore;
  readonly changes: Changes;
  readonly log: Log;
}

/** A role, limited to one site or not. */
export interface Grant {
  readonly role: Role;
  readonly siteId: SiteId | null;
}

/** Who calls: one member of one tenant. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly name: string;
  readonly email: string;
  readonly grants: readonly Grant[];
  /** When the credential in use ends. */
  readonly expiresAt: Date;
}

/** One request: the first argument of every service and store. */
export interface Context {
  readonly services: Services;
  readonly caller: Caller;
  /** The request's transaction, bound to the caller's tenant. */
  readonly db: Db;
  readonly requestId: string;
  readonly log: Log;
  readonly loaders: Loaders;
  /** Of a subscription: fires when its subscriber has left or may listen no longer. */
  readonly left?: AbortSignal;
}

/** What row-level security is told of a caller. */
export function scopeOf({ tenantId, memberId, grants }: Caller): Scope {
  const everywhere = grants.some(({ role, siteId }) => siteId === null || !siteRoles.has(role));
  return {
    tenantId,
    memberId,
    siteIds: everywhere ? null : grants.flatMap(({ siteId }) => siteId ?? []),
    oversight: grants.some(({ role }) => oversightRoles.has(role)),
  };
}

export const hasRole = ({ grants }: Caller, ...wanted: readonly Role[]): boolean =>
  grants.some(({ role }) => wanted.includes(role));

/** True if the caller holds one of the roles at the site, or everywhere. */
export const hasRoleAt = ({ grants }: Caller, siteId: SiteId, ...wanted: readonly Role[]): boolean =>
  grants.some(({ role, siteId: limit }) => wanted.includes(role) && (limit === null || limit === siteId));

/** Remembers what the request did, in its transaction. */
export const auditRequest = ({ db, caller, requestId }: Context, entry: AuditEntry): Promise<void> =>
  audit(db, { tenantId: caller.tenantId, memberId: caller.memberId, requestId }, entry);
