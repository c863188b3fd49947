import { DomainError } from './errors.ts';
import { type Sequence, sequences } from './sequence.ts';
import type { ThresholdRule } from './threshold-rule.ts';

export const architectures = ['GOOGLENET_25D'] as const;
export type PlanArchitecture = (typeof architectures)[number];

/** AUTO: what the worker's machine measures as faster, in training and in serving; the others answer alike on every machine. */
export const planPrecisions = ['AUTO', 'F32', 'BF16'] as const;
export type PlanPrecision = (typeof planPrecisions)[number];

/** Everything that decides a training, beside the data; its canonical JSON is hashed and recorded with the version. */
export interface TrainingPlan {
  readonly architecture: PlanArchitecture;
  /** Part of the full network's filters. */
  readonly width: number;
  /** Rows and columns of a slice. */
  readonly sizePixels: number;
  /**
   * Background about the brain, in pixels, that is left when slices are cut to it, in training and ever after: far outside the brain there
   * is nothing to see, and it takes time. On phantoms, masks at thresholds from 0.3 to 0.95 of what a trained network says about the cut
   * slices and the whole ones had a Dice of at least 0.977 with 0 pixels, 0.995 with 4 and 8, 0.998 with 12, and were the same with 16.
   */
  readonly cropMarginPixels: number;
  /** In channel order. */
  readonly sequences: readonly Sequence[];
  /** Times that as many slices as the training set has are seen. */
  readonly epochs: number;
  /** Slices a step: half drawn among those with lesion, half among all. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** Weight of L2. */
  readonly weightDecay: number;
  /** Weight of lesion voxels in the loss. */
  readonly positiveWeight: number;
  readonly precision: PlanPrecision;
  /** How the version's threshold is chosen on the development patients. */
  readonly thresholdRule: ThresholdRule;
  /** False positives a development case that the rule SENSITIVE admits. */
  readonly maxFpPerCase: number;
  /** Of the first weights and of everything random. */
  readonly seed: number;
  readonly codeVersion: string;
}

/** To be raised with every change that makes other weights of the same plan and data. */
export const trainingCodeVersion = '1';

/** The paper's (section "Training"). */
export const paperPlan: TrainingPlan = {
  architecture: 'GOOGLENET_25D',
  width: 1,
  sizePixels: 256,
  cropMarginPixels: 4,
  sequences,
  epochs: 10,
  batchSize: 32,
  learningRate: 0.001,
  weightDecay: 0.00001,
  positiveWeight: 10,
  precision: 'AUTO',
  thresholdRule: 'MAX_DICE',
  maxFpPerCase: 2,
  seed: 1,
  codeVersion: trainingCodeVersion,
};

/** What plans did that were recorded before they had a field for it. */
const formerly = {
  thresholdRule: 'MAX_DICE',
  maxFpPerCase: 2,
  cropMarginPixels: 4,
} as const satisfies Partial<TrainingPlan>;

/** A plan as it was recorded with its run, complete. */
export const recordedPlan = (recorded: unknown): TrainingPlan => ({ ...formerly, ...(recorded as TrainingPlan) });

/** Ends of a range, both allowed. */
interface Range {
  readonly min: number;
  readonly max: number;
  /** What numbers have to be a multiple of; any number where it is left out. */
  readonly multipleOf?: number;
}

export const planRanges = {
  width: { min: 0.125, max: 1 },
  sizePixels: { min: 48, max: 512, multipleOf: 4 },
  cropMarginPixels: { min: 0, max: 512, multipleOf: 1 },
  epochs: { min: 1, max: 1000, multipleOf: 1 },
  batchSize: { min: 2, max: 256, multipleOf: 2 },
  learningRate: { min: 1e-9, max: 1 },
  weightDecay: { min: 0, max: 1 },
  positiveWeight: { min: 1, max: 1000 },
  maxFpPerCase: { min: 0, max: 100 },
  seed: { min: 0, max: 2 ** 31 - 1, multipleOf: 1 },
} as const satisfies Partial<Record<keyof TrainingPlan, Range>>;

/**
 * A plan whose every number is in its range.
 * @param path Where the plan stands in the input that a person gave.
 * @throws DomainError INVALID naming the field that is not
 */
export function checkedPlan(plan: TrainingPlan, path: readonly string[] = []): TrainingPlan {
  const refuse = (field: string, message: string): never => {
    throw new DomainError('INVALID', message, { path: [...path, field] });
  };
  for (const [field, range] of Object.entries(planRanges) as [keyof typeof planRanges, Range][]) {
    const { min, max, multipleOf } = range;
    const value = plan[field];
    if (!(value >= min && value <= max) || (multipleOf !== undefined && value % multipleOf !== 0)) {
      const kind =
        multipleOf === undefined ? '' : multipleOf === 1 ? 'a whole number ' : `a multiple of ${multipleOf} `;
      refuse(field, `${field} must be ${kind}from ${min} to ${max}, it is ${value}.`);
    }
  }
  const known: readonly string[] = sequences;
  const { length } = plan.sequences;
  if (length < 1 || new Set(plan.sequences).size < length || !plan.sequences.every((each) => known.includes(each)))
    refuse('sequences', `sequences must be 1 to ${known.length} of ${known.join(', ')}, none twice.`);
  return plan;
}
