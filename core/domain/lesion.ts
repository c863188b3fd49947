import type { PointLps } from './geometry.ts';

/** Groups of patients by their count of lesions (paper, "Study population"; NONE is ours). */
export const lesionGroups = ['NONE', 'ONE_TO_THREE', 'FOUR_TO_TEN', 'MORE_THAN_TEN'] as const;
export type LesionGroup = (typeof lesionGroups)[number];

export function lesionGroup(lesionCount: number): LesionGroup {
  if (lesionCount === 0) return 'NONE';
  if (lesionCount <= 3) return 'ONE_TO_THREE';
  return lesionCount <= 10 ? 'FOUR_TO_TEN' : 'MORE_THAN_TEN';
}

/** What is measured of a lesion in a label volume or in a prediction. */
export interface LesionMeasure {
  /** Its value in the label volume and its segment number in the SEG, from 1. */
  readonly number: number;
  readonly voxelCount: number;
  readonly volumeMm3: number;
  /** Longest distance of voxel centres within one slice, plus one in-plane voxel edge. */
  readonly longestDiameterMm: number;
  /** Longest such distance at right angles to it (within 10 degrees) in the same slice. */
  readonly perpendicularDiameterMm: number;
  /** How many slices it reaches. */
  readonly sliceCount: number;
  /** Slice of the longest diameter, from 0. */
  readonly sliceIndex: number;
  readonly centroidLps: PointLps;
}
