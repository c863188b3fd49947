import type { Grid, Volume } from '#core/domain/geometry.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { decodeVolumeFile, encodeVolumeFile } from '#core/volume-file.ts';

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

/** @throws VolumeFileError */
export function decodePrepared(bytes: Uint8Array): PreparedFile {
  const { grid, arrays, notes } = decodeVolumeFile(bytes);
  const volume = (name: string): Volume<Uint8Array> | null =>
    arrays[name] instanceof Uint8Array ? { grid, data: arrays[name] } : null;
  const brainMask = volume(maskName);
  if (!brainMask) throw new TypeError('a prepared study without a brain mask');
  const planHash = notes?.[planName];
  if (planHash === undefined) throw new TypeError('a prepared study that does not say by which plan it was prepared');
  return {
    grid,
    planHash,
    brainMask,
    channels: Object.fromEntries(sequences.map((sequence) => [sequence, volume(sequence)])) as PreparedFile['channels'],
  };
}
