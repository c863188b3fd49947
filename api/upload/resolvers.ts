import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { completeUpload, createUpload, presign } from './addressed.ts';
import { readRefusals, readUploads } from './store.ts';

export const resolvers = {
  Query: {
    uploads: async (_, { filter, ...args }, { db }) => {
      const page = parsePage(args);
      const siteIds = filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined;
      return connection(await readUploads(db, page, siteIds), page, ({ id }) => id);
    },
  },
  Mutation: {
    uploadCreate: async (_, { input: { siteId, idempotencyKey } }, context) => ({
      upload: await createUpload(context, localId('Site', siteId, ['siteId']), idempotencyKey),
    }),
    uploadPresign: async (_, { input: { uploadId, files } }, context) =>
      presign(context, localId('Upload', uploadId, ['uploadId']), files),
    uploadComplete: async (_, { input: { uploadId } }, context) => ({
      upload: await completeUpload(context, localId('Upload', uploadId, ['uploadId'])),
    }),
  },
  Upload: {
    id: ({ id }) => globalId('Upload', id),
    site: ({ site_id }, _, { loaders }) => loaders.need('site', site_id),
    member: ({ member_id }, _, { loaders }) => loaders.need('member', member_id),
    receivedFiles: ({ received_files }) => received_files,
    receivedBytes: ({ received_bytes }) => received_bytes,
    storedInstances: ({ stored_instances }) => stored_instances,
    refusals: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readRefusals(db, id, page), page, (row) => row.id);
    },
    createdAt: ({ created_at }) => created_at,
    endedAt: ({ ended_at }) => ended_at,
  },
} satisfies Resolvers;
