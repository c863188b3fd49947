import type { ModelVersionId } from '#core/domain/ids.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, connectionOfList, parsePage } from '../graphql/connection.ts';
import { globalId } from '../graphql/global-id.ts';
import { mayReach } from '../graphql/may-reach.ts';
import { groupTestsOf, reportOf } from './figures.ts';
import { visibleCases } from './service.ts';
import { evaluationsByRun, readEvaluationsOfVersion } from './store.ts';

export const resolvers = {
  TrainingRun: {
    evaluations: ({ id }, _, { loaders }) => loaders.list(evaluationsByRun).load(id),
  },
  ModelVersion: {
    evaluations: async ({ id }, args, { db, caller }) => {
      const page = parsePage(args);
      const rows = mayReach(caller, 'Evaluation') ? await readEvaluationsOfVersion(db, id as ModelVersionId, page) : [];
      return connection(rows, page, (row) => row.id);
    },
  },
  Evaluation: {
    id: ({ id }) => globalId('Evaluation', id),
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    modelVersion: ({ model_version_id }, _, { loaders }) =>
      model_version_id ? loaders.need('model_version', model_version_id) : null,
    dataset: ({ dataset_id }, _, { loaders }) => loaders.need('dataset', dataset_id),
    figures: (evaluation, { by }) => [
      ...(reportOf(evaluation)?.rows[by === 'SITE' ? 'bySite' : 'byLesionGroup'] ?? []),
    ],
    groupTests: (evaluation) => groupTestsOf(reportOf(evaluation)),
    cases: async (evaluation, args, context) => connectionOfList(await visibleCases(context, evaluation), args),
    reportSha256: ({ report_sha256 }) => report_sha256,
    intensityBaseline: (evaluation) => reportOf(evaluation)?.intensityBaseline ?? null,
  },
} satisfies Resolvers;
