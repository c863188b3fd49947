import { type LabelVolume, type Volume, voxelVolumeMm3 } from '#core/domain/geometry.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { type Finding, findings } from '#core/label/findings.ts';
import { measureLesion } from '#core/label/measure.ts';
import { greatestLesionNumber } from '#core/label/relabel.ts';

/** Why a finding is not among the lesions. */
export const dropReasons = ['OUTSIDE_BRAIN_MASK', 'TOO_SMALL'] as const;
export type DropReason = (typeof dropReasons)[number];

export interface SegmentedLesion extends LesionMeasure {
  /** Greatest probability in it. */
  readonly probability: number;
}

/** A finding that is not among the lesions; reported, never dropped silently. */
export interface DroppedFinding extends Pick<LesionMeasure, 'voxelCount' | 'volumeMm3' | 'centroidLps'> {
  readonly reason: DropReason;
  /** Greatest probability in it. */
  readonly probability: number;
}

export interface SegmentedVolume {
  /** Lesions numbered from 1, largest first. */
  readonly label: LabelVolume;
  readonly lesions: readonly SegmentedLesion[];
  /** Largest first. */
  readonly dropped: readonly DroppedFinding[];
}

export interface SegmentOptions {
  /** A voxel counts as lesion at or above this probability. */
  readonly threshold: number;
  /** Findings of less volume are dropped as TOO_SMALL; 0 keeps all. */
  readonly minVolumeMm3?: number;
}

/**
 * Makes lesions of a probability map: its 26-connected regions at or above the threshold, except those wholly outside
 * the brain mask dilated by 2 mm and those that are too small.
 * @throws RangeError if the brain mask has another size or there are more lesions than a label volume can number
 */
export function segment(
  probability: Volume<Float32Array>,
  brainMask: Volume<Uint8Array>,
  { threshold, minVolumeMm3 = 0 }: SegmentOptions,
): SegmentedVolume {
  const { grid } = probability;
  const reason = ({ insideBrain, voxels }: Finding): DropReason | undefined => {
    if (!insideBrain) return 'OUTSIDE_BRAIN_MASK';
    // A finding of the least volume but for rounding is kept.
    return voxels.length * voxelVolumeMm3(grid) < minVolumeMm3 - 1e-6 ? 'TOO_SMALL' : undefined;
  };
  const data = new Uint16Array(probability.data.length);
  const lesions: SegmentedLesion[] = [];
  const dropped: DroppedFinding[] = [];
  const found = findings(probability, brainMask, threshold);
  for (const finding of found.sort((a, b) => b.voxels.length - a.voxels.length)) {
    const why = reason(finding);
    const number = lesions.length + 1;
    const measure = measureLesion({ grid }, finding.voxels, number);
    if (why !== undefined) {
      const { voxelCount, volumeMm3, centroidLps } = measure;
      dropped.push({ reason: why, voxelCount, volumeMm3, centroidLps, probability: finding.probability });
      continue;
    }
    if (number > greatestLesionNumber)
      throw new RangeError(`more than ${greatestLesionNumber} lesions at threshold ${threshold}; raise the threshold`);
    lesions.push({ ...measure, probability: finding.probability });
    for (const voxel of finding.voxels) data[voxel] = number;
  }
  return { label: { grid, data }, lesions, dropped };
}
