import { type Selectable, sql } from 'kysely';
import type { PgBoss } from 'pg-boss';
import type { Db } from '../db/database.ts';
import type { DB } from '../db/tables.generated.ts';
import type { JobId, TenantId, TrainingRunId } from '../domain/ids.ts';
import type { GivenPlan } from '../domain/warm-start.ts';
import { enqueue } from '../jobs/enqueue.ts';

export type RetrainingRow = Selectable<DB['retraining']>;
export type RetrainingPolicyRow = Selectable<DB['retraining_policy']>;

/** What was given of a policy's plan. */
export const givenPlan = ({ plan }: RetrainingPolicyRow): GivenPlan => plan as GivenPlan;

/**
 * Queues a RETRAIN job if the policy in force has its labels, is not paused and no such job waits or runs. To be called in the transaction
 * that accepted a label or changed the policy, after that: the row `retraining` is then held, so that of transactions at once each
 * sees what the one before has queued.
 */
export async function queueRetrainingIfDue(db: Db, queue: PgBoss, tenantId: TenantId): Promise<JobId | undefined> {
  const due = await db
    .selectFrom('retraining as r')
    .innerJoin('retraining_policy as p', (join) =>
      join.onRef('p.tenant_id', '=', 'r.tenant_id').onRef('p.number', '=', 'r.policy_number'),
    )
    .select('r.tenant_id')
    .where('r.paused', '=', false)
    .whereRef('r.accepted_labels', '>=', 'p.after_accepted_labels')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('job')
            .select('job.id')
            .where('job.kind', '=', 'RETRAIN')
            .where('job.state', 'in', ['QUEUED', 'RUNNING']),
        ),
      ),
    )
    .executeTakeFirst();
  return due && enqueue(db, queue, tenantId, { kind: 'RETRAIN', objectId: tenantId });
}

/** Where the tenant's policy stands, held until the transaction ends; undefined if there is no policy. */
export const lockRetraining = (db: Db): Promise<RetrainingRow | undefined> =>
  db.selectFrom('retraining').selectAll().forUpdate().executeTakeFirst();

export const readPolicy = (db: Db, number: number): Promise<RetrainingPolicyRow> =>
  db.selectFrom('retraining_policy').selectAll().where('number', '=', number).executeTakeFirstOrThrow();

export type Outcome =
  | { readonly outcome: 'STARTED'; readonly message: string; readonly runId: TrainingRunId }
  | { readonly outcome: 'IMPOSSIBLE' | 'FAILED'; readonly message: string };

/** Writes down what came of labels enough; only a run that started uses them up. */
export const writeOutcome = (db: Db, outcome: Outcome): Promise<unknown> =>
  db
    .updateTable('retraining')
    .set({
      outcome: outcome.outcome,
      outcome_message: outcome.message,
      outcome_labels: sql`accepted_labels`,
      outcome_at: sql<Date>`now()`,
      outcome_run_id: outcome.outcome === 'STARTED' ? outcome.runId : null,
      ...(outcome.outcome === 'STARTED' && { accepted_labels: 0 }),
    })
    .execute();
