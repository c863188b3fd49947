import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';

/**
 * Runs a subscription so that each event is resolved in a short transaction of its own, with the caller's rights as they are then.
 * The stream ends with the credential.
 */
export async function subscribeInTransactions(
  services: Services,
  caller: () => Promise<Caller>,
  args: ExecutionArgs,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const source = await inRequest(services, await caller(), (context) =>
    Promise.resolve(createSourceEventStream({ ...args, contextValue: context })),
  );
  if (!(Symbol.asyncIterator in source)) return source;
  return resolveEvents(services, caller, args, source as AsyncIterable<unknown>);
}

async function* resolveEvents(
  services: Services,
  caller: () => Promise<Caller>,
  args: ExecutionArgs,
  source: AsyncIterable<unknown>,
): AsyncGenerator<ExecutionResult, void, void> {
  for await (const event of source) {
    yield await inRequest(services, await caller(), (context) =>
      Promise.resolve(execute({ ...args, rootValue: event, contextValue: context })),
    );
  }
}
