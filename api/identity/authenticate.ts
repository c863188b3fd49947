import type { Database } from '#core/db/database.ts';
import type { Caller } from '../context.ts';
import { findCallers } from './member-store.ts';
import { type TokenVerifier, Unauthenticated } from './token.ts';

/** Header by which somebody who is in several tenants says for which one a request is. */
export const tenantHeader = 'metloop-tenant';

/**
 * Who calls, by `Authorization: Bearer <access token>`.
 * @throws Unauthenticated if there is no valid token, or it belongs to no member of a tenant.
 */
export async function authenticate(
  { database, verifier }: { database: Database; verifier: TokenVerifier },
  credentials: { authorization: string | undefined; tenant: string | undefined },
): Promise<Caller> {
  const token = /^Bearer ([\w.~+/=-]+)$/i.exec(credentials.authorization ?? '')?.[1];
  if (!token) throw new Unauthenticated('Send an access token: Authorization: Bearer <token>.');
  const callers = await findCallers(database, await verifier.verify(token));
  const caller = credentials.tenant ? callers.find(({ tenantId }) => tenantId === credentials.tenant) : callers[0];
  if (!caller) throw new Unauthenticated('The access token is valid, but its owner is no active member here.');
  if (callers.length > 1 && !credentials.tenant) {
    throw new Unauthenticated(`You are a member of several tenants: name one in the header ${tenantHeader}.`);
  }
  return caller;
}
