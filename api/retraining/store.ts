import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { MemberId, TenantId } from '#core/domain/ids.ts';
import type { GivenPlan } from '#core/domain/warm-start.ts';
import type { SplitChoice } from '#core/learning/freeze-dataset.ts';
import type { RetrainingPolicyRow, RetrainingRow } from '../graphql/rows.ts';

/** Undefined while the tenant has no policy. */
export const readRetraining = (db: Db): Promise<RetrainingRow | undefined> =>
  db.selectFrom('retraining').selectAll().executeTakeFirst();

/** Policies by their number, as text. */
export const policiesByNumber = (db: Db): DataLoader<string, RetrainingPolicyRow> =>
  new DataLoader(async (numbers) => {
    const rows = await db
      .selectFrom('retraining_policy')
      .selectAll()
      .where('number', 'in', numbers.map(Number))
      .execute();
    const byNumber = new Map(rows.map((row) => [String(row.number), row]));
    return numbers.map((number) => byNumber.get(number) ?? new Error(`retraining policy ${number} cannot be seen`));
  });

export interface NewPolicy extends SplitChoice {
  readonly tenantId: TenantId;
  readonly number: number;
  readonly afterAcceptedLabels: number;
  readonly plan: GivenPlan;
  readonly warmStart: boolean;
  readonly setBy: MemberId;
}

export const insertPolicy = (db: Db, policy: NewPolicy): Promise<RetrainingPolicyRow> =>
  db
    .insertInto('retraining_policy')
    .values({
      tenant_id: policy.tenantId,
      number: policy.number,
      after_accepted_labels: policy.afterAcceptedLabels,
      plan: JSON.stringify(policy.plan),
      warm_start: policy.warmStart,
      seed: policy.seed,
      test_per_group: policy.testPerGroup,
      train_per_development: policy.trainPerDevelopment,
      set_by: policy.setBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

/** Puts a policy in force; the first one begins the count of labels. */
export const enforcePolicy = (db: Db, tenantId: TenantId, number: number): Promise<RetrainingRow> =>
  db
    .insertInto('retraining')
    .values({ tenant_id: tenantId, policy_number: number })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ policy_number: number }))
    .returningAll()
    .executeTakeFirstOrThrow();

/** Undefined while the tenant has no policy. */
export const setPaused = (db: Db, paused: boolean): Promise<RetrainingRow | undefined> =>
  db.updateTable('retraining').set({ paused }).returningAll().executeTakeFirst();
