import { type LabelVolume, transformPoint } from '../domain/geometry.ts';
import { type Attributes, buildDataset } from './build-dataset.ts';
import {
  commonAttributes,
  type ObjectIdentity,
  requireSourceOfEachSlice,
  type SourceSeries,
} from './derived-series.ts';
import { outlinesOf } from './outline.ts';
import { uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

/** A lesion to be outlined; its number is its value in the label volume. */
export interface OutlinedLesion {
  readonly number: number;
  readonly name: string;
}

const detachedStudy = '1.2.840.10008.3.1.2.3.1';
const red = [255, 0, 0];

/**
 * An RT Structure Set (PS3.3 A.19) for planning: one ROI a lesion, its outlines closed and planar in the slices of the source. They
 * run along the edges of voxels, so that the voxels whose centres they enclose, by even and odd crossings, are those of the label.
 * @throws DicomError GRID_MISMATCH
 */
export function writeContours(content: {
  label: LabelVolume;
  source: SourceSeries;
  lesions: readonly OutlinedLesion[];
  identity: ObjectIdentity;
}): Uint8Array {
  const { label, source, lesions, identity } = content;
  requireSourceOfEachSlice(source, label.grid.size[2]);
  const { PositionReferenceIndicator, LossyImageCompression, ContentDate, ContentTime, ...common } = commonAttributes(
    source,
    identity,
  );
  const dataset = buildDataset({
    ...common,
    SOPClassUID: uids.rtStructureSet,
    Modality: 'RTSTRUCT',
    OperatorsName: null,
    PositionReferenceIndicator,
    StructureSetLabel: 'METASTASES',
    StructureSetDescription: identity.seriesDescription,
    StructureSetDate: identity.contentDate,
    StructureSetTime: identity.contentTime,
    ReferencedFrameOfReferenceSequence: [
      {
        FrameOfReferenceUID: source.frameOfReferenceUid,
        RTReferencedStudySequence: [
          {
            ReferencedSOPClassUID: detachedStudy,
            ReferencedSOPInstanceUID: source.studyInstanceUid,
            RTReferencedSeriesSequence: [
              {
                SeriesInstanceUID: source.seriesInstanceUid,
                ContourImageSequence: [...new Set(source.sopInstanceUids)].map((uid) => ({
                  ReferencedSOPClassUID: source.sopClassUid ?? uids.mrImage,
                  ReferencedSOPInstanceUID: uid,
                })),
              },
            ],
          },
        ],
      },
    ],
    StructureSetROISequence: lesions.map(({ number, name }) => ({
      ROINumber: number,
      ReferencedFrameOfReferenceUID: source.frameOfReferenceUid,
      ROIName: name,
      ROIGenerationAlgorithm: 'AUTOMATIC',
    })),
    ROIContourSequence: lesions.map(({ number }) => ({
      ROIDisplayColor: red,
      ReferencedROINumber: number,
      ContourSequence: contoursOf(label, source, number),
    })),
    RTROIObservationsSequence: lesions.map(({ number }) => ({
      ObservationNumber: number,
      ReferencedROINumber: number,
      RTROIInterpretedType: 'GTV',
      ROIInterpreter: null,
    })),
    ApprovalStatus: 'UNAPPROVED',
  }); // biome-ignore format: a tree
  return writePart10(dataset);
}

function contoursOf({ grid, data }: LabelVolume, source: SourceSeries, number: number): Attributes[] {
  const [columns, rows, slices] = grid.size;
  const pixels = columns * rows;
  return Array.from({ length: slices }, (_, slice) => {
    const plane = data.subarray(slice * pixels, (slice + 1) * pixels);
    if (!plane.includes(number)) return [];
    const mask = Uint8Array.from(plane, (value) => Number(value === number));
    return outlinesOf(mask, columns, rows).map((outline) => ({
      ContourImageSequence: [
        {
          ReferencedSOPClassUID: source.sopClassUid ?? uids.mrImage,
          ReferencedSOPInstanceUID: source.sopInstanceUids[slice]!,
          ReferencedFrameNumber: source.frameNumbers?.[slice],
        },
      ],
      ContourGeometricType: 'CLOSED_PLANAR',
      NumberOfContourPoints: outline.length,
      ContourData: outline.flatMap(([i, j]) => transformPoint(grid.indexToLps, [i, j, slice])),
    }));
  }).flat();
}
