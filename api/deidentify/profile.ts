import { visualFeaturesCleaned } from '#core/dicom/blank-pixels.ts';
import { attribute, entryOf, isPrivate } from '#core/dicom/dictionary.ts';
import { tableRow } from './confidentiality-table.ts';
import { keptKeywords } from './kept-attributes.ts';

/** What a site chooses. The Basic Profile, refusal of burned-in text and removal of graphics are not to choose. */
export interface ProfileOptions {
  /** 113105: of descriptions the technical words are kept; else descriptions are removed. */
  readonly cleanDescriptors: boolean;
  /** 113104: of acquisition context and content items codes, numbers and technical words are kept; else they are removed. */
  readonly cleanStructuredContent: boolean;
  /** 113107: dates are shifted by the patient's days; else dates and times are removed or emptied. */
  readonly retainLongitudinal: boolean;
  /** 113108: sex, age to 90, size, weight and the like are kept. */
  readonly retainPatientCharacteristics: boolean;
  /** 113109: station name, serial numbers and the like are kept as they are. */
  readonly retainDeviceIdentity: boolean;
  /** 113111: of private attributes the numbers of `safe-private.ts` are kept. */
  readonly retainSafePrivate: boolean;
  /** 113102: images are withheld until a worker has removed the face; else it stays in the voxels. */
  readonly deface: boolean;
}

/** Version 1 at every site, until the site chooses. Devices are known by maker, model and field strength alone. */
export const defaultOptions: ProfileOptions = {
  cleanDescriptors: true,
  cleanStructuredContent: true,
  retainLongitudinal: true,
  retainPatientCharacteristics: true,
  retainDeviceIdentity: false,
  retainSafePrivate: true,
  deface: false,
};

/**
 * What happens to an attribute (PS3.15 table E.1-1 with options):
 * - X remove, Z empty, D replace by a dummy (the patient's name and number by the pseudonym), U replace by a keyed UID
 * - K keep, if its form is that of its VR: numbers, times, known code strings, standard UIDs; a sequence with what is kept of its items
 * - C clean: keep technical words; of an age no more than 90 years
 * - S shift by the patient's days; times of day stay
 * - V keep as it is, unless it holds what identifies the patient or a physician
 */
export type Action = 'X' | 'Z' | 'D' | 'U' | 'K' | 'C' | 'S' | 'V';

export interface AttributeRule {
  readonly action: Action;
  /** False for what neither the standard's table nor our list names. */
  readonly listed: boolean;
  /** True if its value identifies somebody and is removed: other text is searched for it. */
  readonly identifies: boolean;
}

const kept: ReadonlySet<number> = new Set(
  keptKeywords
    .trim()
    .split(/\s+/)
    .map((keyword) => attribute(keyword).tag),
);
export const patientNameTag = 0x00100010;
export const patientIdTag = 0x00100020;
const textVrs: ReadonlySet<string> = new Set(['PN', 'LO', 'SH', 'ST', 'LT', 'UT', 'UC', 'AE']);
const timeVrs: ReadonlySet<string> = new Set(['DA', 'DT', 'TM']);

/** The actions of one choice of options. */
export class ProfileRules {
  readonly options: ProfileOptions;
  readonly #enhanced: boolean;
  readonly #rules = new Map<number, AttributeRule>();

  /** @param enhanced for enhanced MR images, whose definition demands values where that of classic ones allows absence */
  constructor(options: ProfileOptions, enhanced: boolean) {
    this.options = options;
    this.#enhanced = enhanced;
  }

  /** Of an attribute that is not private. */
  ruleOf(tag: number): AttributeRule {
    let rule = this.#rules.get(tag);
    if (rule === undefined) {
      rule = this.#decide(tag);
      // A hostile file must not fill the memory with tags that nobody else uses.
      if (rule.listed) this.#rules.set(tag, rule);
    }
    return rule;
  }

  #decide(tag: number): AttributeRule {
    const row = isPrivate(tag) ? undefined : tableRow(tag);
    const vr = entryOf(tag)?.vr;
    if (row === undefined) {
      if (!kept.has(tag)) return { action: 'X', listed: false, identifies: vr === 'PN' };
      const action = vr === 'LO' || vr === 'SH' ? 'C' : 'K';
      return { action, listed: true, identifies: false };
    }
    const action = this.#optional(row.options, vr) ?? this.#basic(row.basic, tag);
    const removed = action === 'X' || action === 'Z' || action === 'D';
    const identifies = removed && row.options.descriptors === undefined && vr !== undefined && textVrs.has(vr);
    return { action, listed: true, identifies };
  }

  #optional(columns: Readonly<Record<string, 'K' | 'C'>>, vr: string | undefined): Action | undefined {
    const { options } = this;
    if (vr !== undefined && timeVrs.has(vr))
      // Also where the device option alone would keep a date of calibration: no date stays as it was.
      return options.retainLongitudinal && columns.modifiedDates ? 'S' : undefined;
    if (options.retainPatientCharacteristics && columns.patient)
      return vr === 'AS' || (vr !== undefined && textVrs.has(vr)) ? 'C' : 'K';
    if (options.retainDeviceIdentity && columns.device)
      return vr !== undefined && textVrs.has(vr) && columns.device === 'K' ? 'V' : vr === 'SQ' ? 'K' : undefined;
    if (options.cleanDescriptors && columns.descriptors) return vr === 'SQ' ? 'K' : 'C';
    return options.cleanStructuredContent && columns.structured ? 'K' : undefined;
  }

  /** The first action that the image's definition allows. */
  #basic(actions: string, tag: number): Action {
    if (tag === patientNameTag || tag === patientIdTag) return 'D';
    const all = actions.split('/') as Action[];
    // References between images are of use, and their UIDs are replaced.
    if (all.includes('U') && all.length > 1) return 'K';
    const action = this.#enhanced ? all.at(-1)! : all[0]!;
    return action === 'D' && entryOf(tag)?.vr === 'SQ' ? 'X' : action;
  }
}

const cache = new Map<string, ProfileRules>();

/** The rules of a choice, made once. */
export function profileRules(options: ProfileOptions, enhanced: boolean): ProfileRules {
  const key = `${optionNames.map((name) => Number(options[name])).join('')}${Number(enhanced)}`;
  let rules = cache.get(key);
  if (rules === undefined) cache.set(key, (rules = new ProfileRules(options, enhanced)));
  return rules;
}

export const optionNames = Object.keys(defaultOptions) as readonly (keyof ProfileOptions)[];

/** Entries of PS3.16 CID 7050. */
const codes: Readonly<Record<keyof ProfileOptions, readonly [value: string, meaning: string]>> = {
  deface: visualFeaturesCleaned,
  cleanStructuredContent: ['113104', 'Clean Structured Content Option'],
  cleanDescriptors: ['113105', 'Clean Descriptors Option'],
  retainLongitudinal: ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
  retainPatientCharacteristics: ['113108', 'Retain Patient Characteristics Option'],
  retainDeviceIdentity: ['113109', 'Retain Device Identity Option'],
  retainSafePrivate: ['113111', 'Retain Safe Private Option'],
};

/** What is recorded in De-identification Method Code Sequence (PS3.16 CID 7050), by code: only what is really done. */
export function methodCodes(options: ProfileOptions): readonly (readonly [value: string, meaning: string])[] {
  const always: (readonly [string, string])[] = [
    ['113100', 'Basic Application Confidentiality Profile'],
    // By refusal of images that say they have text burned in, of saved screens and of secondary captures.
    ['113101', 'Clean Pixel Data Option'],
    // By removal of all overlays, curves and annotations.
    ['113103', 'Clean Graphics Option'],
  ];
  const chosen = optionNames.filter((name) => options[name]).map((name) => codes[name]);
  return [...always, ...chosen].sort(([a], [b]) => (a < b ? -1 : 1));
}
