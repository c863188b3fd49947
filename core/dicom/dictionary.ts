import { dictionary } from 'dcmjs/dictionary';

/** Value representations of the standard (PS3.5 section 6.2). */
export const vrs = [
  'AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS', 'LO', 'LT', 'OB', 'OD', 'OF', 'OL', 'OV', 'OW',
  'PN', 'SH', 'SL', 'SQ', 'SS', 'ST', 'SV', 'TM', 'UC', 'UI', 'UL', 'UN', 'UR', 'US', 'UT', 'UV',
] as const; // biome-ignore format: a table
export type Vr = (typeof vrs)[number];
const known: ReadonlySet<string> = new Set(vrs);

export function isVr(text: string): text is Vr {
  return known.has(text);
}

/** What the data dictionary says of a tag; some VRs depend on other attributes. */
export type DictionaryVr = Vr | 'US or SS' | 'OB or OW';

export interface Entry {
  readonly tag: number;
  readonly keyword: string;
  readonly vr: DictionaryVr;
  /** True if the attribute may hold several values. */
  readonly multiple: boolean;
}

// The package abbreviates the VRs that depend on other attributes.
const dependentVrs: Readonly<Record<string, DictionaryVr>> = { xs: 'US or SS', ox: 'OB or OW', lt: 'OW', up: 'UL' };

const byTag = new Map<number, Entry>();
const byKeyword = new Map<string, Entry>();
for (const { tag: punctuated, vr, name, vm } of Object.values(dictionary)) {
  if (!/^\([0-9A-F]{4},[0-9A-F]{4}\)$/i.test(punctuated)) continue;
  const tag = Number.parseInt(punctuated.slice(1, 5) + punctuated.slice(6, 10), 16);
  const resolved = dependentVrs[vr] ?? (isVr(vr) ? vr : undefined);
  if (resolved === undefined) continue;
  const entry: Entry = { tag, keyword: name, vr: resolved, multiple: vm !== '1' };
  byTag.set(tag, entry);
  byKeyword.set(name, entry);
}

/** The entry of a standard attribute by its keyword, as `PatientID`. @throws TypeError if there is no such keyword. */
export function attribute(keyword: string): Entry {
  const entry = byKeyword.get(keyword);
  if (entry === undefined) throw new TypeError(`"${keyword}" is not a keyword of the DICOM data dictionary.`);
  return entry;
}

export function entryOf(tag: number): Entry | undefined {
  return byTag.get(tag);
}

/** Every attribute of the dictionary. */
export function entries(): Iterable<Entry> {
  return byTag.values();
}

export function isPrivate(tag: number): boolean {
  return ((tag >>> 16) & 1) === 1;
}

/** "(0010,0020)". */
export function tagText(tag: number): string {
  const hex = (tag >>> 0).toString(16).padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** The keyword if the tag is in the dictionary, with its number. */
export function describeTag(tag: number): string {
  const entry = byTag.get(tag);
  return entry === undefined ? tagText(tag) : `${entry.keyword} ${tagText(tag)}`;
}
