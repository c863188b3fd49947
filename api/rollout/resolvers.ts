import type { ModelVersionId, RolloutId, SiteId } from '#core/domain/ids.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { createRollout, rollBack } from './service.ts';
import { liveVersionsBySite, readRollouts, readSitesOfRollout, stepsByRollout } from './store.ts';

export const resolvers = {
  Query: {
    rollouts: async (_, { stages, ...args }, { db }) => {
      const page = parsePage(args);
      return connection(await readRollouts(db, page, { stages: stages ?? undefined }), page, ({ id }) => id);
    },
  },
  Mutation: {
    rolloutCreate: async (_, { input: { modelVersionId, siteIds, reason } }, context) => ({
      rollout: await createRollout(context, {
        versionId: localId('ModelVersion', modelVersionId, ['modelVersionId']),
        siteIds: localIds('Site', siteIds, ['siteIds']),
        reason,
      }),
    }),
    rolloutRollback: async (_, { input }, context) => ({
      rollout: await rollBack(context, localId('Rollout', input.rolloutId, ['rolloutId']), input.reason),
    }),
  },
  Site: {
    rollouts: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readRollouts(db, page, { siteId: id as SiteId }), page, (row) => row.id);
    },
    liveVersion: ({ id }, _, { loaders }) => loaders.list(liveVersionsBySite).load(id),
  },
  ModelVersion: {
    rollouts: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readRollouts(db, page, { versionId: id as ModelVersionId }), page, (row) => row.id);
    },
  },
  Rollout: {
    id: ({ id }) => globalId('Rollout', id),
    modelVersion: ({ model_version_id }, _, { loaders }) => loaders.need('model_version', model_version_id),
    // A rollout has no stage other than these three while there is neither shadow nor canary.
    stage: ({ stage }) => stage as 'LIVE' | 'ROLLED_BACK' | 'SUPERSEDED',
    sites: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readSitesOfRollout(db, id as RolloutId, page), page, (site) => site.id);
    },
    history: ({ id }, _, { loaders }) => loaders.list(stepsByRollout).load(id),
  },
  RolloutStep: {
    stage: ({ stage }) => stage as 'LIVE' | 'ROLLED_BACK' | 'SUPERSEDED',
    member: ({ member_id }, _, { loaders }) => loaders.need('member', member_id),
  },
} satisfies Resolvers;
