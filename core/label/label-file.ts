import type { LabelVolume } from '../domain/geometry.ts';
import { decodeVolumeFile, encodeVolumeFile, VolumeFileError } from '../volume-file.ts';

const arrayName = 'label';

/** A label volume as stored; its hash names the label. */
export const encodeLabel = ({ grid, data }: LabelVolume): Uint8Array =>
  encodeVolumeFile({ grid, arrays: { [arrayName]: data } });

/** @throws VolumeFileError */
export function decodeLabel(bytes: Uint8Array): LabelVolume {
  const { grid, arrays } = decodeVolumeFile(bytes);
  const data = arrays[arrayName];
  if (!(data instanceof Uint16Array)) throw new VolumeFileError('not a label volume');
  return { grid, data };
}
