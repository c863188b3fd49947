import type { Resolvers } from '../generated/resolver-types.ts';
import { localId } from '../graphql/global-id.ts';
import { decideDefacing, defacingOf } from './service.ts';

export const resolvers = {
  Mutation: {
    defacingDecide: async (_, { input: { studyId, decision, reason } }, context) => ({
      study: await decideDefacing(context, localId('Study', studyId, ['studyId']), decision, reason),
    }),
  },
  Study: { defacing: (study, _, context) => defacingOf(context, study) },
  DefacingRun: {
    progress: ({ job_id }, _, { loaders }) => loaders.need('job', job_id),
    instanceCount: ({ instance_count }) => instance_count,
    changedInstances: ({ changed_count }) => changed_count,
    decidedBy: ({ decided_by }, _, { loaders }) => (decided_by ? loaders.need('member', decided_by) : null),
    createdAt: ({ created_at }) => created_at,
  },
} satisfies Resolvers;
