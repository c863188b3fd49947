import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, connectionOfList, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { createTasks, isBlind, leaveOutTask, seenState } from './service.ts';
import { readTasks, tasksByStudy } from './store.ts';

export const resolvers = {
  Query: {
    tasks: async (_, { filter, ...args }, { db }) => {
      const page = parsePage(args);
      const rows = await readTasks(db, page, {
        siteIds: filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined,
        states: filter?.states ?? undefined,
        studyId: filter?.studyId ? localId('Study', filter.studyId, ['filter', 'studyId']) : undefined,
      });
      return connection(rows, page, ({ id }) => id);
    },
  },
  Mutation: {
    taskCreate: async (_, { input }, context) => ({
      tasks: await createTasks(
        context,
        localIds('Study', input.studyIds, ['studyIds']),
        localId('Protocol', input.protocolId, ['protocolId']),
      ),
    }),
    taskExclude: async (_, { input }, context) => ({
      task: await leaveOutTask(context, localId('Task', input.taskId, ['taskId']), input.reason),
    }),
  },
  Study: {
    tasks: async ({ id }, args, { loaders }) => connectionOfList(await loaders.list(tasksByStudy).load(id), args),
  },
  Task: {
    id: ({ id }) => globalId('Task', id),
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    protocol: ({ protocol_id }, _, { loaders }) => loaders.need('protocol', protocol_id),
    round: async ({ id, round }, _, context) => ((await isBlind(context, id)) ? 1 : round),
    state: (task, _, context) => seenState(context, task),
    excludedReason: ({ excluded_reason }) => excluded_reason,
  },
} satisfies Resolvers;
