import { DicomError } from './dicom-error.ts';

/**
 * Decodes one frame of RLE Lossless (PS3.5 Annex G), one sample a pixel, to little-endian bytes.
 * @param pixelCount pixels of the frame
 * @param bytesPerPixel 1, 2 or 4: the number of segments, most significant byte first
 * @throws DicomError MALFORMED, TRUNCATED
 */
export function decodeRleFrame(fragment: Uint8Array, pixelCount: number, bytesPerPixel: number): Uint8Array {
  if (fragment.length < 64) throw new DicomError('TRUNCATED', 'An RLE frame is shorter than its header of 64 bytes.');
  const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.length);
  const segments = view.getUint32(0, true);
  if (segments !== bytesPerPixel)
    throw new DicomError('MALFORMED', `An RLE frame has ${segments} segments where its pixels need ${bytesPerPixel}.`);
  // Two bytes make at most 128: a small fragment cannot ask for a large frame.
  if (fragment.length * 64 < pixelCount * bytesPerPixel)
    throw new DicomError(
      'TRUNCATED',
      `An RLE frame of ${fragment.length} bytes is too short for ${pixelCount} pixels.`,
    );
  const frame = new Uint8Array(pixelCount * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const from = view.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : fragment.length;
    if (from < 64 || from > to || to > fragment.length)
      throw new DicomError('MALFORMED', `Segment ${segment + 1} of an RLE frame lies outside the frame.`);
    decodeSegment(fragment.subarray(from, to), frame, bytesPerPixel - 1 - segment, bytesPerPixel);
  }
  return frame;
}

/** Fills every `stride`-th byte of the frame, from `start`. */
function decodeSegment(segment: Uint8Array, frame: Uint8Array, start: number, stride: number): void {
  let at = 0;
  let out = start;
  while (out < frame.length) {
    if (at + 1 >= segment.length)
      throw new DicomError('TRUNCATED', 'A segment of an RLE frame ends before the frame is full.');
    const control = (segment[at++]! << 24) >> 24;
    if (control === -128) continue;
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
}
