import type { Dataset } from './dataset.ts';
import { DicomError } from './dicom-error.ts';

/** Largest uncompressed pixel data that is read: 1 GiB. */
export const maxPixelBytes = 2 ** 30;

export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** The shape of the pixel data, checked against `maxPixelBytes`. @throws DicomError MISSING_ATTRIBUTE, OUT_OF_BOUNDS, UNSUPPORTED */
export function pixelLayout(dataset: Dataset): PixelLayout {
  const [rows, columns] = [dataset.requireNumber('Rows'), dataset.requireNumber('Columns')];
  const frames = dataset.number('NumberOfFrames') ?? 1;
  const samples = dataset.number('SamplesPerPixel') ?? 1;
  const bitsAllocated = dataset.requireNumber('BitsAllocated');
  const bitsStored = dataset.number('BitsStored') ?? bitsAllocated;
  const whole = [rows, columns, frames, samples, bitsAllocated, bitsStored].every((n) => Number.isInteger(n) && n > 0);
  const bytes = (rows * columns * frames * samples * bitsAllocated) / 8;
  if (!whole || bytes > maxPixelBytes || bitsStored > bitsAllocated)
    throw new DicomError(
      'OUT_OF_BOUNDS',
      `Rows ${rows}, Columns ${columns}, Number of Frames ${frames}, Bits Allocated ${bitsAllocated}, Bits Stored ${bitsStored} are out of bounds.`,
    );
  return {
    rows,
    columns,
    frames,
    samples,
    bitsAllocated,
    bitsStored,
    signed: dataset.number('PixelRepresentation') === 1,
  };
}
