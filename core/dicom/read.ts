import type { Dataset } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { type Part10, parsePart10 } from './part10.ts';
import { type PixelLayout, pixelLayout } from './pixel-layout.ts';
import { decodeFrames } from './pixels/decode.ts';
import { uids } from './uid.ts';

/** Three numbers, or six: the direction of a row's increasing column, then of a column's increasing row. */
type Triple = readonly [number, number, number];
export type ImageOrientation = readonly [number, number, number, number, number, number];

/** One slice as stored; `rows * columns` values by rows. */
export interface MrFrame {
  /** From 1, as in Referenced Frame Number. */
  readonly number: number;
  /** Distance between rows, then between columns, mm (PS3.3 section 10.7.1.3). */
  readonly pixelSpacingMm: readonly [number, number];
  readonly imageOrientation: ImageOrientation;
  /** LPS mm of the centre of the first pixel. */
  readonly imagePosition: Triple;
  readonly sliceThicknessMm: number | undefined;
  /** Value = stored * slope + intercept. */
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Stored values, without bits beyond Bits Stored. */
  readonly pixels: Int16Array | Uint16Array;
}

/** What assembling a volume needs of a file; a classic instance has one frame. */
export interface MrInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: readonly MrFrame[];
}

/**
 * Reads an MR image, classic or enhanced multi-frame, in any transfer syntax of `transfer-syntax.ts`.
 * @throws DicomError; UNSUPPORTED_CLASS for what is no MR image, OUT_OF_BOUNDS for sizes beyond `maxPixelBytes`
 */
export function readMrInstance(bytes: Uint8Array): MrInstance {
  const part10 = parsePart10(bytes);
  const { dataset } = part10;
  const sopClassUid = dataset.requireText('SOPClassUID');
  if (sopClassUid !== uids.mrImage && sopClassUid !== uids.enhancedMrImage)
    throw new DicomError('UNSUPPORTED_CLASS', 'The instance is no MR Image and no Enhanced MR Image.');
  const layout = pixelLayout(dataset);
  if (
    dataset.text('PhotometricInterpretation') !== 'MONOCHROME2' &&
    dataset.text('PhotometricInterpretation') !== 'MONOCHROME1'
  )
    throw new DicomError('UNSUPPORTED', 'Only monochrome MR images are read.');
  const [shared] = dataset.items('SharedFunctionalGroupsSequence');
  const perFrame = dataset.items('PerFrameFunctionalGroupsSequence');
  const frames = framePixels(part10, layout).map((pixels, n): MrFrame => {
    const group = (sequence: string): Dataset =>
      perFrame[n]?.items(sequence)[0] ?? shared?.items(sequence)[0] ?? dataset;
    const measures = group('PixelMeasuresSequence');
    const transformation = group('PixelValueTransformationSequence');
    const [between, across] = measures.requireNumbers('PixelSpacing', 2);
    const orientation = group('PlaneOrientationSequence').requireNumbers('ImageOrientationPatient', 6);
    const [x, y, z] = group('PlanePositionSequence').requireNumbers('ImagePositionPatient', 3);
    return {
      number: n + 1,
      pixelSpacingMm: [between!, across!],
      imageOrientation: orientation as unknown as ImageOrientation,
      imagePosition: [x!, y!, z!],
      sliceThicknessMm: measures.number('SliceThickness'),
      rescale: {
        slope: transformation.number('RescaleSlope') ?? 1,
        intercept: transformation.number('RescaleIntercept') ?? 0,
      },
      pixels,
    };
  });
  return {
    sopClassUid,
    sopInstanceUid: dataset.requireText('SOPInstanceUID'),
    seriesInstanceUid: dataset.requireText('SeriesInstanceUID'),
    studyInstanceUid: dataset.requireText('StudyInstanceUID'),
    frameOfReferenceUid: dataset.requireText('FrameOfReferenceUID'),
    rows: layout.rows,
    columns: layout.columns,
    frames,
  };
}

function framePixels(part10: Part10, layout: PixelLayout): (Int16Array | Uint16Array)[] {
  const { samples, bitsAllocated } = layout;
  if (samples !== 1 || (bitsAllocated !== 8 && bitsAllocated !== 16))
    throw new DicomError(
      'UNSUPPORTED',
      `MR pixels of ${samples} samples and ${bitsAllocated} bits allocated are not read.`,
    );
  return decodeFrames(part10, layout).map((bytes) => storedValues(bytes, layout));
}

/** Widens 8 bits, sign-extends from Bits Stored, and clears what lies above (overlays of old files). */
function storedValues(bytes: Uint8Array, { bitsAllocated, bitsStored, signed }: PixelLayout): Int16Array | Uint16Array {
  const count = bytes.length / (bitsAllocated / 8);
  const pixels = signed || bitsStored < 16 ? new Int16Array(count) : new Uint16Array(count);
  if (bitsAllocated === 16) new Uint8Array(pixels.buffer).set(bytes);
  else pixels.set(bytes);
  if (bitsStored === 16) return pixels;
  const unused = 32 - bitsStored;
  for (let n = 0; n < count; n++)
    pixels[n] = signed ? (pixels[n]! << unused) >> unused : (pixels[n]! << unused) >>> unused;
  return pixels;
}
