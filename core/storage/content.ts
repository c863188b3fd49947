import { createHash } from 'node:crypto';
import { objectKey } from './keys.ts';
import type { ObjectStore, PutResult } from './object-store.ts';

/** The SHA-256 of bytes, lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Stores bytes under the key that their hash gives in the tenant's prefix. @throws ObjectCorrupt if what lies there is damaged. */
export async function putContent(
  store: ObjectStore,
  tenantId: string,
  bytes: Uint8Array,
): Promise<PutResult & { readonly key: string }> {
  const sha256 = sha256Hex(bytes);
  const key = objectKey(tenantId, sha256);
  return { key, ...(await store.put(key, bytes, { sha256 })) };
}
