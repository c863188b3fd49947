import { DicomError } from '#core/dicom/dicom-error.ts';
import { readMrInstance } from '#core/dicom/read.ts';
import type { Volume } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import type { JobContext } from '../jobs/stage.ts';
import { AssemblyError, assembleSeries, checkVoxelCount, type SliceImage } from '../volume/assemble.ts';
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
      const { sopInstanceUid, rows, columns, frames } = readMrInstance(await loadObject(objects, tenantId, sha256));
      // Before the next file is read: what is too large is never in memory whole.
      checkVoxelCount((voxels += rows * columns * frames.length));
      for (const { rescale, ...frame } of frames) {
        slices.push({
          ...frame,
          sopInstanceUid,
          rows,
          columns,
          rescaleSlope: rescale.slope,
          rescaleIntercept: rescale.intercept,
        });
      }
    }
    return assembleSeries(slices);
  } catch (error) {
    if (error instanceof AssemblyError || error instanceof DicomError) {
      throw new JobFailure('BAD_INPUT', `The series ${role} cannot be used: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
