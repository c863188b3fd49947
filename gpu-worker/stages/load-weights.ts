import { JobFailure } from '#core/jobs/contract.ts';
import type { JobContext } from '../jobs/stage.ts';
import { decodeWeights, type Weights } from '../model/weights.ts';
import { loadObject } from './store-object.ts';

/** A version's weights. @throws JobFailure HASH_MISMATCH if they were damaged since they were stored, BAD_INPUT if they were stored so */
export async function loadWeights(
  { objects, tenantId }: Pick<JobContext, 'objects' | 'tenantId'>,
  sha256: string,
): Promise<Weights> {
  const bytes = await loadObject(objects, tenantId, sha256, 'The weights file');
  try {
    return decodeWeights(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JobFailure('BAD_INPUT', `The weights cannot be used. ${why}`, { cause: error });
  }
}
