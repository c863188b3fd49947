import { mayNameReader } from '../annotation/service.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { addComment, resolveComment } from './service.ts';
import { readComments, resolvedAtByComment } from './store.ts';

export const resolvers = {
  Mutation: {
    commentAdd: async (_, { input: { taskId, body, point, idempotencyKey } }, context) => ({
      comment: await addComment(context, {
        taskId: localId('Task', taskId, ['taskId']),
        body,
        point: [point.x, point.y, point.z],
        idempotencyKey,
      }),
    }),
    commentResolve: async (_, { input: { commentId, resolved } }, context) => ({
      comment: await resolveComment(context, localId('Comment', commentId, ['commentId']), resolved ?? true),
    }),
  },
  Task: {
    comments: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readComments(db, id, page), page, (comment) => comment.id);
    },
  },
  Comment: {
    id: ({ id }) => globalId('Comment', id),
    task: ({ task_id }, _, { loaders }) => loaders.need('task', task_id),
    member: async ({ task_id, member_id }, _, context) =>
      (await mayNameReader(context, task_id, member_id)) ? context.loaders.need('member', member_id) : null,
    mine: ({ member_id }, _, { caller }) => member_id === caller.memberId,
    point: ({ point_lps: [x = 0, y = 0, z = 0] }) => ({ x, y, z }),
    createdAt: ({ created_at }) => created_at,
    resolvedAt: ({ id }, _, { loaders }) => loaders.list(resolvedAtByComment).load(id),
  },
} satisfies Resolvers;
