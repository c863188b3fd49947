/** Writes DICOM Part 10 files, explicit VR little endian; only what the phantom needs. */

export type DicomValue = string | number | readonly (string | number)[] | Uint8Array | readonly DicomDataset[];

export interface DicomElement {
  readonly vr: string;
  readonly value: DicomValue;
}

/** Elements by tag, eight upper-case hexadecimal digits: '00100010'. */
export type DicomDataset = Readonly<Record<string, DicomElement>>;

/** VRs whose length field has 32 bits (DICOM PS3.5, 7.1.2). */
const longForm = new Set(['OB', 'OW', 'OF', 'SQ', 'UN', 'UT', 'UC', 'UR']);
/** VRs whose text follows Specific Character Set. */
const localText = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const IMPLEMENTATION_CLASS_UID = '2.25.147629153076417862208431556820491870212';

function numbers(vr: string, value: DicomValue): Buffer {
  const list = (Array.isArray(value) ? value : [value]) as number[];
  const width = vr === 'US' || vr === 'SS' ? 2 : vr === 'FD' ? 8 : 4;
  const bytes = Buffer.alloc(list.length * width);
  for (const [n, v] of list.entries()) {
    if (vr === 'US') bytes.writeUInt16LE(v, n * width);
    else if (vr === 'SS') bytes.writeInt16LE(v, n * width);
    else if (vr === 'UL') bytes.writeUInt32LE(v, n * width);
    else if (vr === 'SL') bytes.writeInt32LE(v, n * width);
    else if (vr === 'FL') bytes.writeFloatLE(v, n * width);
    else bytes.writeDoubleLE(v, n * width);
  }
  return bytes;
}

function sequence(items: readonly DicomDataset[], utf8: boolean): Buffer {
  const delimiter = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const parts = items.flatMap((item) => {
    const body = encodeElements(item, utf8);
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(body.length, 4);
    return [head, body];
  });
  return Buffer.concat([...parts, delimiter]);
}

/** A decimal string of at most 16 characters (VR DS). */
export function decimal(value: number): string {
  for (let digits = 12; digits > 4; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  throw new RangeError(`${value} does not fit a DICOM decimal string of 16 characters`);
}

function content({ vr, value }: DicomElement, utf8: boolean): Buffer {
  if (vr === 'SQ') return sequence(value as readonly DicomDataset[], utf8);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (['US', 'SS', 'UL', 'SL', 'FL', 'FD'].includes(vr)) return numbers(vr, value);
  const list = Array.isArray(value) ? value : [value];
  const text = list.map((v) => (typeof v === 'number' ? decimal(v) : v)).join('\\');
  const bytes = Buffer.from(text, utf8 && localText.has(vr) ? 'utf8' : 'latin1');
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ', 'latin1')]);
}

function encodeElements(dataset: DicomDataset, utf8: boolean): Buffer {
  const parts: Buffer[] = [];
  for (const tag of Object.keys(dataset).sort()) {
    const element = dataset[tag]!;
    let body = content(element, utf8);
    if (body.length % 2) body = Buffer.concat([body, Buffer.alloc(1)]);
    const long = longForm.has(element.vr);
    const head = Buffer.alloc(long ? 12 : 8);
    head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
    head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
    head.write(element.vr, 4, 'latin1');
    // Sequences are written with undefined length and a delimiter, as GE scanners do.
    if (long) head.writeUInt32LE(element.vr === 'SQ' ? 0xffffffff : body.length, 8);
    else head.writeUInt16LE(body.length, 6);
    parts.push(head, body);
  }
  return Buffer.concat(parts);
}

/**
 * A whole file. Text is written in UTF-8 if the dataset's Specific Character Set says ISO_IR 192, else in Latin-1.
 * The dataset must hold SOP Class UID and SOP Instance UID.
 */
export function encodeDicom(dataset: DicomDataset): Uint8Array {
  const utf8 = dataset['00080005']?.value === 'ISO_IR 192';
  const meta = encodeElements(
    {
      '00020001': { vr: 'OB', value: Uint8Array.of(0, 1) },
      '00020002': { vr: 'UI', value: dataset['00080016']!.value },
      '00020003': { vr: 'UI', value: dataset['00080018']!.value },
      '00020010': { vr: 'UI', value: EXPLICIT_LITTLE_ENDIAN },
      '00020012': { vr: 'UI', value: IMPLEMENTATION_CLASS_UID },
      '00020013': { vr: 'SH', value: 'METLOOP_PHANTOM' },
    },
    false,
  );
  const length = encodeElements({ '00020000': { vr: 'UL', value: meta.length } }, false);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1'), length, meta, encodeElements(dataset, utf8)]);
}
