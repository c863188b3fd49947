import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { openFrames } from './frames.ts';

const native: ReadonlySet<string> = new Set([
  uids.explicitLittleEndian,
  uids.implicitLittleEndian,
  uids.deflatedLittleEndian,
  uids.rleLossless,
]);

/** True if a file stored so can be given in Explicit VR Little Endian. */
export const canBeNative = (transferSyntaxUid: string): boolean => native.has(transferSyntaxUid);

/** The file in Explicit VR Little Endian, its pixels decompressed; no value is changed. */
export function nativeFile(bytes: Uint8Array): Uint8Array {
  const file = parsePart10(bytes);
  const pixels = file.dataset.elements.get(0x7fe00010);
  if (pixels?.kind !== 'fragments') return writePart10(file.dataset);
  const reader = openFrames(file);
  const frames = Array.from({ length: reader.count }, (_, n) => reader.native(n + 1));
  const element = {
    kind: 'bytes',
    tag: 0x7fe00010,
    vr: file.dataset.requireNumber('BitsAllocated') > 8 ? 'OW' : 'OB',
    bytes: Buffer.concat(frames),
  } as const;
  return writePart10(new Dataset([...file.dataset.elements.values(), element]));
}
