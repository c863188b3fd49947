import type { Part10 } from '#core/dicom/part10.ts';
import { pixelLayout } from '#core/dicom/pixel-layout.ts';
import { pixelFrames } from '#core/dicom/pixels/decode.ts';
import { requireTransferSyntax } from '#core/dicom/transfer-syntax.ts';
import { uids } from '#core/dicom/uid.ts';
import { DomainError } from '#core/domain/errors.ts';

/** The frames of a file, by their numbers from 1. */
export interface FrameReader {
  readonly count: number;
  /** How they are stored. */
  readonly mediaType: string;
  readonly transferSyntaxUid: string;
  stored(number: number): Uint8Array;
  /** Little endian, uncompressed. */
  native(number: number): Uint8Array;
}

export const nativeMediaType = 'application/octet-stream';

/** @throws DomainError NOT_FOUND if the file has no pixel data; DicomError for what could not have been stored */
export function openFrames(file: Part10): FrameReader {
  const { dataset, transferSyntaxUid } = file;
  if (!dataset.has('PixelData') && !dataset.has('FloatPixelData'))
    throw new DomainError('NOT_FOUND', 'The instance has no pixel data.');
  const { count, stored, native } = pixelFrames(file, pixelLayout(dataset));
  const { pixels, frameMediaType } = requireTransferSyntax(transferSyntaxUid);
  return {
    count,
    mediaType: frameMediaType,
    // Pixels of implicit, deflated and big-endian files are the same little-endian bytes once they are parsed.
    transferSyntaxUid: pixels === 'NATIVE' ? uids.explicitLittleEndian : transferSyntaxUid,
    stored: (number) => stored(number - 1),
    native: (number) => native(number - 1),
  };
}

/** Numbers as "1,3". @throws DomainError NOT_FOUND for a frame that is not there */
export function frameNumbers(text: string, { count }: Pick<FrameReader, 'count'>): number[] {
  const numbers = text.split(',').map(Number);
  const missing = numbers.find((number) => !Number.isInteger(number) || number < 1 || number > count);
  if (missing !== undefined)
    throw new DomainError('NOT_FOUND', `The instance has frames 1 to ${count}, and not ${missing}.`);
  return numbers;
}
