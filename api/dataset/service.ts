import { DomainError } from '#core/domain/errors.ts';
import { type DatasetId, newId } from '#core/domain/ids.ts';
import { insertDataset } from '#core/learning/dataset-store.ts';
import { freezeDataset, type SplitChoice } from '#core/learning/freeze-dataset.ts';
import { auditRequest, type Context } from '../context.ts';
import type { DatasetRow } from '../graphql/rows.ts';

/** @throws DomainError INVALID for a name that is too long or taken */
export async function createDataset(ctx: Context, name: string): Promise<DatasetRow> {
  const { tenantId, memberId } = ctx.caller;
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 200)
    throw new DomainError('INVALID', 'Give a name of 1 to 200 characters.', { path: ['name'] });
  const dataset = await insertDataset(ctx.db, { tenantId, id: newId<DatasetId>(), name: trimmed, memberId });
  if (!dataset)
    throw new DomainError('INVALID', 'Another dataset has this name; choose another one.', { path: ['name'] });
  await auditRequest(ctx, { action: 'datasetCreate', objectType: 'Dataset', objectId: dataset.id });
  return dataset;
}

/** Freezes a draft for good. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID, SPLIT_IMPOSSIBLE */
export async function freeze(ctx: Context, id: DatasetId, choice: SplitChoice): Promise<DatasetRow> {
  const { db, caller, services } = ctx;
  const freezing = { db, objects: services.objects, tenantId: caller.tenantId };
  const { dataset, caseCount, leftOutCount } = await freezeDataset(freezing, id, choice);
  await auditRequest(ctx, {
    action: 'datasetFreeze',
    objectType: 'Dataset',
    objectId: id,
    changes: { ...choice, manifestSha256: dataset.manifest_sha256, cases: caseCount, leftOut: leftOutCount },
  });
  return dataset;
}
