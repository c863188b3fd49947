/** A segment as dcmjs naturalizes it, as far as it is used. */
export interface NaturalSegment {
  readonly SegmentNumber: string;
  readonly SegmentLabel: string;
  readonly SegmentDescription?: string;
}

/**
 * The segments of a label, by their numbers. OHIF numbers them anew, in the order in which it meets them, but not in the frames; so
 * those that have nothing drawn are described as well.
 * @param given as OHIF describes them
 */
export function describedSegments(
  given: readonly NaturalSegment[],
  numbers: readonly number[],
  coarse: ReadonlySet<number>,
): NaturalSegment[] {
  return Array.from({ length: Math.max(0, ...numbers) }, (_, n) => {
    const SegmentLabel = `Metastasis ${n + 1}`;
    const own = given.find((segment) => segment.SegmentLabel === SegmentLabel) ?? given[0];
    const described = { ...own, SegmentNumber: String(n + 1), SegmentLabel };
    return coarse.has(n + 1) ? { ...described, SegmentDescription: 'Coarse outline' } : described;
  });
}
