import { unreadableCharacterSet } from '#core/dicom/character-set.ts';
import { type BytesElement, Dataset, type DicomElement, numbersOf, textsOf } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { entryOf, isPrivate, type Vr } from '#core/dicom/dictionary.ts';
import { cleanDescription, cleanDeviceName } from './clean-text.ts';
import { isPublicCode } from './coded-item.ts';
import type { DeidentificationAction, DeidentificationTally } from './deidentification-tally.ts';
import type { HeaderIdentifiers } from './header-identifiers.ts';
import { type Action, type ProfileRules, patientIdTag, patientNameTag } from './profile.ts';
import { rememberedUid, shiftDate } from './pseudonym.ts';
import { safePrivateElements } from './safe-private.ts';
import { isTechnicalCode } from './technical-words.ts';

export interface CleanContext {
  readonly tenantKey: Uint8Array;
  readonly pseudonym: string;
  readonly shiftDays: number;
  readonly rules: ProfileRules;
  readonly identifiers: HeaderIdentifiers;
  readonly tally: DeidentificationTally;
}

const characterSet = 0x00080005;
const imageType = 0x00080008;
const bodyPart = 0x00180015;
const [codeValue, codingScheme] = [0x00080100, 0x00080102];
/** Units of PS3.3 C.11.1.1.2; as words of a text some are names. */
const rescaleType = 0x00281054;
const rescaleUnits: ReadonlySet<string> = new Set('OD HU US MGML Z_EFF ED EDW HU_MOD PCT normalized'.split(' '));
const deviceNames: ReadonlySet<number> = new Set([0x00080070, 0x00081090]);
const binaryNumberSizes: Partial<Record<Vr, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };
const empty = new Uint8Array(0);

const done: Readonly<Record<Action, DeidentificationAction>> = {
  ...{ X: 'REMOVED', Z: 'EMPTIED', D: 'REPLACED', U: 'UID_REPLACED' },
  ...{ K: 'KEPT', C: 'CLEANED', S: 'DATE_SHIFTED', V: 'KEPT' },
};

/**
 * The elements of a dataset or of an item as the rules leave them. Text is written anew in ASCII, so no Specific Character Set is needed.
 * @throws DicomError UNSUPPORTED if its Specific Character Set cannot be read: a name could not be told in other text
 */
export function cleanDataset(dataset: Dataset, context: CleanContext): DicomElement[] {
  const { rules, tally } = context;
  // Items mostly have their dataset's own.
  const unreadable = dataset.elements.has(characterSet) ? unreadableCharacterSet(dataset.characterSets) : undefined;
  if (unreadable !== undefined) throw new DicomError('UNSUPPORTED', unreadable);
  const kept: DicomElement[] = [];
  let anyPrivate = false;
  for (const element of dataset.elements.values()) {
    if (isPrivate(element.tag)) {
      anyPrivate = true;
      continue;
    }
    const { action, listed } = rules.ruleOf(element.tag);
    if (!listed) tally.rule('NOT_LISTED');
    const clean = action === 'X' ? undefined : applied(action, element, dataset, context);
    tally.attribute(element.tag, clean === undefined ? 'REMOVED' : done[action], entryOf(element.tag) !== undefined);
    if (clean !== undefined) kept.push(clean);
  }
  if (anyPrivate) kept.push(...cleanPrivate(dataset, context));
  return kept;
}

function cleanPrivate(dataset: Dataset, { rules, tally }: CleanContext): DicomElement[] {
  const safe = rules.options.retainSafePrivate ? safePrivateElements(dataset) : [];
  const kept = new Set(safe.map(({ tag }) => tag));
  for (const { tag } of dataset.elements.values())
    if (isPrivate(tag)) {
      tally.attribute(tag, kept.has(tag) ? 'KEPT' : 'REMOVED', false);
      if (!kept.has(tag)) tally.rule('PRIVATE_NOT_SAFE');
    }
  return safe;
}

function applied(
  action: Exclude<Action, 'X'>,
  element: DicomElement,
  dataset: Dataset,
  context: CleanContext,
): DicomElement | undefined {
  const { tally } = context;
  if (!hasItsVr(element)) {
    tally.rule('ILL_FORMED');
    return undefined;
  }
  if (element.kind === 'sequence')
    return { ...element, items: action === 'Z' ? [] : cleanItems(element.items, context) };
  if (element.kind === 'fragments') return element.tag === 0x7fe00010 ? element : undefined;
  if (action === 'Z') return { ...element, bytes: empty };
  if (action === 'D') return { ...element, bytes: Buffer.from(dummy(element, context), 'latin1') };
  if (action === 'K' && (element.vr.startsWith('O') || binaryNumberSizes[element.vr] !== undefined)) {
    const number = binary(element);
    if (number === undefined) tally.rule('ILL_FORMED');
    return number;
  }
  const values = textsOf(element, dataset.characterSets).map((value) => cleanValue(action, element, value, context));
  if (values.every((value) => value === undefined || value === ''))
    return action === 'S' || values.length === 0 ? { ...element, bytes: empty } : undefined;
  return { ...element, bytes: Buffer.from(values.filter((value) => value !== undefined).join('\\'), 'latin1') };
}

/** Items of codes are kept whole or not at all: half a code would be another one. */
function cleanItems(items: readonly Dataset[], context: CleanContext): Dataset[] {
  return items.flatMap((item) => {
    if (!item.elements.has(codeValue)) return new Dataset(cleanDataset(item, context));
    if (isPublicCode(item, context.identifiers)) {
      const verbatim = [codeValue, codingScheme].flatMap((tag) => plainText(item.elements.get(tag)) ?? []);
      for (const { tag } of verbatim) context.tally.attribute(tag, 'KEPT', true);
      const others = [...item.elements.values()].filter(({ tag }) => tag !== codeValue && tag !== codingScheme);
      return new Dataset([...verbatim, ...cleanDataset(new Dataset(others, item.characterSets), context)]);
    }
    context.tally.rule('UNKNOWN_CODE');
    return [];
  });
}

const plainText = (element: DicomElement | undefined): BytesElement | undefined =>
  element?.kind === 'bytes' ? { ...element, vr: 'SH' } : undefined;

/** A value whose VR is not the dictionary's may be anything. */
function hasItsVr({ tag, vr }: DicomElement): boolean {
  const expected = entryOf(tag)?.vr;
  if (expected === 'US or SS') return vr === 'US' || vr === 'SS';
  return expected === 'OB or OW' ? vr === 'OB' || vr === 'OW' : vr === expected;
}

/** A value that says nothing and has the form of its VR. */
function dummy({ tag, vr }: BytesElement, { pseudonym }: CleanContext): string {
  if (tag === patientNameTag || tag === patientIdTag) return pseudonym;
  const forms: Partial<Record<Vr, string>> = { DA: '19000101', DT: '19000101000000', TM: '000000', AS: '000Y' };
  if (vr === 'DS' || vr === 'IS') return '0';
  if (vr in forms) return forms[vr]!;
  return binaryNumberSizes[vr] !== undefined || vr.startsWith('O') ? '\0'.repeat(8) : 'DEIDENTIFIED';
}

function binary(element: BytesElement): BytesElement | undefined {
  const size = binaryNumberSizes[element.vr] ?? 1;
  // Where one number belongs, more could be letters.
  const many = element.bytes.length > size && !element.vr.startsWith('O') && !entryOf(element.tag)?.multiple;
  if (many || element.bytes.length % size !== 0) return undefined;
  if (element.vr !== 'FD' && element.vr !== 'FL') return element;
  // Text read as floating point is mostly far outside what a scanner states; in double precision cosines near 0 are inside.
  const least = element.vr === 'FD' ? 1e-30 : 1e-6;
  const plausible = (value: number): boolean => value === 0 || (Math.abs(value) > least && Math.abs(value) < 1e9);
  return numbersOf(element).every(plausible) ? element : undefined;
}

/** Undefined if the value is to go. */
function cleanValue(action: Action, element: BytesElement, value: string, context: CleanContext): string | undefined {
  if (value === '') return '';
  const { tally } = context;
  const clean = cleanOne(action, element, value, context);
  if (clean === undefined) tally.rule('ILL_FORMED');
  return clean;
}

function cleanOne(action: Action, { tag, vr }: BytesElement, value: string, context: CleanContext): string | undefined {
  const { identifiers, tally, tenantKey, shiftDays } = context;
  if (action === 'U') return rememberedUid(tenantKey, value);
  if (action === 'S') return vr === 'TM' ? keptForm('TM', value) : shifted(vr, value, shiftDays);
  if (vr === 'AS') {
    const [, count, unit] = /^(\d{3})([DWMY])$/.exec(value) ?? [];
    if (count === undefined) return undefined;
    // In whatever attribute: some repeat the patient's age.
    const old = unit === 'Y' && Number(count) > 89;
    if (old) tally.rule('AGE_ABOVE_89');
    return old ? '090Y' : value;
  }
  if (action === 'V') {
    const plain = /^[\x20-\x5b\x5d-\x7e]{1,64}$/.test(value) && !identifiers.has(value);
    if (!plain) tally.rule('HEADER_IDENTIFIER');
    return plain ? value : '';
  }
  if ((vr === 'SH' && /^\d{1,2}$/.test(value)) || (tag === rescaleType && rescaleUnits.has(value))) return value;
  if (vr === 'CS') {
    // The part of the body is told though somebody is called Head; a modality has fewer letters than a name is worth.
    const name = tag !== bodyPart && value.length >= 4 && identifiers.has(value);
    if (name) tally.rule('HEADER_IDENTIFIER');
    return isTechnicalCode(value) && !name ? value : tag === imageType ? 'OTHER' : undefined;
  }
  if (vr === 'UI') return standardUid.test(value) ? value : rememberedUid(tenantKey, value);
  if (action === 'C') {
    const words = deviceNames.has(tag) ? cleanDeviceName(value, context) : cleanDescription(value, context);
    return words.slice(0, vr === 'SH' ? 16 : vr === 'LO' ? 64 : 1024).trim();
  }
  // A number as long as a patient's number may be one.
  if (value.length >= 5 && identifiers.hasWhole(value)) return undefined;
  return keptForm(vr, value);
}

/** Classes and transfer syntaxes; a number of nine digits is no part of theirs. */
const standardUid = /^1\.2\.840\.10008\.(1|5)(\.\d{1,4}){1,8}$/;

function shifted(vr: Vr, value: string, days: number): string | undefined {
  const date = shiftDate(value.slice(0, 8), days);
  const rest = value.slice(8);
  const whole = vr === 'DT' ? /^(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?([+-]\d{4})?$/.test(rest) : rest === '';
  return date !== undefined && whole ? date + rest : undefined;
}

const keptForms: Partial<Record<Vr, RegExp>> = {
  DS: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/,
  IS: /^[+-]?\d{1,11}$/,
  TM: /^\d{2}(:?\d{2}(:?\d{2}(\.\d{1,6})?)?)?$/,
};

/** A few characters more than the standard allows, as some writers need. */
const greatestNumber = 24;

const keptForm = (vr: Vr, value: string): string | undefined =>
  value.length <= greatestNumber && keptForms[vr]?.test(value) ? value : undefined;
