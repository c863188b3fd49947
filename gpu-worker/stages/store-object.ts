import { createHash } from 'node:crypto';
import type { TenantId } from '#core/domain/ids.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { objectKey } from '#core/storage/keys.ts';
import { ObjectCorrupt, type ObjectStore } from '#core/storage/object-store.ts';

/** Stores bytes by their content. @returns their SHA-256. */
export async function storeObject(objects: ObjectStore, tenantId: TenantId, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await objects.put(objectKey(tenantId, sha256), bytes, { sha256 });
  return sha256;
}

/**
 * Bytes by their hash; `what` they are is for the failure's message.
 * @throws JobFailure HASH_MISMATCH if they are not what was stored; they are never used.
 */
export async function loadObject(
  objects: ObjectStore,
  tenantId: TenantId,
  sha256: string,
  what = 'A stored object',
): Promise<Uint8Array> {
  try {
    return await objects.getVerified(objectKey(tenantId, sha256), sha256);
  } catch (error) {
    if (error instanceof ObjectCorrupt)
      throw new JobFailure('HASH_MISMATCH', `${what} does not have its recorded hash any more; it was not used.`, {
        cause: error,
      });
    throw error;
  }
}
