import { Dataset, type DicomElement } from './dataset.ts';
import { attribute, type Vr } from './dictionary.ts';
import { isUid } from './uid.ts';

type Scalar = string | number;
/** Bytes for binary VRs; items for sequences; `undefined` leaves the attribute out, `null` writes it empty. */
export type AttributeValue =
  | Scalar
  | readonly Scalar[]
  | ArrayBufferView
  | readonly (Attributes | Dataset)[]
  | null
  | undefined;
/** Values by keyword of the data dictionary, which gives the VR. */
export interface Attributes {
  readonly [keyword: string]: AttributeValue;
}

const numberWriters: Partial<
  Record<Vr, readonly [size: number, write: (view: DataView, at: number, value: number) => void]>
> = {
  US: [2, (view, at, value) => view.setUint16(at, value, true)],
  SS: [2, (view, at, value) => view.setInt16(at, value, true)],
  UL: [4, (view, at, value) => view.setUint32(at, value, true)],
  SL: [4, (view, at, value) => view.setInt32(at, value, true)],
  FL: [4, (view, at, value) => view.setFloat32(at, value, true)],
  FD: [8, (view, at, value) => view.setFloat64(at, value, true)],
};

/** Longest value of a text VR, in characters (PS3.5 table 6.2-1). */
const maxLengths: Partial<Record<Vr, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  IS: 12,
  LO: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
};

/** A text of at most 16 characters with as many digits of `value` as fit. @throws RangeError if it is not finite. */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a DICOM decimal string.`);
  for (let digits = 17; ; digits--) {
    const plain = digits === 17 ? String(value) : String(Number(value.toPrecision(digits)));
    if (plain.length <= 16) return plain;
    const exponential = value.toExponential(digits - 1);
    if (exponential.length <= 16) return exponential;
  }
}

/**
 * A dataset from values by keyword. Text outside ASCII is written in UTF-8 and the dataset then names ISO_IR 192.
 * @throws TypeError for an unknown keyword or a value that its VR cannot hold
 */
export function buildDataset(attributes: Attributes): Dataset {
  const elements: DicomElement[] = [];
  for (const [keyword, value] of Object.entries(attributes))
    if (value !== undefined) elements.push(buildElement(keyword, value));
  const anyUtf8 = elements.some(
    (element) => element.kind === 'bytes' && isText(element.vr) && element.bytes.some((byte) => byte > 0x7f),
  );
  if (anyUtf8) elements.push(buildElement('SpecificCharacterSet', 'ISO_IR 192'));
  return new Dataset(elements.sort((a, b) => a.tag - b.tag));
}

function buildElement(keyword: string, value: Exclude<AttributeValue, undefined>): DicomElement {
  const { tag, vr: dictionaryVr } = attribute(keyword);
  if (dictionaryVr === 'SQ') {
    if (value !== null && !isItems(value))
      throw new TypeError(`${keyword} is a sequence: its value is a list of items.`);
    const items = (value ?? []).map((item) => (item instanceof Dataset ? item : buildDataset(item)));
    return { kind: 'sequence', tag, vr: 'SQ', items };
  }
  if (value !== null && ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const vr = dictionaryVr === 'OB or OW' ? (value instanceof Uint8Array ? 'OB' : 'OW') : dictionaryVr;
    if (vr === 'US or SS') throw new TypeError(`${keyword} is US or SS: give its numbers, not bytes.`);
    return { kind: 'bytes', tag, vr, bytes };
  }
  if (dictionaryVr === 'OB or OW') throw new TypeError(`${keyword} is binary: its value is a typed array.`);
  const values: readonly (Scalar | Attributes | Dataset)[] =
    value === null ? [] : typeof value === 'object' ? value : [value];
  const vr = dictionaryVr !== 'US or SS' ? dictionaryVr : values.some((number) => Number(number) < 0) ? 'SS' : 'US';
  return { kind: 'bytes', tag, vr, bytes: encodeValues(keyword, vr, values) };
}

function isItems(value: AttributeValue): value is readonly (Attributes | Dataset)[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
}

function isText(vr: Vr): boolean {
  return !vr.startsWith('O') && vr !== 'UN' && numberWriters[vr] === undefined && vr !== 'AT';
}

function encodeValues(keyword: string, vr: Vr, values: readonly (Scalar | Attributes | Dataset)[]): Uint8Array {
  if (vr === 'AT') {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, n) => {
      bytes.writeUInt16LE(Number(value) >>> 16, 4 * n);
      bytes.writeUInt16LE(Number(value) & 0xffff, 4 * n + 2);
    });
    return bytes;
  }
  const writer = numberWriters[vr];
  if (writer === undefined)
    return Buffer.from(values.map((value) => encodeText(keyword, vr, value)).join('\\'), 'utf8');
  const [size, write] = writer;
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, n) => {
    if (typeof value !== 'number') throw new TypeError(`${keyword} is ${vr}: its values are numbers.`);
    write(view, n * size, value);
  });
  return bytes;
}

function encodeText(keyword: string, vr: Vr, value: Scalar | Attributes | Dataset): string {
  if (typeof value === 'object') throw new TypeError(`${keyword} is ${vr}, not a sequence.`);
  const text = typeof value === 'number' && vr === 'DS' ? decimalString(value) : String(value);
  if (
    text.length > (maxLengths[vr] ?? Number.POSITIVE_INFINITY) ||
    (vr !== 'LT' && vr !== 'ST' && vr !== 'UT' && /[\\\0\r\n]/.test(text))
  )
    throw new TypeError(`${keyword} is ${vr}: a value has ${text.length} characters or one that is not permitted.`);
  if (vr === 'UI' && text !== '' && !isUid(text)) throw new TypeError(`${keyword} holds an ill-formed UID.`);
  if (vr === 'CS' && !/^[A-Z0-9 _]*$/.test(text))
    throw new TypeError(`${keyword} is a code string: capitals, digits, space and underscore.`);
  return text;
}
