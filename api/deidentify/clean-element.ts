import { type BytesElement, Dataset, type DicomElement, numbersOf, textsOf } from '#core/dicom/dataset.ts';
import { entryOf, type Vr } from '#core/dicom/dictionary.ts';
import { keyedUid } from '#core/dicom/uid.ts';
import { type Action, actionOf } from './profile.ts';
import { shiftDate } from './pseudonym.ts';
import { cleanDescription, cleanDeviceName, isTechnicalCode } from './technical-words.ts';

export interface CleanContext {
  readonly tenantKey: Uint8Array;
  readonly pseudonym: string;
  readonly shiftDays: number;
  readonly actions: Record<Action, number>;
}

const imageType = 0x00080008;
const deviceNames: ReadonlySet<number> = new Set([0x00080070, 0x00081090]);
const binaryNumberSizes: Partial<Record<Vr, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

/**
 * The element as the table leaves it, or undefined if it is removed. Text is written anew in ASCII, so no Specific Character Set is needed.
 * @param cleanItems cleans the elements of an item of a kept sequence
 */
export function cleanElement(
  element: DicomElement,
  dataset: Dataset,
  context: CleanContext,
  cleanItems: (item: Dataset, context: CleanContext) => DicomElement[],
): DicomElement | undefined {
  const action = actionOf(element.tag);
  const clean = action === 'X' ? undefined : applied(action, element, dataset, context, cleanItems);
  context.actions[clean === undefined ? 'X' : action]++;
  return clean;
}

function applied(
  action: Exclude<Action, 'X'>,
  element: DicomElement,
  dataset: Dataset,
  context: CleanContext,
  cleanItems: (item: Dataset, context: CleanContext) => DicomElement[],
): DicomElement | undefined {
  if (!hasItsVr(element)) return undefined;
  if (element.kind === 'sequence')
    return { ...element, items: element.items.map((item) => new Dataset(cleanItems(item, context))) };
  if (element.kind === 'fragments') return element.tag === 0x7fe00010 ? element : undefined;
  if (action === 'Z') return { ...element, bytes: new Uint8Array(0) };
  if (action === 'D') return { ...element, bytes: Buffer.from(context.pseudonym, 'latin1') };
  if (action === 'K' && (element.vr.startsWith('O') || binaryNumberSizes[element.vr] !== undefined))
    return binary(element);
  const values = textsOf(element, dataset.characterSets).map((value) => cleanText(action, element, value, context));
  if (values.length > 0 && values.every((value) => value === undefined || value === ''))
    return action === 'S' ? { ...element, bytes: new Uint8Array(0) } : undefined;
  return { ...element, bytes: Buffer.from(values.filter((value) => value !== undefined).join('\\'), 'latin1') };
}

/** A value whose VR is not the dictionary's may be anything. */
function hasItsVr({ tag, vr }: DicomElement): boolean {
  const expected = entryOf(tag)?.vr;
  if (expected === 'US or SS') return vr === 'US' || vr === 'SS';
  return expected === 'OB or OW' ? vr === 'OB' || vr === 'OW' : vr === expected;
}

function binary(element: BytesElement): BytesElement | undefined {
  const size = binaryNumberSizes[element.vr] ?? 1;
  if (element.bytes.length % size !== 0) return undefined;
  if (element.vr !== 'FD' && element.vr !== 'FL') return element;
  // Text read as floating point is far outside what a scanner states.
  const plausible = (value: number): boolean => value === 0 || (Math.abs(value) > 1e-6 && Math.abs(value) < 1e9);
  return numbersOf(element).every(plausible) ? element : undefined;
}

/** Undefined if the value is to go. */
function cleanText(
  action: Action,
  { tag, vr }: BytesElement,
  value: string,
  context: CleanContext,
): string | undefined {
  if (value === '') return '';
  if (action === 'U') return keyedUid(context.tenantKey, value);
  if (action === 'S') {
    const date = shiftDate(value.slice(0, 8), context.shiftDays);
    const rest = value.slice(8);
    const whole = vr === 'DT' ? /^(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?([+-]\d{4})?$/.test(rest) : rest === '';
    return date !== undefined && whole ? date + rest : undefined;
  }
  if (action === 'A') {
    const [, count, unit] = /^(\d{3})([DWMY])$/.exec(value) ?? [];
    if (count === undefined) return undefined;
    return unit === 'Y' && Number(count) > 90 ? '090Y' : value;
  }
  if (action === 'K' && vr === 'SH' && /^\d{1,2}$/.test(value)) return value;
  if (action === 'C' || vr === 'LO' || vr === 'SH') {
    const clean = deviceNames.has(tag) ? cleanDeviceName(value) : cleanDescription(value);
    return clean.slice(0, vr === 'SH' ? 16 : 64).trim();
  }
  if (vr === 'CS') return isTechnicalCode(value) ? value : tag === imageType ? 'OTHER' : undefined;
  if (vr === 'UI') return /^1\.2\.840\.10008\.[\d.]{1,48}$/.test(value) ? value : undefined;
  return keptForms[vr]?.test(value) ? value : undefined;
}

const keptForms: Partial<Record<Vr, RegExp>> = {
  DS: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/,
  IS: /^[+-]?\d{1,11}$/,
  TM: /^\d{2}(:?\d{2}(:?\d{2}(\.\d{1,6})?)?)?$/,
};
