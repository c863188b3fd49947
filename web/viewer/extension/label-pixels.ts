import type { CornerstoneGlobals } from './ohif.ts';
import { drawRuns, encodeRuns, type Runs } from './runs.ts';

/** What is drawn on one image. */
export interface DrawnSlice {
  /** Image of the series that is drawn on. */
  readonly image: string;
  readonly runs: Runs;
}

/** A segment as it is drawn. */
export interface DrawnSegment {
  readonly number: number;
  readonly voxelCount: number;
  readonly volumeMm3: number;
  /** Number, from 1, of the slice with most of it. */
  readonly slice: number;
}

const globals = (): CornerstoneGlobals => window as unknown as CornerstoneGlobals;

export function labelImages(segmentationId: string) {
  const { cornerstone, cornerstoneTools } = globals();
  const label = cornerstoneTools.segmentation.state.getSegmentation(segmentationId)?.representationData.Labelmap;
  return (label?.imageIds ?? []).flatMap((imageId) => cornerstone.cache.getImage(imageId) ?? []);
}

/** The slices of a label that have anything drawn on them. */
export const drawnSlices = (segmentationId: string): DrawnSlice[] =>
  labelImages(segmentationId)
    .map((image) => ({ image: image.referencedImageId ?? image.imageId, runs: encodeRuns(image.getPixelData()) }))
    .filter(({ runs }) => runs.length > 0);

/** What is drawn, segment by segment: the server must find as many voxels in what it stored. */
export function drawnSegments(segmentationId: string): DrawnSegment[] {
  const images = labelImages(segmentationId);
  const found = new Map<number, { voxelCount: number; slice: number; most: number }>();
  images.forEach((image, at) => {
    const onSlice = new Map<number, number>();
    const runs = encodeRuns(image.getPixelData());
    for (let n = 0; n < runs.length; n += 3) onSlice.set(runs[n + 2]!, (onSlice.get(runs[n + 2]!) ?? 0) + runs[n + 1]!);
    for (const [number, count] of onSlice) {
      const before = found.get(number) ?? { voxelCount: 0, slice: 0, most: 0 };
      const most = count > before.most ? { slice: at + 1, most: count } : before;
      found.set(number, { voxelCount: before.voxelCount + count, slice: most.slice, most: most.most });
    }
  });
  const voxelMm3 = voxelVolumeMm3(images.map(({ referencedImageId, imageId }) => referencedImageId ?? imageId));
  return [...found]
    .map(([number, { voxelCount, slice }]) => ({ number, voxelCount, volumeMm3: voxelCount * voxelMm3, slice }))
    .sort((a, b) => a.number - b.number);
}

/** From the pixels' spacing and the distance of the first two slices. */
function voxelVolumeMm3(images: readonly string[]): number {
  const { metaData } = globals().cornerstone;
  const [first, second] = images.slice(0, 2).map((image) => metaData.get('imagePlaneModule', image));
  if (!first) return Number.NaN;
  const apart = second
    ? Math.hypot(...first.imagePositionPatient.map((from, axis) => second.imagePositionPatient[axis]! - from))
    : first.sliceThickness;
  return first.rowPixelSpacing * first.columnPixelSpacing * apart;
}

/**
 * Puts what was drawn into a label of the same images, in place of what is there.
 * @throws Error if an image is none of the label's
 */
export function redraw(segmentationId: string, slices: readonly DrawnSlice[]): void {
  const images = new Map(labelImages(segmentationId).map((image) => [image.referencedImageId ?? image.imageId, image]));
  for (const image of images.values()) image.getPixelData().fill(0);
  for (const { image, runs } of slices) {
    const own = images.get(image);
    if (!own) throw new Error('What was kept in this browser was drawn on other images than are shown.');
    drawRuns(runs, own.getPixelData());
  }
  globals().cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
}
