import { attribute } from '#core/dicom/dictionary.ts';

/**
 * What happens to an attribute (PS3.15 table E.1-1, with options). Whatever is not in the table is removed (X): a value survives only
 * because a line here says so, so a new or private attribute can never pass.
 *
 * - K keep, if its form is that of its VR: numbers, times, known code strings, standard UIDs; a sequence is kept with what the table keeps of its items
 * - Z empty: the standard demands presence
 * - D replace by the patient's pseudonym
 * - U replace by a keyed UID
 * - C keep only technical words
 * - S shift by the patient's days (a date that is ill-formed is emptied)
 * - A age, 90 years and more as 90 (HIPAA safe harbour, 45 CFR 164.514(b)(2)(i)(C))
 */
export type Action = 'X' | 'K' | 'Z' | 'D' | 'U' | 'C' | 'S' | 'A';

const table: Readonly<Record<Exclude<Action, 'X'>, string>> = {
  D: 'PatientName PatientID',
  Z: 'PatientBirthDate AccessionNumber ReferringPhysicianName StudyID',
  A: 'PatientAge',
  U: `SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID ReferencedSOPInstanceUID ConcatenationUID
    SynchronizationFrameOfReferenceUID DimensionOrganizationUID VolumeFrameOfReferenceUID AcquisitionUID`,
  S: `StudyDate SeriesDate AcquisitionDate ContentDate InstanceCreationDate AcquisitionDateTime FrameAcquisitionDateTime
    FrameReferenceDateTime`,
  C: 'SeriesDescription StudyDescription ProtocolName SequenceName PulseSequenceName Manufacturer ManufacturerModelName ContrastBolusAgent',
  K: `SOPClassUID ReferencedSOPClassUID Modality ImageType StudyTime SeriesTime AcquisitionTime ContentTime InstanceCreationTime
    PatientSex PatientWeight PatientSize BodyPartExamined PatientPosition
    ScanningSequence SequenceVariant ScanOptions MRAcquisitionType AngioFlag SliceThickness RepetitionTime EchoTime InversionTime
    NumberOfAverages ImagingFrequency ImagedNucleus EchoNumbers MagneticFieldStrength SpacingBetweenSlices NumberOfPhaseEncodingSteps
    EchoTrainLength PercentSampling PercentPhaseFieldOfView PixelBandwidth ReconstructionDiameter AcquisitionMatrix
    InPlanePhaseEncodingDirection FlipAngle VariableFlipAngleFlag TriggerTime ContrastBolusVolume ContrastBolusTotalDose
    SeriesNumber AcquisitionNumber InstanceNumber ImagePositionPatient ImageOrientationPatient SliceLocation PositionReferenceIndicator
    TemporalPositionIdentifier NumberOfTemporalPositions ImagesInAcquisition
    SamplesPerPixel PhotometricInterpretation NumberOfFrames Rows Columns PixelSpacing BitsAllocated BitsStored HighBit
    PixelRepresentation SmallestImagePixelValue LargestImagePixelValue PixelPaddingValue WindowCenter WindowWidth RescaleIntercept
    RescaleSlope RescaleType LossyImageCompression BurnedInAnnotation PresentationLUTShape PixelData
    PixelPresentation VolumetricProperties VolumeBasedCalculationTechnique ComplexImageComponent AcquisitionContrast AcquisitionDuration
    ContentQualification EchoPulseSequence MultipleSpinEcho MultiPlanarExcitation PhaseContrast TimeOfFlightContrast SteadyStatePulseSequence
    EchoPlanarPulseSequence SaturationRecovery SpectrallySelectedSuppression OversamplingPhase GeometryOfKSpaceTraversal
    SegmentedKSpaceTraversal RectilinearPhaseEncodeReordering KSpaceFiltering ResonantNucleus ApplicableSafetyStandardAgency
    SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence PixelMeasuresSequence PlanePositionSequence PlaneOrientationSequence
    FrameContentSequence FrameAcquisitionNumber FrameAcquisitionDuration StackID InStackPositionNumber TemporalPositionIndex
    DimensionIndexValues PixelValueTransformationSequence FrameVOILUTSequence MRImageFrameTypeSequence FrameType
    MRTimingAndRelatedParametersSequence RFEchoTrainLength GradientEchoTrainLength MREchoSequence EffectiveEchoTime MRModifierSequence
    InversionRecovery InversionTimes FlowCompensation Spoiling T2Preparation SpectrallySelectedExcitation SpatialPresaturation
    PartialFourier ParallelAcquisition MRAveragesSequence MRFOVGeometrySequence MRAcquisitionFrequencyEncodingSteps
    MRAcquisitionPhaseEncodingStepsInPlane MRAcquisitionPhaseEncodingStepsOutOfPlane
    DimensionOrganizationSequence DimensionIndexSequence DimensionIndexPointer FunctionalGroupPointer DimensionOrganizationType
    SourceImageSequence ReferencedImageSequence ReferencedFrameNumber`,
};

const actions = new Map<number, Action>();
for (const [action, keywords] of Object.entries(table))
  for (const keyword of keywords.trim().split(/\s+/)) actions.set(attribute(keyword).tag, action as Action);

export function actionOf(tag: number): Action {
  return actions.get(tag) ?? 'X';
}

/** Tags of the table, for tests and documents. */
export function retainedTags(): ReadonlyMap<number, Action> {
  return actions;
}

/** What is recorded in De-identification Method Code Sequence (PS3.16 CID 7050): only what is really done. */
export const methodCodes = [
  ['113100', 'Basic Application Confidentiality Profile'],
  ['113103', 'Clean Graphics Option'],
  ['113105', 'Clean Descriptors Option'],
  ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
  ['113108', 'Retain Patient Characteristics Option'],
] as const;
