import type { Dataset, FragmentsElement } from '../dataset.ts';
import { DicomError } from '../dicom-error.ts';
import type { PixelEncoding } from '../transfer-syntax.ts';

const malformed = (what: string): DicomError => new DicomError('MALFORMED', `Encapsulated pixel data ${what}.`);

/**
 * The coded bytes of each frame, its fragments joined (PS3.5 A.4). Frames are told apart by the extended offset table (PS3.3 C.7.6.3.1.8),
 * else by the basic one, else by one fragment a frame, else by the marker that begins a code stream.
 * @throws DicomError MALFORMED if the tables, fragments and `frames` do not agree
 */
export function splitFrames(
  element: FragmentsElement,
  dataset: Dataset,
  frames: number,
  pixels: Exclude<PixelEncoding, 'NATIVE'>,
): Uint8Array[] {
  const [table, ...fragments] = element.fragments;
  if (table === undefined || fragments.length < frames)
    throw malformed(`of ${frames} frames have ${fragments.length} fragments`);
  // PS3.5 A.4.2: a frame of RLE is one fragment.
  if (pixels === 'RLE' && fragments.length !== frames)
    throw malformed(`of ${frames} frames have ${fragments.length} fragments, where RLE needs one a frame`);
  const starts = startsOf(table, fragments, dataset, frames, pixels);
  return starts.map((start, n) => joined(fragments.slice(start, starts[n + 1] ?? fragments.length)));
}

/** The index of the first fragment of each frame. */
function startsOf(
  table: Uint8Array,
  fragments: readonly Uint8Array[],
  dataset: Dataset,
  frames: number,
  pixels: PixelEncoding,
): number[] {
  if (frames === 1) return [0];
  const extended = dataset.bytes('ExtendedOffsetTable');
  if (extended && extended.length > 0) return byOffsets(extended, 8, fragments, frames);
  if (table.length > 0) return byOffsets(table, 4, fragments, frames);
  if (fragments.length === frames) return fragments.map((_, n) => n);
  const [first, second] = pixels === 'JPEG_LOSSLESS' || pixels === 'JPEG_LS' ? [0xff, 0xd8] : [0xff, 0x4f];
  const starts = fragments.flatMap((fragment, n) => (fragment[0] === first && fragment[1] === second ? n : []));
  if (starts.length !== frames || starts[0] !== 0)
    throw malformed(`of ${frames} frames have ${fragments.length} fragments and no offset table`);
  return starts;
}

function byOffsets(table: Uint8Array, size: 4 | 8, fragments: readonly Uint8Array[], frames: number): number[] {
  if (table.length !== size * frames)
    throw malformed(`of ${frames} frames have an offset table of ${table.length} bytes`);
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const index = new Map<number, number>();
  let offset = 0;
  for (const [n, fragment] of fragments.entries()) {
    index.set(offset, n);
    offset += 8 + fragment.length;
  }
  let last = -1;
  return Array.from({ length: frames }, (_, n) => {
    const stated = size === 8 ? Number(view.getBigUint64(8 * n, true)) : view.getUint32(4 * n, true);
    const start = index.get(stated);
    if (start === undefined || start <= last || (n === 0 && start !== 0))
      throw malformed(`have an offset table whose entry ${n + 1} points at no fragment in order`);
    last = start;
    return start;
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Pixel data of one fragment a frame with a basic offset table, each padded to an even length. */
export function encapsulate(tag: number, frames: readonly Uint8Array[]): FragmentsElement {
  const table = new Uint8Array(4 * frames.length);
  const view = new DataView(table.buffer);
  let offset = 0;
  for (const [n, frame] of frames.entries()) {
    view.setUint32(4 * n, offset, true);
    offset += 8 + frame.length + (frame.length & 1);
  }
  if (offset > 0xffffffff)
    throw new DicomError(
      'OUT_OF_BOUNDS',
      'The compressed pixel data exceed the 4 GiB that an offset table can point at.',
    );
  return { kind: 'fragments', tag, vr: 'OB', fragments: [table, ...frames] };
}
