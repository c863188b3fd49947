import type { Context } from '../context.ts';
import { type NodeType, nodeTypes } from './node-types.ts';
import { type UserErrorSource, userErrorType } from './user-error.ts';

const fields = { path: ({ path }: UserErrorSource) => path };

/** UserError and its kinds, and what `current` of a conflict is. */
export const userErrorResolvers = {
  UserError: { __resolveType: userErrorType },
  PlainError: fields,
  ConflictError: {
    ...fields,
    current: async ({ current }: UserErrorSource, _: unknown, { loaders }: Context) => {
      if (!current) return null;
      const row = await loaders.row(nodeTypes[current.type as NodeType].table, current.id);
      return row && { ...row, __typename: current.type };
    },
  },
  MissingSequenceError: fields,
  Node: { __resolveType: ({ __typename }: { __typename: NodeType }) => __typename },
  Job: { __resolveType: ({ __typename }: { __typename: NodeType }) => __typename },
};
