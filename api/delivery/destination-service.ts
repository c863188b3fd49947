import { isUniqueViolation } from '#core/db/unique-violation.ts';
import { sealToken } from '#core/delivery/token.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type DestinationId, newId, type SiteId } from '#core/domain/ids.ts';
import { auditRequest, type Context } from '../context.ts';
import type { DestinationRow } from '../graphql/rows.ts';
import { checkedText } from '../graphql/text-length.ts';
import { checkedAddress, checkedToken } from './destination-address.ts';
import { changeDestination, type DestinationChange, insertDestination } from './store.ts';

const nameLength = { min: 1, max: 100 } as const;

export interface NewDestination {
  readonly siteId: SiteId;
  readonly name: string;
  readonly url: string;
  readonly token: string | null;
}

/** @throws DomainError NOT_FOUND, INVALID */
export async function createDestination(ctx: Context, wanted: NewDestination): Promise<DestinationRow> {
  const { db, caller, loaders, services } = ctx;
  if (!(await loaders.row('site', wanted.siteId))) throw notFound('Site', ['siteId']);
  const name = checkedText('name', wanted.name, nameLength);
  const url = checkedAddress(wanted.url, services.config.delivery);
  const id = newId<DestinationId>();
  const destination = await naming(name, () =>
    insertDestination(db, {
      ...{ tenant_id: caller.tenantId, id, site_id: wanted.siteId, name, url, created_by: caller.memberId },
      sealed_token: wanted.token === null ? null : seal(ctx, id, url, wanted.token),
    }),
  );
  await auditRequest(ctx, {
    action: 'destinationCreate',
    objectType: 'Destination',
    objectId: id,
    changes: { siteId: wanted.siteId, name, url, hasToken: wanted.token !== null },
  });
  return destination;
}

export interface ChangedDestination {
  readonly name: string | undefined;
  readonly url: string | undefined;
  /** Null removes it, undefined leaves it, unless the origin changes. */
  readonly token: string | null | undefined;
}

/**
 * Another origin loses the token: who may name a host shall not come by what another host was trusted with.
 * @throws DomainError NOT_FOUND, INVALID, STALE
 */
export async function updateDestination(
  ctx: Context,
  id: DestinationId,
  ifMatch: string,
  wanted: ChangedDestination,
): Promise<DestinationRow> {
  const present = await presentDestination(ctx, id);
  const name = wanted.name === undefined ? present.name : checkedText('name', wanted.name, nameLength);
  const url = wanted.url === undefined ? present.url : checkedAddress(wanted.url, ctx.services.config.delivery);
  const moved = new URL(url).origin !== new URL(present.url).origin;
  const keepsToken = wanted.token === undefined && !moved;
  const sealed = wanted.token ? seal(ctx, id, url, wanted.token) : null;
  const change = { name, url, ...(keepsToken ? {} : { sealed_token: sealed }) };
  const changed = await naming(name, () => applyChange(ctx, id, ifMatch, change));
  await auditRequest(ctx, {
    action: 'destinationUpdate',
    objectType: 'Destination',
    objectId: id,
    changes: { name, url, hasToken: changed.sealed_token !== null, newToken: sealed !== null },
  });
  return changed;
}

/** @throws DomainError NOT_FOUND, STALE */
export async function deleteDestination(ctx: Context, id: DestinationId, ifMatch: string): Promise<DestinationRow> {
  const { name } = await presentDestination(ctx, id);
  const removed = await applyChange(ctx, id, ifMatch, { remove: true });
  await auditRequest(ctx, {
    action: 'destinationDelete',
    objectType: 'Destination',
    objectId: id,
    changes: { name },
  });
  return removed;
}

async function presentDestination({ loaders }: Context, id: DestinationId): Promise<DestinationRow> {
  const destination = await loaders.row('destination', id);
  if (!destination || destination.removed_at !== null) throw notFound('Destination', ['destinationId']);
  return destination;
}

/** The etag is the version. @throws DomainError STALE */
async function applyChange(
  { db }: Context,
  id: DestinationId,
  ifMatch: string,
  change: DestinationChange,
): Promise<DestinationRow> {
  const version = /^[1-9]\d{0,8}$/.test(ifMatch) ? Number(ifMatch) : 0;
  const changed = await changeDestination(db, id, version, change);
  if (!changed)
    throw new DomainError('STALE', 'The destination was changed meanwhile: read it again.', {
      path: ['ifMatch'],
      current: { type: 'Destination', id },
    });
  return changed;
}

/** @throws DomainError INVALID if this service cannot keep secrets */
function seal({ caller, services }: Context, destinationId: DestinationId, url: string, token: string): string {
  const { key } = services.config.delivery;
  const checked = checkedToken(token, url);
  if (!key)
    throw new DomainError(
      'INVALID',
      'This service has no DESTINATION_KEY to encrypt tokens with, so it keeps none; its operator can set one.',
      { path: ['token'] },
    );
  return sealToken(key, { tenantId: caller.tenantId, destinationId, url }, checked);
}

async function naming<T>(name: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!isUniqueViolation(error, 'destination_name')) throw error;
    throw new DomainError('INVALID', `The site has a destination "${name}" already.`, { path: ['name'], cause: error });
  }
}
