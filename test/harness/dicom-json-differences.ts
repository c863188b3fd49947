import { isDeepStrictEqual } from 'node:util';
import { entryOf } from '#core/dicom/dictionary.ts';

interface Element {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
}
/** A dataset in DICOM JSON, from whoever wrote it. */
type Json = Readonly<Record<string, Element>>;

/**
 * How two DICOM JSON datasets differ, items of sequences included: `Keyword.Keyword: how`, where how is `only the first`,
 * `only the second`, `vr`, `items`, `value`, or `BulkDataURI` where at least one of them names an address.
 */
export function differences(first: Json, second: Json): string[] {
  const tags = new Set([...Object.keys(first), ...Object.keys(second)]);
  return [...tags].sort().flatMap((tag) => {
    const name = entryOf(Number.parseInt(tag, 16))?.keyword ?? tag;
    return between(first[tag], second[tag]).map((how) =>
      /^[A-Z].*: /.test(how) ? `${name}.${how}` : `${name}: ${how}`,
    );
  });
}

function between(a: Element | undefined, b: Element | undefined): string[] {
  if (!a || !b) return [a ? 'only the first' : 'only the second'];
  if (a.vr !== b.vr) return ['vr'];
  if (a.BulkDataURI !== undefined || b.BulkDataURI !== undefined)
    return a.BulkDataURI === b.BulkDataURI ? [] : ['BulkDataURI'];
  const [items, others] = [a.Value ?? [], b.Value ?? []];
  if (a.vr !== 'SQ') return isDeepStrictEqual({ ...a }, { ...b }) ? [] : ['value'];
  if (items.length !== others.length) return ['items'];
  return items.flatMap((item, n) => differences((item ?? {}) as Json, (others[n] ?? {}) as Json));
}
