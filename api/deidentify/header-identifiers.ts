import { type Dataset, textsOf } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { isPrivate } from '#core/dicom/dictionary.ts';
import type { ProfileRules } from './profile.ts';
import { isTechnicalWord } from './technical-words.ts';

/** Parts of names that are no names; some are technical words too (MR). */
const titles: ReadonlySet<string> = new Set(
  'mr mrs ms miss dr md phd prof jr sr ii iii iv do rn rt von van de der la el al bin'.split(' '),
);
const wordBreak = /[\s^=,;:()[\]"'<>/\\|_.-]+/;

/** Bounds what a hostile file can make us remember. */
const greatestCount = 20_000;

/** Text as it is compared: compatible forms made one, small letters. */
export const comparable = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What identifies the patient, a physician or the hospital in one file's own header. */
export class HeaderIdentifiers {
  readonly #words = new Set<string>();

  /**
   * From everything that the rules remove as identifying, in items too.
   * @throws DicomError OUT_OF_BOUNDS for more words than any header has
   */
  static of(dataset: Dataset, rules: ProfileRules): HeaderIdentifiers {
    const found = new HeaderIdentifiers();
    found.#collect(dataset, rules);
    return found;
  }

  get size(): number {
    return this.#words.size;
  }

  /** True if the text as a whole is one of them. */
  hasWhole(text: string): boolean {
    return this.#words.size > 0 && this.#words.has(comparable(text));
  }

  /** True if the text, or a part of it between separators, is one of them. */
  has(text: string): boolean {
    if (this.#words.size === 0) return false;
    const whole = comparable(text);
    return this.#words.has(whole) || whole.split(wordBreak).some((part) => this.#words.has(part));
  }

  #collect(dataset: Dataset, rules: ProfileRules): void {
    for (const element of dataset.elements.values()) {
      if (element.kind === 'sequence') for (const item of element.items) this.#collect(item, rules);
      if (element.kind !== 'bytes' || element.bytes.length === 0 || element.bytes.length > 4096) continue;
      const { tag, vr } = element;
      if (vr === 'PN') this.#add(textsOf(element, dataset.characterSets), true);
      else if (!isPrivate(tag) && rules.ruleOf(tag).identifies)
        this.#add(textsOf(element, dataset.characterSets), false);
    }
  }

  /** Words of hospitals and departments may be technical ones (Brain Imaging Centre); words of names are none, whatever they look like. */
  #add(values: readonly string[], name: boolean): void {
    if (this.#words.size > greatestCount)
      throw new DicomError('OUT_OF_BOUNDS', `The header has more than ${greatestCount} words that identify somebody.`);
    for (const value of values) {
      const whole = comparable(value);
      if (whole.length >= 3 && !isTechnicalWord(whole)) this.#words.add(whole);
      for (const word of whole.split(wordBreak)) {
        if (titles.has(word) || word.length < (name ? 2 : 3)) continue;
        if (name || !isTechnicalWord(word)) this.#words.add(word);
      }
    }
  }
}
