import { inflateRawSync } from 'node:zlib';
import type { Dataset } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { DatasetParser, defaultParseLimits, type ParseLimits } from './parse-dataset.ts';
import { requireTransferSyntax } from './transfer-syntax.ts';
import { uids } from './uid.ts';

/** A file of DICOM PS3.10; values are little endian, views on the bytes it was read from or, of a big-endian file, copies. */
export interface Part10 {
  readonly meta: Dataset;
  readonly dataset: Dataset;
  readonly transferSyntaxUid: string;
}

export interface Part10Limits extends ParseLimits {
  /** What a deflated dataset may grow to. */
  readonly maxInflatedBytes: number;
}

export const defaultPart10Limits: Part10Limits = { ...defaultParseLimits, maxInflatedBytes: 512 * 2 ** 20 };

/**
 * Parses a Part 10 file in a transfer syntax of `transfer-syntax.ts`; encapsulated fragments stay compressed.
 * Time and memory are linear in the size of the bytes, and of the inflated dataset up to its limit.
 * @throws DicomError NOT_DICOM, TRUNCATED, OUT_OF_BOUNDS, MALFORMED, UNSUPPORTED_TRANSFER_SYNTAX, MISSING_ATTRIBUTE
 */
export function parsePart10(bytes: Uint8Array, limits: Part10Limits = defaultPart10Limits): Part10 {
  const { meta, transferSyntaxUid, at } = parseMeta(bytes, limits);
  let parser = new DatasetParser(bytes, at, limits);
  if (transferSyntaxUid === uids.deflatedLittleEndian)
    parser = new DatasetParser(inflate(bytes.subarray(at), limits.maxInflatedBytes), 0, limits);
  else if (transferSyntaxUid === uids.explicitBigEndian) parser = new DatasetParser(bytes, at, limits, 'BIG_ENDIAN');
  return { meta, transferSyntaxUid, dataset: parser.parse(transferSyntaxUid !== uids.implicitLittleEndian) };
}

/** The file meta information, and where the dataset begins. */
function parseMeta(bytes: Uint8Array, limits: ParseLimits): { meta: Dataset; transferSyntaxUid: string; at: number } {
  if (bytes.length < 132 || bytes[128] !== 0x44 || bytes[129] !== 0x49 || bytes[130] !== 0x43 || bytes[131] !== 0x4d)
    throw new DicomError('NOT_DICOM', 'The file has no "DICM" at byte 128: it is not a DICOM Part 10 file.');
  const metaParser = new DatasetParser(bytes, 132, limits);
  const meta = metaParser.parseMeta();
  const transferSyntaxUid = meta.requireText('TransferSyntaxUID');
  requireTransferSyntax(transferSyntaxUid);
  return { meta, transferSyntaxUid, at: metaParser.position };
}

/** What a peek may cost: a few elements stand before the SOP class. */
const peekLimits: ParseLimits = { maxDepth: 4, maxElements: 200, maxTextBytes: 65_536, maxValues: 10_000 };

/**
 * The SOP class of a file, which costs next to nothing whatever the file holds: for deciding who reads it. Of a deflated file that of the
 * meta information. Undefined if it cannot be told.
 */
export function peekSopClass(bytes: Uint8Array): string | undefined {
  try {
    const { meta, transferSyntaxUid, at } = parseMeta(bytes, peekLimits);
    if (transferSyntaxUid === uids.deflatedLittleEndian || transferSyntaxUid === uids.explicitBigEndian)
      return meta.text('MediaStorageSOPClassUID');
    const parser = new DatasetParser(bytes, at, peekLimits);
    return parser.parseUpTo(0x00080016, transferSyntaxUid !== uids.implicitLittleEndian).text('SOPClassUID');
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

function inflate(deflated: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength });
  } catch (cause) {
    const tooLarge = cause instanceof RangeError;
    throw new DicomError(
      tooLarge ? 'OUT_OF_BOUNDS' : 'MALFORMED',
      tooLarge
        ? `The deflated dataset grows beyond ${maxOutputLength} bytes.`
        : 'The deflated dataset cannot be inflated.',
      { cause },
    );
  }
}
