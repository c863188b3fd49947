import type { Grid, PointLps } from '../domain/geometry.ts';
import { spacingMm, transformPoint } from '../domain/geometry.ts';
import type { Attributes } from './build-dataset.ts';

/** A grid in the attributes of DICOM's planes: slice k lies at `position(k)`. */
export interface FrameGeometry {
  /** Between rows, between columns (PS3.3 section 10.7.1.3). */
  readonly pixelSpacingMm: readonly [number, number];
  readonly sliceSpacingMm: number;
  /** Direction cosines of a row, then of a column. */
  readonly imageOrientation: readonly number[];
  position(slice: number): PointLps;
}

export function frameGeometry(grid: Grid): FrameGeometry {
  const m = grid.indexToLps;
  const [columnMm, rowMm, sliceMm] = spacingMm(grid);
  return {
    pixelSpacingMm: [rowMm, columnMm],
    sliceSpacingMm: sliceMm,
    imageOrientation: [
      m[0]! / columnMm,
      m[4]! / columnMm,
      m[8]! / columnMm,
      m[1]! / rowMm,
      m[5]! / rowMm,
      m[9]! / rowMm,
    ],
    position: (slice) => transformPoint(m, [0, 0, slice]),
  };
}

/** The functional groups that every frame on the grid shares (PS3.3 C.7.6.16.2.1 and .4). */
export function sharedPlaneGroups({ pixelSpacingMm, sliceSpacingMm, imageOrientation }: FrameGeometry): Attributes {
  return {
    PixelMeasuresSequence: [
      { SliceThickness: sliceSpacingMm, SpacingBetweenSlices: sliceSpacingMm, PixelSpacing: pixelSpacingMm },
    ],
    PlaneOrientationSequence: [{ ImageOrientationPatient: imageOrientation }],
  };
}
