import { attribute } from '#core/dicom/dictionary.ts';

export type QidoLevel = 'STUDY' | 'SERIES' | 'INSTANCE';

/** YYYYMMDD, both included. */
export interface DateRange {
  readonly from?: string;
  readonly to?: string;
}

/** A condition on one attribute; lists match any of their values, in texts `*` and `?` stand for anything and for one character. */
export type Condition =
  | { readonly of: 'LIST' | 'TEXT'; readonly values: readonly string[] }
  | ({ readonly of: 'DATE' } & DateRange)
  /** On an attribute that is empty in every file here: nothing matches. */
  | { readonly of: 'EMPTY' };

/** What a QIDO-RS search asks for. */
export interface QidoQuery {
  readonly level: QidoLevel;
  /** By tag, as "0020000D". */
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly limit: number;
  readonly offset: number;
  /** Tags asked for beside those of the level; 'all' gives whatever is kept. */
  readonly include: ReadonlySet<string> | 'all';
  /** Parameters that are not known here, and were not applied. */
  readonly unknown: readonly string[];
}

/** Greatest number of results in one answer. */
export const longestAnswer = 1000;
/** Their number if none is asked for. */
export const usualAnswer = 100;

type Kind = Condition['of'] | 'NUMBER';
/** The attributes that a search may set conditions on (PS3.18 tables 10.6.1-5), by level and tag. */
const keys: Readonly<Record<QidoLevel, Readonly<Record<string, Kind>>>> = {
  STUDY: {
    '00080020': 'DATE', '00080061': 'LIST', '00081030': 'TEXT', '00100010': 'TEXT', '00100020': 'TEXT', '00100040': 'LIST',
    '0020000D': 'LIST', '00080030': 'EMPTY', '00080050': 'EMPTY', '00080090': 'EMPTY', '00100030': 'EMPTY', '00200010': 'EMPTY',
  },
  SERIES: {
    '0020000E': 'LIST', '00080060': 'LIST', '0008103E': 'TEXT', '00200011': 'NUMBER', '00400244': 'EMPTY', '00400245': 'EMPTY',
    '00400275': 'EMPTY',
  },
  INSTANCE: { '00080018': 'LIST', '00080016': 'LIST', '00200013': 'NUMBER' },
}; // biome-ignore format: a table
const levels: readonly QidoLevel[] = ['STUDY', 'SERIES', 'INSTANCE'];
/** What says how to answer, not what to find. Fuzzy matching may be asked for and need not be given (PS3.18 section 8.3.4.2). */
const options = new Set(['limit', 'offset', 'includefield', 'accept']);
const commaSeparated = new Set(['LIST', 'NUMBER']);

export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads the parameters of a search, by tag or by keyword (PS3.18 section 8.3.4). Attributes of a level above may be named too.
 * @throws RangeError for a malformed one
 */
export function parseQido(parameters: Parameters, level: QidoLevel): QidoQuery {
  const known: Record<string, Kind> = Object.assign(
    {},
    ...levels.slice(0, levels.indexOf(level) + 1).map((one) => keys[one]),
  );
  const conditions: Record<string, Condition> = {};
  const unknown: string[] = [];
  for (const [name, given] of Object.entries(parameters)) {
    if (options.has(name.toLowerCase())) continue;
    const texts = [given ?? []].flat();
    // A sequence's attribute, as "00400275.0040A370", is judged by the sequence.
    const tag = tagOf(name.split('.')[0]!);
    const kind = tag === undefined ? undefined : known[tag];
    if (tag === undefined || kind === undefined) {
      if (name.toLowerCase() !== 'fuzzymatching' || texts.at(-1) === 'true') unknown.push(name);
      continue;
    }
    const condition = conditionOf(name, kind, texts);
    if (condition) conditions[tag] = condition;
  }
  return {
    level,
    conditions,
    limit: Math.min(count(parameters.limit, 'limit') ?? usualAnswer, longestAnswer),
    offset: count(parameters.offset, 'offset') ?? 0,
    include: includedFields(parameters.includefield, unknown),
    unknown,
  };
}

/** Undefined if everything matches. */
function conditionOf(name: string, kind: Kind, texts: readonly string[]): Condition | undefined {
  const separator = commaSeparated.has(kind) ? /[,\\]/ : /\\/;
  const values = texts.flatMap((text) => text.split(separator)).filter((text) => text !== '');
  if (values.length === 0 || values.some((text) => /^\*+$/.test(text))) return undefined;
  if (kind === 'EMPTY') return { of: 'EMPTY' };
  if (kind === 'DATE') return { of: 'DATE', ...dateRange(name, values[0]!) };
  if (kind === 'NUMBER')
    return { of: 'LIST', values: values.map((text) => String(count(text.trim().replace(/^\+/, ''), name)!)) };
  return { of: kind, values };
}

function includedFields(given: Parameters[string], unknown: string[]): QidoQuery['include'] {
  const names = [given ?? []].flat().flatMap((text) => text.split(','));
  if (names.includes('all')) return 'all';
  const tags = new Set<string>();
  for (const name of names.filter((one) => one !== '')) {
    const tag = tagOf(name.split('.')[0]!);
    if (tag) tags.add(tag);
    else unknown.push(`includefield=${name}`);
  }
  return tags;
}

function tagOf(name: string): string | undefined {
  if (/^[0-9a-f]{8}$/i.test(name)) return name.toUpperCase();
  try {
    return attribute(name).tag.toString(16).toUpperCase().padStart(8, '0');
  } catch {
    return undefined;
  }
}

function dateRange(name: string, text: string): DateRange {
  const found = /^(\d{8})?(-)?(\d{8})?$/.exec(text);
  const [, from, range, to] = found ?? [];
  const days = [from, to].filter((day) => day !== undefined);
  if (!found || days.length === 0 || days.some((day) => !isDay(day)))
    throw new RangeError(`${name} is "${text}": give YYYYMMDD or a range YYYYMMDD-YYYYMMDD.`);
  return { ...(from ? { from } : {}), ...(range ? (to ? { to } : {}) : from ? { to: from } : {}) };
}

/** True for a day of the calendar: the database would refuse another. */
function isDay(day: string): boolean {
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number(day.slice(0, 4)) > 0 && !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

function count(given: Parameters[string], name: string): number | undefined {
  if (given === undefined) return undefined;
  const number = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!Number.isSafeInteger(number) || number > 2 ** 31 - 1)
    throw new RangeError(`${name} is "${given}": give a whole number from 0.`);
  return number;
}
