import { shownRoles } from './hanging-protocol.ts';
import type { SeriesByRole } from './study-series.ts';

/** What is told of a series before its images are known; of a set of images the same. */
export interface Listed {
  readonly SeriesInstanceUID: string;
  readonly Modality?: string;
}
export type Order = (a: Listed, b: Listed) => number;

/**
 * The order in which OHIF loads and lists series: what is shown at once, then labels, without which a read cannot begin, then the rest.
 * @param usual the order that OHIF has, for those alike
 */
export function shownFirst(shown: SeriesByRole, usual: Order): Order {
  const places = new Map(shownRoles(shown).map((role, place) => [shown[role]!, place]));
  const rank = ({ SeriesInstanceUID, Modality }: Listed): number =>
    places.get(SeriesInstanceUID) ?? (Modality === 'SEG' ? places.size : places.size + 1);
  return (a, b) => rank(a) - rank(b) || usual(a, b);
}
