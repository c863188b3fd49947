import { createNoise, createWaveField, type Noise, type WaveField } from './noise.ts';
import { createRandom } from './random.ts';

/** What differs from head to head. Lengths in mm. */
export interface Subject {
  /** Size of the head against the model along left-right, front-back and foot-head. */
  readonly scale: readonly [number, number, number];
  readonly warpMm: number;
  readonly skullMm: number;
  readonly scalpMm: number;
  /** Width of the fluid between brain and skull: grows with age. */
  readonly gapMm: number;
  readonly sulcusMm: number;
  readonly cortexMm: number;
  /** Factor on the radii of the ventricles. */
  readonly ventricles: number;
  readonly sulcusDepthMm: number;
  /** How far grey and white matter differ, 1 = as in the tables. */
  readonly contrast: number;
  readonly ageYears: number;
  readonly sex: 'F' | 'M';
  readonly noise: Noise;
  readonly folds: WaveField;
  readonly minorFolds: WaveField;
}

export function createSubject(seed: number): Subject {
  const random = createRandom(seed, 'subject');
  const ageYears = random.integer(38, 82);
  const sex = random.pick(['F', 'M'] as const);
  const old = (ageYears - 38) / 44;
  const general = random.between(0.955, 1.015) + (sex === 'M' ? 0.02 : -0.01);
  const scale = [0, 1, 2].map(() => general * random.between(0.97, 1.03)) as [number, number, number];
  return {
    ageYears,
    sex,
    scale,
    warpMm: random.between(1.5, 3.5),
    skullMm: random.between(5, 7.5),
    scalpMm: random.between(4.5, 7.5),
    gapMm: 1.1 + 1.2 * old + random.between(0, 0.5),
    sulcusMm: 0.4 + 0.6 * old + random.between(0, 0.2),
    cortexMm: 2.9 - 0.4 * old + random.between(0, 0.4),
    ventricles: 0.85 + 0.4 * old + random.between(0, 0.2),
    sulcusDepthMm: random.between(13, 17),
    contrast: random.between(0.85, 1.15),
    noise: createNoise(createRandom(seed, 'noise')),
    folds: createWaveField(createRandom(seed, 'folds'), random.between(17.5, 21), 14),
    minorFolds: createWaveField(createRandom(seed, 'minor folds'), random.between(11.5, 13.5), 10),
  };
}
