import { readMrInstance } from '../dicom/read.ts';
import type { SliceImage } from './assemble.ts';

/** The slices of a DICOM file: one of a classic image, as many as it has frames of a multi-frame one. @throws DicomError */
export function slicesOfFile(bytes: Uint8Array): SliceImage[] {
  const { sopInstanceUid, rows, columns, frames } = readMrInstance(bytes);
  return frames.map(({ rescale, ...frame }) => ({
    ...frame,
    sopInstanceUid,
    rows,
    columns,
    rescaleSlope: rescale.slope,
    rescaleIntercept: rescale.intercept,
  }));
}
