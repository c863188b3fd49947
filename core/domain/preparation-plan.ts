import { type Sequence, sequences } from './sequence.ts';

/** When a co-registration is believed without a person looking at it. */
export interface RegistrationGates {
  readonly maxRotationDegrees: number;
  readonly maxTranslationMm: number;
  /** Floor of the normalized mutual information, which is 1 for unrelated images. */
  readonly minNmi: number;
}

/** Everything that decides what preparation makes of a study; its hash names the result. */
export interface PreparationPlan {
  /** Rows and columns of the slices that the network sees. */
  readonly sizePixels: number;
  /** The channels, in order. */
  readonly sequences: readonly Sequence[];
  readonly registrationGates: RegistrationGates;
  /** Seed of the registration's random sampling. */
  readonly registrationSeed: number;
  /** BET's fractional intensity threshold f, 0 to 1: larger gives a smaller brain, the paper's 0.5 one that loses cortex. */
  readonly brainMaskFraction: number;
  /** A brain mask outside these volumes gives a warning, mm³. */
  readonly brainMaskVolumeMm3: { readonly min: number; readonly max: number };
  /** Version of the preparing code: two versions may give different voxels for the same study. */
  readonly codeVersion: string;
}

/** To be raised with every change that alters a prepared voxel. */
export const preparationCodeVersion = '3';

/**
 * The floor of mutual information: on a real head in four contrasts, registered series had 1.19 to 1.32; the same series
 * moved off by 5 mm 1.12 to 1.15, by 17 mm or 30 degrees 1.07 to 1.09, by 35 mm or turned upside down at most 1.05. Noise lowers it, so
 * that the floor is set to tell gross failure only; the checkerboard images are for the rest.
 */
export const defaultPreparationPlan: PreparationPlan = {
  sizePixels: 256,
  sequences,
  registrationGates: { maxRotationDegrees: 20, maxTranslationMm: 40, minNmi: 1.08 },
  registrationSeed: 20200101,
  brainMaskFraction: 0.3,
  brainMaskVolumeMm3: { min: 700_000, max: 2_200_000 },
  codeVersion: preparationCodeVersion,
};
