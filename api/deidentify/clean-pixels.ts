import { Dataset, type DicomElement } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import type { Part10 } from '#core/dicom/part10.ts';
import { type PixelLayout, pixelLayout } from '#core/dicom/pixel-layout.ts';
import { cleanFrame, codedFrames, decodeFrame } from '#core/dicom/pixels/decode.ts';
import { encapsulate } from '#core/dicom/pixels/encapsulated.ts';
import { requireTransferSyntax } from '#core/dicom/transfer-syntax.ts';
import { uids } from '#core/dicom/uid.ts';

/** Elements of a file to write, and the transfer syntax that holds them. */
export interface CleanPixels {
  readonly elements: readonly DicomElement[];
  readonly transferSyntaxUid: string;
  /** True if more than a byte of padding lay behind the last pixel. */
  readonly cutBehind: boolean;
}

/** They point into the fragments as they came; the basic one is made anew. */
const extendedOffsetTables = new Set([0x7fe00001, 0x7fe00002]);

/**
 * The pixels alone: what follows the last one is cut. Compressed frames stay as they are but for comments and for what follows their
 * ends, where anything could hide, and each is decoded once: what is stored can be read back.
 * @throws DicomError TRUNCATED, MALFORMED, MISSING_ATTRIBUTE, UNSUPPORTED, OUT_OF_BOUNDS, UNSUPPORTED_TRANSFER_SYNTAX
 */
export function cleanPixels(elements: readonly DicomElement[], { dataset, transferSyntaxUid }: Part10): CleanPixels {
  const layout = keptLayout(elements, dataset);
  const { pixels: encoding } = requireTransferSyntax(transferSyntaxUid);
  const pixels = elements.find(({ tag }) => tag === 0x7fe00010);
  if (pixels === undefined) throw new DicomError('MISSING_ATTRIBUTE', 'PixelData (7fe0,0010) is absent.');
  const replaced = (by: DicomElement): DicomElement[] =>
    elements.flatMap((element) => (element === pixels ? by : extendedOffsetTables.has(element.tag) ? [] : element));
  const coded = codedFrames(dataset, pixels, encoding, layout);
  if (coded && encoding !== 'NATIVE') {
    const clean = coded.map((frame) => cleanFrame(frame, encoding, layout));
    for (const frame of clean) decodeFrame(frame, encoding, layout);
    const cutBehind = clean.some((frame, n) => coded[n]!.length > frame.length + 1);
    return { elements: replaced(encapsulate(pixels.tag, clean)), transferSyntaxUid, cutBehind };
  }
  const size = (layout.rows * layout.columns * layout.frames * layout.samples * layout.bitsAllocated) / 8;
  const bytes = pixels.kind === 'bytes' ? pixels.bytes : new Uint8Array(0);
  if (bytes.length < size)
    throw new DicomError('TRUNCATED', `PixelData has ${bytes.length} bytes where ${size} are needed.`);
  const vr = layout.bitsAllocated > 8 ? 'OW' : 'OB';
  const plain: DicomElement = { kind: 'bytes', tag: pixels.tag, vr, bytes: bytes.subarray(0, size) };
  return {
    elements: replaced(plain),
    transferSyntaxUid: uids.explicitLittleEndian,
    cutBehind: bytes.length > size + 1,
  };
}

/** Ill-formed attributes do not survive de-identification: without them what is stored would be read otherwise, or not at all. */
function keptLayout(elements: readonly DicomElement[], source: Dataset): PixelLayout {
  const [sent, kept] = [pixelLayout(source), pixelLayout(new Dataset(elements))];
  if (Object.entries(sent).some(([name, value]) => kept[name as keyof PixelLayout] !== value))
    throw new DicomError(
      'MALFORMED',
      'An attribute that describes the pixels is not of the form that the standard gives it.',
    );
  return sent;
}
