import { decodeText } from './character-set.ts';
import { DicomError } from './dicom-error.ts';
import { attribute, describeTag, type Vr } from './dictionary.ts';

/** An element whose value is bytes, little endian, with its padding. */
export interface BytesElement {
  readonly kind: 'bytes';
  readonly tag: number;
  readonly vr: Vr;
  readonly bytes: Uint8Array;
}

export interface SequenceElement {
  readonly kind: 'sequence';
  readonly tag: number;
  readonly vr: 'SQ';
  readonly items: readonly Dataset[];
}

/** Encapsulated pixel data: the basic offset table first, then the fragments (PS3.5 A.4). */
export interface FragmentsElement {
  readonly kind: 'fragments';
  readonly tag: number;
  readonly vr: Vr;
  readonly fragments: readonly Uint8Array[];
}

export type DicomElement = BytesElement | SequenceElement | FragmentsElement;

const asciiVrs: ReadonlySet<Vr> = new Set<Vr>(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);
const singleTextVrs: ReadonlySet<Vr> = new Set<Vr>(['LT', 'ST', 'UT', 'UR']);
const noCharacterSet: readonly string[] = [];
/** There are some twenty terms of 16 characters. */
const maxCharacterSetBytes = 1024;
/** Text under a binary VR is read for files that lost their VRs; anything longer is binary. */
const maxTextInBinaryBytes = 65_536;
/** Values that are bytes, neither text nor numbers. */
export const binaryVrs: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/** Elements by tag, with typed readers by keyword. A reader gives undefined (or an empty list) if the attribute is absent or empty. */
export class Dataset {
  readonly elements: ReadonlyMap<number, DicomElement>;
  readonly characterSets: readonly string[];

  /** @param inheritedCharacterSets those of the enclosing dataset, which hold where this one names none. */
  constructor(elements: Iterable<DicomElement>, inheritedCharacterSets = noCharacterSet) {
    const map = new Map<number, DicomElement>();
    for (const element of elements) map.set(element.tag, element);
    this.elements = map;
    const own = map.get(0x00080005);
    this.characterSets =
      own?.kind === 'bytes' && own.bytes.length <= maxCharacterSetBytes
        ? Buffer.from(own.bytes)
            .toString('latin1')
            .split('\\')
            .map((term) => term.trim())
        : inheritedCharacterSets;
  }

  has(keyword: string): boolean {
    return this.elements.has(attribute(keyword).tag);
  }

  /** The raw value, or undefined if the attribute is absent or is not bytes. */
  bytes(keyword: string): Uint8Array | undefined {
    const element = this.elements.get(attribute(keyword).tag);
    return element?.kind === 'bytes' ? element.bytes : undefined;
  }

  texts(keyword: string): readonly string[] {
    const element = this.elements.get(attribute(keyword).tag);
    return element?.kind === 'bytes' ? textsOf(element, this.characterSets) : [];
  }

  text(keyword: string): string | undefined {
    return this.texts(keyword)[0] || undefined;
  }

  numbers(keyword: string): readonly number[] {
    const element = this.elements.get(attribute(keyword).tag);
    return element?.kind === 'bytes' ? numbersOf(element) : [];
  }

  number(keyword: string): number | undefined {
    return this.numbers(keyword)[0];
  }

  items(keyword: string): readonly Dataset[] {
    const element = this.elements.get(attribute(keyword).tag);
    return element?.kind === 'sequence' ? element.items : [];
  }

  /** @throws DicomError MISSING_ATTRIBUTE */
  requireText(keyword: string): string {
    return this.text(keyword) ?? missing(keyword);
  }

  /** @throws DicomError MISSING_ATTRIBUTE if there are fewer than `count` numbers. */
  requireNumbers(keyword: string, count: number): readonly number[] {
    const values = this.numbers(keyword);
    return values.length >= count ? values.slice(0, count) : missing(keyword);
  }

  /** @throws DicomError MISSING_ATTRIBUTE */
  requireNumber(keyword: string): number {
    return this.number(keyword) ?? missing(keyword);
  }
}

function missing(keyword: string): never {
  throw new DicomError('MISSING_ATTRIBUTE', `${describeTag(attribute(keyword).tag)} is absent, empty or unreadable.`);
}

/** The values of a text element, without padding; [] if it is empty. */
export function textsOf(element: BytesElement, characterSets: readonly string[]): readonly string[] {
  if (element.bytes.length === 0) return [];
  if (binaryVrs.has(element.vr) && element.bytes.length > maxTextInBinaryBytes) return [];
  const text = decodeText(element.bytes, asciiVrs.has(element.vr) ? noCharacterSet : characterSets);
  if (singleTextVrs.has(element.vr)) return [text.replace(/[\0 ]+$/, '')];
  return text.split('\\').map((value) => value.replace(/^[ ]+|[\0 ]+$/g, ''));
}

const numberReaders: Partial<Record<Vr, readonly [size: number, read: (view: DataView, at: number) => number]>> = {
  US: [2, (view, at) => view.getUint16(at, true)],
  SS: [2, (view, at) => view.getInt16(at, true)],
  UL: [4, (view, at) => view.getUint32(at, true)],
  SL: [4, (view, at) => view.getInt32(at, true)],
  FL: [4, (view, at) => view.getFloat32(at, true)],
  FD: [8, (view, at) => view.getFloat64(at, true)],
  UV: [8, (view, at) => Number(view.getBigUint64(at, true))],
  SV: [8, (view, at) => Number(view.getBigInt64(at, true))],
};

/** The numbers of a numeric element; text numbers that are not finite are left out with all that follow them. */
export function numbersOf({ vr, bytes }: BytesElement): readonly number[] {
  if (vr === 'DS' || vr === 'IS') {
    if (bytes.length === 0) return [];
    const values = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\\');
    const numbers = values.map((value) => (value.trim() === '' ? Number.NaN : Number(value.replace(/[\0 ]+$/, ''))));
    const firstBad = numbers.findIndex((value) => !Number.isFinite(value));
    return firstBad < 0 ? numbers : numbers.slice(0, firstBad);
  }
  const reader = numberReaders[vr];
  if (reader === undefined) return [];
  const [size, read] = reader;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, n) => read(view, n * size));
}
