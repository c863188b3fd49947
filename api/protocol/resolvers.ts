import { hasRole } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { type NewProtocol, publishProtocol } from './service.ts';
import { adjudicatorsByProtocol, readProtocols, successorByProtocol } from './store.ts';

export const resolvers = {
  Mutation: {
    protocolPublish: async (_, { input: { parentId, adjudicatorIds, ...protocol } }, context) => ({
      protocol: await publishProtocol(context, {
        // The schema fills in what is left out.
        protocol: protocol as NewProtocol,
        parentId: parentId ? localId('Protocol', parentId, ['parentId']) : undefined,
        adjudicatorIds: localIds('Member', adjudicatorIds ?? [], ['adjudicatorIds']),
      }),
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
    parent: ({ follows_id }, _, { loaders }) => (follows_id ? loaders.need('protocol', follows_id) : null),
    successor: ({ id }, _, { loaders }) => loaders.list(successorByProtocol).load(id),
    readerCount: ({ reader_count }) => reader_count,
    check: ({ check_kind }) => check_kind,
    adjudicateSoleRead: ({ adjudicate_sole_read }) => adjudicate_sole_read,
    adjudicators: ({ id }, _, { loaders }) => loaders.list(adjudicatorsByProtocol).load(id),
    dueHours: ({ due_hours }) => due_hours,
    preAnnotation: ({ pre_annotation }) => pre_annotation,
    unassistedShare: ({ unassisted_share }) => unassisted_share,
    seed: ({ seed }, _, { caller }) => (hasRole(caller, 'TENANT_ADMIN', 'ENGINEER', 'AUDITOR') ? seed : null),
    agreement: ({ min_dice, max_hd95_mm, small_lesion_mm }) => ({
      minDice: min_dice,
      maxHd95Mm: max_hd95_mm,
      smallLesionMm: small_lesion_mm,
    }),
    publishedAt: ({ published_at }) => published_at,
  },
} satisfies Resolvers;
