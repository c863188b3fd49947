import type { ModelVersionId } from '#core/domain/ids.ts';
import { recordedPlan, requiredSequences } from '#core/domain/plan.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { mayReach } from '../graphql/may-reach.ts';
import { sign, submit } from './service.ts';
import { artifactsByVersion, readLineage, readVersions, reviewsByVersion, warmStartByVersion } from './store.ts';

export const resolvers = {
  Query: {
    modelVersions: async (_, { states, ...args }, { db }) => {
      const page = parsePage(args);
      return connection(await readVersions(db, page, states ?? undefined), page, ({ id }) => id);
    },
  },
  Mutation: {
    modelVersionSubmit: async (_, { input: { modelVersionId, evaluationId, ...statements } }, context) => ({
      modelVersion: await submit(context, localId('ModelVersion', modelVersionId, ['modelVersionId']), {
        evaluationId: localId('Evaluation', evaluationId, ['evaluationId']),
        ...statements,
      }),
    }),
    reviewSign: async (_, { input: { modelVersionId, ...signing } }, context) => ({
      review: await sign(context, {
        versionId: localId('ModelVersion', modelVersionId, ['modelVersionId']),
        ...signing,
      }),
    }),
  },
  ModelVersion: {
    id: ({ id }) => globalId('ModelVersion', id),
    trainingRun: ({ training_run_id }, _, { loaders, caller }) =>
      mayReach(caller, 'TrainingRun') ? loaders.need('training_run', training_run_id) : null,
    warmStart: ({ id }, _, { loaders, caller }) =>
      mayReach(caller, 'TrainingRun') ? loaders.list(warmStartByVersion).load(id) : null,
    lineage: ({ id }, _, { db, caller }) =>
      mayReach(caller, 'TrainingRun') ? readLineage(db, id as ModelVersionId) : [],
    thresholdRule: ({ threshold_rule }) => threshold_rule,
    requiredRoles: async ({ training_run_id }, _, { loaders }) => {
      const { plan } = await loaders.need('training_run', training_run_id);
      return requiredSequences(recordedPlan(plan));
    },
    artifacts: ({ id }, _, { loaders }) => loaders.list(artifactsByVersion).load(id),
    intendedUse: ({ intended_use }) => intended_use,
    reviews: ({ id }, _, { loaders, caller }) =>
      mayReach(caller, 'Review') ? loaders.list(reviewsByVersion).load(id) : [],
    publishedAt: ({ published_at }) => published_at,
  },
  Review: {
    id: ({ id }) => globalId('Review', id),
    modelVersion: ({ model_version_id }, _, { loaders }) => loaders.need('model_version', model_version_id),
    evaluation: ({ evaluation_id }, _, { loaders, caller }) =>
      mayReach(caller, 'Evaluation') ? loaders.need('evaluation', evaluation_id) : null,
    signature: async ({ member_id, signed_name, signed_meaning, signed_at, signed_sha256 }, _, { loaders }) => ({
      member: await loaders.need('member', member_id),
      printedName: signed_name,
      meaning: signed_meaning,
      signedAt: signed_at,
      contentSha256: signed_sha256,
    }),
  },
} satisfies Resolvers;
