import type { Matrix4, Volume } from '#core/domain/geometry.ts';
import type { Sequence } from '#core/domain/sequence.ts';

/** A study of which it is known how its series lie and where the brain is. */
export interface BenchStudy {
  readonly name: string;
  /** As acquired. */
  readonly series: Readonly<Partial<Record<Sequence, Volume>>>;
  /** A point of BRAVO, LPS mm, to the same anatomy in each series. */
  readonly refToSeries: Readonly<Partial<Record<Sequence, Matrix4>>>;
  /** 1 inside the brain, on BRAVO's grid. */
  readonly brainMask: Volume<Uint8Array>;
}
