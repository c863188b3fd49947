import { openFileStore } from './file-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { S3StoreConfig } from './s3-store.ts';

/** Which object store a process uses. */
export type StoreConfig = { readonly kind: 'file'; readonly directory: string } | S3StoreConfig;

/**
 * Reads the store from the environment: `METLOOP_STORE_DIR`, a folder; or `S3_BUCKET`, with `S3_ENDPOINT` and `S3_REGION`.
 * @throws Error a sentence that says which variable to set.
 */
export function storeConfigFromEnv(env: Readonly<Record<string, string | undefined>>): StoreConfig {
  const { METLOOP_STORE_DIR: directory, S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = env;
  if (directory && bucket)
    throw new Error('Two object stores are configured: unset METLOOP_STORE_DIR (a folder) or S3_BUCKET (a bucket).');
  if (directory) return { kind: 'file', directory };
  if (!bucket)
    throw new Error(
      'No object store is configured: set METLOOP_STORE_DIR to the folder that holds the objects, or S3_BUCKET to the bucket.',
    );
  if (endpoint && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new Error(`S3_ENDPOINT is "${endpoint}", not an address such as https://s3.example.org.`);
  const region = env.S3_REGION || env.AWS_REGION || 'us-east-1';
  return { kind: 's3', bucket, endpoint: endpoint || undefined, region };
}

/** Opens the configured object store. @throws Error if its folder cannot be written, or its bucket not reached. */
export async function openObjectStore(config: StoreConfig): Promise<ObjectStore> {
  if (config.kind === 'file') return openFileStore(config.directory);
  // The SDK takes a while to load, and a process with a folder does without it.
  const { openS3Store } = await import('./s3-store.ts');
  return openS3Store(config);
}
