import { createHash } from 'node:crypto';
import { isPrivate } from '#core/dicom/dictionary.ts';

/** What became of an attribute. */
export const deidentificationActions = [
  'KEPT', 'REMOVED', 'EMPTIED', 'REPLACED', 'UID_REPLACED', 'CLEANED', 'DATE_SHIFTED',
] as const; // biome-ignore format: a list
export type DeidentificationAction = (typeof deidentificationActions)[number];

/** Why something went, beside the table. */
export const deidentificationRules = [
  'HEADER_IDENTIFIER', 'DATE', 'PHONE', 'MAIL', 'ADDRESS', 'LINK', 'NUMBER', 'UNKNOWN_WORD', 'UNKNOWN_CODE', 'ILL_FORMED',
  'AGE_ABOVE_89', 'NOT_LISTED', 'PRIVATE_NOT_SAFE', 'BEHIND_PIXELS', 'PREAMBLE',
] as const; // biome-ignore format: a list
export type DeidentificationRule = (typeof deidentificationRules)[number];

/** Counts of one file, never values. */
export interface DeidentificationCounts {
  /** By tag of 8 hexadecimal digits, "private" and "unknown", then a space and the action. */
  readonly attributes: Readonly<Record<string, number>>;
  readonly rules: Readonly<Partial<Record<DeidentificationRule, number>>>;
}

const privateGroup = 0;
const unknownTag = 1;

/** Of tags in the dictionary, so there is an end of them. */
const names = new Map<number, string>();

function nameOf(key: number): string {
  let name = names.get(key);
  if (name === undefined) {
    const tag = Math.floor(key / 8);
    const text = tag === privateGroup ? 'private' : tag === unknownTag ? 'unknown' : tag.toString(16).padStart(8, '0');
    names.set(key, (name = `${text} ${deidentificationActions[key % 8]}`));
  }
  return name;
}

/** Counts what is done to one file. */
export class DeidentificationTally {
  /** By tag times 8 plus the number of the action. */
  readonly #attributes = new Map<number, number>();
  readonly #rules = new Map<DeidentificationRule, number>();

  /** @param known false for a tag that is in no dictionary: the tag itself could say something */
  attribute(tag: number, action: DeidentificationAction, known: boolean): void {
    const key =
      (isPrivate(tag) ? privateGroup : known ? tag : unknownTag) * 8 + deidentificationActions.indexOf(action);
    this.#attributes.set(key, (this.#attributes.get(key) ?? 0) + 1);
  }

  rule(rule: DeidentificationRule, times = 1): void {
    if (times > 0) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + times);
  }

  /** Equal, to the order of names, for files to which the same was done. */
  counts(): DeidentificationCounts {
    const attributes: Record<string, number> = {};
    for (const key of Float64Array.from(this.#attributes.keys()).sort())
      attributes[nameOf(key)] = this.#attributes.get(key)!;
    const rules: Partial<Record<DeidentificationRule, number>> = {};
    for (const rule of deidentificationRules) {
      const count = this.#rules.get(rule);
      if (count !== undefined) rules[rule] = count;
    }
    return { attributes, rules };
  }
}

/** Same for files to which the same was done, which most of a series are. */
export const digestOf = (counts: DeidentificationCounts): string =>
  createHash('sha256').update(JSON.stringify(counts)).digest('hex');
