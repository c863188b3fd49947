import { createHash } from 'node:crypto';
import { type Database, type Db, serviceScope } from '#core/db/database.ts';
import { type CaseFigureValues, type EvaluationReport, metricNames } from '#core/domain/evaluation-report.ts';
import {
  type DatasetId,
  type EvaluationId,
  type JobId,
  type MemberId,
  type ModelVersionId,
  newId,
  type PreparationId,
  type ProtocolId,
  type RevisionId,
  type SeriesId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type TaskId,
  type TenantId,
  type TrainingRunId,
} from '#core/domain/ids.ts';
import type { PreparationState } from '#core/domain/lifecycle.ts';
import { paperPlan, type TrainingPlan } from '#core/domain/plan.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import type { JobKind } from '#core/jobs/contract.ts';
import { parseGlobalId } from '../../api/graphql/global-id.ts';

/** A hash of nothing in the object store. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The row's id in a global id. */
export const rowId = <T extends string>(text: string): T => parseGlobalId(text)!.id as T;

/** The plan by which studies here are prepared unless another is named. */
export const preparedBy = hashOf('preparation plan');

export interface StudyOptions {
  readonly siteId: SiteId;
  /** An earlier patient; left out: a new one. */
  readonly subjectId?: SubjectId;
  readonly roles?: readonly Sequence[];
  /** State of its preparation, null for none. */
  readonly preparation?: PreparationState | null;
  readonly planHash?: string;
}

export interface TestStudy {
  readonly studyId: StudyId;
  readonly subjectId: SubjectId;
  readonly preparationId: PreparationId;
}

/** Rows that uploads, workers and readers would make, written with a worker's rights. */
export class LearningRows {
  readonly #database: Database;
  readonly #tenantId: TenantId;

  constructor(database: Database, tenantId: TenantId) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  inTenant<T>(body: (db: Db) => Promise<T>): Promise<T> {
    return this.#database.inTenant(serviceScope(this.#tenantId), body);
  }

  async #job(db: Db, kind: JobKind, objectId: string): Promise<JobId> {
    const id = newId<JobId>();
    await db
      .insertInto('job')
      .values({ tenant_id: this.#tenantId, id, kind, object_id: objectId, state: 'SUCCEEDED' })
      .execute();
    return id;
  }

  /** A study with its series and one preparation. */
  study(options: StudyOptions): Promise<TestStudy> {
    const tenant_id = this.#tenantId;
    const { siteId, roles = sequences, preparation = 'READY', planHash = preparedBy } = options;
    const subjectId = options.subjectId ?? newId<SubjectId>();
    const studyId = newId<StudyId>();
    return this.inTenant(async (db) => {
      if (!options.subjectId)
        await db.insertInto('subject').values({ tenant_id, id: subjectId, pseudonym: subjectId }).execute();
      await db
        .insertInto('study')
        .values({ tenant_id, id: studyId, site_id: siteId, subject_id: subjectId, study_instance_uid: studyId })
        .execute();
      for (const role of roles) {
        const id = newId<SeriesId>();
        await db
          .insertInto('series')
          .values({ tenant_id, id, study_id: studyId, series_instance_uid: id, modality: 'MR', role })
          .execute();
      }
      const preparationId = preparation
        ? await this.#prepare(db, studyId, 1, preparation, planHash)
        : newId<PreparationId>();
      return { studyId, subjectId, preparationId };
    });
  }

  async #prepare(
    db: Db,
    studyId: StudyId,
    number: number,
    state: PreparationState,
    planHash: string,
  ): Promise<PreparationId> {
    const id = newId<PreparationId>();
    await db
      .insertInto('preparation')
      .values({
        tenant_id: this.#tenantId,
        id,
        study_id: studyId,
        job_id: await this.#job(db, 'PREPARE', id),
        state,
        plan: '{}',
        plan_hash: planHash,
        number,
        prepared_sha256: hashOf(`prepared ${id}`),
        bravo_grid: JSON.stringify({ size: [64, 64, 32], indexToLps: [] }),
      })
      .execute();
    return id;
  }

  /** A newer preparation of the study. */
  prepare(studyId: StudyId, number: number, state: PreparationState, planHash = preparedBy): Promise<PreparationId> {
    return this.inTenant((db) => this.#prepare(db, studyId, number, state, planHash));
  }

  async #protocol(db: Db): Promise<ProtocolId> {
    const known = await db.selectFrom('protocol').select('id').executeTakeFirst();
    if (known) return known.id;
    const id = newId<ProtocolId>();
    await db.insertInto('protocol').values({ tenant_id: this.#tenantId, id, name: 'Two readers' }).execute();
    return id;
  }

  /** A round of reading that ended with this many lesions. */
  accept(study: TestStudy, lesionCount: number, round = 1): Promise<{ taskId: TaskId; revisionId: RevisionId }> {
    const tenant_id = this.#tenantId;
    const [taskId, revisionId] = [newId<TaskId>(), newId<RevisionId>()];
    return this.inTenant(async (db) => {
      await this.#insertTask(db, taskId, study, round);
      await db
        .insertInto('revision')
        .values({
          tenant_id,
          id: revisionId,
          task_id: taskId,
          label_sha256: hashOf(`label ${revisionId}`),
          seg_sha256: lesionCount > 0 ? hashOf(`seg ${revisionId}`) : null,
          voxel_count: 10 * lesionCount,
          lesion_count: lesionCount,
        })
        .execute();
      await db
        .updateTable('task')
        .set({ state: 'ACCEPTED', ground_truth_id: revisionId })
        .where('id', '=', taskId)
        .execute();
      return { taskId, revisionId };
    });
  }

  /** Makes the member a blind reader of the study. */
  blind(study: TestStudy, memberId: MemberId, round = 1): Promise<unknown> {
    const taskId = newId<TaskId>();
    return this.inTenant(async (db) => {
      await this.#insertTask(db, taskId, study, round);
      return db
        .insertInto('blind_reader')
        .values({ tenant_id: this.#tenantId, task_id: taskId, study_id: study.studyId, member_id: memberId })
        .execute();
    });
  }

  async #insertTask(db: Db, id: TaskId, { studyId, preparationId }: TestStudy, round: number): Promise<void> {
    await db
      .insertInto('task')
      .values({
        tenant_id: this.#tenantId,
        id,
        study_id: studyId,
        protocol_id: await this.#protocol(db),
        preparation_id: preparationId,
        round,
      })
      .execute();
  }

  /** A study with accepted ground truth. */
  async accepted(options: StudyOptions & { readonly lesionCount: number }): Promise<TestStudy> {
    const study = await this.study(options);
    await this.accept(study, options.lesionCount);
    return study;
  }

  /** Patients of the three lesion count groups, so many of each, at the sites in turn. */
  async cohort(siteIds: readonly SiteId[], perGroup: number): Promise<TestStudy[]> {
    const studies: TestStudy[] = [];
    for (const lesionCount of [2, 6, 14])
      for (let n = 0; n < perGroup; n++)
        studies.push(await this.accepted({ siteId: siteIds[n % siteIds.length]!, lesionCount }));
    return studies;
  }

  /** What the worker leaves after a training and its test: a version with an evaluation. */
  publish(
    runId: TrainingRunId,
    datasetId: DatasetId,
    number: number,
    report: EvaluationReport = emptyReport,
  ): Promise<{ versionId: ModelVersionId; evaluationId: EvaluationId; reportSha256: string }> {
    const tenant_id = this.#tenantId;
    const [versionId, evaluationId] = [newId<ModelVersionId>(), newId<EvaluationId>()];
    const reportSha256 = hashOf(`report ${evaluationId}`);
    return this.inTenant(async (db) => {
      await db.updateTable('training_run').set({ state: 'SUCCEEDED' }).where('id', '=', runId).execute();
      await db
        .insertInto('model_version')
        .values({
          ...{ tenant_id, id: versionId, number, training_run_id: runId },
          threshold: 0.93,
          threshold_rule: 'YOUDEN',
        })
        .execute();
      await db
        .insertInto('evaluation')
        .values({
          ...{
            tenant_id,
            id: evaluationId,
            training_run_id: runId,
            model_version_id: versionId,
            dataset_id: datasetId,
          },
          subset: 'TEST',
          job_id: await this.#job(db, 'EVALUATE', evaluationId),
          state: 'SUCCEEDED',
          report_sha256: reportSha256,
          report: JSON.stringify(report),
        })
        .execute();
      await db
        .insertInto('artifact')
        .values({ tenant_id, model_version_id: versionId, kind: 'WEIGHTS', sha256: report.weightsSha256 })
        .execute();
      return { versionId, evaluationId, reportSha256 };
    });
  }

  /** An approved version of a dataset and a training of its own. */
  async approvedVersion(
    number: number,
    trainedBy: MemberId,
    options: { readonly plan?: Partial<TrainingPlan>; readonly planHash?: string } = {},
  ): Promise<ModelVersionId> {
    const tenant_id = this.#tenantId;
    const [datasetId, runId] = [newId<DatasetId>(), newId<TrainingRunId>()];
    const plan = { ...paperPlan, ...options.plan };
    await this.inTenant(async (db) => {
      await db
        .insertInto('dataset')
        .values({
          ...{ tenant_id, id: datasetId, name: `Dataset ${datasetId}`, state: 'FROZEN', created_by: trainedBy },
          manifest_sha256: hashOf(datasetId),
          preparation_plan_hash: options.planHash ?? preparedBy,
        })
        .execute();
      await db
        .insertInto('training_run')
        .values({
          ...{ tenant_id, id: runId, dataset_id: datasetId, job_id: await this.#job(db, 'TRAIN', runId) },
          ...{ plan: JSON.stringify(plan), plan_hash: hashOf(runId), started_by: trainedBy, idempotency_key: runId },
        })
        .execute();
    });
    const { versionId } = await this.publish(runId, datasetId, number);
    await this.inTenant((db) =>
      db.updateTable('model_version').set({ state: 'APPROVED' }).where('id', '=', versionId).execute(),
    );
    return versionId;
  }
}

/** Figures of a case that has only these. */
export const caseFigures = (some: Partial<CaseFigureValues>): CaseFigureValues => ({
  ...(Object.fromEntries(metricNames.map((name) => [name, null])) as unknown as CaseFigureValues),
  lesionCount: 0,
  foundLesionCount: 0,
  ...some,
});

export const emptyReport: EvaluationReport = {
  schemaVersion: 1,
  weightsSha256: hashOf('weights'),
  datasetManifestSha256: hashOf('manifest'),
  subset: 'TEST',
  threshold: 0.93,
  thresholdRule: 'YOUDEN',
  developmentThresholds: null,
  cases: [],
  rows: { byLesionGroup: [], bySite: [] },
  groupTests: [],
  rocCurves: [],
  intensityBaseline: null,
};
