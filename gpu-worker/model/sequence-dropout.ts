import type { TrainingPlan } from '#core/domain/plan.ts';
import type { SeededRandom } from '#core/domain/random.ts';

/** Input-level dropout of whole sequences (Grøvik et al. 2021): a network so trained survives that a study lacks one. */
export interface SequenceDropout {
  /** With which each sequence is left out. */
  readonly probability: number;
  /** Places in channel order of the sequences that never are. */
  readonly kept: ReadonlySet<number>;
}

/** What a plan asks for; undefined if it leaves nothing out. */
export function sequenceDropout({
  sequenceDropout: probability,
  sequences,
  keptSequences,
}: Pick<TrainingPlan, 'sequenceDropout' | 'sequences' | 'keptSequences'>): SequenceDropout | undefined {
  if (probability === 0) return undefined;
  return { probability, kept: new Set(keptSequences.map((each) => sequences.indexOf(each))) };
}

/**
 * Draws for each of `count` sequences whether it is there. Where none would be, it is drawn again, so that one at least is; what is there
 * is not scaled up for what is not, since at inference nothing is either.
 */
export function drawPresence(count: number, { probability, kept }: SequenceDropout, random: SeededRandom): boolean[] {
  for (;;) {
    const present = Array.from({ length: count }, (_, n) => kept.has(n) || random.next() >= probability);
    if (present.includes(true)) return present;
  }
}
