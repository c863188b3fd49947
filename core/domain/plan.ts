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
  /**
   * Parts that a step's slices are computed in, one after another, to need less memory: batch normalization sees one part at a time, the
   * gradients are averaged, and Adam takes one step.
   */
  readonly microBatches: number;
  readonly learningRate: number;
  /**
   * Part of the steps, the last ones, over which the learning rate falls in a straight line to nothing; 0, as in the paper, keeps it. A
   * short training at a high rate ends wherever its last steps threw it; one that cools down ends near the mean of them.
   */
  readonly coolingPart: number;
  /** Weight of L2. */
  readonly weightDecay: number;
  /** Weight of lesion voxels in the loss. */
  readonly positiveWeight: number;
  /** Probability with which each sequence is left out of a slice's input (all zeros) in training; at inference a missing one is zeros. */
  readonly sequenceDropout: number;
  /** Sequences that are never left out; without any, one at least remains. */
  readonly keptSequences: readonly Sequence[];
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
export const trainingCodeVersion = '4';

/** Versions whose plans this code understands, so that it can serve and judge what was learnt by them. */
export const knownCodeVersions: readonly string[] = ['1', '2', '3', trainingCodeVersion];

/** Whether this code comes to the weights that the plan's own version would: 4 only added a rate that cools down. */
export const isTrainable = ({ codeVersion, coolingPart }: TrainingPlan): boolean =>
  codeVersion === trainingCodeVersion || (codeVersion === '3' && coolingPart === 0);

/** The paper's (section "Training"). */
export const paperPlan: TrainingPlan = {
  architecture: 'GOOGLENET_25D',
  width: 1,
  sizePixels: 256,
  cropMarginPixels: 4,
  sequences,
  epochs: 10,
  batchSize: 32,
  microBatches: 1,
  learningRate: 0.001,
  coolingPart: 0,
  weightDecay: 0.00001,
  positiveWeight: 10,
  sequenceDropout: 0,
  keptSequences: ['BRAVO'],
  precision: 'AUTO',
  thresholdRule: 'MAX_DICE',
  maxFpPerCase: 2,
  seed: 1,
  codeVersion: trainingCodeVersion,
};

/** What plans did that were recorded before they had a field for it. */
const formerly = {
  ...{ thresholdRule: 'MAX_DICE', maxFpPerCase: 2, cropMarginPixels: 4 },
  ...{ microBatches: 1, sequenceDropout: 0, keptSequences: ['BRAVO'], coolingPart: 0 },
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
  microBatches: { min: 1, max: 32, multipleOf: 1 },
  learningRate: { min: 1e-9, max: 1 },
  coolingPart: { min: 0, max: 1 },
  weightDecay: { min: 0, max: 1 },
  positiveWeight: { min: 1, max: 1000 },
  sequenceDropout: { min: 0, max: 0.9 },
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
  const { sequences: taken, keptSequences: kept, batchSize, microBatches } = plan;
  if (taken.length < 1 || !areSequences(taken))
    refuse('sequences', `sequences must be 1 to ${sequences.length} of ${sequences.join(', ')}, none twice.`);
  if (!areSequences(kept)) refuse('keptSequences', `keptSequences must be among ${sequences.join(', ')}, none twice.`);
  if (batchSize % microBatches !== 0)
    refuse('microBatches', `microBatches must divide batchSize, ${batchSize}; it is ${microBatches}.`);
  return plan;
}

function areSequences(some: readonly string[]): boolean {
  const known: readonly string[] = sequences;
  return new Set(some).size === some.length && some.every((each) => known.includes(each));
}

/**
 * What a study must have for a network of this plan: all that it takes, or what was never left out in training. BRAVO if nothing was kept,
 * since without it a study cannot be prepared.
 */
export function requiredSequences({ sequences: taken, sequenceDropout, keptSequences }: TrainingPlan): Sequence[] {
  if (sequenceDropout === 0) return [...taken];
  const kept = taken.filter((each) => keptSequences.includes(each));
  return kept.length > 0 ? kept : ['BRAVO'];
}
