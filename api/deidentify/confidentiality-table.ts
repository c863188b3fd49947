import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Columns of the options, as in the file. */
export const tableColumns = [
  'safePrivate', 'uids', 'device', 'institution', 'patient', 'fullDates', 'modifiedDates', 'descriptors', 'structured', 'graphics',
] as const; // biome-ignore format: a list
export type TableColumn = (typeof tableColumns)[number];

/** What table E.1-1 says of one attribute. */
export interface TableRow {
  readonly keyword: string;
  /** Actions that the Basic Profile allows, the one that removes most first: "X", "Z/D", "X/Z/U". */
  readonly basic: string;
  /** K or C, where an option changes the action. */
  readonly options: Readonly<Partial<Record<TableColumn, 'K' | 'C'>>>;
}

const rows = new Map<string, TableRow>();
for (const line of readFileSync(join(import.meta.dirname, 'table-e1-1.txt'), 'utf8').split('\n')) {
  const [tag, keyword, basic, ...cells] = line.split(/\s+/);
  if (!tag || tag === 'tag' || tag.startsWith('#') || !keyword || !basic) continue;
  const marked = tableColumns.flatMap((column, n) => {
    const cell = cells[n];
    return cell === 'K' || cell === 'C' ? [[column, cell] as const] : [];
  });
  rows.set(tag, { keyword, basic, options: Object.fromEntries(marked) });
}

/** The row of an attribute, that of its group where the table names groups (50xx, 60xx), undefined if the table does not name it. */
export function tableRow(tag: number): TableRow | undefined {
  const hex = tag.toString(16).padStart(8, '0');
  if ((tag >>> 16) & 1) return rows.get('private');
  if (hex.startsWith('50')) return rows.get('50xxxxxx');
  return rows.get(hex) ?? (hex.startsWith('60') ? rows.get(`60xx${hex.slice(4)}`) : undefined);
}

/** How many attributes and groups the table names. */
export const tableSize = rows.size;
