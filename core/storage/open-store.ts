import { openFileStore } from './file-store.ts';
import type { ObjectStore } from './object-store.ts';

/** Which object store a process uses. */
export interface StoreConfig {
  readonly kind: 'file';
  readonly directory: string;
}

/**
 * Reads the store from the environment: `METLOOP_STORE_DIR`, a folder.
 * @throws Error a sentence that says which variable to set.
 */
export function storeConfigFromEnv(env: Readonly<Record<string, string | undefined>>): StoreConfig {
  if (env.METLOOP_STORE_DIR) return { kind: 'file', directory: env.METLOOP_STORE_DIR };
  throw new Error('No object store is configured: set METLOOP_STORE_DIR to the folder that holds the objects.');
}

/** Opens the configured object store. @throws Error if its folder cannot be written. */
export async function openObjectStore(config: StoreConfig): Promise<ObjectStore> {
  return openFileStore(config.directory);
}
