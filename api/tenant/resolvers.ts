import { DomainError } from '#core/domain/errors.ts';
import type { Role } from '#core/domain/roles.ts';
import { hasRole } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { findNode } from '../graphql/find-node.ts';
import { globalId } from '../graphql/global-id.ts';
import { grantsByMember, readMembers, readSites, readTenant } from './store.ts';

const greatestList = 100;

export const resolvers = {
  Query: {
    viewer: () => ({}) as never,
    node: (_, { id }, context) => findNode(context, id),
    nodes: (_, { ids }, context) => {
      if (ids.length > greatestList)
        throw new DomainError('INVALID', `Ask for at most ${greatestList} objects, not ${ids.length}.`, {
          path: ['ids'],
        });
      return Promise.all(ids.map((id) => findNode(context, id)));
    },
  },
  Viewer: {
    member: (_, __, { caller, loaders }) => loaders.need('member', caller.memberId),
    tenant: (_, __, { db }) => readTenant(db),
    roles: (_, __, { caller }) => [...new Set(caller.grants.map(({ role }) => role))],
    sites: async (_, args, { db }) => {
      const page = parsePage(args);
      return connection(await readSites(db, page), page, ({ id }) => id);
    },
    expiresAt: (_, __, { caller }) => caller.expiresAt,
  },
  Tenant: {
    id: ({ id }) => globalId('Tenant', id),
    sites: async (_, args, { db }) => {
      const page = parsePage(args);
      return connection(await readSites(db, page), page, ({ id }) => id);
    },
    members: async (_, args, { db, caller }) => {
      const page = parsePage(args);
      const only = hasRole(caller, 'TENANT_ADMIN', 'COORDINATOR', 'AUDITOR') ? undefined : caller.memberId;
      return connection(await readMembers(db, page, only), page, ({ id }) => id);
    },
    dicomwebUrl: (_, __, { services }) => `${services.config.publicUrl}/dicomweb`,
  },
  Site: { id: ({ id }) => globalId('Site', id) },
  Member: {
    id: ({ id }) => globalId('Member', id),
    email: ({ id, email }, _, { caller }) => (id === caller.memberId || hasRole(caller, 'TENANT_ADMIN') ? email : null),
    grants: async ({ id }, _, { loaders }) => {
      const grants = await loaders.list(grantsByMember).load(id);
      const byRole = Map.groupBy(grants, ({ role }) => role);
      return [...byRole].map(([role, of]) => ({ role, siteIds: of.flatMap(({ siteId }) => siteId ?? []) })) as never;
    },
  },
  RoleGrant: {
    role: ({ role }) => role as Role,
    sites: async (grant, _, { loaders }) => {
      const rows = await Promise.all(
        (grant as unknown as { siteIds: string[] }).siteIds.map((id) => loaders.row('site', id)),
      );
      return rows.filter((row) => row !== null);
    },
  },
} satisfies Resolvers;
