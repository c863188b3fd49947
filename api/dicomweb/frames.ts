import { DicomError } from '#core/dicom/dicom-error.ts';
import type { Part10 } from '#core/dicom/part10.ts';
import { decodeRleFrame } from '#core/dicom/rle.ts';
import { uids } from '#core/dicom/uid.ts';
import { DomainError } from '#core/domain/errors.ts';

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

/** The frames of a file, by their numbers from 1. */
export interface FrameReader {
  readonly count: number;
  /** How they are stored. */
  readonly mediaType: string;
  readonly transferSyntaxUid: string;
  /** True if `native` can decode them. */
  readonly decodable: boolean;
  stored(number: number): Uint8Array;
  /** Little endian, uncompressed. */
  native(number: number): Uint8Array;
}

export const nativeMediaType = 'application/octet-stream';

/** @throws DomainError NOT_FOUND if the file has no pixel data, or frames that cannot be told apart */
export function openFrames({ dataset, transferSyntaxUid }: Part10): FrameReader {
  const count = dataset.number('NumberOfFrames') ?? 1;
  const element = dataset.elements.get(pixelData) ?? dataset.elements.get(floatPixelData);
  if (element?.kind === 'fragments') {
    const frames = framesOfFragments(element.fragments, count);
    const pixels = dataset.requireNumber('Rows') * dataset.requireNumber('Columns');
    const bytesPerPixel = dataset.requireNumber('BitsAllocated') / 8;
    const decodable = transferSyntaxUid === uids.rleLossless && (dataset.number('SamplesPerPixel') ?? 1) === 1;
    const mediaType = mediaTypes[transferSyntaxUid] ?? nativeMediaType;
    const stored = (number: number): Uint8Array => frames[number - 1]!;
    const native = (number: number): Uint8Array => decodeRleFrame(stored(number), pixels, bytesPerPixel);
    return { count, mediaType, transferSyntaxUid, decodable, stored, native };
  }
  if (element?.kind !== 'bytes') throw new DomainError('NOT_FOUND', 'The instance has no pixel data.');
  const bits =
    dataset.requireNumber('Rows') *
    dataset.requireNumber('Columns') *
    (dataset.number('SamplesPerPixel') ?? 1) *
    dataset.requireNumber('BitsAllocated');
  if (element.bytes.length * 8 < bits * count)
    throw new DicomError('TRUNCATED', 'The pixel data are shorter than their frames.');
  const stored = (number: number): Uint8Array => bitRange(element.bytes, (number - 1) * bits, bits);
  // Pixels of implicit and of deflated files are the same little-endian bytes.
  const common = { mediaType: nativeMediaType, transferSyntaxUid: uids.explicitLittleEndian, decodable: true };
  return { count, ...common, stored, native: stored };
}

/** The first fragment is the offset table (PS3.5 section A.4). */
function framesOfFragments(
  [offsetTable = new Uint8Array(), ...fragments]: readonly Uint8Array[],
  count: number,
): Uint8Array[] {
  if (fragments.length === count) return fragments;
  if (count === 1) return [Buffer.concat(fragments)];
  const view = new DataView(offsetTable.buffer, offsetTable.byteOffset, offsetTable.length);
  const offsets = Array.from({ length: Math.floor(view.byteLength / 4) }, (_, n) => view.getUint32(4 * n, true));
  const frames: Uint8Array[][] = [];
  let at = 0;
  for (const fragment of fragments) {
    if (offsets[frames.length] === at) frames.push([]);
    frames.at(-1)?.push(fragment);
    at += 8 + fragment.length;
  }
  if (frames.length !== count)
    throw new DomainError('NOT_FOUND', 'Where its frames begin is not told: retrieve the whole instance.');
  return frames.map((parts) => Buffer.concat(parts));
}

/** Numbers as "1,3". @throws DomainError NOT_FOUND for a frame that is not there */
export function frameNumbers(text: string, { count }: Pick<FrameReader, 'count'>): number[] {
  const numbers = text.split(',').map(Number);
  const missing = numbers.find((number) => !Number.isInteger(number) || number < 1 || number > count);
  if (missing !== undefined)
    throw new DomainError('NOT_FOUND', `The instance has frames 1 to ${count}, and not ${missing}.`);
  return numbers;
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
