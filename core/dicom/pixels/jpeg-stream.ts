import { DicomError } from '../dicom-error.ts';

/** What a code stream says of its frame. */
export interface StreamInfo {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

/** A code stream whose comments are blank and behind which nothing follows. */
export interface CleanStream extends StreamInfo {
  readonly bytes: Uint8Array;
}

/** Markers of ITU-T T.81 table B.1 and T.87 annex C. */
const marker = { lossless: 0xc3, jpegLs: 0xf7, huffman: 0xc4, start: 0xda, restartInterval: 0xdd, preset: 0xf8 };
const malformed = (what: string): DicomError => new DicomError('MALFORMED', `A JPEG stream ${what}.`);

/**
 * Walks a lossless JPEG (ITU-T T.81 annex H) or JPEG-LS (T.87) stream: checks that it is lossless and whole, fills with zeros what is
 * no part of the image (APPn, comments, quantization tables, unknown segments) and cuts off what follows its end. The bytes that
 * encode pixels stay as they are.
 * @throws DicomError MALFORMED, TRUNCATED, UNSUPPORTED_TRANSFER_SYNTAX for a lossy stream
 */
export function cleanJpeg(source: Uint8Array, kind: 'JPEG_LOSSLESS' | 'JPEG_LS'): CleanStream {
  if (source[0] !== 0xff || source[1] !== 0xd8) throw malformed('does not begin with its marker FFD8');
  const bytes = Uint8Array.from(source);
  const frameMarker = kind === 'JPEG_LS' ? marker.jpegLs : marker.lossless;
  let info: StreamInfo | undefined;
  let scans = 0;
  for (let at = 2; ; ) {
    if (at + 2 > bytes.length) throw new DicomError('TRUNCATED', 'A JPEG stream ends before its marker FFD9.');
    if (bytes[at] !== 0xff) throw malformed(`holds data where a marker should stand, at byte ${at}`);
    const code = bytes[at + 1]!;
    // Fill bytes may precede any marker.
    if (code === 0xff) {
      at++;
      continue;
    }
    if (code === 0xd9) {
      if (!info || scans !== 1) throw malformed('has no frame of one scan');
      return { ...info, bytes: bytes.subarray(0, at + 2) };
    }
    const length = at + 4 <= bytes.length ? (bytes[at + 2]! << 8) | bytes[at + 3]! : 0;
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw malformed(`has a segment of a wrong length at byte ${at}`);
    const body = bytes.subarray(at + 4, end);
    at = end;
    if (code === frameMarker) {
      if (info) throw malformed('has two frames');
      info = frameOf(body);
    } else if ((code & 0xf0) === 0xc0 && code !== marker.huffman)
      throw new DicomError(
        'UNSUPPORTED_TRANSFER_SYNTAX',
        'A JPEG stream is not of the lossless kind that its transfer syntax names.',
      );
    else if (code === marker.start) {
      checkScan(body, kind);
      if (!info || ++scans > 1) throw malformed('has no frame of one scan');
      at = endOfScan(bytes, at, kind);
    } else if (!isKept(code, body, kind)) body.fill(0);
  }
}

function frameOf(body: Uint8Array): StreamInfo {
  if (body.length < 9 || body[5] !== 1 || body.length !== 9)
    throw new DicomError('UNSUPPORTED', 'A JPEG stream has more than one component: only monochrome images are read.');
  return {
    precision: body[0]!,
    rows: (body[1]! << 8) | body[2]!,
    columns: (body[3]! << 8) | body[4]!,
    components: body[5],
  };
}

/** Lossless prediction uses a selection value from 1 to 7; JPEG-LS is lossless if NEAR is 0. */
function checkScan(body: Uint8Array, kind: 'JPEG_LOSSLESS' | 'JPEG_LS'): void {
  if (body.length !== 6 || body[0] !== 1) throw malformed('has a scan of more than one component');
  const [parameter, end, shift] = [body[3]!, body[4]!, body[5]!];
  if (kind === 'JPEG_LS' ? parameter !== 0 : parameter < 1 || parameter > 7 || (shift & 15) !== 0)
    throw new DicomError('UNSUPPORTED_TRANSFER_SYNTAX', 'A JPEG stream says that it is lossy.');
  if (end !== 0) throw malformed('has a scan that is interleaved or progressive');
}

/** The position of the first marker that does not belong to the coded data. */
function endOfScan(bytes: Uint8Array, from: number, kind: 'JPEG_LOSSLESS' | 'JPEG_LS'): number {
  for (let at = from; ; at++) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length)
      throw new DicomError('TRUNCATED', 'A JPEG stream ends before its marker FFD9.');
    const next = bytes[at + 1]!;
    // A zero byte, or in JPEG-LS a zero bit, is stuffed after FF.
    const stuffed = kind === 'JPEG_LS' ? next < 0x80 : next === 0;
    if (!stuffed && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at;
  }
}

/** Tables that decoding needs; of JPEG-LS presets only the five thresholds (T.87 C.2.4.1.1). */
function isKept(code: number, body: Uint8Array, kind: 'JPEG_LOSSLESS' | 'JPEG_LS'): boolean {
  if (code === marker.restartInterval) return body.length === 2;
  if (kind === 'JPEG_LOSSLESS') return code === marker.huffman;
  if (code !== marker.preset) return false;
  if (body[0] !== 1 || body.length !== 11) throw malformed('has preset parameters that are not read');
  return true;
}
