import {
  type Grid,
  invertAffine,
  type LabelVolume,
  type Matrix4,
  type PointLps,
  transformPoint,
  voxelCount,
} from '../domain/geometry.ts';
import type { Dataset } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { type Part10, parsePart10 } from './part10.ts';
import { type PixelLayout, pixelLayout } from './pixel-layout.ts';
import { pixelFrames } from './pixels/decode.ts';
import { uids } from './uid.ts';
import { type SegmentAlgorithmType, segmentAlgorithmTypes } from './write-seg.ts';

/** What a SEG says of itself, without its voxels. */
export interface SegReferences {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string | undefined;
  /** Undefined if the SEG names no source series, or several. */
  readonly referencedSeriesUid: string | undefined;
  readonly referencedSopInstanceUids: readonly string[];
}

export interface ReadSegment {
  /** Its value in the label volume. */
  readonly number: number;
  readonly label: string;
  readonly algorithmType: SegmentAlgorithmType;
  readonly algorithmName: string | undefined;
  readonly voxelCount: number;
}

export interface ReadSeg extends SegReferences {
  readonly label: LabelVolume;
  readonly segments: readonly ReadSegment[];
}

/** How far a corner of a frame may lie from the grid, mm: decimal strings round. */
const toleranceMm = 0.02;

/** Reads only what a SEG refers to, which is needed to find its grid. @throws DicomError */
export function readSegReferences(bytes: Uint8Array): SegReferences {
  return referencesOf(requireSeg(parsePart10(bytes)));
}

/**
 * Reads a BINARY, LABELMAP or FRACTIONAL segmentation onto the grid of its source. Frames may come in any order; what has no frame is
 * background. Of a FRACTIONAL one a voxel belongs to a segment from half of the greatest value on, be it probability or occupancy.
 * Every transfer syntax of `transfer-syntax.ts` is read.
 * @throws DicomError GRID_MISMATCH naming the difference; OVERLAPPING_SEGMENTS; UNSUPPORTED for other bits; and as `parsePart10`
 */
export function readSeg(bytes: Uint8Array, grid: Grid): ReadSeg {
  const part10 = parsePart10(bytes);
  const dataset = requireSeg(part10);
  const layout = pixelLayout(dataset);
  const type = dataset.requireText('SegmentationType');
  const labelMap = type === 'LABELMAP';
  const bits = layout.bitsAllocated;
  const least = leastValue(dataset, type);
  if (!(readBits[type] ?? []).includes(bits))
    throw new DicomError(
      'UNSUPPORTED',
      `A ${type} segmentation with ${bits} bits allocated is not read: store BINARY of 1 bit, FRACTIONAL of 8 or LABELMAP of 8 or 16.`,
    );
  const described = describedSegments(dataset, labelMap);
  const slices = sliceOfEachFrame(dataset, layout, grid);
  const frameSegments = labelMap ? undefined : segmentOfEachFrame(dataset, layout.frames);
  const data = new Uint16Array(voxelCount(grid));
  const pixels = layout.rows * layout.columns;
  const frames = frameReader(part10, layout);
  const voxelCounts = new Map<number, number>();
  const written = new Set<number>();
  for (let frame = 0; frame < layout.frames; frame++) {
    const values = frames(frame);
    const segment = frameSegments?.[frame] ?? 0;
    if (!labelMap && !described.has(segment))
      throw new DicomError('MALFORMED', `Frame ${frame + 1} belongs to segment ${segment}, which is not described.`);
    const key = slices[frame]! * 65536 + segment;
    if (written.has(key))
      throw new DicomError('MALFORMED', `Frame ${frame + 1} repeats a slice of segment ${segment}.`);
    written.add(key);
    const plane = data.subarray(slices[frame]! * pixels, (slices[frame]! + 1) * pixels);
    for (let n = 0; n < pixels; n++) {
      if (values[n]! < least) continue;
      const value = labelMap ? values[n]! : segment;
      if (plane[n] !== 0)
        throw new DicomError(
          'OVERLAPPING_SEGMENTS',
          `Segments ${plane[n]} and ${value} overlap in slice ${slices[frame]! + 1}: a voxel belongs to one lesion.`,
        );
      if (!described.has(value))
        throw new DicomError(
          'MALFORMED',
          `Slice ${slices[frame]! + 1} holds the value ${value}, which is not described.`,
        );
      plane[n] = value;
      voxelCounts.set(value, (voxelCounts.get(value) ?? 0) + 1);
    }
  }
  const segments = [...described.values()].map((segment) => ({
    ...segment,
    voxelCount: voxelCounts.get(segment.number) ?? 0,
  }));
  return { ...referencesOf(dataset), label: { grid, data }, segments };
}

/** Bits Allocated that are read, by Segmentation Type. */
const readBits: Readonly<Record<string, readonly number[]>> = { BINARY: [1], LABELMAP: [8, 16], FRACTIONAL: [8] };

/** The least value that counts as within a segment. @throws DicomError MISSING_ATTRIBUTE, OUT_OF_BOUNDS */
function leastValue(dataset: Dataset, type: string): number {
  if (type !== 'FRACTIONAL') return 1;
  const greatest = dataset.requireNumber('MaximumFractionalValue');
  if (!(greatest >= 1)) throw new DicomError('OUT_OF_BOUNDS', 'Maximum Fractional Value is not positive.');
  return greatest / 2;
}

function requireSeg({ dataset }: Part10): Dataset {
  const sopClass = dataset.requireText('SOPClassUID');
  if (sopClass !== uids.segmentation && sopClass !== uids.labelMapSegmentation)
    throw new DicomError('UNSUPPORTED_CLASS', 'The instance is no Segmentation.');
  return dataset;
}

function referencesOf(dataset: Dataset): SegReferences {
  const series = dataset.items('ReferencedSeriesSequence');
  const instances = series.flatMap((one) => one.items('ReferencedInstanceSequence'));
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const groups = [...(shared === undefined ? [] : [shared]), ...dataset.items('PerFrameFunctionalGroupsSequence')];
  const sources = groups
    .flatMap((group) => group.items('DerivationImageSequence'))
    .flatMap((one) => one.items('SourceImageSequence'));
  const referenced = [...instances, ...sources].map((one) => one.text('ReferencedSOPInstanceUID'));
  return {
    sopInstanceUid: dataset.requireText('SOPInstanceUID'),
    studyInstanceUid: dataset.requireText('StudyInstanceUID'),
    frameOfReferenceUid: dataset.text('FrameOfReferenceUID'),
    referencedSeriesUid: series.length === 1 ? series[0]!.text('SeriesInstanceUID') : undefined,
    referencedSopInstanceUids: [...new Set(referenced)].filter((uid) => uid !== undefined),
  };
}

/** By number; the background that a label map may describe is left out. */
function describedSegments(dataset: Dataset, labelMap: boolean): Map<number, Omit<ReadSegment, 'voxelCount'>> {
  const segments = new Map<number, Omit<ReadSegment, 'voxelCount'>>();
  for (const item of dataset.items('SegmentSequence')) {
    const number = item.requireNumber('SegmentNumber');
    if (labelMap && number === 0) continue;
    if (number < 1 || segments.has(number))
      throw new DicomError('MALFORMED', `Segment number ${number} is repeated or not positive.`);
    const type = segmentAlgorithmTypes.find((one) => one === item.text('SegmentAlgorithmType'));
    segments.set(number, {
      number,
      label: item.text('SegmentLabel') ?? '',
      algorithmType: type ?? 'MANUAL',
      algorithmName: item.text('SegmentAlgorithmName'),
    });
  }
  return segments;
}

function segmentOfEachFrame(dataset: Dataset, frames: number): number[] {
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const perFrame = dataset.items('PerFrameFunctionalGroupsSequence');
  return Array.from({ length: frames }, (_, n) => {
    const item =
      perFrame[n]?.items('SegmentIdentificationSequence')[0] ?? shared?.items('SegmentIdentificationSequence')[0];
    const number = item?.number('ReferencedSegmentNumber');
    if (number === undefined) throw new DicomError('MISSING_ATTRIBUTE', `Frame ${n + 1} names no segment.`);
    return number;
  });
}

/** The slice of the grid that each frame fills. @throws DicomError GRID_MISMATCH */
function sliceOfEachFrame(dataset: Dataset, layout: PixelLayout, grid: Grid): number[] {
  const [columns, rows, slices] = grid.size;
  if (layout.columns !== columns || layout.rows !== rows)
    throw new DicomError(
      'GRID_MISMATCH',
      `The SEG has ${layout.columns} columns and ${layout.rows} rows, its source ${columns} and ${rows}.`,
    );
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const perFrame = dataset.items('PerFrameFunctionalGroupsSequence');
  if (perFrame.length < layout.frames)
    throw new DicomError(
      'MALFORMED',
      `The SEG has ${layout.frames} frames but functional groups for ${perFrame.length}.`,
    );
  const toIndex = invertAffine(grid.indexToLps);
  return Array.from({ length: layout.frames }, (_, frame) => {
    const group = (keyword: string): Dataset => {
      const item = perFrame[frame]!.items(keyword)[0] ?? shared?.items(keyword)[0];
      if (item === undefined) throw new DicomError('MISSING_ATTRIBUTE', `Frame ${frame + 1} has no ${keyword}.`);
      return item;
    };
    const [betweenRows, betweenColumns] = group('PixelMeasuresSequence').requireNumbers('PixelSpacing', 2);
    const o = group('PlaneOrientationSequence').requireNumbers('ImageOrientationPatient', 6);
    const p = group('PlanePositionSequence').requireNumbers('ImagePositionPatient', 3);
    const pixelToLps: Matrix4 = [
      o[0]! * betweenColumns!, o[3]! * betweenRows!, 0, p[0]!, o[1]! * betweenColumns!, o[4]! * betweenRows!, 0, p[1]!,
      o[2]! * betweenColumns!, o[5]! * betweenRows!, 0, p[2]!, 0, 0, 0, 1,
    ]; // biome-ignore format: a matrix
    const slice = Math.round(transformPoint(toIndex, transformPoint(pixelToLps, [0, 0, 0]))[2]);
    const away = Math.max(
      ...[
        [0, 0],
        [columns - 1, 0],
        [0, rows - 1],
        [columns - 1, rows - 1],
      ].map(([i, j]) =>
        distance(transformPoint(pixelToLps, [i!, j!, 0]), transformPoint(grid.indexToLps, [i!, j!, slice])),
      ),
    );
    if (!(away <= toleranceMm))
      throw new DicomError(
        'GRID_MISMATCH',
        `Frame ${frame + 1} lies ${away.toFixed(2)} mm from the nearest slice of its source: ${difference(grid, betweenRows!, betweenColumns!, o)}.`,
      );
    if (slice < 0 || slice >= slices)
      throw new DicomError(
        'GRID_MISMATCH',
        `Frame ${frame + 1} lies at slice ${slice + 1}, its source has slices 1 to ${slices}.`,
      );
    return slice;
  });
}

function distance(a: PointLps, b: PointLps): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Names the first property in which a frame differs from the grid. */
function difference(
  { indexToLps: m }: Grid,
  betweenRows: number,
  betweenColumns: number,
  orientation: readonly number[],
): string {
  const [columnMm, rowMm] = [Math.hypot(m[0]!, m[4]!, m[8]!), Math.hypot(m[1]!, m[5]!, m[9]!)];
  if (Math.abs(columnMm - betweenColumns) > 1e-3 || Math.abs(rowMm - betweenRows) > 1e-3)
    return `its pixel spacing is ${betweenRows} and ${betweenColumns} mm, not ${rowMm.toFixed(4)} and ${columnMm.toFixed(4)}`;
  const expected = [m[0]! / columnMm, m[4]! / columnMm, m[8]! / columnMm, m[1]! / rowMm, m[5]! / rowMm, m[9]! / rowMm];
  if (expected.some((cosine, n) => Math.abs(cosine - orientation[n]!) > 1e-4)) return 'its orientation differs';
  return 'its position differs';
}

/** Gives the values of one frame; BINARY ones are unpacked to 0 and 1. */
function frameReader(part10: Part10, layout: PixelLayout): (frame: number) => Uint8Array | Uint16Array {
  const { native } = pixelFrames(part10, layout);
  const pixels = layout.rows * layout.columns;
  if (layout.bitsAllocated > 1) return (frame) => asValues(native(frame).slice(), layout.bitsAllocated);
  return (frame) => {
    const packed = native(frame);
    return Uint8Array.from({ length: pixels }, (_, n) => (packed[n >>> 3]! >> (n & 7)) & 1);
  };
}

/** @param bytes a copy of their own, which starts at an even offset */
function asValues(bytes: Uint8Array, bitsAllocated: number): Uint8Array | Uint16Array {
  return bitsAllocated === 8 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
