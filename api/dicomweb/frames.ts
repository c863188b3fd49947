import { DicomError } from '#core/dicom/dicom-error.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { DomainError } from '#core/domain/errors.ts';

/** The pixel data of some frames as stored, and how they are encoded. */
export interface Frames {
  readonly contentType: string;
  readonly frames: readonly Uint8Array[];
}

const pixelData = 0x7fe00010;
const floatPixelData = 0x7fe00008;

/** Media types of compressed frames (PS3.18 table 8.7.3-5). */
const mediaTypes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
};

/** Frames of a file by their numbers, from 1. @throws DomainError NOT_FOUND for a frame that is not there */
export function readFrames(file: Uint8Array, numbers: readonly number[]): Frames {
  const { dataset, transferSyntaxUid } = parsePart10(file);
  const frameCount = dataset.number('NumberOfFrames') ?? 1;
  const missing = numbers.find((number) => !Number.isInteger(number) || number < 1 || number > frameCount);
  if (missing !== undefined || numbers.length === 0)
    throw new DomainError('NOT_FOUND', `The instance has frames 1 to ${frameCount}, and not ${missing}.`);
  const element = dataset.elements.get(pixelData) ?? dataset.elements.get(floatPixelData);
  if (element?.kind === 'fragments') {
    if (element.fragments.length !== frameCount + 1)
      throw new DomainError(
        'NOT_FOUND',
        'Its frames are stored in several fragments each: retrieve the whole instance.',
      );
    const mediaType = mediaTypes[transferSyntaxUid] ?? 'application/octet-stream';
    return {
      contentType: `${mediaType}; transfer-syntax=${transferSyntaxUid}`,
      frames: numbers.map((number) => element.fragments[number]!),
    };
  }
  if (element?.kind !== 'bytes') throw new DomainError('NOT_FOUND', 'The instance has no pixel data.');
  const bits =
    dataset.requireNumber('Rows') *
    dataset.requireNumber('Columns') *
    (dataset.number('SamplesPerPixel') ?? 1) *
    dataset.requireNumber('BitsAllocated');
  if (element.bytes.length * 8 < bits * frameCount)
    throw new DicomError('TRUNCATED', 'The pixel data are shorter than their frames.');
  return {
    contentType: `application/octet-stream; transfer-syntax=${transferSyntaxUid}`,
    frames: numbers.map((number) => bitRange(element.bytes, (number - 1) * bits, bits)),
  };
}

/** Bits of packed data; frames of single-bit pixels need not begin on a whole byte (PS3.5 section 8.1.1). */
export function bitRange(bytes: Uint8Array, from: number, count: number): Uint8Array {
  if (from % 8 === 0 && count % 8 === 0) return bytes.subarray(from / 8, (from + count) / 8);
  const range = new Uint8Array(Math.ceil(count / 8));
  for (let n = 0; n < count; n++) {
    const at = from + n;
    if ((bytes[at >> 3]! >> (at & 7)) & 1) range[n >> 3]! |= 1 << (n & 7);
  }
  return range;
}
