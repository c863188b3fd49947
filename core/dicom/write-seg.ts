import type { LabelVolume } from '../domain/geometry.ts';
import { type Attributes, buildDataset } from './build-dataset.ts';
import {
  codeItem, codes, commonAttributes, dimension, type ObjectIdentity, referencedSeries, requireSourceOfEachSlice,
  type SourceSeries, sourceImageItem,
} from './derived-series.ts'; // biome-ignore format: one import
import { DicomError } from './dicom-error.ts';
import { frameGeometry, sharedPlaneGroups } from './frame-geometry.ts';
import { keyedUid, uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

/** Red as CIELab in 16 bits (PS3.3 C.10.7.1.1): L* 53.2, a* 80.1, b* 67.2. */
const displayColour = [34_891, 53_485, 50_171];

export const segmentAlgorithmTypes = ['MANUAL', 'SEMIAUTOMATIC', 'AUTOMATIC'] as const;
export type SegmentAlgorithmType = (typeof segmentAlgorithmTypes)[number];

/** One lesion; its number is its value in the label volume. */
export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly algorithmType: SegmentAlgorithmType;
  /** Required unless MANUAL, as "Metloop model 12". */
  readonly algorithmName?: string | undefined;
  /** Of a model, with what it was run with, as "threshold 0.93". */
  readonly algorithm?: { readonly version: string; readonly parameters: string } | undefined;
  /** By which measurements and later studies name the same lesion. */
  readonly tracking?: { readonly id: string; readonly uid: string } | undefined;
}

export interface SegContent {
  readonly label: LabelVolume;
  readonly source: SourceSeries;
  /** Its slices are not the source's: frames then name no image that they were drawn on. */
  readonly onOwnGrid?: boolean;
  /** Numbered 1, 2, … without gaps, in order. */
  readonly segments: readonly Segment[];
  readonly identity: ObjectIdentity;
}

/**
 * A binary Segmentation (PS3.3 A.51), explicit little endian, one segment a lesion, one frame for each slice that a lesion reaches,
 * in the geometry of the label's grid, which is that of the source unless `onOwnGrid`.
 * @throws DicomError EMPTY_LABEL if no voxel is labelled: the standard has no SEG without frames; GRID_MISMATCH
 * @throws RangeError if the segments do not fit the label's values
 */
export function writeSeg(content: SegContent): Uint8Array {
  const { label, source, segments, identity, onOwnGrid = false } = content;
  const [columns, rows, slices] = label.grid.size;
  if (!onOwnGrid) requireSourceOfEachSlice(source, slices);
  const frames = labelledFrames(label);
  if (frames.length === 0)
    throw new DicomError('EMPTY_LABEL', 'The label has no voxel: a SEG needs at least one frame.');
  checkSegments(segments, frames);
  const geometry = frameGeometry(label.grid);
  const organizationUid = keyedUid(Buffer.from('dimension organization'), identity.sopInstanceUid);
  const dataset = buildDataset({
    ...commonAttributes(source, identity),
    SOPClassUID: uids.segmentation,
    Modality: 'SEG',
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: 'METASTASES',
    ContentDescription: identity.seriesDescription,
    ContentCreatorName: null,
    SegmentationType: 'BINARY',
    SegmentsOverlap: 'NO',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    NumberOfFrames: frames.length,
    ReferencedSeriesSequence: referencedSeries(source),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organizationUid }],
    DimensionIndexSequence: [
      dimension(organizationUid, 'ReferencedSegmentNumber', 'SegmentIdentificationSequence', 'Segment'),
      dimension(organizationUid, 'ImagePositionPatient', 'PlanePositionSequence', 'Slice'),
    ],
    SegmentSequence: segments.map(segmentItem),
    SharedFunctionalGroupsSequence: [sharedPlaneGroups(geometry)],
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, slice }) => ({
      FrameContentSequence: [{ DimensionIndexValues: [segment, slice + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: geometry.position(slice) }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
      DerivationImageSequence: onOwnGrid
        ? undefined
        : [
            {
              SourceImageSequence: [sourceImageItem(source, slice)],
              DerivationCodeSequence: [codeItem(codes.segmentation)],
            },
          ],
    })),
    PixelData: packFrames(label, frames),
  });
  return writePart10(dataset);
}

interface LabelledFrame {
  readonly segment: number;
  readonly slice: number;
}

/** The slices that each label value reaches, ordered by value, then slice. */
function labelledFrames({ grid, data }: LabelVolume): LabelledFrame[] {
  const [columns, rows, slices] = grid.size;
  const frames: LabelledFrame[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const values = new Set(data.subarray(slice * rows * columns, (slice + 1) * rows * columns));
    values.delete(0);
    for (const segment of values) frames.push({ segment, slice });
  }
  return frames.sort((a, b) => a.segment - b.segment || a.slice - b.slice);
}

function checkSegments(segments: readonly Segment[], frames: readonly LabelledFrame[]): void {
  segments.forEach(({ number, algorithmType, algorithmName }, n) => {
    if (number !== n + 1)
      throw new RangeError(`Segment ${n + 1} has the number ${number}: number segments 1, 2, … in order.`);
    if (algorithmType !== 'MANUAL' && !algorithmName)
      throw new RangeError(`Segment ${number} is ${algorithmType} but names no algorithm.`);
    if (!frames.some(({ segment }) => segment === number))
      throw new RangeError(`Segment ${number} has no voxel in the label.`);
  });
  const stray = frames.find(({ segment }) => segment > segments.length);
  if (stray !== undefined)
    throw new RangeError(`The label holds the value ${stray.segment}, for which there is no segment.`);
}

/** CID 7162 Surface Processing Algorithm Family. */
const artificialIntelligence = ['123109', 'DCM', 'Artificial Intelligence'] as const;

function segmentItem({ number, label, algorithmType, algorithmName, algorithm, tracking }: Segment): Attributes {
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    // Viewers ask for a colour; the same for all, so that a picture looks alike everywhere.
    RecommendedDisplayCIELabValue: displayColour,
    SegmentAlgorithmType: algorithmType,
    SegmentAlgorithmName: algorithmType === 'MANUAL' ? undefined : algorithmName,
    SegmentationAlgorithmIdentificationSequence: algorithm && [
      {
        AlgorithmFamilyCodeSequence: [codeItem(artificialIntelligence)],
        AlgorithmName: algorithmName!,
        AlgorithmVersion: algorithm.version,
        AlgorithmParameters: algorithm.parameters,
      },
    ],
    TrackingID: tracking?.id,
    TrackingUID: tracking?.uid,
    AnatomicRegionSequence: [codeItem(codes.brain)],
    SegmentedPropertyCategoryCodeSequence: [codeItem(codes.abnormalStructure)],
    SegmentedPropertyTypeCodeSequence: [codeItem(codes.secondaryNeoplasm)],
  };
}

/** Bits from the least significant upwards, frames without a gap between them (PS3.5 section 8.1.1 and Annex D). */
function packFrames({ grid, data }: LabelVolume, frames: readonly LabelledFrame[]): Uint8Array {
  const [columns, rows] = grid.size;
  const pixels = rows * columns;
  const packed = new Uint8Array(Math.ceil((pixels * frames.length) / 8));
  frames.forEach(({ segment, slice }, frame) => {
    const plane = data.subarray(slice * pixels, (slice + 1) * pixels);
    for (let n = 0; n < pixels; n++)
      if (plane[n] === segment) {
        const bit = frame * pixels + n;
        packed[bit >>> 3]! |= 1 << (bit & 7);
      }
  });
  return packed;
}
