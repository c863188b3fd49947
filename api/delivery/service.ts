import { asService } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type DeliveryId, type DestinationId, newId, type SegmentationId, type SiteId } from '#core/domain/ids.ts';
import { enqueue } from '#core/jobs/enqueue.ts';
import { auditRequest, type Context, hasRoleAt } from '../context.ts';
import type { ResultKind } from '../generated/resolver-types.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { DeliveryRow, SegmentationRow } from '../graphql/rows.ts';
import { findByKey, holdDestination, insertDelivery, kindsOf, restartDelivery } from './store.ts';

export interface Push {
  readonly segmentationId: SegmentationId;
  readonly destinationId: DestinationId;
  readonly results: readonly ResultKind[];
  readonly idempotencyKey: string;
}

/**
 * Queues the sending of results to a destination of the study's site. A repeat by the same member with the same key gives the first
 * answer.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE, IDEMPOTENCY_CONFLICT
 */
export async function push(ctx: Context, wanted: Push): Promise<DeliveryRow> {
  const { db, caller, services } = ctx;
  const { segmentationId, destinationId, results, idempotencyKey } = wanted;
  checkIdempotencyKey(idempotencyKey);
  if (results.length < 1 || new Set(results).size < results.length)
    throw new DomainError('INVALID', 'Name 1 to 4 results, none twice.', { path: ['results'] });
  const { segmentation, siteId } = await segmentationAt(ctx, segmentationId, ['segmentationId']);
  await holdUntilCommit(db, caller.tenantId, caller.memberId, 'segmentationPush', idempotencyKey);
  const earlier = await asService(db, () => findByKey(db, caller.memberId, idempotencyKey));
  if (earlier) return sameAs(ctx, earlier, wanted);
  const destination = await holdDestination(db, destinationId);
  if (!destination || destination.removed_at !== null || destination.site_id !== siteId)
    throw notFound('Destination', ['destinationId']);
  if (segmentation.state !== 'COMPLETED')
    throw new DomainError(
      'WRONG_STATE',
      `Only a COMPLETED segmentation has results to send; this one is ${segmentation.state}.`,
      { path: ['segmentationId'], current: { type: 'Segmentation', id: segmentationId } },
    );
  const present = await kindsOf(db, { segmentationId });
  const missing = results.findIndex((kind) => !present.includes(kind));
  if (missing >= 0)
    throw new DomainError('INVALID', `The segmentation has no ${results[missing]}; without a lesion there is none.`, {
      path: ['results', String(missing)],
    });
  const id = newId<DeliveryId>();
  const { tenantId, memberId } = caller;
  const jobId = await enqueue(db, services.queue, tenantId, { kind: 'DELIVER', objectId: id, siteId });
  const delivery = await insertDelivery(
    db,
    {
      ...{ tenant_id: tenantId, id, segmentation_id: segmentationId, destination_id: destinationId },
      ...{ requested_by: memberId, job_id: jobId, idempotency_key: idempotencyKey },
    },
    results,
  );
  await auditRequest(ctx, {
    action: 'segmentationPush',
    objectType: 'Delivery',
    objectId: id,
    changes: { segmentationId, destinationId, url: destination.url, results: results.join(' ') },
  });
  return delivery;
}

/** @throws DomainError NOT_FOUND if the caller may not see it, or has neither role at its study's site */
async function segmentationAt(
  { loaders, caller }: Context,
  id: SegmentationId,
  path: readonly string[],
): Promise<{ segmentation: SegmentationRow; siteId: SiteId }> {
  const segmentation = await loaders.row('segmentation', id);
  const study = segmentation && (await loaders.row('study', segmentation.study_id));
  if (!study || !hasRoleAt(caller, study.site_id, 'CLINICIAN', 'COORDINATOR')) throw notFound('Segmentation', path);
  return { segmentation, siteId: study.site_id };
}

/** @throws DomainError IDEMPOTENCY_CONFLICT if the key stood for something else */
async function sameAs({ db }: Context, earlier: DeliveryRow, wanted: Push): Promise<DeliveryRow> {
  const kinds = await asService(db, () => kindsOf(db, { deliveryId: earlier.id }));
  const same =
    earlier.segmentation_id === wanted.segmentationId &&
    earlier.destination_id === wanted.destinationId &&
    kinds.length === wanted.results.length &&
    kinds.every((kind) => wanted.results.includes(kind));
  if (same) return earlier;
  throw new DomainError('IDEMPOTENCY_CONFLICT', 'This key asked for something else; choose a new key.', {
    path: ['idempotencyKey'],
  });
}

/** Sends all of a delivery again that was given up. @throws DomainError NOT_FOUND, WRONG_STATE */
export async function retryDelivery(ctx: Context, id: DeliveryId): Promise<DeliveryRow> {
  const { db, caller, loaders, services } = ctx;
  const delivery = await loaders.row('delivery', id);
  if (!delivery) throw notFound('Delivery', ['deliveryId']);
  const { siteId } = await segmentationAt(ctx, delivery.segmentation_id, ['deliveryId']).catch(() => {
    throw notFound('Delivery', ['deliveryId']);
  });
  const destination = await holdDestination(db, delivery.destination_id);
  if (!destination || destination.removed_at !== null)
    throw new DomainError('WRONG_STATE', 'The destination was removed; send the results to another one.', {
      path: ['deliveryId'],
      current: { type: 'Delivery', id },
    });
  const jobId = await enqueue(db, services.queue, caller.tenantId, { kind: 'DELIVER', objectId: id, siteId });
  const restarted = await restartDelivery(db, id, jobId);
  if (!restarted)
    throw new DomainError('WRONG_STATE', `Only a FAILED delivery is sent again; this one is ${delivery.state}.`, {
      path: ['deliveryId'],
      current: { type: 'Delivery', id },
    });
  await auditRequest(ctx, { action: 'deliveryRetry', objectType: 'Delivery', objectId: id });
  return restarted;
}
