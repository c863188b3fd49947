import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Caller, Services } from '../context.ts';
import { Unauthenticated } from '../identity/token.ts';
import { inRequest } from '../request.ts';
import { toldError } from './hide-internals.ts';
import { unauthenticated } from './unauthenticated.ts';

/** What setTimeout can wait for. */
const longestWaitMs = 2 ** 31 - 1;

/**
 * Runs a subscription so that each event is resolved in a short transaction of its own, with the caller's rights as they are then.
 * The stream ends with the credential, by an UNAUTHENTICATED error, and at once when the subscriber leaves.
 */
export async function subscribeInTransactions(
  services: Services,
  findCaller: () => Promise<Caller>,
  args: ExecutionArgs,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const left = new AbortController();
  try {
    const caller = await findCaller();
    const source = await inRequest(services, caller, (context) =>
      Promise.resolve(createSourceEventStream({ ...args, contextValue: { ...context, left: left.signal } })),
    );
    if (!(Symbol.asyncIterator in source)) return told(services, source);
    const events = resolveEvents(services, findCaller, args, source as AsyncIterable<unknown>);
    return untilLeft(events, left, caller.expiresAt);
  } catch (error) {
    return { errors: [toldError(services.log, asGraphqlError(error))] };
  }
}

async function* resolveEvents(
  services: Services,
  findCaller: () => Promise<Caller>,
  args: ExecutionArgs,
  source: AsyncIterable<unknown>,
): AsyncGenerator<ExecutionResult, void, void> {
  try {
    for await (const event of source) {
      const result = await inRequest(services, await findCaller(), (context) =>
        Promise.resolve(execute({ ...args, rootValue: event, contextValue: context })),
      );
      yield told(services, result);
    }
  } catch (error) {
    yield { errors: [toldError(services.log, asGraphqlError(error))] };
  }
}

const asGraphqlError = (error: unknown): unknown => (error instanceof Unauthenticated ? unauthenticated(error) : error);

const told = ({ log }: Services, { errors, ...rest }: ExecutionResult): ExecutionResult =>
  errors ? { ...rest, errors: errors.map((error) => toldError(log, error)) } : rest;

/** `events` until the subscriber returns or the credential ends: a generator that waits for an event cannot be ended by itself. */
function untilLeft(
  events: AsyncGenerator<ExecutionResult, void, void>,
  left: AbortController,
  expiresAt: Date,
): AsyncGenerator<ExecutionResult, void, void> {
  let expired = false;
  const expire = (): void => {
    expired = true;
    left.abort();
  };
  const timer = setTimeout(expire, Math.min(expiresAt.getTime() - Date.now(), longestWaitMs)).unref();
  const leave = (): void => {
    clearTimeout(timer);
    left.abort();
  };
  const next = async (): Promise<IteratorResult<ExecutionResult, void>> => {
    const result = await events.next();
    if (!result.done) return result;
    leave();
    if (!expired) return result;
    expired = false;
    const error = unauthenticated(new Unauthenticated('The access token has expired; sign in again.'));
    return { done: false, value: { errors: [error] } };
  };
  return {
    next,
    return: () => {
      leave();
      return events.return();
    },
    throw: (error: unknown) => {
      leave();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}
