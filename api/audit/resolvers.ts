import { DomainError, notFound } from '#core/domain/errors.ts';
import type { AuditFilter, Resolvers } from '../generated/resolver-types.ts';
import { connection, isNumberKey, parsePage } from '../graphql/connection.ts';
import { globalId, localId, parseGlobalId } from '../graphql/global-id.ts';
import { type NodeType, nodeTypes } from '../graphql/node-types.ts';
import { type EventFilter, readEvents } from './store.ts';

/** @throws DomainError NOT_FOUND, INVALID */
function parseFilter({ memberId, objectId, actions }: AuditFilter): EventFilter {
  if (actions && (actions.length < 1 || actions.length > 50))
    throw new DomainError('INVALID', `Name 1 to 50 actions, not ${actions.length}.`, { path: ['filter', 'actions'] });
  const object = objectId ? parseGlobalId(objectId) : undefined;
  if (objectId && !object) throw notFound('object', ['filter', 'objectId']);
  return {
    memberId: memberId ? localId('Member', memberId, ['filter', 'memberId']) : undefined,
    object,
    actions: actions ?? undefined,
  };
}

export const resolvers = {
  Query: {
    auditEvents: async (_, { filter, ...args }, { db }) => {
      const page = parsePage(args, isNumberKey);
      return connection(await readEvents(db, page, parseFilter(filter ?? {})), page, ({ number }) => String(number));
    },
  },
  AuditEvent: {
    member: ({ member_id }, _, { loaders }) => (member_id ? loaders.need('member', member_id) : null),
    objectType: ({ object_type }) => object_type,
    objectId: ({ object_type, object_id }) =>
      Object.hasOwn(nodeTypes, object_type) ? globalId(object_type as NodeType, object_id) : null,
    requestId: ({ request_id }) => request_id,
    hash: ({ hash }) => hash.toString('hex'),
  },
} satisfies Resolvers;
