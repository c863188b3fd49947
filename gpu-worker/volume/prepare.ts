import { setImmediate } from 'node:timers/promises';
import { type Grid, type Matrix4, spacingMm, type Volume, voxelVolumeMm3 } from '#core/domain/geometry.ts';
import type { PreparationPlan } from '#core/domain/preparation-plan.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import { checkerboard, type GrayImage } from './checkerboard.ts';
import { equalizeSlices } from './equalize.ts';
import { inPlaneGrid, resizeImage, resizeLabels } from './in-plane.ts';
import type { PreparationSteps } from './preparation-steps.ts';
import { motionOf, type Registration, RegistrationError, registrationPlausible } from './registration.ts';
import { resample } from './resample.ts';
import { viewingCopy } from './viewing-copy.ts';

export type PerSequence<T> = Readonly<Record<Sequence, T | null>>;

export interface PreparedRegistration extends Registration {
  readonly sequence: Sequence;
  /** False sends the study to a person. */
  readonly plausible: boolean;
  readonly checkerboard: GrayImage;
}

export interface PreparationWarning {
  readonly code:
    | 'SEQUENCE_MISSING'
    | 'BRAIN_MASK_FROM_BRAVO'
    | 'BRAIN_MASK_VOLUME'
    | 'REGISTRATION_FAILED'
    | 'REGISTRATION_IMPLAUSIBLE';
  readonly sequence: Sequence;
  readonly message: string;
}

/** What the network, the readers and the evaluation see of a study. */
export interface PreparedStudy {
  /** The model's grid: BRAVO's slices at plan.sizePixels. */
  readonly grid: Grid;
  /** BRAVO's own grid, on which labels are drawn. */
  readonly nativeGrid: Grid;
  /** Equalized slices on `grid`: share of the brain's voxels that are darker, times 255; null where the series is missing. */
  readonly channels: PerSequence<Volume<Uint8Array>>;
  /** 1 inside the brain, on `grid`. */
  readonly brainMask: Volume<Uint8Array>;
  /** 1 inside the brain, on `nativeGrid`. */
  readonly nativeBrainMask: Volume<Uint8Array>;
  readonly brainMaskVolumeMm3: number;
  /** Of every given sequence but BRAVO, in the plan's order. */
  readonly registrations: readonly PreparedRegistration[];
  readonly warnings: readonly PreparationWarning[];
  /** The series as acquired, on `nativeGrid`, for viewing. */
  readonly coRegistered: PerSequence<Volume<Int16Array>>;
}

export interface PreparationProgress {
  readonly step: 'REGISTERED' | 'BRAIN_MASKED' | 'RESAMPLED' | 'EQUALIZED';
  readonly sequence: Sequence;
  readonly done: number;
  readonly total: number;
}

export type OnPreparationProgress = (progress: PreparationProgress) => void | Promise<void>;

/** The study cannot be prepared at all. */
export class PreparationError extends Error {
  override readonly name = 'PreparationError';
  readonly code: 'BRAVO_MISSING' | 'NO_BRAIN' | 'TOO_SMALL';

  constructor(code: PreparationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The sequences that the plan asks for and the study has; T1_PRE may serve for the mask alone. */
type Given = ReadonlyMap<Sequence, Volume>;

/** Less than this of a head in any direction can be neither registered nor masked. */
const [leastVoxels, leastExtentMm] = [10, 60];

const identity: Matrix4 = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * Prepares a study, for training and inference alike (method of the paper, "Image preprocessing"): co-registers the
 * other sequences to BRAVO, finds the brain on T1_PRE (on BRAVO without it), carries all onto BRAVO's grid and then in-plane
 * to the model's, and equalizes every slice inside the brain. A missing sequence other than BRAVO, or a failed or
 * implausible registration, is a warning: whether the study may be used is the caller's to decide.
 * @throws PreparationError without BRAVO, without a brain on BRAVO, or with a series too small to show a head
 */
export async function prepareStudy(
  seriesByRole: Partial<Record<Sequence, Volume>>,
  plan: PreparationPlan,
  { steps, onProgress }: { readonly steps: PreparationSteps; readonly onProgress?: OnPreparationProgress },
): Promise<PreparedStudy> {
  const given: Given = new Map(
    plan.sequences.flatMap((sequence) => {
      const series = seriesByRole[sequence];
      return series ? [[sequence, series] as const] : [];
    }),
  );
  const bravo = given.get('BRAVO');
  if (!bravo) throw new PreparationError('BRAVO_MISSING', 'the study has no BRAVO series, which the others refer to');
  for (const [sequence, { grid }] of given) checkExtent(sequence, grid);
  const report = progressOf(3 * given.size, onProgress);

  const [registered, brain] = await Promise.all([
    registerAll(given, bravo, plan, steps, report),
    findBrain(given, plan, steps, report),
  ]);
  const onBravo = await resampleAll(given, registered, bravo.grid, report);
  const nativeBrainMask = resample(
    brain.mask,
    bravo.grid,
    registered.get(brain.sequence)?.matrix ?? identity,
    'nearest',
  );
  if (!nativeBrainMask.data.includes(1))
    throw new PreparationError(
      'NO_BRAIN',
      `the brain found on ${brain.sequence} lies outside of BRAVO, where its registration carries it`,
    );
  const grid = inPlaneGrid(bravo.grid, plan.sizePixels);
  const brainMask = resizeLabels(nativeBrainMask, grid);
  const channels = await equalizeAll(onBravo, brainMask, report);

  const registrations = preparedRegistrations(registered, onBravo, plan);
  const brainMaskVolumeMm3 = volumeMm3Of(nativeBrainMask);
  return {
    grid,
    nativeGrid: bravo.grid,
    channels,
    brainMask,
    nativeBrainMask,
    brainMaskVolumeMm3,
    registrations,
    warnings: [
      ...missingWarnings(given, plan),
      ...registrationWarnings(registrations, registered),
      ...brainWarnings(brain.sequence, brainMaskVolumeMm3, plan),
    ],
    coRegistered: perSequence(new Map(Array.from(onBravo, ([sequence, volume]) => [sequence, viewingCopy(volume)]))),
  };
}

function checkExtent(sequence: Sequence, grid: Grid): void {
  const spacing = spacingMm(grid);
  for (const [axis, voxels] of grid.size.entries()) {
    const extentMm = voxels * spacing[axis]!;
    if (voxels < leastVoxels || extentMm < leastExtentMm)
      throw new PreparationError(
        'TOO_SMALL',
        `${sequence} has ${voxels} ${['columns', 'rows', 'slices'][axis]} over ${Math.round(extentMm)} mm, at least ${leastVoxels} over ${leastExtentMm} mm are needed; if it is a localizer, say by seriesUpdate that its role is OTHER`,
      );
  }
}

type Report = (step: PreparationProgress['step'], sequence: Sequence) => Promise<void>;

/** Also lets the thread's other work run between two steps, so that a heartbeat is never late. */
function progressOf(total: number, onProgress: OnPreparationProgress | undefined): Report {
  let done = 0;
  return async (step, sequence) => {
    done++;
    await onProgress?.({ step, sequence, done, total });
    await setImmediate();
  };
}

type AnyRegistration = Registration & { readonly failure?: string };

async function registerAll(
  given: Given,
  bravo: Volume,
  { registrationSeed: seed }: PreparationPlan,
  steps: PreparationSteps,
  report: Report,
): Promise<ReadonlyMap<Sequence, AnyRegistration>> {
  const one = async ([sequence, series]: readonly [Sequence, Volume]): Promise<[Sequence, AnyRegistration]> => {
    const registration = await steps.register(bravo, series, { seed }).catch((error: unknown): AnyRegistration => {
      if (!(error instanceof RegistrationError)) throw error;
      return { matrix: identity, ...motionOf(identity, bravo.grid), nmi: 1, failure: error.message };
    });
    await report('REGISTERED', sequence);
    return [sequence, registration];
  };
  return new Map(await Promise.all([...given].filter(([sequence]) => sequence !== 'BRAVO').map(one)));
}

interface Brain {
  /** Where it was found. */
  readonly sequence: Sequence;
  readonly mask: Volume<Uint8Array>;
}

async function findBrain(given: Given, plan: PreparationPlan, steps: PreparationSteps, report: Report): Promise<Brain> {
  const sequence = given.has('T1_PRE') ? 'T1_PRE' : 'BRAVO';
  const mask = await steps.brainMask(given.get(sequence)!, plan.brainMaskFraction).catch((cause: unknown) => {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PreparationError('NO_BRAIN', `no brain was found in ${sequence}: ${cause.message}`, { cause });
  });
  if (!mask.data.includes(1)) throw new PreparationError('NO_BRAIN', `no brain was found in ${sequence}`);
  await report('BRAIN_MASKED', sequence);
  return { sequence, mask };
}

async function resampleAll(
  given: Given,
  registered: ReadonlyMap<Sequence, Registration>,
  grid: Grid,
  report: Report,
): Promise<Given> {
  const onBravo = new Map<Sequence, Volume>();
  for (const [sequence, series] of given) {
    const matrix = registered.get(sequence)?.matrix;
    onBravo.set(sequence, matrix ? resample(series, grid, matrix, 'linear') : series);
    await report('RESAMPLED', sequence);
  }
  return onBravo;
}

async function equalizeAll(
  onBravo: Given,
  brainMask: Volume<Uint8Array>,
  report: Report,
): Promise<PerSequence<Volume<Uint8Array>>> {
  const equalized = new Map<Sequence, Volume<Uint8Array>>();
  for (const [sequence, volume] of onBravo) {
    equalized.set(sequence, inBytes(equalizeSlices(resizeImage(volume, brainMask.grid), brainMask)));
    await report('EQUALIZED', sequence);
  }
  return perSequence(equalized);
}

function volumeMm3Of({ grid, data }: Volume<Uint8Array>): number {
  let voxels = 0;
  for (let n = 0; n < data.length; n++) voxels += data[n]!;
  return voxels * voxelVolumeMm3(grid);
}

function inBytes({ grid, data }: Volume): Volume<Uint8Array> {
  const bytes = new Uint8Array(data.length);
  for (let n = 0; n < bytes.length; n++) bytes[n] = Math.round(255 * data[n]!);
  return { grid, data: bytes };
}

function preparedRegistrations(
  registered: ReadonlyMap<Sequence, AnyRegistration>,
  onBravo: Given,
  { registrationGates }: PreparationPlan,
): PreparedRegistration[] {
  return Array.from(registered, ([sequence, { failure, ...registration }]) => ({
    ...registration,
    sequence,
    plausible: failure === undefined && registrationPlausible(registration, registrationGates),
    checkerboard: checkerboard(onBravo.get('BRAVO')!, onBravo.get(sequence)!),
  }));
}

function missingWarnings(given: Given, plan: PreparationPlan): PreparationWarning[] {
  return plan.sequences
    .filter((sequence) => !given.has(sequence))
    .map((sequence) => ({ code: 'SEQUENCE_MISSING', sequence, message: `the study has no ${sequence} series` }));
}

function registrationWarnings(
  registrations: readonly PreparedRegistration[],
  registered: ReadonlyMap<Sequence, AnyRegistration>,
): PreparationWarning[] {
  return registrations
    .filter(({ plausible }) => !plausible)
    .map(({ sequence, rotationDegrees, translationMm, nmi }) => {
      const failure = registered.get(sequence)?.failure;
      if (failure !== undefined)
        return {
          code: 'REGISTRATION_FAILED',
          sequence,
          message: `${sequence} was not registered to BRAVO: ${failure}`,
        };
      const found = `${rotationDegrees.toFixed(1)} degrees, ${translationMm.toFixed(1)} mm, mutual information ${nmi.toFixed(3)}`;
      return {
        code: 'REGISTRATION_IMPLAUSIBLE',
        sequence,
        message: `the registration of ${sequence} to BRAVO is outside the gates: ${found}`,
      };
    });
}

function brainWarnings(sequence: Sequence, volumeMm3: number, plan: PreparationPlan): PreparationWarning[] {
  const warnings: PreparationWarning[] = [];
  if (sequence === 'BRAVO')
    warnings.push({
      code: 'BRAIN_MASK_FROM_BRAVO',
      sequence,
      message: 'the brain was found on BRAVO, because there is no T1_PRE series',
    });
  const { min, max } = plan.brainMaskVolumeMm3;
  if (!(volumeMm3 >= min && volumeMm3 <= max))
    warnings.push({
      code: 'BRAIN_MASK_VOLUME',
      sequence,
      message: `the brain found on ${sequence} has ${Math.round(volumeMm3 / 1000)} ml, outside ${min / 1000} to ${max / 1000} ml`,
    });
  return warnings;
}

function perSequence<T>(volumes: ReadonlyMap<Sequence, T>): PerSequence<T> {
  const of = (sequence: Sequence): T | null => volumes.get(sequence) ?? null;
  return { T1_PRE: of('T1_PRE'), T1_POST: of('T1_POST'), BRAVO: of('BRAVO'), FLAIR: of('FLAIR') };
}
