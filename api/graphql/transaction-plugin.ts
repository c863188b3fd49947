import type { ApolloServerPlugin } from '@apollo/server';
import type { Db } from '#core/db/database.ts';
import type { Context } from '../context.ts';
import type { OpenRequest } from '../request.ts';

/** By transaction: Apollo hands plugins a copy of the context. */
const open = new WeakMap<Db, OpenRequest>();

/** Lets the plugin end the transaction of this request. */
export function endWithResponse(request: OpenRequest): Context {
  open.set(request.context.db, request);
  return request.context;
}

/**
 * One transaction an operation: it is committed before the answer is sent, so that nobody is told of what could still be lost,
 * and rolled back if the operation could not be served.
 */
export const transactionPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async ({ contextValue }) => {
    const request = open.get(contextValue.db);
    if (!request) throw new Error('a request without a transaction');
    open.delete(contextValue.db);
    return {
      willSendResponse: async ({ response, operation }) => {
        const failed = response.body.kind === 'single' && (response.body.singleResult.errors?.length ?? 0) > 0;
        // A failed mutation must leave nothing; a query has nothing to leave.
        if (failed || operation?.operation !== 'mutation') await request.transaction.rollback();
        else await request.transaction.commit();
      },
    };
  },
};
