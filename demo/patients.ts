import type { Patient } from './loop/upload.ts';

/** Edge of a slice in the demonstration: voxels of 2.5 mm, small enough for two cores. */
export const demoSizePixels = 96;

const cast = (groups: readonly Patient['group'][], firstSeed: number): Patient[] =>
  groups.map((group, index) => ({ seed: firstSeed + index, group, site: index % 2 === 0 ? 'A' : 'B' }));

/** Patients of the loop in the paper's count groups; one has no metastasis. */
export const loopPatients: readonly Patient[] = cast(
  [
    ...(['ONE_TO_THREE', 'FOUR_TO_TEN', 'MORE_THAN_TEN', 'FOUR_TO_TEN'] as const),
    ...(['ONE_TO_THREE', 'MORE_THAN_TEN', 'FOUR_TO_TEN', 'ONE_TO_THREE'] as const),
    ...(['MORE_THAN_TEN', 'FOUR_TO_TEN', 'ONE_TO_THREE', 'MORE_THAN_TEN'] as const),
    ...(['NONE', 'FOUR_TO_TEN', 'MORE_THAN_TEN', 'FOUR_TO_TEN'] as const),
  ],
  101,
);

/** The new patient at site A for whom a clinician asks. */
export const newPatient: Patient = { seed: 201, group: 'FOUR_TO_TEN', site: 'A' };

/** Patients that a demonstration with a browser begins with. */
export const browserPatients: readonly Patient[] = cast(['FOUR_TO_TEN', 'ONE_TO_THREE', 'MORE_THAN_TEN', 'NONE'], 301);
