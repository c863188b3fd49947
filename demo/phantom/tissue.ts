import type { Sequence } from '#core/domain/sequence.ts';

/** Tissues that the head model mixes in a voxel; the numbers are places in an array of fractions. */
export const tissue = {
  air: 0,
  white: 1,
  grey: 2,
  deepGrey: 3,
  csf: 4,
  dura: 5,
  bone: 6,
  marrow: 7,
  fat: 8,
  muscle: 9,
  skin: 10,
  choroid: 11,
} as const;
export type Tissue = keyof typeof tissue;
export const tissueCount = 12;

/** What is laid over the head: blood and lesion parts. */
export interface OverlaySignal {
  readonly artery: number;
  readonly vein: number;
  readonly enhancing: number;
  readonly necrosis: number;
  readonly oedema: number;
}

export interface SequenceSignal {
  readonly tissue: Readonly<Record<Tissue, number>>;
  readonly overlay: OverlaySignal;
}

/**
 * Signal by tissue, white matter of T1 about 100. In BRAVO (a gradient echo after gadolinium) all blood is as bright as
 * lesions; in CUBE (a spin echo) fast blood is dark and slow blood stays bright.
 */
export const signals: Readonly<Record<Sequence, SequenceSignal>> = {
  T1_PRE: {
    tissue: {
      air: 0,
      white: 100,
      grey: 77,
      deepGrey: 87,
      csf: 30,
      dura: 58,
      bone: 10,
      marrow: 95,
      fat: 165,
      muscle: 68,
      skin: 85,
      choroid: 60,
    },
    overlay: { artery: 18, vein: 42, enhancing: 72, necrosis: 46, oedema: 80 },
  },
  T1_POST: {
    tissue: {
      air: 0,
      white: 98,
      grey: 79,
      deepGrey: 87,
      csf: 29,
      dura: 125,
      bone: 10,
      marrow: 100,
      fat: 165,
      muscle: 80,
      skin: 95,
      choroid: 145,
    },
    overlay: { artery: 48, vein: 150, enhancing: 150, necrosis: 48, oedema: 79 },
  },
  BRAVO: {
    tissue: {
      air: 0,
      white: 100,
      grey: 74,
      deepGrey: 85,
      csf: 24,
      dura: 130,
      bone: 10,
      marrow: 72,
      fat: 125,
      muscle: 62,
      skin: 80,
      choroid: 155,
    },
    overlay: { artery: 184, vein: 178, enhancing: 158, necrosis: 42, oedema: 78 },
  },
  FLAIR: {
    tissue: {
      air: 0,
      white: 78,
      grey: 93,
      deepGrey: 90,
      csf: 14,
      dura: 45,
      bone: 8,
      marrow: 42,
      fat: 82,
      muscle: 45,
      skin: 58,
      choroid: 72,
    },
    overlay: { artery: 12, vein: 30, enhancing: 112, necrosis: 66, oedema: 150 },
  },
};
