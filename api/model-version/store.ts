import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { EvaluationId, MemberId, ModelVersionId, ReviewId, TenantId } from '#core/domain/ids.ts';
import { type ModelVersionState, statesBefore } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { ArtifactRow, ModelVersionRow, ReviewRow } from '../graphql/rows.ts';

/** Newest first. */
export const readVersions = (
  db: Db,
  { limit, after }: Page,
  states: readonly ModelVersionState[] | undefined,
): Promise<ModelVersionRow[]> =>
  db
    .selectFrom('model_version')
    .selectAll()
    .$if(states !== undefined, (query) => query.where('state', 'in', states!))
    .$if(after !== undefined, (query) => query.where('id', '<', after as ModelVersionId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** Files of versions, by version id. */
export const artifactsByVersion = (db: Db): DataLoader<string, ArtifactRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('artifact')
      .selectAll()
      .where('model_version_id', 'in', ids as ModelVersionId[])
      .orderBy('kind')
      .execute();
    return ids.map((id) => rows.filter((row) => row.model_version_id === id));
  });

/** Reviews of versions, by version id, newest first. */
export const reviewsByVersion = (db: Db): DataLoader<string, ReviewRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('review')
      .selectAll()
      .where('model_version_id', 'in', ids as ModelVersionId[])
      .orderBy('id', 'desc')
      .execute();
    return ids.map((id) => rows.filter((row) => row.model_version_id === id).slice(0, 100));
  });

/** The version that a version's weights started from, by version id; null from scratch. */
export const warmStartByVersion = (db: Db): DataLoader<string, ModelVersionRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('model_version as child')
      .innerJoin('training_run as r', 'r.id', 'child.training_run_id')
      .innerJoin('model_version as parent', 'parent.id', 'r.warm_start_id')
      .selectAll('parent')
      .select('child.id as child_id')
      .where('child.id', 'in', ids as ModelVersionId[])
      .execute();
    const byChild = new Map(rows.map(({ child_id, ...parent }) => [child_id as string, parent]));
    return ids.map((id) => byChild.get(id) ?? null);
  });

/** Of a family, as far as it is shown. */
const greatestFamily = 100;

/**
 * The family of a version by number: itself, the versions that its weights go back to, and those that go back to the first of these. Where
 * there are more than are shown, its own line comes first, then the nearest.
 */
export async function readLineage(db: Db, id: ModelVersionId): Promise<ModelVersionRow[]> {
  const { rows } = await sql<ModelVersionRow>`
    with recursive edge as (
      select v.id, v.number, r.warm_start_id as parent_id
      from model_version v join training_run r on r.tenant_id = v.tenant_id and r.id = v.training_run_id
    ), line as (
      select id, parent_id, 0 as steps from edge where id = ${id}
      union all
      select e.id, e.parent_id, l.steps + 1 from line l join edge e on e.id = l.parent_id
    ), family as (
      select id, 0 as below from line where parent_id is null
      union all
      select e.id, f.below + 1 from family f join edge e on e.parent_id = f.id
    ), nearest as (
      select f.id from family f left join line l on l.id = f.id
      order by l.id is null, l.steps, abs(f.below - (select max(steps) from line)), f.id
      limit ${greatestFamily}
    )
    select v.* from model_version v join nearest using (id) order by v.number`.execute(db);
  return rows;
}

export interface Submission {
  readonly evaluationId: EvaluationId;
  readonly intendedUse: string;
  readonly limits: string;
}

/** CANDIDATE to IN_REVIEW; undefined from any other state. */
export const submitVersion = (
  db: Db,
  id: ModelVersionId,
  { evaluationId, intendedUse, limits }: Submission,
): Promise<ModelVersionRow | undefined> =>
  db
    .updateTable('model_version')
    .set({ state: 'IN_REVIEW', evaluation_id: evaluationId, intended_use: intendedUse, limits })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('model_version.state', 'IN_REVIEW'))
    .returningAll()
    .executeTakeFirst();

/** IN_REVIEW to what the review decided, if the same evaluation is still under review. */
export const decideVersion = (
  db: Db,
  id: ModelVersionId,
  evaluationId: EvaluationId,
  to: 'APPROVED' | 'REJECTED',
): Promise<ModelVersionRow | undefined> =>
  db
    .updateTable('model_version')
    .set({ state: to })
    .where('id', '=', id)
    .where('evaluation_id', '=', evaluationId)
    .where('state', 'in', statesBefore('model_version.state', to))
    .returningAll()
    .executeTakeFirst();

export interface NewReview {
  readonly tenantId: TenantId;
  readonly id: ReviewId;
  readonly versionId: ModelVersionId;
  readonly evaluationId: EvaluationId;
  readonly decision: 'APPROVE' | 'REJECT';
  readonly comment: string;
  readonly memberId: MemberId;
  readonly name: string;
  readonly meaning: string;
  readonly reportSha256: string;
}

export const insertReview = (db: Db, review: NewReview): Promise<ReviewRow> =>
  db
    .insertInto('review')
    .values({
      tenant_id: review.tenantId,
      id: review.id,
      model_version_id: review.versionId,
      evaluation_id: review.evaluationId,
      decision: review.decision,
      comment: review.comment,
      member_id: review.memberId,
      signed_name: review.name,
      signed_meaning: review.meaning,
      signed_sha256: review.reportSha256,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
