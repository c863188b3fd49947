import { DicomError } from './dicom-error.ts';

/**
 * Decodes one frame of RLE Lossless (PS3.5 Annex G), one sample a pixel, to little-endian bytes.
 * @param pixelCount pixels of the frame
 * @param bytesPerPixel 1, 2 or 4: the number of segments, most significant byte first
 * @throws DicomError MALFORMED, TRUNCATED
 */
export function decodeRleFrame(fragment: Uint8Array, pixelCount: number, bytesPerPixel: number): Uint8Array {
  const frame = new Uint8Array(pixelCount * bytesPerPixel);
  for (const [n, segment] of segmentsOf(fragment, pixelCount, bytesPerPixel).entries())
    decodeSegment(segment, frame, bytesPerPixel - 1 - n, bytesPerPixel);
  return frame;
}

/**
 * The same frame with nothing between, within or behind its segments that is no part of the image.
 * @throws DicomError as `decodeRleFrame`, and MALFORMED if a run reaches beyond the frame
 */
export function cleanRleFrame(fragment: Uint8Array, pixelCount: number, bytesPerPixel: number): Uint8Array {
  const frame = new Uint8Array(pixelCount * bytesPerPixel);
  const kept = segmentsOf(fragment, pixelCount, bytesPerPixel).map((segment, n) => {
    const { used, filled } = decodeSegment(segment, frame, bytesPerPixel - 1 - n, bytesPerPixel);
    if (filled > pixelCount)
      throw new DicomError('MALFORMED', 'A run of an RLE frame reaches beyond the last pixel of the frame.');
    return segment.subarray(0, used);
  });
  const size = kept.reduce((sum, { length }) => sum + length + (length & 1), 64);
  const clean = new Uint8Array(size);
  const view = new DataView(clean.buffer);
  view.setUint32(0, kept.length, true);
  let at = 64;
  for (const [n, segment] of kept.entries()) {
    view.setUint32(4 + 4 * n, at, true);
    clean.set(segment, at);
    at += segment.length + (segment.length & 1);
  }
  return clean;
}

function segmentsOf(fragment: Uint8Array, pixelCount: number, bytesPerPixel: number): Uint8Array[] {
  if (fragment.length < 64) throw new DicomError('TRUNCATED', 'An RLE frame is shorter than its header of 64 bytes.');
  const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.length);
  const count = view.getUint32(0, true);
  if (count !== bytesPerPixel)
    throw new DicomError('MALFORMED', `An RLE frame has ${count} segments where its pixels need ${bytesPerPixel}.`);
  // Two bytes make at most 128: a small fragment cannot ask for a large frame.
  if (fragment.length * 64 < pixelCount * bytesPerPixel)
    throw new DicomError(
      'TRUNCATED',
      `An RLE frame of ${fragment.length} bytes is too short for ${pixelCount} pixels.`,
    );
  return Array.from({ length: count }, (_, segment) => {
    const from = view.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < count ? view.getUint32(8 + 4 * segment, true) : fragment.length;
    if (from < 64 || from > to || to > fragment.length)
      throw new DicomError('MALFORMED', `Segment ${segment + 1} of an RLE frame lies outside the frame.`);
    return fragment.subarray(from, to);
  });
}

/** Fills every `stride`-th byte of the frame, from `start`. @returns the bytes read, and the pixels that they describe */
function decodeSegment(
  segment: Uint8Array,
  frame: Uint8Array,
  start: number,
  stride: number,
): { used: number; filled: number } {
  let [at, out, filled] = [0, start, 0];
  while (out < frame.length) {
    if (at + 1 >= segment.length)
      throw new DicomError('TRUNCATED', 'A segment of an RLE frame ends before the frame is full.');
    const control = (segment[at++]! << 24) >> 24;
    if (control === -128) continue;
    filled += Math.abs(control) + 1;
    if (control >= 0) {
      if (at + control + 1 > segment.length)
        throw new DicomError('TRUNCATED', 'A literal run of an RLE frame is cut off.');
      for (let n = 0; n <= control && out < frame.length; n++, out += stride) frame[out] = segment[at + n]!;
      at += control + 1;
    } else {
      const value = segment[at++]!;
      for (let n = 0; n <= -control && out < frame.length; n++, out += stride) frame[out] = value;
    }
  }
  return { used: at, filled };
}
