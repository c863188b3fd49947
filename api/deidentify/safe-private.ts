import type { BytesElement, Dataset } from '#core/dicom/dataset.ts';
import { numbersOf, textsOf } from '#core/dicom/dataset.ts';
import { isPrivate, type Vr } from '#core/dicom/dictionary.ts';

interface SafeAttribute {
  readonly vr: Vr;
  /** The values that a code string may have; numbers need none. */
  readonly terms?: readonly string[];
}

/**
 * Private attributes without identifying values, by creator, group and the last two digits of the element: diffusion and geometry of the
 * makers' MR images (PS3.15 table E.3.10-1 and the makers' conformance statements). Free text and makers' own headers (CSA) are not among them.
 */
const safe: Readonly<Record<string, Readonly<Record<string, SafeAttribute>>>> = {
  'SIEMENS MR HEADER': {
    '0019 0a': { vr: 'US' }, '0019 0b': { vr: 'DS' }, '0019 0c': { vr: 'IS' },
    '0019 0d': { vr: 'CS', terms: ['NONE', 'ISOTROPIC', 'DIRECTIONAL', 'BMATRIX'] },
    '0019 0e': { vr: 'FD' }, '0019 27': { vr: 'FD' }, '0019 28': { vr: 'FD' }, '0019 29': { vr: 'FD' },
  },
  GEMS_ACQU_01: { '0019 bb': { vr: 'DS' }, '0019 bc': { vr: 'DS' }, '0019 bd': { vr: 'DS' }, '0019 e0': { vr: 'DS' } },
  GEMS_PARM_01: { '0043 39': { vr: 'IS' } },
  'Philips Imaging DD 001': {
    '2001 03': { vr: 'FL' }, '2001 04': { vr: 'CS', terms: ['N', 'NO', 'I', 'P', 'M', 'S', 'R', 'O'] }, '2001 0a': { vr: 'IS' }, '2001 18': { vr: 'SL' },
  },
  'Philips MR Imaging DD 001': {
    '2005 0d': { vr: 'FL' }, '2005 0e': { vr: 'FL' }, '2005 b0': { vr: 'FL' }, '2005 b1': { vr: 'FL' }, '2005 b2': { vr: 'FL' },
  },
  'Image Private Header': { '0065 09': { vr: 'FD' }, '0065 37': { vr: 'FD' } },
}; // biome-ignore format: a table

/** The private attributes of one dataset that are kept, with their creators, by tag; their values are numbers or one of few terms. */
export function safePrivateElements(dataset: Dataset): BytesElement[] {
  const kept: BytesElement[] = [];
  const creators = new Map<number, string>();
  for (const element of dataset.elements.values()) {
    const { tag } = element;
    if (!isPrivate(tag) || element.kind !== 'bytes') continue;
    const number = tag & 0xffff;
    if (number >= 0x10 && number <= 0xff) {
      const [name] = textsOf({ ...element, vr: 'LO' }, []);
      if (name !== undefined && Object.hasOwn(safe, name)) creators.set((tag & 0xffff0000) | number, name);
      continue;
    }
    const place = (tag & 0xffff0000) | (number >>> 8);
    const creator = creators.get(place);
    if (creator === undefined) continue;
    const key = `${(tag >>> 16).toString(16).padStart(4, '0')} ${(number & 0xff).toString(16).padStart(2, '0')}`;
    const attribute = safe[creator]?.[key];
    const value = attribute && plainValue(element, attribute);
    if (!value) continue;
    const reserved = place >>> 0;
    if (!kept.some((one) => one.tag === reserved))
      kept.push({ kind: 'bytes', tag: reserved, vr: 'LO', bytes: Buffer.from(creator, 'latin1') });
    kept.push(value);
  }
  return kept;
}

/** GE adds 10^9 to b-values. */
const isPlausible = (value: number): boolean =>
  Number.isFinite(value) && (Math.abs(value) < 1e6 || (value >= 1e9 && value < 1e9 + 1e5));

/** The value if it has the form of its VR and no more than a few digits; implicit files do not tell a private VR, so that the list's counts. */
function plainValue(element: BytesElement, { vr, terms }: SafeAttribute): BytesElement | undefined {
  if (element.vr !== vr && element.vr !== 'UN') return undefined;
  const typed: BytesElement = { ...element, vr };
  const rewritten = (values: readonly string[]): BytesElement => ({
    ...typed,
    bytes: Buffer.from(values.join('\\'), 'latin1'),
  });
  if (vr === 'CS') {
    const values = textsOf(typed, []);
    return values.length > 0 && values.every((value) => terms?.includes(value)) ? rewritten(values) : undefined;
  }
  if (vr === 'DS' || vr === 'IS') {
    const values = textsOf(typed, []);
    const form = vr === 'IS' ? /^-?\d{1,10}$/ : /^-?\d{1,6}(\.\d{1,10})?(e[+-]?\d{1,2})?$/i;
    return values.length > 0 && values.every((value) => form.test(value) && isPlausible(Number(value)))
      ? rewritten(values)
      : undefined;
  }
  const size = vr === 'FD' ? 8 : vr === 'US' ? 2 : 4;
  const float = vr === 'FD' || vr === 'FL';
  // Several small integers could be letters.
  if (element.bytes.length === 0 || element.bytes.length % size !== 0 || (!float && element.bytes.length > size))
    return undefined;
  const plain = numbersOf(typed).every(
    (value) => isPlausible(value) && (!float || value === 0 || Math.abs(value) > 1e-12),
  );
  return plain ? typed : undefined;
}
