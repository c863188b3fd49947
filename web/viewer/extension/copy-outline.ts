import type { PointLps } from '#core/domain/geometry.ts';
import { addMetastasis } from './label.ts';
import { drawnSegments, labelImages } from './label-pixels.ts';
import type { CornerstoneGlobals, LabelImage, Managers, Segmentation } from './ohif.ts';

/** Number of the segment that a label has at a place; undefined where it has none. */
export function segmentAt(segmentationId: string, point: PointLps): number | undefined {
  const { metaData } = (window as unknown as CornerstoneGlobals).cornerstone;
  let nearest = { mm: Number.POSITIVE_INFINITY, value: 0 };
  for (const image of labelImages(segmentationId)) {
    const plane = metaData.get('imagePlaneModule', imageDrawnOn(image));
    if (!plane) continue;
    const { rowCosines: row, columnCosines: down, imagePositionPatient: origin } = plane;
    const from = point.map((value, axis) => value - origin[axis]!);
    const along = (direction: readonly number[]): number =>
      direction.reduce((sum, part, axis) => sum + part * from[axis]!, 0);
    const normal = [0, 1, 2].map(
      (n) => row[(n + 1) % 3]! * down[(n + 2) % 3]! - row[(n + 2) % 3]! * down[(n + 1) % 3]!,
    );
    const mm = Math.abs(along(normal));
    if (mm >= nearest.mm) continue;
    const [x, y] = [Math.round(along(row) / plane.columnPixelSpacing), Math.round(along(down) / plane.rowPixelSpacing)];
    const within = x >= 0 && y >= 0 && x < image.columns && y < image.rows;
    nearest = { mm, value: within ? image.getPixelData()[y * image.columns + x]! : 0 };
  }
  return nearest.value || undefined;
}

/** Draws a segment of one label into another one of the same images, as a metastasis of its own, wherever that is still empty. */
export function copyOutline(managers: Managers, from: string, number: number, to: Segmentation): void {
  const used = new Set(drawnSegments(to.segmentationId).map((segment) => segment.number));
  const free = Object.keys(to.segments)
    .map(Number)
    .find((one) => one > 0 && !used.has(one));
  const target = free ?? addMetastasis(managers, to);
  const own = new Map(labelImages(to.segmentationId).map((image) => [imageDrawnOn(image), image]));
  for (const image of labelImages(from)) {
    const pixels = own.get(imageDrawnOn(image))?.getPixelData();
    image.getPixelData().forEach((value, n) => {
      if (value === number && pixels?.[n] === 0) pixels[n] = target;
    });
  }
  const { triggerSegmentationEvents } = (window as unknown as CornerstoneGlobals).cornerstoneTools.segmentation;
  triggerSegmentationEvents.triggerSegmentationDataModified(to.segmentationId);
}

const imageDrawnOn = ({ referencedImageId, imageId }: LabelImage): string => referencedImageId ?? imageId;
