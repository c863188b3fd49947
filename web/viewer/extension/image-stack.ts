import type { Grid, PointLps } from '#core/domain/geometry.ts';
import type { CornerstoneGlobals, ImagePlane } from './ohif.ts';

export const globals = (): CornerstoneGlobals => window as unknown as CornerstoneGlobals;

/** The grid of parallel images in the order given. @throws Error if one of them is not known yet */
export function gridOfImages(imageIds: readonly string[]): Grid {
  const planes = imageIds.map((imageId) => globals().cornerstone.metaData.get('imagePlaneModule', imageId));
  const [first, last] = [planes[0], planes.at(-1)];
  if (!first || !last) throw new Error('The images are not loaded yet.');
  const [row, column] = [first.rowCosines, first.columnCosines];
  const step = (axis: number): number =>
    planes.length > 1
      ? (last.imagePositionPatient[axis]! - first.imagePositionPatient[axis]!) / (planes.length - 1)
      : normalOf(first)[axis]! * first.sliceThickness;
  const line = (axis: number): number[] => [
    row[axis]! * first.columnPixelSpacing,
    column[axis]! * first.rowPixelSpacing,
    step(axis),
    first.imagePositionPatient[axis]!,
  ];
  return {
    size: [first.columns, first.rows, planes.length],
    indexToLps: [...line(0), ...line(1), ...line(2), 0, 0, 0, 1],
  };
}

/** The images from the foot of their normal on. @throws Error if one of them is not known yet */
export function alongNormal(imageIds: readonly string[]): string[] {
  const { metaData } = globals().cornerstone;
  const at = new Map(
    imageIds.map((imageId) => {
      const plane = metaData.get('imagePlaneModule', imageId);
      if (!plane) throw new Error('The images are not loaded yet.');
      const normal = normalOf(plane);
      return [imageId, normal.reduce((sum, part, axis) => sum + part * plane.imagePositionPatient[axis]!, 0)];
    }),
  );
  return imageIds.toSorted((a, b) => at.get(a)! - at.get(b)!);
}

/** The values of some images of one size, one after the other. @throws Error if one of them is not loaded */
export function valuesOfImages(imageIds: readonly string[]): Float32Array {
  const pixels = imageIds.map((imageId) => globals().cornerstone.cache.getImage(imageId)?.getPixelData());
  const plane = pixels[0]?.length ?? 0;
  const values = new Float32Array(plane * pixels.length);
  pixels.forEach((one, k) => {
    if (!one) throw new Error('The images are not loaded yet; try again in a moment.');
    values.set(one, k * plane);
  });
  return values;
}

/** Rows cross columns (PS3.3 C.7.6.2). */
function normalOf({ rowCosines: [a = 0, b = 0, c = 0], columnCosines: [d = 0, e = 0, f = 0] }: ImagePlane): PointLps {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}
