import type { Volume } from '../domain/geometry.ts';
import { buildDataset } from './build-dataset.ts';
import {
  type Code, codeItem, codes, commonAttributes, dimension, type ObjectIdentity, referencedSeries, requireSourceOfEachSlice,
  type SourceSeries, sourceImageItem,
} from './derived-series.ts'; // biome-ignore format: one import
import { frameGeometry, sharedPlaneGroups } from './frame-geometry.ts';
import { keyedUid, uids } from './uid.ts';
import { writePart10 } from './write-dataset.ts';

/** What the values mean: no unit (UCUM 1), a probability of 0 to 1. */
const probability: Code = ['122157', 'DCM', 'Probability'];
const noUnits: Code = ['1', 'UCUM', 'no units'];
const quantity: Code = ['246205007', 'SCT', 'Quantity'];

/**
 * A Parametric Map (PS3.3 A.75) of the probability of metastasis, 32-bit float, one frame a slice.
 * @param map values 0 to 1 on the grid of the source
 * @throws DicomError GRID_MISMATCH
 */
export function writeParametricMap(content: {
  map: Volume<Float32Array>;
  source: SourceSeries;
  identity: ObjectIdentity;
}): Uint8Array {
  const { map, source, identity } = content;
  const [columns, rows, slices] = map.grid.size;
  requireSourceOfEachSlice(source, slices);
  const geometry = frameGeometry(map.grid);
  const organizationUid = keyedUid(Buffer.from('dimension organization'), identity.sopInstanceUid);
  const dataset = buildDataset({
    ...commonAttributes(source, identity),
    SOPClassUID: uids.parametricMap,
    Modality: 'MR',
    ImageType: ['DERIVED', 'PRIMARY', 'VOLUME', 'NONE'],
    ContentLabel: 'PROBABILITY',
    ContentDescription: identity.seriesDescription,
    ContentCreatorName: null,
    ContentQualification: 'RESEARCH',
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: 'NO',
    PresentationLUTShape: 'IDENTITY',
    AcquisitionContextSequence: [],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 32,
    NumberOfFrames: slices,
    ReferencedSeriesSequence: referencedSeries(source),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organizationUid }],
    DimensionIndexSequence: [dimension(organizationUid, 'ImagePositionPatient', 'PlanePositionSequence', 'Slice')],
    SharedFunctionalGroupsSequence: [
      {
        ...sharedPlaneGroups(geometry),
        FrameAnatomySequence: [{ FrameLaterality: 'U', AnatomicRegionSequence: [codeItem(codes.brain)] }],
        PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
        FrameVOILUTSequence: [{ WindowCenter: 0.5, WindowWidth: 1 }],
        ParametricMapFrameTypeSequence: [{ FrameType: ['DERIVED', 'PRIMARY', 'VOLUME', 'NONE'] }],
        RealWorldValueMappingSequence: [
          {
            DoubleFloatRealWorldValueFirstValueMapped: 0,
            DoubleFloatRealWorldValueLastValueMapped: 1,
            RealWorldValueIntercept: 0,
            RealWorldValueSlope: 1,
            LUTExplanation: 'Probability of metastasis',
            LUTLabel: 'PROBABILITY',
            MeasurementUnitsCodeSequence: [codeItem(noUnits)],
            QuantityDefinitionSequence: [
              {
                ValueType: 'CODE',
                ConceptNameCodeSequence: [codeItem(quantity)],
                ConceptCodeSequence: [codeItem(probability)],
              },
            ],
          },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: slices }, (_, slice) => ({
      FrameContentSequence: [{ DimensionIndexValues: [slice + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: geometry.position(slice) }],
      DerivationImageSequence: [
        {
          SourceImageSequence: [sourceImageItem(source, slice)],
          DerivationCodeSequence: [codeItem(codes.segmentation)],
        },
      ],
    })),
    FloatPixelData: map.data,
  });
  return writePart10(dataset);
}
