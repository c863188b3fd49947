import type { PointLps } from '#core/domain/geometry.ts';
import { globals } from './image-stack.ts';
import type { LabelEditor } from './label-editor.ts';
import { drawnOn, drawnSegments, labelImages } from './label-pixels.ts';

/** Number of the segment that a label has at a place; undefined where it has none. */
export function segmentAt(segmentationId: string, point: PointLps): number | undefined {
  const { metaData } = globals().cornerstone;
  let nearest = { mm: Number.POSITIVE_INFINITY, value: 0 };
  for (const image of labelImages(segmentationId)) {
    const plane = metaData.get('imagePlaneModule', drawnOn(image));
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
    const within = x >= 0 && y >= 0 && x < plane.columns && y < plane.rows;
    nearest = { mm, value: within ? image.getPixelData()[y * plane.columns + x]! : 0 };
  }
  return nearest.value || undefined;
}

/**
 * Draws a segment of one label into another one of the same images, as a metastasis of its own, wherever that is still empty.
 * @returns false if nothing of it was left to draw
 */
export function copyOutline(from: string, number: number, editor: LabelEditor): boolean {
  const used = new Set(drawnSegments(editor.segmentationId).map((segment) => segment.number));
  const listed = editor.numbers.find((one) => !used.has(one));
  const value = listed ?? editor.freeNumbers(1)[0]!;
  const images = labelImages(editor.segmentationId);
  const slices = new Map(images.map((image, k) => [drawnOn(image), k]));
  const voxels: number[] = [];
  for (const image of labelImages(from)) {
    const k = slices.get(drawnOn(image));
    if (k === undefined) continue;
    const own = images[k]!.getPixelData();
    image.getPixelData().forEach((theirs, n) => {
      if (theirs === number && own[n] === 0) voxels.push(k * own.length + n);
    });
  }
  if (voxels.length === 0) return false;
  editor.apply({
    changes: [{ voxels: Int32Array.from(voxels), value }],
    added: listed === undefined ? [value] : [],
    active: value,
  });
  return true;
}
