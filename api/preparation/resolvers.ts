import type { Resolvers } from '../generated/resolver-types.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { changeSeriesRole, judge, requestPreparation } from './service.ts';
import { newestPreparations, registrationsByPreparation } from './store.ts';

export const resolvers = {
  Mutation: {
    seriesUpdate: async (_, { input }, context) => ({
      series: await changeSeriesRole(context, localId('Series', input.seriesId, ['seriesId']), input.role),
    }),
    preparationStart: async (_, { input }, context) => ({
      preparation: await requestPreparation(context, localId('Study', input.studyId, ['studyId'])),
    }),
    preparationJudge: async (_, { input }, context) => ({
      preparation: await judge(
        context,
        localId('Preparation', input.preparationId, ['preparationId']),
        input.decision,
        input.reason,
      ),
    }),
  },
  Study: { preparation: ({ id }, _, { loaders }) => loaders.list(newestPreparations).load(id) },
  Preparation: {
    id: ({ id }) => globalId('Preparation', id),
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    planHash: ({ plan_hash }) => plan_hash,
    registrations: ({ id }, _, { loaders }) => loaders.list(registrationsByPreparation).load(id),
    brainMaskVolumeMm3: ({ brain_mask_volume_mm3 }) => brain_mask_volume_mm3,
    judgement: async ({ judged_by, judgement, judgement_reason, judged_at }, _, { loaders }) =>
      judged_by && judgement && judged_at
        ? {
            member: await loaders.need('member', judged_by),
            decision: judgement,
            reason: judgement_reason ?? '',
            at: judged_at,
          }
        : null,
  },
  Registration: {
    series: ({ series_id }, _, { loaders }) => loaders.need('series', series_id),
    rotationDegrees: ({ rotation_degrees }) => rotation_degrees,
    translationMm: ({ translation_mm }) => translation_mm,
  },
} satisfies Resolvers;
