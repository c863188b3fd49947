import type { Resampled } from './label-file.ts';
import type { StagedLabelRow } from './store.ts';

/** How a label was brought onto BRAVO's grid, as it is stored in `revision.resampling`. */
export interface Resampling extends Omit<Resampled, 'seg'> {
  /** The SEG that was sent. */
  readonly sopInstanceUid: string;
  readonly sha256: string;
}

export function resamplingOf({ seg: _, ...how }: Resampled, staged: StagedLabelRow): Resampling {
  return { ...how, sopInstanceUid: staged.sop_instance_uid, sha256: staged.sha256 };
}
