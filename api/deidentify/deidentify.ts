import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset, type DicomElement } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { headerOf, type InstanceHeader } from '#core/dicom/header.ts';
import { type Part10, parsePart10 } from '#core/dicom/part10.ts';
import { keyedUid, uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { type CleanContext, cleanDataset } from './clean-element.ts';
import { cleanPixels } from './clean-pixels.ts';
import { type DeidentificationCounts, DeidentificationTally } from './deidentification-tally.ts';
import { HeaderIdentifiers } from './header-identifiers.ts';
import { defaultOptions, methodCodes, type ProfileOptions, profileRules } from './profile.ts';
import { dateShiftDays, patientPseudonym } from './pseudonym.ts';

export interface DeidentifyOptions {
  /** At least 32 random bytes, secret of the tenant; from it come UIDs, pseudonyms and date shifts. */
  readonly tenantKey: Uint8Array;
  /** Where a coordinator has joined several hospital numbers to one patient; else it follows from the Patient ID. */
  readonly patientPseudonym?: string;
  /** What the site has chosen; the defaults if left out. */
  readonly profile?: ProfileOptions;
}

export interface Deidentified {
  /** A Part 10 file whose pixel data are those of the original, bit by bit: compressed ones as they came, others in explicit little endian. */
  readonly bytes: Uint8Array;
  /** Of the new file. */
  readonly header: InstanceHeader;
  readonly patientPseudonym: string;
  /** How many elements met each action, those of items included; an element removed with its sequence counts once. */
  readonly counts: DeidentificationCounts;
  readonly originalSopInstanceUid: string;
  readonly originalSeriesInstanceUid: string;
  readonly originalStudyInstanceUid: string;
}

/**
 * De-identifies an MR image by PS3.15 table E.1-1 and the options of `profile.ts`.
 * @throws DicomError UNSUPPORTED_CLASS for what is no MR image (secondary captures, reports, …); BURNED_IN for screens saved as MR
 *   and overlays inside the pixel data; UNSUPPORTED_TRANSFER_SYNTAX for lossy ones; UNSUPPORTED for a character set that is not DICOM's,
 *   whose names could not be read; and as `parsePart10` and `decodeFrames`
 */
export function deidentify(bytes: Uint8Array, options: DeidentifyOptions): Deidentified {
  const { tenantKey } = options;
  if (tenantKey.length < 32) throw new RangeError('The tenant key has fewer than 32 bytes.');
  const part10 = parsePart10(bytes);
  const { dataset } = part10;
  refuse(part10);
  const study = dataset.requireText('StudyInstanceUID');
  const pseudonym = options.patientPseudonym ?? patientPseudonym(tenantKey, dataset.text('PatientID') ?? study);
  const { profile = defaultOptions } = options;
  const rules = profileRules(profile, dataset.text('SOPClassUID') === uids.enhancedMrImage);
  const tally = new DeidentificationTally();
  if (bytes.subarray(0, 128).some((byte) => byte !== 0)) tally.rule('PREAMBLE');
  const identifiers = HeaderIdentifiers.of(dataset, rules);
  const shiftDays = dateShiftDays(tenantKey, pseudonym);
  const context: CleanContext = { tenantKey, pseudonym, shiftDays, rules, identifiers, tally };
  const { elements, transferSyntaxUid, cutBehind } = cleanPixels(cleanDataset(dataset, context), part10);
  if (cutBehind) tally.rule('BEHIND_PIXELS');
  const cleaned = new Dataset(elements);
  const result = new Dataset([...elements, ...markers(dataset, cleaned, profile)].sort((a, b) => a.tag - b.tag));
  return {
    bytes: writePart10(result, transferSyntaxUid),
    header: headerOf(result, transferSyntaxUid),
    patientPseudonym: pseudonym,
    counts: tally.counts(),
    originalSopInstanceUid: dataset.requireText('SOPInstanceUID'),
    originalSeriesInstanceUid: dataset.requireText('SeriesInstanceUID'),
    originalStudyInstanceUid: study,
  };
}

/** The UID that an original one has become, to find what a file refers to. */
export function deidentifiedUid(tenantKey: Uint8Array, uid: string): string {
  return keyedUid(tenantKey, uid);
}

function refuse({ dataset }: Part10): void {
  const sopClass = dataset.requireText('SOPClassUID');
  if (sopClass !== uids.mrImage && sopClass !== uids.enhancedMrImage)
    throw new DicomError(
      'UNSUPPORTED_CLASS',
      'Only MR images are accepted: other objects may show a name in their pixels or text.',
    );
  const imageType = dataset.texts('ImageType').map((value) => value.toUpperCase());
  const screen = imageType.some((value) => /SCREEN|SAVE|CAPTURE|PASTED|REPORT/.test(value));
  if (dataset.text('BurnedInAnnotation')?.toUpperCase() === 'YES' || screen || dataset.has('ConversionType'))
    throw new DicomError('BURNED_IN', 'The image says that text is burned into its pixels, or it is a saved screen.');
  for (const { tag } of dataset.elements.values())
    if ((tag & 0xff01ffff) >>> 0 === 0x60000102 && bitPosition(dataset, tag) > 0)
      throw new DicomError('BURNED_IN', 'An overlay lies in the unused bits of the pixel data.');
}

function bitPosition(dataset: Dataset, tag: number): number {
  const element = dataset.elements.get(tag);
  return element?.kind === 'bytes' ? (element.bytes[0] ?? 0) : 1;
}

/** What a de-identified file says of itself (PS3.3 C.7.1.1), and that contrast agent was given where only its removed text or code said so. */
function markers(source: Dataset, cleaned: Dataset, profile: ProfileOptions): DicomElement[] {
  const agent = source.text('ContrastBolusAgent') ?? '';
  const coded = source.items('ContrastBolusAgentSequence').length > 0;
  const named = agent !== '' && !/^(no|none|n\/a|nil|without)$/i.test(agent);
  const dataset = buildDataset({
    ContrastBolusAgent:
      (named && !cleaned.text('ContrastBolusAgent')) || (agent === '' && coded) ? 'CONTRAST AGENT' : undefined,
    PatientIdentityRemoved: 'YES',
    DeidentificationMethod: 'Metloop profile 2 of DICOM PS3.15 Annex E',
    // The face is still in the voxels; what removes it says so itself.
    DeidentificationMethodCodeSequence: methodCodes({ ...profile, deface: false }).map(([value, meaning]) => ({
      CodeValue: value,
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: meaning,
    })),
    RecognizableVisualFeatures: 'YES',
    LongitudinalTemporalInformationModified: profile.retainLongitudinal ? 'MODIFIED' : 'REMOVED',
    BurnedInAnnotation: 'NO',
  });
  return [...dataset.elements.values()];
}
