import { type BytesElement, type Dataset, type DicomElement, numbersOf, textsOf } from './dataset.ts';
import { isPrivate, type Vr } from './dictionary.ts';

type PersonName = { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
type JsonValue = string | number | null | PersonName | DicomJson;
export interface DicomJsonElement {
  readonly vr: Vr;
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
}
/** A dataset in the DICOM JSON model (PS3.18 Annex F): elements by "GGGGEEEE". */
export type DicomJson = { readonly [tag: string]: DicomJsonElement };

/** Binary values longer than this are bulk data. */
const maxInlineBytes = 1024;
const numeric: ReadonlySet<Vr> = new Set<Vr>(['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);
const binary: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/**
 * The dataset as DICOM JSON for QIDO-RS and WADO-RS metadata. Bulk data (pixel data, any binary value over 1 KB), group lengths and
 * private attributes without a creator are left out. Text is decoded, so Specific Character Set says UTF-8 if it is there.
 */
export function toDicomJson(dataset: Dataset): DicomJson {
  const json: Record<string, DicomJsonElement> = {};
  for (const element of [...dataset.elements.values()].sort((a, b) => a.tag - b.tag)) {
    if ((element.tag & 0xffff) === 0) continue;
    if (isPrivate(element.tag) && !dataset.elements.has(creatorTag(element.tag))) continue;
    const converted = convert(element, dataset.characterSets);
    if (converted !== undefined) json[(element.tag >>> 0).toString(16).toUpperCase().padStart(8, '0')] = converted;
  }
  return json;
}

/** The private creator that reserves the block of a private element; itself, for a creator (PS3.5 section 7.8.1). */
function creatorTag(tag: number): number {
  const element = tag & 0xffff;
  return element <= 0xff ? tag : ((tag & 0xffff0000) | (element >>> 8)) >>> 0;
}

function convert(element: DicomElement, characterSets: readonly string[]): DicomJsonElement | undefined {
  const { vr } = element;
  if (element.kind === 'fragments' || element.tag >>> 16 === 0x7fe0) return undefined;
  if (element.kind === 'sequence')
    return element.items.length === 0 ? { vr } : { vr, Value: element.items.map(toDicomJson) };
  if (element.bytes.length === 0) return { vr };
  if (binary.has(vr))
    return element.bytes.length > maxInlineBytes
      ? undefined
      : { vr, InlineBinary: Buffer.from(element.bytes).toString('base64') };
  if (element.tag === 0x00080005) return { vr, Value: ['ISO_IR 192'] };
  const values = valuesOf(element, characterSets);
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

function valuesOf(element: BytesElement, characterSets: readonly string[]): JsonValue[] {
  if (element.vr === 'AT') {
    const bytes = Buffer.from(element.bytes.buffer, element.bytes.byteOffset, element.bytes.length);
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, n) =>
      (bytes.readUInt16LE(4 * n) * 65536 + bytes.readUInt16LE(4 * n + 2)).toString(16).toUpperCase().padStart(8, '0'),
    );
  }
  if (numeric.has(element.vr)) {
    const numbers = numbersOf(element);
    if (element.vr !== 'DS' && element.vr !== 'IS')
      return numbers.map((number) => (Number.isFinite(number) ? number : String(number)));
    const texts = textsOf(element, characterSets);
    // A text that is no number stays text, which the model permits.
    return numbers.length === texts.length ? [...numbers] : texts.map((text) => text || null);
  }
  const texts = textsOf(element, characterSets);
  return element.vr === 'PN' ? texts.map(personName) : texts.map((text) => text || null);
}

function personName(text: string): PersonName | null {
  const [alphabetic, ideographic, phonetic] = text.split('=');
  const name: PersonName = {};
  if (alphabetic) name.Alphabetic = alphabetic;
  if (ideographic) name.Ideographic = ideographic;
  if (phonetic) name.Phonetic = phonetic;
  return Object.keys(name).length > 0 ? name : null;
}
