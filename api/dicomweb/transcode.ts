import { setImmediate } from 'node:timers/promises';
import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { type FrameReader, openFrames } from './frames.ts';

/** The file in Explicit VR Little Endian, its pixels decompressed; no value is changed. Other requests are served between two frames. */
export async function nativeFile(bytes: Uint8Array): Promise<Uint8Array> {
  const file = parsePart10(bytes);
  const pixels = file.dataset.elements.get(0x7fe00010);
  if (pixels?.kind !== 'fragments') return writePart10(file.dataset);
  const element = {
    kind: 'bytes',
    tag: 0x7fe00010,
    vr: file.dataset.requireNumber('BitsAllocated') > 8 ? 'OW' : 'OB',
    bytes: await nativePixels(openFrames(file)),
  } as const;
  return writePart10(new Dataset([...file.dataset.elements.values(), element]));
}

/** All frames decompressed, one behind the other. */
export async function nativePixels({ count, native }: FrameReader): Promise<Uint8Array> {
  const frames: Uint8Array[] = [];
  for (let number = 1; number <= count; number++) {
    frames.push(native(number));
    await setImmediate();
  }
  return Buffer.concat(frames);
}
