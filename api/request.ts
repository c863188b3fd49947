import { randomUUID } from 'node:crypto';
import type { OpenTransaction } from '#core/db/database.ts';
import { type Caller, type Context, type Services, scopeOf } from './context.ts';
import { Loaders } from './graphql/loaders.ts';

/** A context whose transaction the caller must end. */
export interface OpenRequest {
  readonly context: Context;
  readonly transaction: OpenTransaction;
}

export async function openRequest(
  services: Services,
  caller: Caller,
  requestId: string = randomUUID(),
): Promise<OpenRequest> {
  const transaction = await services.database.begin(scopeOf(caller));
  const { db } = transaction;
  const log = services.log.child({ tenantId: caller.tenantId, memberId: caller.memberId, requestId });
  return { transaction, context: { services, caller, db, requestId, log, loaders: new Loaders(db) } };
}

/** Runs `body` in a request's context and transaction; what it threw is thrown on after a rollback. */
export async function inRequest<T>(
  services: Services,
  caller: Caller,
  body: (context: Context) => Promise<T>,
  requestId?: string,
): Promise<T> {
  const { context, transaction } = await openRequest(services, caller, requestId);
  const result = await body(context).catch(async (error: unknown) => {
    await transaction.rollback();
    throw error;
  });
  await transaction.commit();
  return result;
}
