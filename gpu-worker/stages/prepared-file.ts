import type { Grid, Volume } from '#core/domain/geometry.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import { decodeVolumeFile, encodeVolumeFile, VolumeFileError } from '#core/volume-file.ts';
import type { JobContext } from '../jobs/stage.ts';
import { loadObject } from './store-object.ts';

/** What training, evaluation and segmentation load of a prepared study: equalized channels and the brain mask on the model's grid. */
export interface PreparedFile {
  readonly grid: Grid;
  /** Hash of the preparation plan that made it: files of two plans do not mix. */
  readonly planHash: string;
  readonly channels: Readonly<Record<Sequence, Volume<Uint8Array> | null>>;
  readonly brainMask: Volume<Uint8Array>;
}

const maskName = 'brainMask';
const planName = 'preparationPlanHash';

export function encodePrepared({ grid, planHash, channels, brainMask }: PreparedFile): Uint8Array {
  const present = sequences.flatMap((sequence) =>
    channels[sequence] ? [[sequence, channels[sequence].data] as const] : [],
  );
  return encodeVolumeFile({
    grid,
    arrays: { ...Object.fromEntries(present), [maskName]: brainMask.data },
    notes: { [planName]: planHash },
  });
}

/** @throws JobFailure HASH_MISMATCH, BAD_INPUT if the file is damaged or not one that preparation wrote */
export async function loadPrepared(
  { objects, tenantId }: Pick<JobContext, 'objects' | 'tenantId'>,
  sha256: string,
): Promise<PreparedFile> {
  const bytes = await loadObject(objects, tenantId, sha256);
  try {
    return decodePrepared(bytes);
  } catch (error) {
    if (!(error instanceof VolumeFileError)) throw error;
    throw new JobFailure('BAD_INPUT', `The prepared study cannot be read (${error.message}); prepare it again.`, {
      cause: error,
    });
  }
}

/** @throws VolumeFileError */
export function decodePrepared(bytes: Uint8Array): PreparedFile {
  const { grid, arrays, notes } = decodeVolumeFile(bytes);
  const volume = (name: string): Volume<Uint8Array> | null => {
    const data = arrays[name];
    if (data === undefined) return null;
    // Bytes cannot hold what is not a number, so nothing else is let through.
    if (!(data instanceof Uint8Array)) throw new VolumeFileError(`${name} is not in bytes`);
    return { grid, data };
  };
  const brainMask = volume(maskName);
  if (!brainMask) throw new VolumeFileError('it has no brain mask');
  const planHash = notes?.[planName];
  if (planHash === undefined) throw new VolumeFileError('it does not say by which plan it was prepared');
  return {
    grid,
    planHash,
    brainMask,
    channels: Object.fromEntries(sequences.map((sequence) => [sequence, volume(sequence)])) as PreparedFile['channels'],
  };
}
