import type { Sequence } from '#core/domain/sequence.ts';
import type { Phantom } from '../../demo/phantom/phantom.ts';
import { phantomUids, type StudyOptions, writePhantomStudy } from '../../demo/phantom/study.ts';

/** The files of a phantom's study by sequence, each in no particular order. */
export type FilesBySequence = Readonly<Record<Sequence, Uint8Array[]>>;

export async function filesBySequence(phantom: Phantom, options: StudyOptions = {}): Promise<FilesBySequence> {
  const files: Record<Sequence, Uint8Array[]> = { T1_PRE: [], T1_POST: [], BRAVO: [], FLAIR: [] };
  const { series } = phantomUids(phantom, options);
  for await (const { bytes } of writePhantomStudy(phantom, options)) {
    const text = latin1(bytes);
    const sequence = (Object.keys(series) as Sequence[]).find((name) => text.includes(series[name]));
    files[sequence!].push(bytes);
  }
  return files;
}

/** Every UID of the file that begins with the series' UID or is its instance's is another one; all else is the same. */
export function asAnotherSeries(file: Uint8Array, seriesUid: string): Uint8Array {
  const text = latin1(file);
  const instanceUid = elementText(text, '\x08\x00\x18\x00');
  return Buffer.from(
    text.replaceAll(instanceUid, another(instanceUid)).replaceAll(seriesUid, another(seriesUid)),
    'latin1',
  );
}

/** All pixels have one value. */
export function asConstant(file: Uint8Array): Uint8Array {
  const copy = Buffer.from(file);
  const pixelData = copy.lastIndexOf(Buffer.from('\xe0\x7f\x10\x00', 'latin1'));
  copy.fill(0x01, pixelData + 12);
  return copy;
}

/** Position of a slice along the patient's axis, in mm. */
export const positionOf = (file: Uint8Array): number =>
  Number(elementText(latin1(file), '\x20\x00\x32\x00').split('\\')[2]);

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** The value of an element with a short length, explicit VR little endian. */
function elementText(text: string, tag: string): string {
  const at = text.indexOf(tag, 132);
  const length = text.charCodeAt(at + 6) + 256 * text.charCodeAt(at + 7);
  return text.slice(at + 8, at + 8 + length).replace(/[\0 ]+$/, '');
}

/** A UID as long as this one. */
const another = (uid: string): string => {
  const at = 6;
  return `${uid.slice(0, at)}${(Number(uid[at]) + 1) % 10}${uid.slice(at + 1)}`;
};
