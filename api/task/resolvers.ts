import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, connectionOfList, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import { createTasks, isBlind, leaveOutTask, prioritizeTasks, reopenTask, repeatTask, seenState } from './service.ts';
import { readTasks, tasksByStudy, unassignedByTask } from './store.ts';

export const resolvers = {
  Query: {
    tasks: async (_, { filter, ...args }, { db }) => {
      const page = parsePage(args);
      const rows = await readTasks(db, page, {
        siteIds: filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined,
        states: filter?.states ?? undefined,
        studyId: filter?.studyId ? localId('Study', filter.studyId, ['filter', 'studyId']) : undefined,
        protocolId: filter?.protocolId ? localId('Protocol', filter.protocolId, ['filter', 'protocolId']) : undefined,
        unassigned: filter?.unassigned ?? undefined,
      });
      return connection(rows, page, ({ id }) => id);
    },
  },
  Mutation: {
    taskCreate: async (_, { input }, context) => ({
      tasks: await createTasks(context, localIds('Study', input.studyIds, ['studyIds']), {
        protocolId: localId('Protocol', input.protocolId, ['protocolId']),
        priority: input.priority ?? 0,
      }),
    }),
    taskExclude: async (_, { input }, context) => ({
      task: await leaveOutTask(context, localId('Task', input.taskId, ['taskId']), input.reason),
    }),
    taskReopen: async (_, { input: { taskId, reason, protocolId } }, context) => ({
      task: await reopenTask(
        context,
        localId('Task', taskId, ['taskId']),
        reason,
        protocolId ? localId('Protocol', protocolId, ['protocolId']) : undefined,
      ),
    }),
    taskRepeat: async (_, { input: { taskId, readerId } }, context) => ({
      task: await repeatTask(context, localId('Task', taskId, ['taskId']), localId('Member', readerId, ['readerId'])),
    }),
    taskPrioritize: async (_, { input: { taskIds, priority } }, context) => ({
      tasks: await prioritizeTasks(context, localIds('Task', taskIds, ['taskIds']), priority),
    }),
  },
  Study: {
    tasks: async ({ id }, args, { loaders }) => connectionOfList(await loaders.list(tasksByStudy).load(id), args),
  },
  Task: {
    id: ({ id }) => globalId('Task', id),
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    protocol: ({ protocol_id }, _, { loaders }) => (protocol_id ? loaders.need('protocol', protocol_id) : null),
    round: async ({ id, round }, _, context) => ((await isBlind(context, id)) ? 1 : round),
    state: (task, _, context) => seenState(context, task),
    priority: async ({ id, priority }, _, context) => ((await isBlind(context, id)) ? null : priority),
    unassignedReads: ({ id }, _, { loaders }) => loaders.list(unassignedByTask).load(id),
    reopenedReason: async ({ id, reopened_reason }, _, context) =>
      (await isBlind(context, id)) ? null : reopened_reason,
    // Hidden from its reader, as every other round is.
    repeatOf: ({ repeat_of_id }, _, { loaders }) => (repeat_of_id ? loaders.row('task', repeat_of_id) : null),
    excludedReason: ({ excluded_reason }) => excluded_reason,
  },
} satisfies Resolvers;
