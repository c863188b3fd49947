import type { Dataset } from './dataset.ts';
import { parsePart10 } from './part10.ts';
import type { SeriesParameters } from './sequence-role.ts';

/** What the database keeps of an instance, with its series, study and patient. Absent and empty attributes are undefined. */
export interface InstanceHeader {
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly instanceNumber: number | undefined;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly numberOfFrames: number;
  readonly patient: {
    readonly id: string | undefined;
    readonly sex: string | undefined;
    /** As stored, such as "061Y". */
    readonly age: string | undefined;
  };
  readonly study: {
    readonly instanceUid: string;
    /** "YYYYMMDD". */
    readonly date: string | undefined;
    /** "HHMMSS", perhaps with a fraction. */
    readonly time: string | undefined;
    readonly description: string | undefined;
    readonly accessionNumber: string | undefined;
  };
  readonly series: {
    readonly instanceUid: string;
    readonly number: number | undefined;
    readonly modality: string | undefined;
    readonly frameOfReferenceUid: string | undefined;
    readonly bodyPart: string | undefined;
    readonly manufacturer: string | undefined;
    readonly manufacturerModelName: string | undefined;
    readonly magneticFieldStrengthT: number | undefined;
    readonly pixelSpacingMm: readonly [number, number] | undefined;
  };
  /** What the role of the series is recognized from; `instanceCount` is 1 and is the series' to sum. */
  readonly parameters: SeriesParameters;
}

/** @throws DicomError as `parsePart10`, and MISSING_ATTRIBUTE if a UID of the instance, series or study is absent */
export function readHeader(bytes: Uint8Array): InstanceHeader {
  const { dataset, transferSyntaxUid } = parsePart10(bytes);
  return headerOf(dataset, transferSyntaxUid);
}

/** As `readHeader`, of a dataset already parsed. */
export function headerOf(dataset: Dataset, transferSyntaxUid: string): InstanceHeader {
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const [firstFrame] = dataset.items('PerFrameFunctionalGroupsSequence');
  const measures =
    (shared?.items('PixelMeasuresSequence') ?? firstFrame?.items('PixelMeasuresSequence'))?.[0] ?? dataset;
  const [betweenRows, betweenColumns] = measures.numbers('PixelSpacing');
  return {
    transferSyntaxUid,
    sopClassUid: dataset.requireText('SOPClassUID'),
    sopInstanceUid: dataset.requireText('SOPInstanceUID'),
    instanceNumber: dataset.number('InstanceNumber'),
    rows: dataset.number('Rows'),
    columns: dataset.number('Columns'),
    numberOfFrames: dataset.number('NumberOfFrames') ?? 1,
    patient: { id: dataset.text('PatientID'), sex: dataset.text('PatientSex'), age: dataset.text('PatientAge') },
    study: {
      instanceUid: dataset.requireText('StudyInstanceUID'),
      date: dataset.text('StudyDate'),
      time: dataset.text('StudyTime'),
      description: dataset.text('StudyDescription'),
      accessionNumber: dataset.text('AccessionNumber'),
    },
    series: {
      instanceUid: dataset.requireText('SeriesInstanceUID'),
      number: dataset.number('SeriesNumber'),
      modality: dataset.text('Modality'),
      frameOfReferenceUid: dataset.text('FrameOfReferenceUID'),
      bodyPart: dataset.text('BodyPartExamined'),
      manufacturer: dataset.text('Manufacturer'),
      manufacturerModelName: dataset.text('ManufacturerModelName'),
      magneticFieldStrengthT: dataset.number('MagneticFieldStrength'),
      pixelSpacingMm:
        betweenRows !== undefined && betweenColumns !== undefined ? [betweenRows, betweenColumns] : undefined,
    },
    parameters: parametersOf(dataset, shared ?? firstFrame, measures),
  };
}

/** Acquisition parameters of a classic image, or of an enhanced one by its functional groups (PS3.3 C.8.13.5). */
function parametersOf(dataset: Dataset, groups: Dataset | undefined, measures: Dataset): SeriesParameters {
  const group = (sequence: string): Dataset => groups?.items(sequence)[0] ?? dataset;
  const timing = group('MRTimingAndRelatedParametersSequence');
  const [agent] = dataset.items('ContrastBolusAgentSequence');
  const [firstFrame] = dataset.items('PerFrameFunctionalGroupsSequence');
  const echo = firstFrame?.items('MREchoSequence')[0] ?? group('MREchoSequence');
  return {
    seriesInstanceUid: dataset.requireText('SeriesInstanceUID'),
    seriesNumber: dataset.number('SeriesNumber'),
    seriesDescription: dataset.text('SeriesDescription'),
    protocolName: dataset.text('ProtocolName'),
    sequenceName: dataset.text('SequenceName') ?? dataset.text('PulseSequenceName'),
    imageType: dataset.texts('ImageType'),
    scanningSequence: scanningSequenceOf(dataset),
    sequenceVariant: dataset.texts('SequenceVariant'),
    scanOptions: dataset.texts('ScanOptions'),
    acquisitionType: dataset.text('MRAcquisitionType'),
    repetitionTimeMs: timing.number('RepetitionTime') ?? dataset.number('RepetitionTime'),
    echoTimeMs: echo.number('EffectiveEchoTime') ?? dataset.number('EchoTime'),
    inversionTimeMs: group('MRModifierSequence').number('InversionTimes') ?? dataset.number('InversionTime'),
    flipAngleDegrees: timing.number('FlipAngle') ?? dataset.number('FlipAngle'),
    contrastAgent:
      dataset.text('ContrastBolusAgent') ??
      agent?.text('CodeMeaning') ??
      (agent === undefined ? undefined : 'coded agent'),
    sliceThicknessMm: measures.number('SliceThickness'),
    acquiredAt: acquiredAt(dataset),
    instanceCount: 1,
  };
}

/** Enhanced images say SPIN, GRADIENT or BOTH and whether the signal was inverted, where classic ones list SE, GR, IR. */
function scanningSequenceOf(dataset: Dataset): readonly string[] {
  const classic = dataset.texts('ScanningSequence');
  if (classic.length > 0) return classic;
  const echo = { SPIN: ['SE'], GRADIENT: ['GR'], BOTH: ['SE', 'GR'] }[dataset.text('EchoPulseSequence') ?? ''] ?? [];
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const inverted = shared?.items('MRModifierSequence')[0]?.text('InversionRecovery') === 'YES';
  return inverted ? [...echo, 'IR'] : echo;
}

/** "YYYYMMDDHHMMSS" as far as known, which sorts by time. */
function acquiredAt(dataset: Dataset): string | undefined {
  const whole = dataset.text('AcquisitionDateTime');
  if (whole !== undefined) return whole;
  const date = dataset.text('AcquisitionDate') ?? dataset.text('SeriesDate');
  const time = dataset.text('AcquisitionTime') ?? dataset.text('SeriesTime');
  return date === undefined ? undefined : date + (time ?? '');
}
