import {
  isTrainable,
  knownCodeVersions,
  recordedPlan,
  type TrainingPlan,
  trainingCodeVersion,
} from '#core/domain/plan.ts';
import { JobFailure } from '#core/jobs/contract.ts';

/** The plan of a run, to judge or to serve what was learnt by it. @throws JobFailure BAD_INPUT if this code does not know its version */
export function knownPlan(stored: unknown): TrainingPlan {
  const plan = recordedPlan(stored);
  if (knownCodeVersions.includes(plan.codeVersion)) return plan;
  throw new JobFailure(
    'BAD_INPUT',
    `The plan is of code version ${plan.codeVersion}; this worker knows ${knownCodeVersions.join(' and ')}. Run a newer worker.`,
  );
}

/** The plan of a run to train by. @throws JobFailure BAD_INPUT if this code would come to other weights than the plan's version says */
export function trainablePlan(stored: unknown): TrainingPlan {
  const plan = recordedPlan(stored);
  if (isTrainable(plan)) return plan;
  throw new JobFailure(
    'BAD_INPUT',
    `The plan is of code version ${plan.codeVersion}, and this worker trains by version ${trainingCodeVersion}. Start the run again, or run a worker of that version.`,
  );
}
