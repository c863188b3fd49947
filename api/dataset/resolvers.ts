import type { DatasetId } from '#core/domain/ids.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { createDataset, freeze } from './service.ts';
import { readCases, readDatasets } from './store.ts';

export const resolvers = {
  Query: {
    datasets: async (_, args, { db }) => {
      const page = parsePage(args);
      return connection(await readDatasets(db, page), page, ({ id }) => id);
    },
  },
  Mutation: {
    datasetCreate: async (_, { input }, context) => ({ dataset: await createDataset(context, input.name) }),
    datasetFreeze: async (_, { input: { datasetId, ...choice } }, context) => ({
      // The schema fills in what is left out.
      dataset: await freeze(context, localId('Dataset', datasetId, ['datasetId']), choice as Required<typeof choice>),
    }),
  },
  Dataset: {
    id: ({ id }) => globalId('Dataset', id),
    cases: async ({ id }, { subset, ...args }, { db }) => {
      const page = parsePage(args);
      const rows = await readCases(db, id as DatasetId, page, subset ?? undefined);
      return connection(rows, page, ({ study_id }) => study_id);
    },
    manifestSha256: ({ manifest_sha256 }) => manifest_sha256,
    frozenAt: ({ frozen_at }) => frozen_at,
  },
  DatasetCase: {
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    revision: ({ revision_id }, _, { loaders }) => loaders.need('revision', revision_id),
    lesionGroup: ({ lesion_group }) => lesion_group,
  },
} satisfies Resolvers;
