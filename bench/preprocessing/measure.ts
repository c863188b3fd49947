import { type Matrix4, transformPoint, type Volume } from '#core/domain/geometry.ts';
import { defaultPreparationPlan } from '#core/domain/preparation-plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import type { PreparationSteps } from '../../gpu-worker/volume/preparation-steps.ts';
import { prepareStudy } from '../../gpu-worker/volume/prepare.ts';
import type { BenchStudy } from './bench-study.ts';

/** Target registration error over the brain: how far a point of BRAVO's brain comes to lie from where it belongs, mm. */
export interface RegistrationFigures {
  readonly sequence: Sequence;
  readonly meanMm: number;
  readonly maxMm: number;
  readonly nmi: number;
  readonly plausible: boolean;
}

export interface StudyFigures {
  readonly name: string;
  readonly registrations: readonly RegistrationFigures[];
  /** All series together, in the threads that were given. */
  readonly registrationS: number;
  /** Overlap of the brain mask, on BRAVO's grid, with the true brain. */
  readonly brainMaskDice: number;
  readonly brainMaskS: number;
  /** What follows: resampling, equalization, pictures. */
  readonly restS: number;
}

/** Prepares the study as the product does, with the steps one after another so that each can be timed. */
export async function measureStudy(study: BenchStudy, steps: PreparationSteps): Promise<StudyFigures> {
  const { BRAVO: bravo, ...others } = study.series;
  const { registrationSeed: seed, brainMaskFraction } = defaultPreparationPlan;
  const [registered, registrationS] = await timed(() =>
    Promise.all(Object.values(others).map((volume) => steps.register(bravo!, volume, { seed }))),
  );
  const registrationOf = new Map(Object.values(others).map((volume, n) => [volume, registered[n]!]));
  const [mask, brainMaskS] = await timed(() => steps.brainMask(others.T1_PRE ?? bravo!, brainMaskFraction));
  const known: PreparationSteps = {
    register: async (_, moving) => registrationOf.get(moving)!,
    brainMask: async () => mask,
  };
  const [prepared, restS] = await timed(() => prepareStudy(study.series, defaultPreparationPlan, { steps: known }));
  return {
    name: study.name,
    registrations: prepared.registrations.map(({ sequence, matrix, nmi, plausible }) => ({
      ...{ sequence, nmi, plausible },
      ...targetError(matrix, study.refToSeries[sequence]!, study.brainMask),
    })),
    registrationS,
    brainMaskDice: dice(prepared.nativeBrainMask, study.brainMask),
    brainMaskS,
    restS,
  };
}

async function timed<T>(work: () => Promise<T>): Promise<[T, seconds: number]> {
  const began = performance.now();
  const result = await work();
  return [result, (performance.now() - began) / 1000];
}

/** Over every voxel of the mask. */
export function targetError(
  found: Matrix4,
  truth: Matrix4,
  { grid, data }: Volume<Uint8Array>,
): { readonly meanMm: number; readonly maxMm: number } {
  const [columns, rows] = grid.size;
  const difference = found.map((value, n) => value - truth[n]!);
  let [sum, count, maxMm] = [0, 0, 0];
  for (let n = 0; n < data.length; n++) {
    if (!data[n]) continue;
    const index = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))] as const;
    const errorMm = Math.hypot(...transformPoint(difference, transformPoint(grid.indexToLps, index)));
    sum += errorMm;
    count++;
    if (errorMm > maxMm) maxMm = errorMm;
  }
  return { meanMm: sum / count, maxMm };
}

/** 2 |A and B| / (|A| + |B|) of masks of 0 and 1 on one grid. */
export function dice({ data: a }: Volume<Uint8Array>, { data: b }: Volume<Uint8Array>): number {
  let [both, sum] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    both += a[n]! & b[n]!;
    sum += a[n]! + b[n]!;
  }
  return (2 * both) / sum;
}
