import { attribute } from '#core/dicom/dictionary.ts';

/** What a QIDO-RS search asks for; lists match any of their values, `*` and `?` stand for anything and for one character. */
export interface QidoQuery {
  readonly studyInstanceUids?: readonly string[];
  readonly patientIds?: readonly string[];
  readonly seriesInstanceUids?: readonly string[];
  readonly sopInstanceUids?: readonly string[];
  readonly modalities?: readonly string[];
  /** YYYYMMDD, both included. */
  readonly studyDates?: { readonly from?: string; readonly to?: string };
  readonly limit: number;
  readonly offset: number;
  /** Conditions that are not known here, and were not applied. */
  readonly unknown: readonly string[];
}

/** Greatest number of studies in one answer, and the number if none is asked for. */
export const longestAnswer = 500;

const lists = {
  '0020000D': 'studyInstanceUids',
  '00100020': 'patientIds',
  '0020000E': 'seriesInstanceUids',
  '00080018': 'sopInstanceUids',
  '00080060': 'modalities',
  '00080061': 'modalities',
} as const;
const studyDate = '00080020';
/** What says how to answer, not what to find; all attributes that are kept are given anyway. */
const options = new Set(['limit', 'offset', 'includefield', 'fuzzymatching', 'accept']);

/** Reads the parameters of a search, by tag or by keyword (PS3.18 section 8.3.4). @throws RangeError for a malformed one */
export function parseQido(parameters: Readonly<Record<string, string | readonly string[] | undefined>>): QidoQuery {
  const query: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, given] of Object.entries(parameters)) {
    if (options.has(name.toLowerCase())) continue;
    const values = [given ?? []]
      .flat()
      .flatMap((text) => text.split(/[,\\]/))
      .filter((text) => text !== '' && text !== '*');
    const tag = tagOf(name);
    if (tag !== undefined && tag in lists) {
      if (values.length > 0) query[lists[tag as keyof typeof lists]] = values;
    } else if (tag === studyDate) {
      if (values[0]) query.studyDates = dateRange(values[0]);
    } else unknown.push(name);
  }
  const limit = count(parameters.limit, 'limit') ?? longestAnswer;
  return { ...query, limit: Math.min(limit, longestAnswer), offset: count(parameters.offset, 'offset') ?? 0, unknown };
}

function tagOf(name: string): string | undefined {
  if (/^[0-9a-f]{8}$/i.test(name)) return name.toUpperCase();
  try {
    return attribute(name).tag.toString(16).toUpperCase().padStart(8, '0');
  } catch {
    return undefined;
  }
}

function dateRange(text: string): QidoQuery['studyDates'] {
  const found = /^(\d{8})?(-)?(\d{8})?$/.exec(text);
  if (!found) throw new RangeError(`StudyDate is "${text}": give YYYYMMDD or a range YYYYMMDD-YYYYMMDD.`);
  const [, from, range, to] = found;
  return { ...(from ? { from } : {}), ...(range ? (to ? { to } : {}) : from ? { to: from } : {}) };
}

function count(given: string | readonly string[] | undefined, name: string): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${name} is "${given}": give a whole number.`);
  return number;
}
