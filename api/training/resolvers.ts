import { DomainError } from '#core/domain/errors.ts';
import type { DatasetId, ModelVersionId, TrainingRunId } from '#core/domain/ids.ts';
import { recordedPlan } from '#core/domain/plan.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { givenPlanOf } from '../graphql/given-plan.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { mayReach } from '../graphql/may-reach.ts';
import { cancelTraining, startRun } from './service.ts';
import { readCheckpoints, readMetrics, readRuns, versionsByRun } from './store.ts';

/** @throws DomainError INVALID */
function parseMaxPoints(maxPoints: number | null | undefined): number {
  const points = maxPoints ?? 200;
  if (points < 1 || points > 1000)
    throw new DomainError('INVALID', `maxPoints must be 1 to 1000, it is ${points}.`, { path: ['maxPoints'] });
  return points;
}

export const resolvers = {
  Query: {
    trainingRuns: async (_, { states, ...args }, { db }) => {
      const page = parsePage(args);
      return connection(await readRuns(db, page, { states: states ?? undefined }), page, ({ id }) => id);
    },
  },
  Mutation: {
    trainingRunStart: async (_, { input: { datasetId, plan, warmStartId, idempotencyKey } }, context) => ({
      trainingRun: await startRun(context, {
        datasetId: localId('Dataset', datasetId, ['datasetId']),
        plan: givenPlanOf(plan),
        warmStartId: warmStartId ? localId('ModelVersion', warmStartId, ['warmStartId']) : null,
        idempotencyKey,
      }),
    }),
    trainingRunCancel: async (_, { input }, context) => ({
      trainingRun: await cancelTraining(context, localId('TrainingRun', input.trainingRunId, ['trainingRunId'])),
    }),
  },
  Dataset: {
    trainingRuns: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readRuns(db, page, { datasetId: id as DatasetId }), page, (run) => run.id);
    },
  },
  ModelVersion: {
    warmStarts: async ({ id }, args, { db, caller }) => {
      const page = parsePage(args);
      const runs = mayReach(caller, 'TrainingRun')
        ? await readRuns(db, page, { warmStartId: id as ModelVersionId })
        : [];
      return connection(runs, page, (run) => run.id);
    },
  },
  Retraining: {
    trainingRuns: async (_, args, { db, caller }) => {
      const page = parsePage(args);
      const runs = mayReach(caller, 'TrainingRun') ? await readRuns(db, page, { byPolicy: true }) : [];
      return connection(runs, page, ({ id }) => id);
    },
  },
  TrainingRun: {
    id: ({ id }) => globalId('TrainingRun', id),
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    dataset: ({ dataset_id }, _, { loaders }) => loaders.need('dataset', dataset_id),
    plan: ({ plan, plan_hash }) => {
      const { sequences, keptSequences, ...rest } = recordedPlan(plan);
      return { ...rest, sequences: [...sequences], keptSequences: [...keptSequences], hash: plan_hash };
    },
    warmStart: ({ warm_start_id }, _, { loaders }) => warm_start_id && loaders.need('model_version', warm_start_id),
    startedBy: ({ started_by }, _, { loaders }) => loaders.need('member', started_by),
    metrics: ({ id }, { maxPoints }, { db }) => readMetrics(db, id as TrainingRunId, parseMaxPoints(maxPoints)),
    checkpoints: ({ id }, _, { db }) => readCheckpoints(db, id as TrainingRunId),
    modelVersion: ({ id }, _, { loaders }) => loaders.list(versionsByRun).load(id),
  },
  TrainingMetric: {
    learningRate: ({ learning_rate }) => learning_rate,
    developmentAuc: ({ development_auc }) => development_auc,
    slicesPerSecond: ({ slices_per_second }) => slices_per_second,
    memoryBytes: ({ memory_bytes }) => memory_bytes,
  },
  Checkpoint: { savedAt: ({ saved_at }) => saved_at },
} satisfies Resolvers;
