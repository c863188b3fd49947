import { type Grid, type LabelVolume, type PointLps, voxelCount, voxelVolumeMm3 } from '#core/domain/geometry.ts';
import { measureLesion } from '#core/label/measure.ts';
import type { VoxelList } from '#core/label/voxel-lists.ts';
import { globals, gridOfImages } from './image-stack.ts';
import type { LabelImage } from './ohif.ts';
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
  readonly longestDiameterMm: number;
  readonly centroidLps: PointLps;
  /** Number, from 1, of the slice with the longest diameter. */
  readonly slice: number;
}

/** The images that a label consists of, in the order of their slices. */
export function labelImages(segmentationId: string): LabelImage[] {
  const { cornerstone, cornerstoneTools } = globals();
  const label = cornerstoneTools.segmentation.state.getSegmentation(segmentationId)?.representationData.Labelmap;
  return (label?.imageIds ?? []).flatMap((imageId) => cornerstone.cache.getImage(imageId) ?? []);
}

/** False if the viewer has let go of an image of a label: what is left must not be saved in its place. */
export function isWhole(segmentationId: string): boolean {
  const label =
    globals().cornerstoneTools.segmentation.state.getSegmentation(segmentationId)?.representationData.Labelmap;
  return label?.imageIds?.length === labelImages(segmentationId).length;
}

/** The image that is drawn on with one of a label's. */
export const drawnOn = ({ referencedImageId, imageId }: LabelImage): string => referencedImageId ?? imageId;

/** The grid that a label is drawn on. */
export const labelGrid = (segmentationId: string): Grid => gridOfImages(labelImages(segmentationId).map(drawnOn));

/** A copy of all that is drawn. */
export function readLabel(segmentationId: string): LabelVolume {
  const grid = labelGrid(segmentationId);
  const data = new Uint16Array(voxelCount(grid));
  const plane = grid.size[0] * grid.size[1];
  labelImages(segmentationId).forEach((image, k) => {
    data.set(image.getPixelData(), k * plane);
  });
  return { grid, data };
}

/** The slices of a label that have anything drawn on them. */
export const drawnSlices = (segmentationId: string): DrawnSlice[] =>
  labelImages(segmentationId)
    .map((image) => ({ image: drawnOn(image), runs: encodeRuns(image.getPixelData()) }))
    .filter(({ runs }) => runs.length > 0);

/** What each segment measured last: only those that have changed are measured anew. */
const measured = new Map<string, { readonly runs: readonly number[]; readonly segment: DrawnSegment }>();

/** What is drawn, segment by segment: the server must find as many voxels in what it stored. */
export function drawnSegments(segmentationId: string): DrawnSegment[] {
  const runsOf = new Map<number, number[]>();
  const images = labelImages(segmentationId);
  images.forEach((image, k) => {
    const runs = encodeRuns(image.getPixelData());
    const before = k * image.getPixelData().length;
    for (let n = 0; n < runs.length; n += 3) {
      const own = runsOf.get(runs[n + 2]!) ?? [];
      if (own.length === 0) runsOf.set(runs[n + 2]!, own);
      own.push(before + runs[n]!, runs[n + 1]!);
    }
  });
  if (runsOf.size === 0) return [];
  const grid = gridOfImages(images.map(drawnOn));
  return [...runsOf]
    .map(([number, runs]) => {
      const key = `${segmentationId} ${number}`;
      const last = measured.get(key);
      if (last && last.runs.length === runs.length && runs.every((value, n) => value === last.runs[n]))
        return last.segment;
      const segment = measureRuns(grid, runs, number);
      measured.set(key, { runs, segment });
      return segment;
    })
    .sort((a, b) => a.number - b.number);
}

/** @param runs first voxel and length of each run in the volume */
function measureRuns(grid: Grid, runs: readonly number[], number: number): DrawnSegment {
  const voxels: VoxelList = new Int32Array(runs.reduce((sum, value, n) => sum + (n % 2 === 1 ? value : 0), 0));
  let end = 0;
  for (let n = 0; n < runs.length; n += 2)
    for (let voxel = runs[n]!; voxel < runs[n]! + runs[n + 1]!; voxel++) voxels[end++] = voxel;
  const { longestDiameterMm, centroidLps, sliceIndex } = measureLesion({ grid }, voxels, number);
  const volumeMm3 = voxels.length * voxelVolumeMm3(grid);
  return { number, voxelCount: voxels.length, volumeMm3, longestDiameterMm, centroidLps, slice: sliceIndex + 1 };
}

/**
 * Puts what was drawn into a label of the same images, in place of what is there.
 * @throws Error if an image is none of the label's
 */
export function redraw(segmentationId: string, slices: readonly DrawnSlice[]): void {
  const images = new Map(labelImages(segmentationId).map((image) => [drawnOn(image), image]));
  if (!slices.every(({ image }) => images.has(image)))
    throw new Error('What was kept in this browser was drawn on other images than are shown.');
  for (const image of images.values()) image.getPixelData().fill(0);
  for (const { image, runs } of slices) drawRuns(runs, images.get(image)!.getPixelData());
  tellDrawn(segmentationId);
}

/** Lets the viewer show what was drawn past its own tools, and lets the session keep it. */
export const tellDrawn = (segmentationId: string): void =>
  globals().cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
