import type { ApolloServerPlugin } from '@apollo/server';
import type { OpenTransaction } from '#core/db/database.ts';
import type { Caller, Context, Services } from '../context.ts';
import { openRequest } from '../request.ts';

/**
 * The context of a request that is not known to be an operation yet: the rest is added when it is, so that no connection is spent,
 * nor can be lost, on what is malformed.
 */
export const admit = (services: Services, caller: Caller, requestId: string): Context =>
  ({ services, caller, requestId }) as Context;

/**
 * One transaction an operation: it is committed before the answer is sent, so that nobody is told of what could still be lost,
 * and rolled back if the operation could not be served.
 */
export const transactionPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => {
    let open: OpenTransaction | undefined;
    return {
      didResolveOperation: async ({ contextValue }) => {
        const { services, caller, requestId } = contextValue;
        const { context, transaction } = await openRequest(services, caller, requestId);
        open = transaction;
        Object.assign(contextValue, context);
      },
      willSendResponse: async ({ response, operation }) => {
        const transaction = open;
        open = undefined;
        const failed = response.body.kind === 'single' && (response.body.singleResult.errors?.length ?? 0) > 0;
        // A failed mutation must leave nothing; a query has nothing to leave.
        if (failed || operation?.operation !== 'mutation') await transaction?.rollback();
        else await transaction?.commit();
      },
    };
  },
};
