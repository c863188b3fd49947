import type { SegmentationId } from '#core/domain/ids.ts';
import { hasRole } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { mayReach } from '../graphql/may-reach.ts';
import { createDestination, deleteDestination, updateDestination } from './destination-service.ts';
import { push, retryDelivery } from './service.ts';
import { itemsByDelivery, readDeliveries, readDestinations } from './store.ts';

export const resolvers = {
  Query: {
    destinations: async (_, { siteId, ...args }, { db }) => {
      const page = parsePage(args);
      const at = siteId ? localId('Site', siteId, ['siteId']) : undefined;
      return connection(await readDestinations(db, page, at), page, ({ id }) => id);
    },
  },
  Mutation: {
    segmentationPush: async (_, { input: { segmentationId, destinationId, ...rest } }, context) => ({
      delivery: await push(context, {
        segmentationId: localId('Segmentation', segmentationId, ['segmentationId']),
        destinationId: localId('Destination', destinationId, ['destinationId']),
        ...rest,
      }),
    }),
    deliveryRetry: async (_, { input }, context) => ({
      delivery: await retryDelivery(context, localId('Delivery', input.deliveryId, ['deliveryId'])),
    }),
    destinationCreate: async (_, { input: { siteId, token, ...rest } }, context) => ({
      destination: await createDestination(context, {
        siteId: localId('Site', siteId, ['siteId']),
        token: token ?? null,
        ...rest,
      }),
    }),
    destinationUpdate: async (_, { input: { destinationId, ifMatch, name, url, token } }, context) => ({
      destination: await updateDestination(context, localId('Destination', destinationId, ['destinationId']), ifMatch, {
        name: name ?? undefined,
        url: url ?? undefined,
        token,
      }),
    }),
    destinationDelete: async (_, { input: { destinationId, ifMatch } }, context) => ({
      destination: await deleteDestination(context, localId('Destination', destinationId, ['destinationId']), ifMatch),
    }),
  },
  Segmentation: {
    deliveries: async ({ id }, args, { db, caller }) => {
      const page = parsePage(args);
      const rows = mayReach(caller, 'Delivery') ? await readDeliveries(db, page, id as SegmentationId) : [];
      return connection(rows, page, (row) => row.id);
    },
  },
  Destination: {
    id: ({ id }) => globalId('Destination', id),
    site: ({ site_id }, _, { loaders }) => loaders.need('site', site_id),
    url: ({ url }, _, { caller }) => (hasRole(caller, 'TENANT_ADMIN', 'AUDITOR') ? url : null),
    hasToken: ({ sealed_token }) => sealed_token !== null,
    etag: ({ version }) => String(version),
    removedAt: ({ removed_at }) => removed_at,
  },
  Delivery: {
    id: ({ id }) => globalId('Delivery', id),
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    target: ({ destination_id }, _, { loaders }) => loaders.need('destination', destination_id),
    items: ({ id }, _, { loaders }) => loaders.list(itemsByDelivery).load(id),
    lastStatus: ({ last_status }) => last_status,
    nextAttemptAt: ({ next_attempt_at }) => next_attempt_at,
    deliveredAt: ({ delivered_at }) => delivered_at,
    requestedBy: ({ requested_by }, _, { loaders }) => loaders.need('member', requested_by),
    createdAt: ({ created_at }) => created_at,
  },
  // There is no other kind of target yet.
  DeliveryTarget: { __resolveType: () => 'Destination' as const },
  DeliveryItem: {
    failureReason: ({ failure_reason }) => failure_reason,
    failure: ({ failure_message }) => failure_message,
  },
} satisfies Resolvers;
