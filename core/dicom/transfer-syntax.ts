import { DicomError } from './dicom-error.ts';

/** How the pixel data of a transfer syntax are written. */
export type PixelEncoding = 'NATIVE' | 'RLE' | 'JPEG_LOSSLESS' | 'JPEG_LS' | 'JPEG_2000' | 'HTJ2K';

export interface TransferSyntax {
  readonly uid: string;
  /** As DICOM PS3.6 table A-1 names it, shortened. */
  readonly name: string;
  readonly pixels: PixelEncoding;
  /** Media type of a frame by itself (PS3.18 table 8.7.3-5). */
  readonly frameMediaType: string;
}

/** Every transfer syntax that is read; all are lossless. */
export const transferSyntaxes: readonly TransferSyntax[] = (
  [
    ['1.2.840.10008.1.2', 'Implicit VR Little Endian', 'NATIVE', 'application/octet-stream'],
    ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'NATIVE', 'application/octet-stream'],
    ['1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'NATIVE', 'application/octet-stream'],
    ['1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'NATIVE', 'application/octet-stream'],
    ['1.2.840.10008.1.2.5', 'RLE Lossless', 'RLE', 'image/dicom-rle'],
    ['1.2.840.10008.1.2.4.57', 'JPEG Lossless, Process 14', 'JPEG_LOSSLESS', 'image/jpeg'],
    ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, Process 14, Selection Value 1', 'JPEG_LOSSLESS', 'image/jpeg'],
    ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'JPEG_LS', 'image/jls'],
    ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless Only', 'JPEG_2000', 'image/jp2'],
    ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless Only', 'HTJ2K', 'image/jphc'],
    ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 with RPCL, Lossless Only', 'HTJ2K', 'image/jphc'],
    ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'HTJ2K', 'image/jphc'],
  ] as const
).map(([uid, name, pixels, frameMediaType]) => ({ uid, name, pixels, frameMediaType }));

const known: ReadonlyMap<string, TransferSyntax> = new Map(transferSyntaxes.map((syntax) => [syntax.uid, syntax]));

/** Syntaxes that are refused by name: those that lose information, and those of moving pictures and of other services. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^4\.5[01]$/, 'lossy JPEG'],
  [/^4\.(5[2-6]|5[89]|6[0-6])$/, 'a retired JPEG process'],
  [/^4\.81$/, 'near-lossless JPEG-LS'],
  [/^4\.91$/, 'JPEG 2000 that may be lossy'],
  [/^4\.9[23]$/, 'multi-component JPEG 2000'],
  [/^4\.9[45]$|^1\.98$|^4\.20[45]$|^8\.1$/, 'pixel data that are referenced or compressed in ways that are not read'],
  [/^4\.1[01]\d/, 'video, or lossy JPEG XL'],
];

/**
 * What is known of a transfer syntax.
 * @throws DicomError UNSUPPORTED_TRANSFER_SYNTAX saying why it is not read; a UID that is none of the standard's is not quoted, since
 *   anything may stand in its place.
 */
export function requireTransferSyntax(uid: string): TransferSyntax {
  const syntax = known.get(uid);
  if (syntax) return syntax;
  const root = '1.2.840.10008.1.2.';
  const rest = /^1\.2\.840\.10008\.1\.2\.[\d.]{1,12}$/.test(uid) ? uid.slice(root.length) : undefined;
  if (rest === undefined)
    throw new DicomError('UNSUPPORTED_TRANSFER_SYNTAX', 'The transfer syntax is not one of the DICOM standard.');
  const why = refused.find(([pattern]) => pattern.test(rest))?.[1];
  throw new DicomError(
    'UNSUPPORTED_TRANSFER_SYNTAX',
    why === undefined
      ? `The transfer syntax ${uid} is not read: send the images uncompressed or in a lossless syntax of docs/dicom.md.`
      : `The transfer syntax ${uid} is ${why}: send the original, uncompressed or in a lossless syntax.`,
  );
}
