import { DicomError } from '#core/dicom/dicom-error.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { AssemblyError, assembleSeries, checkVoxelCount, type SliceImage } from '#core/volume/assemble.ts';
import { slicesOfFile } from '#core/volume/slices-of-file.ts';
import type { JobContext } from '../jobs/stage.ts';
import { loadObject } from './store-object.ts';

/** A series with the hashes of its files. */
export interface StoredSeries {
  readonly role: Sequence;
  readonly sha256s: readonly string[];
}

/** The volume of a stored series, as acquired. @throws JobFailure BAD_INPUT, HASH_MISMATCH */
export async function readSeries(
  { objects, tenantId }: Pick<JobContext, 'objects' | 'tenantId'>,
  { role, sha256s }: StoredSeries,
): Promise<Volume> {
  try {
    const slices: SliceImage[] = [];
    let voxels = 0;
    for (const sha256 of sha256s) {
      const own = slicesOfFile(await loadObject(objects, tenantId, sha256));
      // Before the next file is read: what is too large is never in memory whole.
      checkVoxelCount((voxels += own.reduce((sum, { rows, columns }) => sum + rows * columns, 0)));
      slices.push(...own);
    }
    return assembleSeries(slices);
  } catch (error) {
    if (error instanceof AssemblyError || error instanceof DicomError) {
      throw new JobFailure('BAD_INPUT', `The series ${role} cannot be used: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
