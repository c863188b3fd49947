import { type Grid, transformPoint, voxelCount } from '../domain/geometry.ts';
import type { Dataset } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { parsePart10 } from './part10.ts';
import { pixelLayout } from './pixel-layout.ts';

/** How far a frame may lie from a slice of the SEG's own grid, mm, and a cosine from what it should be: decimal strings round. */
const toleranceMm = 0.02;
const cosineTolerance = 1e-4;
/** Of a grid that is read: 512 x 512 in 256 slices. */
const greatestVoxelCount = 2 ** 26;

interface Plane {
  readonly spacing: readonly [betweenRows: number, betweenColumns: number];
  readonly orientation: readonly number[];
  readonly position: readonly [number, number, number];
  /** Between slices, mm; undefined if the frame says neither that nor a thickness. */
  readonly sliceMm: number | undefined;
}

/**
 * The grid on which a SEG's own frames lie: parallel planes of one size and spacing, at whole multiples of the distance of its slices,
 * from the first frame to the last. Slices without a frame are part of it.
 * @throws DicomError GRID_MISMATCH if the frames lie on no grid, MISSING_ATTRIBUTE, OUT_OF_BOUNDS
 */
export function readSegGrid(bytes: Uint8Array): Grid {
  const { dataset } = parsePart10(bytes);
  const { columns, rows, frames } = pixelLayout(dataset);
  const planes = planesOf(dataset, frames);
  const [first] = planes;
  if (first === undefined) throw new DicomError('MALFORMED', 'The SEG has no frame.');
  const { spacing, orientation: o } = first;
  requireFinite(first);
  const normal = [o[1]! * o[5]! - o[2]! * o[4]!, o[2]! * o[3]! - o[0]! * o[5]!, o[0]! * o[4]! - o[1]! * o[3]!];
  const along = planes.map(({ position: p }) => p[0] * normal[0]! + p[1] * normal[1]! + p[2] * normal[2]!);
  const start = Math.min(...along);
  const step = first.sliceMm;
  if (step === undefined || !(step > 0))
    throw new DicomError('MISSING_ATTRIBUTE', 'The SEG says neither the spacing nor the thickness of its slices.');
  const slices = Math.round((Math.max(...along) - start) / step) + 1;
  const origin = planes[along.indexOf(start)]!.position;
  const grid: Grid = {
    size: [columns, rows, slices],
    indexToLps: [
      o[0]! * spacing[1], o[3]! * spacing[0], normal[0]! * step, origin[0],
      o[1]! * spacing[1], o[4]! * spacing[0], normal[1]! * step, origin[1],
      o[2]! * spacing[1], o[5]! * spacing[0], normal[2]! * step, origin[2], 0, 0, 0, 1,
    ], // biome-ignore format: a matrix
  };
  if (!(voxelCount(grid) <= greatestVoxelCount))
    throw new DicomError('OUT_OF_BOUNDS', `The SEG's own grid has more than ${greatestVoxelCount} voxels.`);
  planes.forEach((plane, n) => {
    const k = Math.round((along[n]! - start) / step);
    const expected = transformPoint(grid.indexToLps, [0, 0, k]);
    const away = Math.hypot(...plane.position.map((at, axis) => at - expected[axis]!));
    if (!sameShape(plane, first) || !(away <= toleranceMm))
      throw new DicomError(
        'GRID_MISMATCH',
        `Frame ${n + 1} does not lie on a grid with the first: the SEG cannot be resampled.`,
      );
  });
  return grid;
}

function planesOf(dataset: Dataset, frames: number): Plane[] {
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const perFrame = dataset.items('PerFrameFunctionalGroupsSequence');
  if (perFrame.length < frames)
    throw new DicomError('MALFORMED', `The SEG has ${frames} frames but functional groups for ${perFrame.length}.`);
  return Array.from({ length: frames }, (_, frame) => {
    const group = (keyword: string): Dataset => {
      const item = perFrame[frame]!.items(keyword)[0] ?? shared?.items(keyword)[0];
      if (item === undefined) throw new DicomError('MISSING_ATTRIBUTE', `Frame ${frame + 1} has no ${keyword}.`);
      return item;
    };
    const measures = group('PixelMeasuresSequence');
    const [betweenRows, betweenColumns] = measures.requireNumbers('PixelSpacing', 2);
    const [x, y, z] = group('PlanePositionSequence').requireNumbers('ImagePositionPatient', 3);
    return {
      spacing: [betweenRows!, betweenColumns!],
      orientation: group('PlaneOrientationSequence').requireNumbers('ImageOrientationPatient', 6),
      position: [x!, y!, z!],
      sliceMm: measures.number('SpacingBetweenSlices') ?? measures.number('SliceThickness'),
    };
  });
}

/** Rows and columns at right angles, of unit length, with a spacing above 0. */
function requireFinite({ spacing, orientation: o }: Plane): void {
  const dot = (a: number, b: number): number => o[a]! * o[b]! + o[a + 1]! * o[b + 1]! + o[a + 2]! * o[b + 2]!;
  const odd = Math.max(Math.abs(dot(0, 0) - 1), Math.abs(dot(3, 3) - 1), Math.abs(dot(0, 3)));
  if (!(odd <= 10 * cosineTolerance))
    throw new DicomError('OUT_OF_BOUNDS', 'The orientation of the SEG is no rotation.');
  if (!spacing.every((mm) => mm > 0 && Number.isFinite(mm)))
    throw new DicomError('OUT_OF_BOUNDS', 'The pixel spacing of the SEG is not positive.');
}

const sameShape = (a: Plane, b: Plane): boolean =>
  a.spacing.every((mm, n) => Math.abs(mm - b.spacing[n]!) <= 1e-3) &&
  a.orientation.every((cosine, n) => Math.abs(cosine - b.orientation[n]!) <= cosineTolerance) &&
  a.sliceMm === b.sliceMm;
