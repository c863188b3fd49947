import { audit } from '#core/db/audit.ts';
import { type Db, inSavepoint } from '#core/db/database.ts';
import { DomainError } from '#core/domain/errors.ts';
import { type DatasetId, newId } from '#core/domain/ids.ts';
import { planOfRun, type WarmStart } from '#core/domain/warm-start.ts';
import { insertDataset } from '#core/learning/dataset-store.ts';
import { type FrozenDataset, freezeDataset, holdFreezing } from '#core/learning/freeze-dataset.ts';
import { queueRun } from '#core/learning/queue-run.ts';
import {
  givenPlan,
  lockRetraining,
  type Outcome,
  type RetrainingPolicyRow,
  readPolicy,
  writeOutcome,
} from '#core/learning/retraining-store.ts';
import { readNewestApproved, readPreparedSize, type TrainingRunRow } from '#core/learning/run-store.ts';
import type { JobContext, Stage } from '../jobs/stage.ts';

/**
 * RETRAIN: freezes a dataset and queues a training, if the tenant's policy still has its labels when it is looked at. All of it is one
 * transaction that holds the policy: labels accepted meanwhile are counted towards the next run. Where a dataset cannot be frozen the
 * policy says why, its labels stay counted, and the next one accepted has it tried again.
 */
export const retrainStage: Stage = {
  begin: async () => {},
  fail: async (db, _, { message }) => {
    if (await lockRetraining(db)) await writeOutcome(db, { outcome: 'FAILED', message });
  },
  run: async (context) => (db) => retrain(context, db),
};

async function retrain(context: JobContext, db: Db): Promise<void> {
  // Before the policy's row, as in every freeze: otherwise two transactions could wait for each other.
  await holdFreezing(db, context.tenantId);
  const standing = await lockRetraining(db);
  if (!standing || standing.paused) return;
  const policy = await readPolicy(db, standing.policy_number);
  if (standing.accepted_labels < policy.after_accepted_labels) return;
  const outcome = await startOrSayWhyNot(context, db, { policy, acceptedLabels: standing.accepted_labels });
  await writeOutcome(db, outcome);
  if (outcome.outcome === 'STARTED') return;
  await auditRetraining(context, db, {
    action: 'retrainingImpossible',
    objectType: 'Tenant',
    objectId: context.tenantId,
    reason: outcome.message,
    changes: { policyNumber: policy.number, acceptedLabels: standing.accepted_labels },
  });
}

/** A policy that has its labels. */
interface Due {
  readonly policy: RetrainingPolicyRow;
  readonly acceptedLabels: number;
}

async function startOrSayWhyNot(context: JobContext, db: Db, due: Due): Promise<Outcome> {
  try {
    return await inSavepoint(db, () => start(context, db, due));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { outcome: 'IMPOSSIBLE', message: error.message };
  }
}

async function start(context: JobContext, db: Db, due: Due): Promise<Outcome> {
  const { tenantId, objects, queue } = context;
  const { policy } = due;
  const parent = policy.warm_start ? await readNewestApproved(db) : undefined;
  const plan = planOfRun(givenPlan(policy), await readPreparedSize(db), parent);
  const id = newId<DatasetId>();
  const draft = await insertDataset(db, { tenantId, id, name: datasetName(id), memberId: policy.set_by });
  if (!draft) throw new Error(`a dataset has the name ${datasetName(id)} already`);
  const choice = {
    seed: policy.seed,
    testPerGroup: policy.test_per_group,
    trainPerDevelopment: policy.train_per_development,
  };
  const frozen = await freezeDataset({ db, objects, tenantId }, id, choice);
  const run = await queueRun(db, queue, {
    ...{ tenantId, datasetId: id, plan, warmStartId: parent?.id ?? null },
    ...{ startedBy: policy.set_by, policyNumber: policy.number },
    // Nobody can guess it, so that no member can have used it.
    idempotencyKey: crypto.randomUUID(),
  });
  await auditStart(context, db, due, frozen, run);
  return { outcome: 'STARTED', message: describeStart(frozen, parent), runId: run.id };
}

/** Unlike any other: the day for people, the end of the id for the machine. */
const datasetName = (id: DatasetId): string => `Retraining ${new Date().toISOString().slice(0, 10)} ${id.slice(-12)}`;

const describeStart = ({ dataset, caseCount, leftOutCount }: FrozenDataset, parent: WarmStart | undefined): string => {
  const from = parent ? `from version ${parent.number}` : 'from scratch';
  const without = leftOutCount > 0 ? `; ${leftOutCount} were left out, as their newest preparation is not usable` : '';
  return `A run ${from} was queued on dataset "${dataset.name}" with ${caseCount} studies${without}.`;
};

async function auditStart(
  context: JobContext,
  db: Db,
  { policy, acceptedLabels }: Due,
  { dataset, caseCount, leftOutCount }: FrozenDataset,
  run: TrainingRunRow,
): Promise<void> {
  const { manifest_sha256: manifestSha256 } = dataset;
  const by = { policyNumber: policy.number, policySetBy: policy.set_by, acceptedLabels };
  await auditRetraining(context, db, {
    action: 'datasetFreeze',
    objectType: 'Dataset',
    objectId: dataset.id,
    changes: { ...by, seed: policy.seed, manifestSha256, cases: caseCount, leftOut: leftOutCount },
  });
  await auditRetraining(context, db, {
    action: 'trainingRunStart',
    objectType: 'TrainingRun',
    objectId: run.id,
    changes: { ...by, planHash: run.plan_hash, manifestSha256, warmStartId: run.warm_start_id },
  });
}

/** The service acted, by a policy: no member did. */
const auditRetraining = ({ tenantId, job }: JobContext, db: Db, entry: Parameters<typeof audit>[2]): Promise<void> =>
  audit(db, { tenantId, memberId: null, requestId: `job:${job.id}:${job.attempt}` }, entry);
