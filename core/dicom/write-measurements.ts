import type { LabelVolume } from '../domain/geometry.ts';
import type { LesionMeasure } from '../domain/lesion.ts';
import { type Attributes, buildDataset } from './build-dataset.ts';
import {
  type Code,
  codeItem,
  codes,
  commonAttributes,
  type ObjectIdentity,
  type SourceSeries,
} from './derived-series.ts';
import { uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

/** A lesion as the SEG shows it. */
export interface MeasuredLesion {
  readonly measure: LesionMeasure;
  /** Of the SEG. */
  readonly segmentNumber: number;
  readonly trackingId: string;
  readonly trackingUid: string;
  /** Slices of the source that it reaches, from 0. */
  readonly slices: readonly number[];
}

export interface MeasurementsContent {
  readonly source: SourceSeries;
  readonly identity: ObjectIdentity;
  /** Undefined if there is no lesion and so no SEG. */
  readonly seg: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string } | undefined;
  readonly lesions: readonly MeasuredLesion[];
  readonly algorithm: { readonly name: string; readonly version: string; readonly parameters: string };
}

const dcm = (value: string, meaning: string): Code => [value, 'DCM', meaning];
const sct = (value: string, meaning: string): Code => [value, 'SCT', meaning];
const mm: Code = ['mm', 'UCUM', 'mm'];
const mm3: Code = ['mm3', 'UCUM', 'mm3'];

/**
 * A Comprehensive 3D SR by TID 1500 (PS3.16): for each lesion a measurement group (TID 1411) that refers to its segment and its source
 * images, with volume, long and short axis and, by SCOORD3D, the centre.
 */
export function writeMeasurements(content: MeasurementsContent): Uint8Array {
  const { source, identity, seg, lesions } = content;
  const { FrameOfReferenceUID, PositionReferenceIndicator, LossyImageCompression, ...common } = commonAttributes(
    source,
    identity,
  );
  const dataset = buildDataset({
    ...common,
    SOPClassUID: uids.comprehensive3dSr,
    Modality: 'SR',
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    CurrentRequestedProcedureEvidenceSequence: seg ? [evidence(content, seg)] : undefined,
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(dcm('126000', 'Imaging Measurement Report'))],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: [
      code('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), ['en-US', 'RFC5646', 'English (United States)']),
      ...observer(identity),
      code('HAS CONCEPT MOD', dcm('121058', 'Procedure reported'), ['24590-2', 'LN', 'MR Brain']),
      container('CONTAINS', dcm('126010', 'Imaging Measurements'), lesions.map((lesion) => group(content, lesion))),
      // A report without a group would not say whether anybody looked.
      ...(lesions.length === 0
        ? [text('CONTAINS', dcm('121106', 'Comment'), `${content.algorithm.name} found no metastasis.`)]
        : []),
    ],
  }); // biome-ignore format: a tree
  return writePart10(dataset);
}

function observer({ softwareVersion }: ObjectIdentity): Attributes[] {
  return [
    code('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
    uidRef('HAS OBS CONTEXT', dcm('121012', 'Device Observer UID'), deviceUid),
    text('HAS OBS CONTEXT', dcm('121013', 'Device Observer Name'), softwareVersion),
    text('HAS OBS CONTEXT', dcm('121014', 'Device Observer Manufacturer'), 'Metloop'),
  ];
}

/** Names this program, as a UUID-derived UID of its own. */
const deviceUid = '2.25.270384951712040562341793551093842276213';

/** TID 1411, Volumetric ROI Measurements and Qualitative Evaluations. */
function group({ source, seg, algorithm }: MeasurementsContent, lesion: MeasuredLesion): Attributes {
  const { measure, segmentNumber, trackingId, trackingUid, slices } = lesion;
  return {
    ...container('CONTAINS', dcm('125007', 'Measurement Group'), [
      text('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), trackingId),
      uidRef('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), trackingUid),
      code('CONTAINS', dcm('121071', 'Finding'), codes.secondaryNeoplasm),
      code('HAS CONCEPT MOD', sct('363698007', 'Finding Site'), codes.brain),
      text('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), algorithm.name),
      text('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), algorithm.version),
      text('HAS CONCEPT MOD', dcm('111002', 'Algorithm Parameters'), algorithm.parameters),
      image('CONTAINS', dcm('121191', 'Referenced Segment'), {
        ReferencedSOPClassUID: uids.segmentation,
        ReferencedSOPInstanceUID: seg!.sopInstanceUid,
        ReferencedSegmentNumber: segmentNumber,
      }),
      ...slices.map((slice) => image('CONTAINS', dcm('121233', 'Source image for segmentation'), sourceReference(source, slice))),
      number('CONTAINS', sct('118565006', 'Volume'), measure.volumeMm3, mm3),
      number('CONTAINS', sct('103339001', 'Long Axis'), measure.longestDiameterMm, mm),
      number('CONTAINS', sct('103340004', 'Short Axis'), measure.perpendicularDiameterMm, mm),
      {
        RelationshipType: 'CONTAINS',
        ValueType: 'SCOORD3D',
        ConceptNameCodeSequence: [codeItem(dcm('111010', 'Center'))],
        GraphicType: 'POINT',
        GraphicData: measure.centroidLps,
        ReferencedFrameOfReferenceUID: source.frameOfReferenceUid,
      },
    ]),
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1411' }],
  }; // biome-ignore format: a tree
}

function sourceReference({ sopClassUid, sopInstanceUids, frameNumbers }: SourceSeries, slice: number): Attributes {
  return {
    ReferencedSOPClassUID: sopClassUid ?? uids.mrImage,
    ReferencedSOPInstanceUID: sopInstanceUids[slice]!,
    ReferencedFrameNumber: frameNumbers?.[slice],
  };
}

function evidence({ source, lesions }: MeasurementsContent, seg: NonNullable<MeasurementsContent['seg']>): Attributes {
  const images = new Set(lesions.flatMap(({ slices }) => slices.map((slice) => source.sopInstanceUids[slice]!)));
  const referenced = (sopClass: string, uid: string): Attributes => ({
    ReferencedSOPClassUID: sopClass,
    ReferencedSOPInstanceUID: uid,
  });
  return {
    StudyInstanceUID: source.studyInstanceUid,
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: seg.seriesInstanceUid,
        ReferencedSOPSequence: [referenced(uids.segmentation, seg.sopInstanceUid)],
      },
      {
        SeriesInstanceUID: source.seriesInstanceUid,
        ReferencedSOPSequence: [...images].map((uid) => referenced(source.sopClassUid ?? uids.mrImage, uid)),
      },
    ],
  };
}

const item = (relationship: string, type: string, name: Code): Attributes => ({
  RelationshipType: relationship,
  ValueType: type,
  ConceptNameCodeSequence: [codeItem(name)],
});

const container = (relationship: string, name: Code, content: readonly Attributes[]): Attributes => ({
  ...item(relationship, 'CONTAINER', name),
  ContinuityOfContent: 'SEPARATE',
  ContentSequence: content.length > 0 ? content : undefined,
});
const code = (relationship: string, name: Code, value: Code): Attributes => ({
  ...item(relationship, 'CODE', name),
  ConceptCodeSequence: [codeItem(value)],
});
const text = (relationship: string, name: Code, value: string): Attributes => ({
  ...item(relationship, 'TEXT', name),
  TextValue: value,
});
const uidRef = (relationship: string, name: Code, value: string): Attributes => ({
  ...item(relationship, 'UIDREF', name),
  UID: value,
});
const image = (relationship: string, name: Code, reference: Attributes): Attributes => ({
  ...item(relationship, 'IMAGE', name),
  ReferencedSOPSequence: [reference],
});
const number = (relationship: string, name: Code, value: number, unit: Code): Attributes => ({
  ...item(relationship, 'NUM', name),
  MeasuredValueSequence: [
    { NumericValue: value, FloatingPointValue: value, MeasurementUnitsCodeSequence: [codeItem(unit)] },
  ],
});

/** The slices that each lesion of a label volume reaches, by its number. */
export function slicesOfLesions({ grid, data }: LabelVolume): ReadonlyMap<number, readonly number[]> {
  const [columns, rows, slices] = grid.size;
  const found = new Map<number, number[]>();
  for (let slice = 0; slice < slices; slice++)
    for (const number of new Set(data.subarray(slice * rows * columns, (slice + 1) * rows * columns)))
      if (number !== 0) found.set(number, [...(found.get(number) ?? []), slice]);
  return found;
}
