import DataLoader from 'dataloader';
import { type Insertable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { DeliveryId, DestinationId, JobId, MemberId, SegmentationId, SiteId } from '#core/domain/ids.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';
import type { ResultKind } from '../generated/resolver-types.ts';
import type { Page } from '../graphql/connection.ts';
import type { DeliveryItemRow, DeliveryRow, DestinationRow } from '../graphql/rows.ts';

/** Those that are not removed, newest first. */
export const readDestinations = (
  db: Db,
  { limit, after }: Page,
  siteId: SiteId | undefined,
): Promise<DestinationRow[]> =>
  db
    .selectFrom('destination')
    .selectAll()
    .where('removed_at', 'is', null)
    .$if(siteId !== undefined, (query) => query.where('site_id', '=', siteId!))
    .$if(after !== undefined, (query) => query.where('id', '<', after as DestinationId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

export const insertDestination = (db: Db, destination: Insertable<DB['destination']>): Promise<DestinationRow> =>
  db.insertInto('destination').values(destination).returningAll().executeTakeFirstOrThrow();

export interface DestinationChange {
  readonly name?: string;
  readonly url?: string;
  readonly sealed_token?: string | null;
  /** True removes it. */
  readonly remove?: true;
}

/** Undefined if it was removed or is not of that version any more. */
export const changeDestination = (
  db: Db,
  id: DestinationId,
  version: number,
  { remove, ...values }: DestinationChange,
): Promise<DestinationRow | undefined> =>
  db
    .updateTable('destination')
    .set({ ...values, version: version + 1, ...(remove ? { removed_at: sql<Date>`now()`, sealed_token: null } : {}) })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('removed_at', 'is', null)
    .returningAll()
    .executeTakeFirst();

/** The destination, which nobody can change until the transaction ends. */
export const holdDestination = (db: Db, id: DestinationId): Promise<DestinationRow | undefined> =>
  db.selectFrom('destination').selectAll().where('id', '=', id).forShare().executeTakeFirst();

/** Newest first. */
export const readDeliveries = (
  db: Db,
  { limit, after }: Page,
  segmentationId: SegmentationId,
): Promise<DeliveryRow[]> =>
  db
    .selectFrom('delivery')
    .selectAll()
    .where('segmentation_id', '=', segmentationId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as DeliveryId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** What deliveries consist of, by delivery id. */
export const itemsByDelivery = (db: Db): DataLoader<string, DeliveryItemRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('delivery_item')
      .selectAll()
      .where('delivery_id', 'in', ids as DeliveryId[])
      .orderBy('kind', 'desc')
      .execute();
    return ids.map((id) => rows.filter((row) => row.delivery_id === id));
  });

/** What the member asked for with this key. */
export const findByKey = (db: Db, memberId: MemberId, key: string): Promise<DeliveryRow | undefined> =>
  db
    .selectFrom('delivery')
    .selectAll()
    .where('requested_by', '=', memberId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

/** The kinds of result that a delivery consists of, or that a segmentation has. */
export async function kindsOf(
  db: Db,
  of: { deliveryId: DeliveryId } | { segmentationId: SegmentationId },
): Promise<ResultKind[]> {
  const rows =
    'deliveryId' in of
      ? await db.selectFrom('delivery_item').select('kind').where('delivery_id', '=', of.deliveryId).execute()
      : await db
          .selectFrom('segmentation_result')
          .select('kind')
          .where('segmentation_id', '=', of.segmentationId)
          .execute();
  return rows.map(({ kind }) => kind);
}

export async function insertDelivery(
  db: Db,
  delivery: Insertable<DB['delivery']>,
  kinds: readonly ResultKind[],
): Promise<DeliveryRow> {
  const row = await db.insertInto('delivery').values(delivery).returningAll().executeTakeFirstOrThrow();
  const { tenant_id, id, segmentation_id } = row;
  await db
    .insertInto('delivery_item')
    .values(kinds.map((kind) => ({ tenant_id, delivery_id: id, segmentation_id, kind })))
    .execute();
  return row;
}

/** Undefined if the delivery is not one that was given up. */
export const restartDelivery = (db: Db, id: DeliveryId, jobId: JobId): Promise<DeliveryRow | undefined> =>
  db
    .updateTable('delivery')
    .set({ state: 'PENDING', job_id: jobId })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('delivery.state', 'PENDING'))
    .returningAll()
    .executeTakeFirst();
