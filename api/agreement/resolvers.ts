import type { Resolvers } from '../generated/resolver-types.ts';
import { localId, localIds } from '../graphql/global-id.ts';
import { reportAgreement, taskFigures } from './service.ts';

export const resolvers = {
  Query: {
    agreement: async (_, { by, filter }, context) => ({
      rows: await reportAgreement(context, {
        by,
        filter: {
          siteIds: filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined,
          readerIds: filter?.readerIds ? localIds('Member', filter.readerIds, ['filter', 'readerIds']) : undefined,
          protocolId: filter?.protocolId ? localId('Protocol', filter.protocolId, ['filter', 'protocolId']) : undefined,
          acceptedFrom: filter?.acceptedFrom ?? undefined,
          acceptedBefore: filter?.acceptedBefore ?? undefined,
        },
        band: {
          minMm: filter?.minDiameterMm ?? 0,
          maxMm: filter?.maxDiameterMm ?? Number.POSITIVE_INFINITY,
        },
      }),
    }),
  },
  Task: { figures: ({ id }, _, context) => taskFigures(context, id) },
} satisfies Resolvers;
