import type { Attributes } from './build-dataset.ts';
import { DicomError } from './dicom-error.ts';
import { attribute } from './dictionary.ts';
import { uids } from './uid.ts';

/** The series that an object is derived from, and what it must repeat of its patient and study. */
export interface SourceSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  /** MR Image Storage if not given. */
  readonly sopClassUid?: string;
  /** The instance of each slice, in the grid's slice order; the same one throughout for a multi-frame source. */
  readonly sopInstanceUids: readonly string[];
  /** For a multi-frame source: the frame of each slice, from 1. */
  readonly frameNumbers?: readonly number[];
  readonly patient: { readonly id: string; readonly name?: string; readonly sex?: string; readonly age?: string };
  readonly study: {
    readonly date?: string | undefined;
    readonly time?: string | undefined;
    readonly id?: string | undefined;
    readonly accessionNumber?: string | undefined;
    readonly description?: string | undefined;
  };
  /** What else its files say of patient and study, the record of de-identification included: said again, it goes before the above. */
  readonly repeated?: Attributes;
}

/** What identifies and dates one written object. Dates are "YYYYMMDD", times "HHMMSS". */
export interface ObjectIdentity {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  readonly contentDate: string;
  readonly contentTime: string;
  /** The version of the program that writes it. */
  readonly softwareVersion: string;
}

/** A code triple: value, scheme, meaning. */
export type Code = readonly [value: string, scheme: string, meaning: string];

export function codeItem([value, scheme, meaning]: Code): Attributes {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** Codes of PS3.16 and SNOMED CT that derived objects use. */
export const codes = {
  sourceImage: ['121322', 'DCM', 'Source image for image processing operation'],
  /** CID 7210 Related Series Purposes of Reference. */
  sameAnatomy: ['122401', 'DCM', 'Same Anatomy'],
  segmentation: ['113076', 'DCM', 'Segmentation'],
  brain: ['12738006', 'SCT', 'Brain'],
  /** CID 7150 Segmentation Property Category. */
  abnormalStructure: ['49755003', 'SCT', 'Morphologically Abnormal Structure'],
  /** CID 7159 Lesion Segmentation Type: the term for metastasis there. */
  secondaryNeoplasm: ['14799000', 'SCT', 'Neoplasm, Secondary'],
} as const satisfies Record<string, Code>;

/** Patient, General Study, Frame of Reference, Enhanced General Equipment and the dates of a derived object. */
export function commonAttributes(source: SourceSeries, identity: ObjectIdentity): Attributes {
  const { patient, study } = source;
  return {
    PatientName: patient.name ?? patient.id,
    PatientID: patient.id,
    PatientBirthDate: null,
    PatientSex: patient.sex ?? null,
    PatientAge: patient.age,
    StudyInstanceUID: source.studyInstanceUid,
    StudyDate: study.date ?? null,
    StudyTime: study.time ?? null,
    StudyID: study.id ?? null,
    AccessionNumber: study.accessionNumber ?? null,
    StudyDescription: study.description,
    ReferringPhysicianName: null,
    ...source.repeated,
    SOPInstanceUID: identity.sopInstanceUid,
    SeriesInstanceUID: identity.seriesInstanceUid,
    SeriesNumber: identity.seriesNumber,
    SeriesDescription: identity.seriesDescription,
    SeriesDate: identity.contentDate,
    SeriesTime: identity.contentTime,
    InstanceCreationDate: identity.contentDate,
    InstanceCreationTime: identity.contentTime,
    ContentDate: identity.contentDate,
    ContentTime: identity.contentTime,
    InstanceNumber: 1,
    FrameOfReferenceUID: source.frameOfReferenceUid,
    PositionReferenceIndicator: null,
    Manufacturer: 'Metloop',
    ManufacturerModelName: 'Metloop',
    DeviceSerialNumber: '1',
    SoftwareVersions: identity.softwareVersion,
    LossyImageCompression: '00',
  };
}

/** The reference to the source image of slice `k`, with its purpose (PS3.3 C.7.6.16.2.6). */
export function sourceImageItem(source: SourceSeries, k: number): Attributes {
  return {
    ReferencedSOPClassUID: source.sopClassUid ?? uids.mrImage,
    ReferencedSOPInstanceUID: source.sopInstanceUids[k]!,
    ReferencedFrameNumber: source.frameNumbers?.[k],
    SpatialLocationsPreserved: 'YES',
    PurposeOfReferenceCodeSequence: [codeItem(codes.sourceImage)],
  };
}

/** Referenced Series Sequence of the Common Instance Reference module (PS3.3 C.12.2). */
export function referencedSeries(source: SourceSeries): readonly Attributes[] {
  const instances = [...new Set(source.sopInstanceUids)].map((uid) => ({
    ReferencedSOPClassUID: source.sopClassUid ?? uids.mrImage,
    ReferencedSOPInstanceUID: uid,
  }));
  return [{ SeriesInstanceUID: source.seriesInstanceUid, ReferencedInstanceSequence: instances }];
}

/** One dimension of a multi-frame object: the attribute at `pointer` in the functional group `group`. */
export function dimension(organizationUid: string, pointer: string, group: string, label: string): Attributes {
  return {
    DimensionOrganizationUID: organizationUid,
    DimensionIndexPointer: attribute(pointer).tag,
    FunctionalGroupPointer: attribute(group).tag,
    DimensionDescriptionLabel: label,
  };
}

/** @throws DicomError GRID_MISMATCH if the source does not name one image a slice. */
export function requireSourceOfEachSlice(source: SourceSeries, sliceCount: number): void {
  if (
    source.sopInstanceUids.length !== sliceCount ||
    (source.frameNumbers ?? source.sopInstanceUids).length !== sliceCount
  )
    throw new DicomError(
      'GRID_MISMATCH',
      `The grid has ${sliceCount} slices, the source series ${source.sopInstanceUids.length} images.`,
    );
}
