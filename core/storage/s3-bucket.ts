import type { S3Client } from '@aws-sdk/client-s3';

export interface S3Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** HTTP status with which the store refused; undefined if it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return isOfSdk(error) ? error.$metadata.httpStatusCode : undefined;
}

/** The protocol's name of an error, such as NoSuchKey. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Runs `body`; what the SDK throws becomes a sentence that says what was being done, other errors pass. */
export async function saying<T>(what: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!isOfSdk(error)) throw error;
    const { httpStatusCode: status, attempts = 1 } = error.$metadata;
    const why = [error.name, error.message].filter((text) => text && text !== 'Error').join(': ') || 'no answer';
    const how = status === undefined ? `after ${attempts} attempts` : `HTTP ${status}`;
    throw new Error(`The object store failed to ${what}: ${why} (${how}).`, { cause: error });
  }
}

interface SdkError extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const isOfSdk = (error: unknown): error is SdkError => error instanceof Error && '$metadata' in error;
