import type { Volume } from '../domain/geometry.ts';
import { type Attributes, buildDataset } from './build-dataset.ts';
import { codeItem, codes, commonAttributes, type ObjectIdentity, type SourceSeries } from './derived-series.ts';
import { frameGeometry } from './frame-geometry.ts';
import type { SeriesParameters } from './sequence-role.ts';
import { keyedUid, uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

export interface DerivedMrContent {
  readonly volume: Volume<Int16Array>;
  /**
   * The series that was resampled; its study and patient are those of the result, its frame of reference need not be. Without instances
   * where what it was made from is no DICOM.
   */
  readonly source: SourceSeries;
  /** Of each slice, the slices of the source that it was made from, null for none of them; all of them if not given. */
  readonly sourceSlices?: readonly (SliceRange | null)[];
  /** Of the grid: that of the series whose space the result is in. */
  readonly frameOfReferenceUid: string;
  /** Without an instance UID: one is derived for each slice from `seriesInstanceUid`. */
  readonly identity: Omit<ObjectIdentity, 'sopInstanceUid'>;
  /** How it was made, as "Rigidly registered to BRAVO and resampled". */
  readonly derivation: string;
  readonly parameters: SeriesParameters;
}

/** Slices that follow each other. */
export type SliceRange = readonly [first: number, last: number];

/**
 * A slice that lies across more images of its source names none of them, but only the series: otherwise every file would name all
 * of the source, and what viewers have to read would grow with the square of the slices.
 */
const mostSourceImages = 16;

/**
 * A derived MR series (PS3.3 A.4), one classic instance a slice in slice order, Int16, explicit little endian: what a viewer
 * needs to show a co-registered copy. The UIDs follow from the series UID, so a repeated run writes the same bytes.
 */
export function writeMr(content: DerivedMrContent): Uint8Array[] {
  const { volume, identity } = content;
  const [columns, rows, slices] = volume.grid.size;
  const geometry = frameGeometry(volume.grid);
  const window = displayWindow(volume.data);
  const series = seriesAttributes(content);
  return Array.from({ length: slices }, (_, slice) => {
    const sopInstanceUid = keyedUid(Buffer.from(identity.seriesInstanceUid), `slice ${slice}`);
    const dataset = buildDataset({
      ...series,
      SOPInstanceUID: sopInstanceUid,
      InstanceNumber: slice + 1,
      SourceImageSequence: sourceImages(content, slice),
      Rows: rows,
      Columns: columns,
      PixelSpacing: geometry.pixelSpacingMm,
      SliceThickness: geometry.sliceSpacingMm,
      SpacingBetweenSlices: geometry.sliceSpacingMm,
      ImageOrientationPatient: geometry.imageOrientation,
      ImagePositionPatient: geometry.position(slice),
      ...window,
      PixelData: volume.data.subarray(slice * rows * columns, (slice + 1) * rows * columns),
    });
    return writePart10(dataset);
  });
}

function seriesAttributes({
  source,
  identity,
  parameters,
  derivation,
  frameOfReferenceUid,
}: DerivedMrContent): Attributes {
  return {
    ...commonAttributes(source, { ...identity, sopInstanceUid: identity.seriesInstanceUid }),
    FrameOfReferenceUID: frameOfReferenceUid,
    SOPClassUID: uids.mrImage,
    Modality: 'MR',
    BodyPartExamined: 'BRAIN',
    PatientPosition: null,
    ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    DerivationDescription: derivation,
    RelatedSeriesSequence: source.sopInstanceUids.length > 0 ? [relatedSeries(source)] : undefined,
    ScanningSequence: parameters.scanningSequence.length > 0 ? parameters.scanningSequence : 'RM',
    SequenceVariant: parameters.sequenceVariant.length > 0 ? parameters.sequenceVariant : 'NONE',
    ScanOptions: parameters.scanOptions,
    MRAcquisitionType: parameters.acquisitionType ?? null,
    RepetitionTime: parameters.repetitionTimeMs ?? null,
    EchoTime: parameters.echoTimeMs ?? null,
    InversionTime: parameters.inversionTimeMs,
    FlipAngle: parameters.flipAngleDegrees,
    EchoTrainLength: null,
    ContrastBolusAgent: parameters.contrastAgent,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
  };
}

/** The source as a whole (PS3.3 C.7.3.1), in every slice, whichever images it names. */
const relatedSeries = ({ studyInstanceUid, seriesInstanceUid }: SourceSeries): Attributes => ({
  StudyInstanceUID: studyInstanceUid,
  SeriesInstanceUID: seriesInstanceUid,
  PurposeOfReferenceCodeSequence: [codeItem(codes.sameAnatomy)],
});

/** The images that a slice was made from (PS3.3 C.12.4), undefined where there are none or too many to be named. */
function sourceImages({ source, sourceSlices }: DerivedMrContent, slice: number): readonly Attributes[] | undefined {
  const { sopInstanceUids, frameNumbers } = source;
  const range = sourceSlices ? sourceSlices[slice] : ([0, sopInstanceUids.length - 1] as const);
  if (!range) return undefined;
  const [first, last] = range;
  const instances = new Set(sopInstanceUids.slice(first, last + 1));
  if (instances.size === 0 || instances.size > mostSourceImages) return undefined;
  const isWhole = last + 1 - first === sopInstanceUids.length;
  return Array.from(instances, (uid) => ({
    ReferencedSOPClassUID: source.sopClassUid ?? uids.mrImage,
    ReferencedSOPInstanceUID: uid,
    ReferencedFrameNumber: isWhole
      ? undefined
      : frameNumbers?.slice(first, last + 1).filter((_, n) => sopInstanceUids[first + n] === uid),
    PurposeOfReferenceCodeSequence: [codeItem(codes.sourceImage)],
  }));
}

/** From zero to the 99.5th percentile of the positive values, by a sample of at most some 100,000 of them. */
function displayWindow(data: Int16Array): Attributes {
  const step = Math.max(1, Math.floor(data.length / 100_000));
  const sample: number[] = [];
  for (let n = 0; n < data.length; n += step) if (data[n]! > 0) sample.push(data[n]!);
  sample.sort((a, b) => a - b);
  const width = Math.max(2, sample[Math.floor(sample.length * 0.995)] ?? 2);
  return { WindowCenter: width / 2, WindowWidth: width };
}
