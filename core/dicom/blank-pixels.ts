import { buildDataset } from './build-dataset.ts';
import { Dataset, type DicomElement } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { parsePart10 } from './part10.ts';
import { pixelLayout } from './pixel-layout.ts';
import { decodeFrames } from './pixels/decode.ts';
import { writePart10 } from './write-dataset.ts';

const pixelData = 0x7fe00010;
/** They point into compressed fragments, which are no more. */
const replacedTags: ReadonlySet<number> = new Set([pixelData, 0x7fe00001, 0x7fe00002]);

/** An entry of PS3.16 CID 7050. */
export const visualFeaturesCleaned = ['113102', 'Clean Recognizable Visual Features Option'] as const;

export interface BlankedImage {
  /** In explicit little endian, whatever the original was in: nothing is lost, and nothing of what was blanked can be left in a stream. */
  readonly bytes: Uint8Array;
  /** How many pixels were blanked, those that held the value before included. */
  readonly blanked: number;
}

/**
 * A copy of an MR image in which chosen pixels hold one value, and which says that recognizable features were removed: Recognizable Visual
 * Features NO, CID 7050 code 113102, and `method` in De-identification Method (PS3.15 E.3.2). All other pixels and attributes stay.
 * @param chosen by frame from 0, not 0 for the pixels to blank, by rows
 * @param value as stored, within Bits Stored
 * @throws DicomError UNSUPPORTED for more than one sample a pixel; as `parsePart10` and `decodeFrames`
 */
export function blankPixels(
  bytes: Uint8Array,
  chosen: (frame: number) => Uint8Array,
  { value, method }: { readonly value: number; readonly method: string },
): BlankedImage {
  const part10 = parsePart10(bytes);
  const { dataset } = part10;
  const layout = pixelLayout(dataset);
  const size = layout.bitsAllocated / 8;
  if (layout.samples !== 1 || (size !== 1 && size !== 2))
    throw new DicomError('UNSUPPORTED', 'Only pixels of one sample of 8 or 16 bits can be blanked.');
  const frames = decodeFrames(part10, layout);
  const pixels = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(pixels.buffer);
  let [at, blanked] = [0, 0];
  for (const [n, frame] of frames.entries()) {
    pixels.set(frame, at);
    const mask = chosen(n);
    for (let pixel = mask.findIndex(Boolean); pixel >= 0 && pixel < mask.length; pixel++) {
      if (mask[pixel] === 0) continue;
      blanked++;
      if (size === 2) view.setUint16(at + 2 * pixel, value & 0xffff, true);
      else view.setUint8(at + pixel, value & 0xff);
    }
    at += frame.length;
  }
  const vr = size === 2 ? 'OW' : 'OB';
  const kept = [...dataset.elements.values()].filter(({ tag }) => !replacedTags.has(tag));
  const elements: DicomElement[] = [...kept, { kind: 'bytes', tag: pixelData, vr, bytes: pixels }];
  const marked = new Map([...elements, ...markers(dataset, method)].map((element) => [element.tag, element]));
  const sorted = [...marked.values()].sort((a, b) => a.tag - b.tag);
  return { bytes: writePart10(new Dataset(sorted, dataset.characterSets)), blanked };
}

function markers(dataset: Dataset, method: string): Iterable<DicomElement> {
  const [code, meaning] = visualFeaturesCleaned;
  const own = buildDataset({ CodeValue: code, CodingSchemeDesignator: 'DCM', CodeMeaning: meaning });
  const others = dataset.items('DeidentificationMethodCodeSequence').filter((item) => item.text('CodeValue') !== code);
  const byCode = [...others, own].sort((a, b) => ((a.text('CodeValue') ?? '') < (b.text('CodeValue') ?? '') ? -1 : 1));
  return buildDataset({
    DeidentificationMethod: [...dataset.texts('DeidentificationMethod').filter((text) => text !== method), method],
    DeidentificationMethodCodeSequence: byCode,
    RecognizableVisualFeatures: 'NO',
  }).elements.values();
}
