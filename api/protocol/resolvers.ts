import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId } from '../graphql/global-id.ts';
import { type NewProtocol, publishProtocol } from './service.ts';
import { readProtocols } from './store.ts';

export const resolvers = {
  Mutation: {
    protocolPublish: async (_, { input }, context) => ({
      // The schema fills in what is left out.
      protocol: await publishProtocol(context, input as NewProtocol),
    }),
  },
  Tenant: {
    protocols: async (_, args, { db }) => {
      const page = parsePage(args);
      return connection(await readProtocols(db, page), page, ({ id }) => id);
    },
  },
  Protocol: {
    id: ({ id }) => globalId('Protocol', id),
    readerCount: ({ reader_count }) => reader_count,
    agreement: ({ min_dice, max_hd95_mm, small_lesion_mm }) => ({
      minDice: min_dice,
      maxHd95Mm: max_hd95_mm,
      smallLesionMm: small_lesion_mm,
    }),
    publishedAt: ({ published_at }) => published_at,
  },
} satisfies Resolvers;
