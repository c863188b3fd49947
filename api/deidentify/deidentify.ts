import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset, type DicomElement } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { headerOf, type InstanceHeader } from '#core/dicom/header.ts';
import { type Part10, parsePart10 } from '#core/dicom/part10.ts';
import { pixelLayout } from '#core/dicom/read.ts';
import { decodeRleFrame } from '#core/dicom/rle.ts';
import { keyedUid, uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { type CleanContext, cleanDataset } from './clean-element.ts';
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
  /** A Part 10 file, explicit little endian, whose pixel data are those of the original, bit by bit (RLE is decoded). */
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
 *   and overlays inside the pixel data; UNSUPPORTED_TRANSFER_SYNTAX for JPEG streams, which may carry comments;
 *   UNSUPPORTED for a character set that is not DICOM's, whose names could not be read; and as `parsePart10`
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
  const cleaned = new Dataset(withPixels(cleanDataset(dataset, context), dataset, tally));
  const result = new Dataset(
    [...cleaned.elements.values(), ...markers(dataset, cleaned, profile)].sort((a, b) => a.tag - b.tag),
  );
  return {
    bytes: writePart10(result),
    header: headerOf(result, uids.explicitLittleEndian),
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

const readableSyntaxes: ReadonlySet<string> = new Set([
  uids.implicitLittleEndian, uids.explicitLittleEndian, uids.deflatedLittleEndian, uids.rleLossless,
]); // biome-ignore format: a list

function refuse({ dataset, transferSyntaxUid }: Part10): void {
  const sopClass = dataset.requireText('SOPClassUID');
  if (sopClass !== uids.mrImage && sopClass !== uids.enhancedMrImage)
    throw new DicomError(
      'UNSUPPORTED_CLASS',
      'Only MR images are accepted: other objects may show a name in their pixels or text.',
    );
  if (!readableSyntaxes.has(transferSyntaxUid))
    throw new DicomError(
      'UNSUPPORTED_TRANSFER_SYNTAX',
      'The pixel data are compressed in a way that is not read: send them uncompressed or RLE.',
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

/**
 * The pixels alone: what follows the last one is cut and RLE is decoded, since anything could hide behind either.
 * @throws DicomError TRUNCATED, MALFORMED, MISSING_ATTRIBUTE
 */
function withPixels(elements: readonly DicomElement[], source: Dataset, tally: DeidentificationTally): DicomElement[] {
  const { rows, columns, frames, samples, bitsAllocated } = pixelLayout(source);
  const size = (rows * columns * frames * samples * bitsAllocated) / 8;
  const pixels = elements.find(({ tag }) => tag === 0x7fe00010);
  if (pixels === undefined) throw new DicomError('MISSING_ATTRIBUTE', 'PixelData (7fe0,0010) is absent.');
  let bytes = pixels.kind === 'bytes' ? pixels.bytes : new Uint8Array(0);
  if (pixels.kind === 'fragments') {
    const count = pixels.fragments.length - 1;
    if (count !== frames || samples !== 1)
      throw new DicomError('MALFORMED', `RLE pixel data of ${frames} frames have ${count} fragments.`);
    const frameOf = (fragment: Uint8Array): Uint8Array => decodeRleFrame(fragment, rows * columns, bitsAllocated / 8);
    bytes = Buffer.concat(pixels.fragments.slice(1).map(frameOf));
  }
  if (bytes.length < size)
    throw new DicomError('TRUNCATED', `PixelData has ${bytes.length} bytes where ${size} are needed.`);
  // One byte may pad an odd length.
  if (pixels.kind === 'bytes' && bytes.length > size + 1) tally.rule('BEHIND_PIXELS');
  const vr = bitsAllocated > 8 ? 'OW' : 'OB';
  const plain: DicomElement = { kind: 'bytes', tag: pixels.tag, vr, bytes: bytes.subarray(0, size) };
  return elements.map((element) => (element === pixels ? plain : element));
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
    DeidentificationMethodCodeSequence: methodCodes(profile).map(([value, meaning]) => ({
      CodeValue: value,
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: meaning,
    })),
    // The face is still in the voxels.
    RecognizableVisualFeatures: 'YES',
    LongitudinalTemporalInformationModified: profile.retainLongitudinal ? 'MODIFIED' : 'REMOVED',
    BurnedInAnnotation: 'NO',
  });
  return [...dataset.elements.values()];
}
