import { binaryVrs, Dataset, type DicomElement } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { describeTag, entryOf, isPrivate, isVr, type Vr } from './dictionary.ts';

/** Bounds of one parse; no attribute of a file can make it cost more. */
export interface ParseLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Bytes of all values that are text or numbers, which readers turn into arrays. */
  readonly maxTextBytes: number;
  /** Of all those values together. */
  readonly maxValues: number;
}

/** An enhanced MR of 5000 frames has some 200,000 elements; a parse of as many as are admitted takes less than 400 MiB of heap (`part10.test.ts`). */
export const defaultParseLimits: ParseLimits = {
  maxDepth: 64,
  maxElements: 500_000,
  maxTextBytes: 32 * 2 ** 20,
  maxValues: 2_000_000,
};

/** VRs with 2 reserved bytes and a length of 4 bytes (PS3.5 table 7.1-1). */
export const longVrs: ReadonlySet<Vr> = new Set<Vr>([
  'OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV',
]); // biome-ignore format: a table

const undefinedLength = 0xffffffff;
const [itemTag, itemEnd, sequenceEnd] = [0xfffee000, 0xfffee00d, 0xfffee0dd];

interface Header {
  readonly tag: number;
  readonly vr: Vr;
  readonly length: number;
}

/** Bytes that are turned round, by VR (PS3.5 section 7.3); of other VRs the order has no meaning. */
const unitBytes: Partial<Record<Vr, 2 | 4 | 8>> = {
  US: 2, SS: 2, OW: 2, AT: 2, UL: 4, SL: 4, FL: 4, OF: 4, OL: 4, FD: 8, OD: 8, OV: 8, SV: 8, UV: 8,
}; // biome-ignore format: a table

/** Walks the elements of a dataset once; values are views on the given bytes, and copies only where they are turned to little endian. */
export class DatasetParser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: ParseLimits;
  readonly #little: boolean;
  #at: number;
  #elementCount = 0;
  #textBytes = 0;
  #valueCount = 0;
  #signedPixels = false;

  constructor(
    bytes: Uint8Array,
    from: number,
    limits: ParseLimits,
    order: 'LITTLE_ENDIAN' | 'BIG_ENDIAN' = 'LITTLE_ENDIAN',
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#limits = limits;
    this.#little = order === 'LITTLE_ENDIAN';
    this.#at = from;
  }

  get position(): number {
    return this.#at;
  }

  /** Reads the elements of group 0002, always explicit, up to the first of another group; its stated length is not trusted. */
  parseMeta(): Dataset {
    const elements: DicomElement[] = [];
    while (this.#at + 8 <= this.#bytes.length && this.#view.getUint16(this.#at, true) === 0x0002)
      elements.push(this.#element(this.#header(true, this.#bytes.length), this.#bytes.length, true, 0, []));
    return new Dataset(elements);
  }

  /** @throws DicomError TRUNCATED, OUT_OF_BOUNDS, MALFORMED */
  parse(explicit: boolean): Dataset {
    return this.#dataset(this.#bytes.length, explicit, 0, false, []);
  }

  /** The elements before the first whose tag is greater. @throws DicomError as `parse` */
  parseUpTo(tag: number, explicit: boolean): Dataset {
    const elements: DicomElement[] = [];
    while (this.#at < this.#bytes.length) {
      const header = this.#header(explicit, this.#bytes.length);
      if (header.tag > tag) break;
      elements.push(this.#element(header, this.#bytes.length, explicit, 0, []));
    }
    return new Dataset(elements);
  }

  #dataset(end: number, explicit: boolean, depth: number, delimited: boolean, inherited: readonly string[]): Dataset {
    if (depth > this.#limits.maxDepth)
      throw new DicomError('OUT_OF_BOUNDS', `Sequences are nested deeper than ${this.#limits.maxDepth} levels.`);
    const elements: DicomElement[] = [];
    let characterSets = inherited;
    while (this.#at < end) {
      if (depth === 0 && this.#onlyZerosRemain()) break;
      const header = this.#header(explicit, end);
      if (header.tag === itemEnd && delimited) return new Dataset(elements, inherited);
      const element = this.#element(header, end, explicit, depth, characterSets);
      if (element.tag === 0x00080005) characterSets = new Dataset([element]).characterSets;
      elements.push(element);
    }
    if (delimited) throw new DicomError('TRUNCATED', 'The file ends inside an item of undefined length.');
    return new Dataset(elements, inherited);
  }

  /** Some writers pad the file with zeros to a block size. */
  #onlyZerosRemain(): boolean {
    if (this.#bytes[this.#at] !== 0 || this.#bytes[this.#at + 1] !== 0) return false;
    const rest = this.#bytes.subarray(this.#at);
    if (rest.some((byte) => byte !== 0)) return false;
    this.#at = this.#bytes.length;
    return true;
  }

  #tag(end: number): number {
    this.#need(8, end, 'the header of an element');
    const tag =
      ((this.#view.getUint16(this.#at, this.#little) << 16) | this.#view.getUint16(this.#at + 2, this.#little)) >>> 0;
    this.#at += 4;
    return tag;
  }

  #need(count: number, end: number, what: string): void {
    if (this.#at + count <= end) return;
    if (end === this.#bytes.length) throw new DicomError('TRUNCATED', `The file ends inside ${what}, at byte ${end}.`);
    throw new DicomError('OUT_OF_BOUNDS', `A sequence or an item ends inside ${what}, at byte ${end}.`);
  }

  #header(explicit: boolean, end: number): Header {
    if (++this.#elementCount > this.#limits.maxElements)
      throw new DicomError('OUT_OF_BOUNDS', `The file has more than ${this.#limits.maxElements} elements.`);
    const tag = this.#tag(end);
    if (tag === itemEnd || tag === sequenceEnd || tag === itemTag) return { tag, vr: 'UN', length: this.#uint32() };
    if (!explicit) {
      const length = this.#uint32();
      return { tag, vr: this.#implicitVr(tag, length), length };
    }
    const text = String.fromCharCode(this.#bytes[this.#at]!, this.#bytes[this.#at + 1]!);
    if (!isVr(text))
      throw new DicomError(
        'MALFORMED',
        `${describeTag(tag)} at byte ${this.#at - 4} has no valid value representation.`,
      );
    if (!longVrs.has(text)) {
      const length = this.#view.getUint16(this.#at + 2, this.#little);
      this.#at += 4;
      return { tag, vr: text, length };
    }
    this.#at += 4;
    this.#need(4, end, `the length of ${describeTag(tag)}`);
    return { tag, vr: text, length: this.#uint32() };
  }

  #uint32(): number {
    const value = this.#view.getUint32(this.#at, this.#little);
    this.#at += 4;
    return value;
  }

  #implicitVr(tag: number, length: number): Vr {
    if (isPrivate(tag)) {
      if (length === undefinedLength) return 'SQ';
      const element = tag & 0xffff;
      return element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
    }
    const vr = (tag & 0xffff) === 0 ? 'UL' : entryOf(tag)?.vr;
    if (vr === 'US or SS') return this.#signedPixels ? 'SS' : 'US';
    if (vr === 'OB or OW') return 'OW';
    return vr ?? (length === undefinedLength ? 'SQ' : 'UN');
  }

  #element(header: Header, end: number, explicit: boolean, depth: number, sets: readonly string[]): DicomElement {
    const { tag, vr, length } = header;
    if (tag === itemTag || tag === itemEnd || tag === sequenceEnd || tag >>> 16 === 0)
      throw new DicomError(
        'MALFORMED',
        `${describeTag(tag)} stands at byte ${this.#at - 8} where an attribute should.`,
      );
    if (length === undefinedLength) {
      if (tag === 0x7fe00010 && vr !== 'SQ') return this.#fragments(header, end);
      // An unknown sequence of undefined length is implicit inside (PS3.5 section 6.2.2, note 4).
      if (vr === 'UN') return this.#sequence(tag, undefinedLength, end, false, depth, sets);
      if (vr !== 'SQ')
        throw new DicomError('MALFORMED', `${describeTag(tag)} has an undefined length but is no sequence.`);
    } else if (this.#at + length > end) {
      const code = tag >>> 16 === 0x7fe0 && end === this.#bytes.length ? 'TRUNCATED' : 'OUT_OF_BOUNDS';
      throw new DicomError(code, `${describeTag(tag)} claims ${length} bytes where ${end - this.#at} remain.`);
    }
    if (vr === 'SQ') return this.#sequence(tag, length, end, explicit, depth, sets);
    if (!binaryVrs.has(vr)) this.#charge(vr, this.#bytes.subarray(this.#at, this.#at + length));
    const bytes = this.#value(vr, this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    if (tag === 0x00280103) this.#signedPixels = bytes[0] === 1;
    return { kind: 'bytes', tag, vr, bytes };
  }

  /** Counts what readers will make of a value: a few MiB of backslashes would be millions of texts. */
  #charge(vr: Vr, bytes: Uint8Array): void {
    this.#textBytes += bytes.length;
    if (this.#textBytes > this.#limits.maxTextBytes)
      throw new DicomError('OUT_OF_BOUNDS', `Text and numbers exceed ${this.#limits.maxTextBytes} bytes.`);
    const unit = unitBytes[vr];
    if (unit !== undefined) this.#valueCount += bytes.length / unit;
    else for (const byte of bytes) if (byte === 0x5c) this.#valueCount++;
    if (this.#valueCount > this.#limits.maxValues)
      throw new DicomError('OUT_OF_BOUNDS', `The file has more than ${this.#limits.maxValues} values.`);
  }

  /** In little endian. */
  #value(vr: Vr, bytes: Uint8Array): Uint8Array {
    const unit = this.#little ? undefined : unitBytes[vr];
    if (unit === undefined) return bytes;
    const turned = Buffer.from(bytes);
    const whole = turned.subarray(0, turned.length - (turned.length % unit));
    if (unit === 2) whole.swap16();
    else if (unit === 4) whole.swap32();
    else whole.swap64();
    return new Uint8Array(turned.buffer, turned.byteOffset, turned.length);
  }

  #sequence(
    tag: number,
    length: number,
    outerEnd: number,
    explicit: boolean,
    depth: number,
    sets: readonly string[],
  ): DicomElement {
    const delimited = length === undefinedLength;
    const end = delimited ? outerEnd : this.#at + length;
    const items: Dataset[] = [];
    while (delimited || this.#at < end) {
      const item = this.#tag(end);
      const itemLength = this.#uint32();
      if (++this.#elementCount > this.#limits.maxElements)
        throw new DicomError('OUT_OF_BOUNDS', `The file has more than ${this.#limits.maxElements} elements.`);
      if (item === sequenceEnd && delimited) return { kind: 'sequence', tag, vr: 'SQ', items };
      if (item !== itemTag)
        throw new DicomError('MALFORMED', `${describeTag(tag)} holds ${describeTag(item)} where an item should start.`);
      if (itemLength === undefinedLength) items.push(this.#dataset(end, explicit, depth + 1, true, sets));
      else {
        this.#need(itemLength, end, `an item of ${describeTag(tag)}`);
        items.push(this.#dataset(this.#at + itemLength, explicit, depth + 1, false, sets));
      }
    }
    return { kind: 'sequence', tag, vr: 'SQ', items };
  }

  #fragments({ tag, vr }: Header, end: number): DicomElement {
    const fragments: Uint8Array[] = [];
    for (;;) {
      const item = this.#tag(end);
      const length = this.#uint32();
      if (item === sequenceEnd) return { kind: 'fragments', tag, vr, fragments };
      if (item !== itemTag || length === undefinedLength)
        throw new DicomError(
          'MALFORMED',
          `${describeTag(tag)} holds ${describeTag(item)} where a fragment should start.`,
        );
      this.#need(length, end, `a fragment of ${describeTag(tag)}`);
      fragments.push(this.#bytes.subarray(this.#at, this.#at + length));
      this.#at += length;
    }
  }
}
