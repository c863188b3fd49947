import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Context, Services } from '../../api/context.ts';
import { inRequest, openRequest } from '../../api/request.ts';

export interface Request<T> {
  readonly caller: Caller;
  body(context: Context): Promise<T>;
}

/** Longer than a request takes that waits for nobody. */
const headStartMs = 500;

/**
 * Two requests that overlap for certain: the second does all that it can while the first, done but for its commit, holds its locks.
 * @returns what the second made of it, the error that it threw included
 */
export async function overlap<T>(services: Services, first: Request<unknown>, second: Request<T>): Promise<T | Error> {
  const { context, transaction } = await openRequest(services, first.caller);
  await first.body(context);
  const outcome = inRequest(services, second.caller, (other) => second.body(other)).catch((error: Error) => error);
  await Promise.race([outcome, sleep(headStartMs)]);
  await transaction.commit();
  return outcome;
}
