import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { DB } from '../db/tables.generated.ts';
import type { Subset } from '../domain/dataset-split.ts';
import type {
  DatasetId,
  MemberId,
  PreparationId,
  RevisionId,
  SiteId,
  StudyId,
  SubjectId,
  TenantId,
} from '../domain/ids.ts';
import type { LesionGroup } from '../domain/lesion.ts';
import { statesBefore } from '../domain/lifecycle.ts';

export type DatasetRow = Selectable<DB['dataset']>;

/** @returns undefined if the tenant has a dataset of this name */
export const insertDataset = (
  db: Db,
  dataset: { tenantId: TenantId; id: DatasetId; name: string; memberId: MemberId },
): Promise<DatasetRow | undefined> =>
  db
    .insertInto('dataset')
    .values({ tenant_id: dataset.tenantId, id: dataset.id, name: dataset.name, created_by: dataset.memberId })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();

/** The dataset, held until the transaction ends. */
export const lockDataset = (db: Db, id: DatasetId): Promise<DatasetRow | undefined> =>
  db.selectFrom('dataset').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** A study with accepted ground truth, as freezing looks at it. */
export interface AcceptedStudy {
  readonly studyId: StudyId;
  readonly subjectId: SubjectId;
  readonly siteId: SiteId;
  /** Side that the patient has been on since an earlier freeze. */
  readonly earlierSubset: Subset | null;
  readonly revisionId: RevisionId;
  readonly labelSha256: string;
  readonly lesionCount: number;
  readonly preparationId: PreparationId;
  readonly preparationState: string;
  readonly planHash: string;
  readonly preparedSha256: string | null;
  /** True if labels lie on the grid of the newest preparation. */
  readonly sameGrid: boolean;
  /** True if a read of the round that was accepted, or its imported label, began as what a program had found. */
  readonly assisted: boolean;
}

/** Studies of the tenant with the ground truth of their newest accepted round and their newest preparation, by study id. */
export const readAcceptedStudies = (db: Db): Promise<AcceptedStudy[]> =>
  db
    .selectFrom('task as t')
    .innerJoin('revision as r', 'r.id', 't.ground_truth_id')
    .innerJoin('study as s', 's.id', 't.study_id')
    .innerJoin('subject as u', 'u.id', 's.subject_id')
    .innerJoin('preparation as own', 'own.id', 't.preparation_id')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('preparation as n')
          .selectAll('n')
          .whereRef('n.study_id', '=', 't.study_id')
          .orderBy('n.number', 'desc')
          .limit(1)
          .as('p'),
      (join) => join.onTrue(),
    )
    .distinctOn('t.study_id')
    .select([
      't.study_id as studyId',
      's.subject_id as subjectId',
      's.site_id as siteId',
      'u.subset as earlierSubset',
      'r.id as revisionId',
      'r.label_sha256 as labelSha256',
      'r.lesion_count as lesionCount',
      'p.id as preparationId',
      'p.state as preparationState',
      'p.plan_hash as planHash',
      'p.prepared_sha256 as preparedSha256',
      sql<boolean>`p.bravo_grid is not distinct from own.bravo_grid`.as('sameGrid'),
      sql<boolean>`exists (select from read d where d.task_id = t.id and d.arm = 'ASSISTED' and d.state = 'SUBMITTED')
        or exists (select from label_import i where i.tenant_id = r.tenant_id and i.revision_id = r.id and i.began_as_draft)`.as(
        'assisted',
      ),
    ])
    .where('t.state', '=', 'ACCEPTED')
    .orderBy('t.study_id')
    .orderBy('t.round', 'desc')
    .execute();

/** Puts patients on sides; what is there for good is left as it is. */
export async function putOnSides(db: Db, sides: ReadonlyMap<SubjectId, Subset>): Promise<void> {
  for (const [subset, entries] of Map.groupBy(sides, ([, side]) => side)) {
    await db
      .updateTable('subject')
      .set({ subset })
      .where(
        'id',
        'in',
        entries.map(([id]) => id),
      )
      .where('subset', 'is distinct from', subset)
      .execute();
  }
}

export interface NewCase {
  readonly study: AcceptedStudy;
  readonly subset: Subset;
  readonly lesionGroup: LesionGroup;
}

/** Rows a statement: PostgreSQL takes 65,535 parameters. */
const chunk = 1000;

export async function insertCases(
  db: Db,
  tenantId: TenantId,
  datasetId: DatasetId,
  cases: readonly NewCase[],
): Promise<void> {
  for (let start = 0; start < cases.length; start += chunk) {
    const rows = cases.slice(start, start + chunk).map(({ study, subset, lesionGroup }) => ({
      tenant_id: tenantId,
      dataset_id: datasetId,
      study_id: study.studyId,
      revision_id: study.revisionId,
      preparation_id: study.preparationId,
      subject_id: study.subjectId,
      subset,
      lesion_group: lesionGroup,
    }));
    await db.insertInto('dataset_case').values(rows).execute();
  }
}

/** DRAFT to FROZEN. */
export const freezeDraft = (
  db: Db,
  id: DatasetId,
  frozen: {
    seed: number;
    testPerGroup: number;
    trainPerDevelopment: number;
    manifestSha256: string;
    planHash: string;
  },
): Promise<DatasetRow | undefined> =>
  db
    .updateTable('dataset')
    .set({
      state: 'FROZEN',
      seed: frozen.seed,
      test_per_group: frozen.testPerGroup,
      train_per_development: frozen.trainPerDevelopment,
      manifest_sha256: frozen.manifestSha256,
      preparation_plan_hash: frozen.planHash,
      frozen_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('dataset.state', 'FROZEN'))
    .returningAll()
    .executeTakeFirst();
