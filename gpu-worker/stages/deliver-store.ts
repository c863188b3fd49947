import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { InstanceFailure } from '#core/delivery/stow-verdict.ts';
import type { DeliveryId, DestinationId } from '#core/domain/ids.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';

/** Counts a try as it begins, so that one whose worker is lost is counted too. */
export const countTry = (db: Db, id: DeliveryId): Promise<unknown> =>
  db
    .updateTable('delivery')
    .set({ attempts: sql`attempts + 1`, next_attempt_at: null })
    .where('id', '=', id)
    .where('state', '=', 'PENDING')
    .execute();

export interface ToDeliver {
  readonly destinationId: DestinationId;
  readonly name: string;
  readonly url: string;
  readonly sealedToken: string | null;
  readonly removed: boolean;
  /** True if the receiver may have been sent the same before, by an earlier try of this delivery or by another one. */
  readonly sentBefore: boolean;
  readonly items: readonly { readonly sopInstanceUid: string; readonly sha256: string; readonly sizeBytes: number }[];
}

export async function readToDeliver(db: Db, id: DeliveryId): Promise<ToDeliver> {
  const row = await db
    .selectFrom('delivery as d')
    .innerJoin('destination as t', (join) =>
      join.onRef('t.tenant_id', '=', 'd.tenant_id').onRef('t.id', '=', 'd.destination_id'),
    )
    .select((eb) => [
      'd.destination_id',
      't.name',
      't.url',
      't.sealed_token',
      't.removed_at',
      'd.attempts',
      eb
        .exists(
          eb
            .selectFrom('delivery as other')
            .select('other.id')
            .whereRef('other.destination_id', '=', 'd.destination_id')
            .whereRef('other.segmentation_id', '=', 'd.segmentation_id')
            .whereRef('other.id', '<>', 'd.id')
            .where('other.attempts', '>', 0),
        )
        .as('others'),
    ])
    .where('d.id', '=', id)
    .executeTakeFirstOrThrow();
  const items = await db
    .selectFrom('delivery_item as i')
    .innerJoin('segmentation_result as r', (join) =>
      join
        .onRef('r.tenant_id', '=', 'i.tenant_id')
        .onRef('r.segmentation_id', '=', 'i.segmentation_id')
        .onRef('r.kind', '=', 'i.kind'),
    )
    .select(['r.sop_instance_uid as sopInstanceUid', 'r.sha256', 'r.size_bytes as sizeBytes'])
    .where('i.delivery_id', '=', id)
    .orderBy('i.kind', 'desc')
    .execute();
  return {
    destinationId: row.destination_id,
    name: row.name,
    url: row.url,
    sealedToken: row.sealed_token,
    removed: row.removed_at !== null,
    // This try is counted already.
    sentBefore: row.attempts > 1 || Boolean(row.others),
    items: items.map((item) => ({ ...item, sizeBytes: Number(item.sizeBytes) })),
  };
}

export interface TryOutcome {
  /** Null if no answer came; the last one's status then stays. */
  readonly status: number | null;
  readonly message: string | null;
  readonly failures: readonly InstanceFailure[];
  /** Seconds until the next try, null if there is none. */
  readonly retryInSeconds: number | null;
}

/** What came of a try that did not bring everything there. */
export async function noteTry(db: Db, id: DeliveryId, outcome: TryOutcome): Promise<void> {
  const { status, message, failures, retryInSeconds } = outcome;
  await db
    .updateTable('delivery')
    .set({
      message,
      ...(status === null ? {} : { last_status: status }),
      next_attempt_at:
        retryInSeconds === null ? null : sql<Date>`clock_timestamp() + make_interval(secs => ${retryInSeconds})`,
    })
    .where('id', '=', id)
    .execute();
  await noteFailures(db, id, failures);
}

async function noteFailures(db: Db, id: DeliveryId, failures: readonly InstanceFailure[]): Promise<void> {
  await db
    .updateTable('delivery_item')
    .set({ failure_reason: null, failure_message: null })
    .where('delivery_id', '=', id)
    .execute();
  for (const { sopInstanceUid, reason, message } of failures)
    await db
      .updateTable('delivery_item')
      .set({ failure_reason: reason, failure_message: message })
      .where('delivery_id', '=', id)
      .where('kind', 'in', (eb) =>
        eb
          .selectFrom('segmentation_result as r')
          .select('r.kind')
          .whereRef('r.segmentation_id', '=', 'delivery_item.segmentation_id')
          .where('r.sop_instance_uid', '=', sopInstanceUid),
      )
      .execute();
}

export async function markDelivered(db: Db, id: DeliveryId, status: number): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ state: 'DELIVERED', last_status: status, message: null, delivered_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('delivery.state', 'DELIVERED'))
    .execute();
  await noteFailures(db, id, []);
}

export const markFailed = (db: Db, id: DeliveryId, message: string): Promise<unknown> =>
  db
    .updateTable('delivery')
    .set({ state: 'FAILED', message, next_attempt_at: null })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('delivery.state', 'FAILED'))
    .execute();
