import { Decoder } from 'jpeg-lossless-decoder-js';
import type { Dataset, DicomElement } from '../dataset.ts';
import { DicomError } from '../dicom-error.ts';
import type { PixelLayout } from '../pixel-layout.ts';
import { cleanRleFrame, decodeRleFrame } from '../rle.ts';
import { type PixelEncoding, requireTransferSyntax } from '../transfer-syntax.ts';
import { bitRange } from './bit-range.ts';
import { splitFrames } from './encapsulated.ts';
import { cleanJpeg2000 } from './j2k-stream.ts';
import { cleanJpeg, type StreamInfo } from './jpeg-stream.ts';
import { decodeByWasm } from './wasm-codecs.ts';

type Compressed = Exclude<PixelEncoding, 'NATIVE'>;

const pixelData = 0x7fe00010;
const floatPixelData = 0x7fe00008;

/** Largest frame that is decoded, in pixels: 16 times the largest matrix of MR in use. */
export const maxCompressedFramePixels = 2 ** 24;

/** The coded frames of a dataset, as they came; undefined if its pixel data are native. @throws DicomError MALFORMED */
export function codedFrames(
  dataset: Dataset,
  pixels: DicomElement,
  encoding: PixelEncoding,
  layout: PixelLayout,
): Uint8Array[] | undefined {
  if (pixels.kind !== 'fragments') {
    if (encoding !== 'NATIVE')
      throw new DicomError('MALFORMED', 'The transfer syntax is a compressed one, the pixel data are not.');
    return undefined;
  }
  if (encoding === 'NATIVE')
    throw new DicomError('MALFORMED', 'The pixel data are compressed, against the transfer syntax.');
  return splitFrames(pixels, dataset, layout.frames, encoding);
}

/** The frames of a file by number from 0, each by rows. Readers throw DicomError. */
export interface PixelFrames {
  readonly count: number;
  /** As they are stored: native ones little endian. */
  stored(number: number): Uint8Array;
  /** Uncompressed, little endian in `bitsAllocated`; single bits are packed from the start of the first byte on (PS3.5 section 8.1.1). */
  native(number: number): Uint8Array;
}

/**
 * The frames of pixel data, integers or floating point, in any transfer syntax that is read; a frame is decoded when it is asked for.
 * @throws DicomError MISSING_ATTRIBUTE, TRUNCATED, MALFORMED, UNSUPPORTED, OUT_OF_BOUNDS, UNSUPPORTED_TRANSFER_SYNTAX
 */
export function pixelFrames(
  { dataset, transferSyntaxUid }: { dataset: Dataset; transferSyntaxUid: string },
  layout: PixelLayout,
): PixelFrames {
  const { pixels: encoding } = requireTransferSyntax(transferSyntaxUid);
  const element = dataset.elements.get(pixelData) ?? dataset.elements.get(floatPixelData);
  if (element === undefined || element.kind === 'sequence')
    throw new DicomError('MISSING_ATTRIBUTE', 'PixelData (7fe0,0010) is absent.');
  const count = layout.frames;
  const coded = codedFrames(dataset, element, encoding, layout);
  if (coded) {
    const stored = (number: number): Uint8Array => coded[number]!;
    return { count, stored, native: (number) => decodeFrame(stored(number), encoding as Compressed, layout) };
  }
  const bits = layout.rows * layout.columns * layout.samples * layout.bitsAllocated;
  const { bytes } = element as { bytes: Uint8Array };
  const needed = Math.ceil((bits * count) / 8);
  if (bytes.length < needed)
    throw new DicomError('TRUNCATED', `PixelData has ${bytes.length} bytes where ${needed} are needed.`);
  const stored = (number: number): Uint8Array => bitRange(bytes, number * bits, bits);
  return { count, stored, native: stored };
}

/** All frames as `PixelFrames.native` gives them. @throws DicomError as `pixelFrames` */
export function decodeFrames(
  part10: { dataset: Dataset; transferSyntaxUid: string },
  layout: PixelLayout,
): Uint8Array[] {
  const frames = pixelFrames(part10, layout);
  return Array.from({ length: frames.count }, (_, n) => frames.native(n));
}

/**
 * One coded frame without what could hide in it: comments are blank, what follows the end is cut. What encodes pixels is unchanged.
 * @throws DicomError as `decodeFrames`
 */
export function cleanFrame(coded: Uint8Array, encoding: Compressed, layout: PixelLayout): Uint8Array {
  refuseLayout(layout);
  if (encoding === 'RLE') return cleanRleFrame(coded, layout.rows * layout.columns, layout.bitsAllocated / 8);
  return cleanStream(coded, encoding, layout).bytes;
}

/** The pixels of one coded frame, little endian in `bitsAllocated`. @throws DicomError as `decodeFrames` */
export function decodeFrame(coded: Uint8Array, encoding: Compressed, layout: PixelLayout): Uint8Array {
  refuseLayout(layout);
  const count = layout.rows * layout.columns;
  if (encoding === 'RLE') return decodeRleFrame(coded, count, layout.bitsAllocated / 8);
  const stream = cleanStream(coded, encoding, layout);
  const width = stream.precision > 8 ? 2 : 1;
  const bytes = encoding === 'JPEG_LOSSLESS' ? decodeLossless(stream, width) : decodeWasm(encoding, stream);
  if (bytes.length !== count * width)
    throw new DicomError('MALFORMED', `A compressed frame gave ${bytes.length} bytes where ${count * width} belong.`);
  return width * 8 === layout.bitsAllocated ? bytes : widened(bytes);
}

function refuseLayout({ rows, columns, samples, bitsAllocated }: PixelLayout): void {
  if (samples !== 1 || (bitsAllocated !== 8 && bitsAllocated !== 16))
    throw new DicomError(
      'UNSUPPORTED',
      `Compressed pixels of ${samples} samples and ${bitsAllocated} bits allocated are not read.`,
    );
  if (rows * columns > maxCompressedFramePixels)
    throw new DicomError(
      'OUT_OF_BOUNDS',
      `A compressed frame of ${rows} by ${columns} pixels exceeds ${maxCompressedFramePixels}.`,
    );
}

/** Checked against the header before anything is decoded: a decoder makes room for what the stream says. */
function cleanStream(coded: Uint8Array, encoding: Exclude<Compressed, 'RLE'>, layout: PixelLayout) {
  const stream =
    encoding === 'JPEG_LOSSLESS' || encoding === 'JPEG_LS'
      ? cleanJpeg(coded, encoding)
      : cleanJpeg2000(coded, encoding);
  const { rows, columns, precision } = stream;
  if (rows !== layout.rows || columns !== layout.columns || precision < 2 || precision > layout.bitsAllocated)
    throw new DicomError(
      'MALFORMED',
      `A compressed frame is ${rows} by ${columns} pixels of ${precision} bits, the header says ${layout.rows} by ${layout.columns} in ${layout.bitsAllocated}.`,
    );
  return stream;
}

/** The library halves without rounding down, so that sums of odd numbers go wrong (ITU-T T.81 table H.1 shifts). */
class LosslessDecoder extends Decoder {
  override select7(component?: number): number {
    return (this.getPreviousX(component) + this.getPreviousY(component)) >> 1;
  }
}

function decodeLossless({ bytes, rows }: StreamInfo & { bytes: Uint8Array }, width: 1 | 2): Uint8Array {
  const decoder = new LosslessDecoder();
  const samples = guarded(() => decoder.decode(bytes.buffer, bytes.byteOffset, bytes.length, width));
  if (decoder.yLoc < rows) throw new DicomError('TRUNCATED', 'A JPEG stream ends before its frame is full.');
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function decodeWasm(codec: 'JPEG_LS' | 'JPEG_2000' | 'HTJ2K', stream: StreamInfo & { bytes: Uint8Array }): Uint8Array {
  const { frame, bytes } = guarded(() => decodeByWasm(codec, stream.bytes));
  if (frame.width !== stream.columns || frame.height !== stream.rows || frame.componentCount !== 1)
    throw new DicomError('MALFORMED', 'A compressed frame was decoded to another size than it states.');
  return bytes;
}

/** What a codec throws, be it a number, is a fault of the file. */
function guarded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new DicomError('MALFORMED', 'A compressed frame cannot be decoded.', { cause });
  }
}

function widened(bytes: Uint8Array): Uint8Array {
  const wide = new Uint8Array(2 * bytes.length);
  for (let n = 0; n < bytes.length; n++) wide[2 * n] = bytes[n]!;
  return wide;
}
