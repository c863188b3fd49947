import { DomainError } from './errors.ts';
import type { ModelVersionState } from './lifecycle.ts';
import { checkedPlan, paperPlan, type TrainingPlan, trainingCodeVersion } from './plan.ts';

/** A version whose weights a training begins from. */
export interface WarmStart {
  readonly id: string;
  readonly number: number;
  readonly state: ModelVersionState;
  /** Of the training that made it. */
  readonly plan: TrainingPlan;
}

/** What a person says of a plan. */
export type GivenPlan = Partial<Omit<TrainingPlan, 'codeVersion'>>;

/**
 * The plan of a run. What is not given is the version's that it starts from, or else the paper's; the size is the tenant's.
 * @param sizePixels Edge at which the tenant's studies are prepared.
 * @throws DomainError INVALID naming the field that is out of range or does not fit the version
 */
export function planOfRun(given: GivenPlan, sizePixels: number, from: WarmStart | undefined): TrainingPlan {
  const known = from ? { ...paperPlan, ...from.plan } : paperPlan;
  const plan = checkedPlan({ ...known, sizePixels, ...given, codeVersion: trainingCodeVersion }, ['plan']);
  if (plan.sizePixels !== sizePixels)
    throw invalid(
      `Studies of this tenant are prepared at ${sizePixels} pixels, so a plan cannot take ${plan.sizePixels}; leave sizePixels out.`,
      ['plan', 'sizePixels'],
    );
  if (from) refuseMismatch(plan, from);
  return plan;
}

function refuseMismatch(plan: TrainingPlan, { number, plan: own }: WarmStart): void {
  if (own.sizePixels !== plan.sizePixels)
    throw invalid(
      `Version ${number} takes slices of ${own.sizePixels} pixels, and studies of this tenant are prepared at ${plan.sizePixels}; start from scratch.`,
      ['warmStartId'],
    );
  for (const field of ['architecture', 'width', 'sequences'] as const) {
    const [has, wanted] = [own[field], plan[field]].map((value) => String(value).replaceAll(',', ', '));
    if (has !== wanted)
      throw invalid(
        `Version ${number} has ${field} ${has}, and this plan ${wanted}: weights fit the same network only. Leave ${field} out to take the version's.`,
        ['plan', field],
      );
  }
}

const invalid = (message: string, path: readonly string[]): DomainError =>
  new DomainError('INVALID', message, { path });

/**
 * A REJECTED version was found wanting, and a RETIRED one, which may have been rejected before, is out of use for good: neither may live
 * on in another's weights.
 */
const unusable: readonly ModelVersionState[] = ['REJECTED', 'RETIRED'];

/** @throws DomainError WRONG_STATE for a version that is not to be built upon */
export function refuseUnusable({ id, number, state }: WarmStart): void {
  if (!unusable.includes(state)) return;
  throw new DomainError(
    'WRONG_STATE',
    `Version ${number} is ${state}; a training starts from a version that is neither REJECTED nor RETIRED, or from scratch.`,
    { path: ['warmStartId'], current: { type: 'ModelVersion', id } },
  );
}
