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
  /** Of the grid: that of the series whose space the result is in. */
  readonly frameOfReferenceUid: string;
  /** Without an instance UID: one is derived for each slice from `seriesInstanceUid`. */
  readonly identity: Omit<ObjectIdentity, 'sopInstanceUid'>;
  /** How it was made, as "Rigidly registered to BRAVO and resampled". */
  readonly derivation: string;
  readonly parameters: SeriesParameters;
}

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
  const sourceClass = source.sopClassUid ?? uids.mrImage;
  const sources = [...new Set(source.sopInstanceUids)].map((uid) => ({
    ReferencedSOPClassUID: sourceClass,
    ReferencedSOPInstanceUID: uid,
    PurposeOfReferenceCodeSequence: [codeItem(codes.sourceImage)],
  }));
  return {
    ...commonAttributes(source, { ...identity, sopInstanceUid: identity.seriesInstanceUid }),
    FrameOfReferenceUID: frameOfReferenceUid,
    SOPClassUID: uids.mrImage,
    Modality: 'MR',
    BodyPartExamined: 'BRAIN',
    PatientPosition: null,
    ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    DerivationDescription: derivation,
    SourceImageSequence: sources.length > 0 ? sources : undefined,
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

/** From zero to the 99.5th percentile of the positive values, by a sample of at most some 100,000 of them. */
function displayWindow(data: Int16Array): Attributes {
  const step = Math.max(1, Math.floor(data.length / 100_000));
  const sample: number[] = [];
  for (let n = 0; n < data.length; n += step) if (data[n]! > 0) sample.push(data[n]!);
  sample.sort((a, b) => a - b);
  const width = Math.max(2, sample[Math.floor(sample.length * 0.995)] ?? 2);
  return { WindowCenter: width / 2, WindowWidth: width };
}
