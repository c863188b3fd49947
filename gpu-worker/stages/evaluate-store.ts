import { type AuditSource, audit } from '#core/db/audit.ts';
import type { Db } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import type { Subset } from '#core/domain/dataset-split.ts';
import type { EvaluationReport } from '#core/domain/evaluation-report.ts';
import { type EvaluationId, type ModelVersionId, newId, type StudyId, type TrainingRunId } from '#core/domain/ids.ts';
import { type JobState, statesBefore } from '#core/domain/lifecycle.ts';
import type { TrainingPlan } from '#core/domain/plan.ts';
import { knownPlan } from './known-plan.ts';

/** Takes the evaluation a legal step; one that was cancelled meanwhile stays so. */
export async function moveEvaluation(db: Db, id: EvaluationId, to: JobState): Promise<void> {
  await db
    .updateTable('evaluation')
    .set({ state: to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('evaluation.state', to))
    .execute();
}

export interface RunToJudge {
  readonly runId: TrainingRunId;
  readonly subset: Subset;
  readonly plan: TrainingPlan;
  readonly weightsSha256: string;
  readonly manifestSha256: string;
  readonly siteNames: ReadonlyMap<string, string>;
}

export async function readRunToJudge(db: Db, id: EvaluationId): Promise<RunToJudge> {
  const row = await db
    .selectFrom('evaluation as e')
    .innerJoin('training_run as r', (join) =>
      join.onRef('r.tenant_id', '=', 'e.tenant_id').onRef('r.id', '=', 'e.training_run_id'),
    )
    .innerJoin('dataset as d', (join) =>
      join.onRef('d.tenant_id', '=', 'e.tenant_id').onRef('d.id', '=', 'e.dataset_id'),
    )
    .select(['e.training_run_id', 'e.subset', 'r.plan', 'r.weights_sha256', 'd.manifest_sha256'])
    .where('e.id', '=', id)
    .executeTakeFirstOrThrow();
  const sites = await db.selectFrom('site').select(['id', 'name']).execute();
  return {
    runId: row.training_run_id,
    subset: row.subset as Subset,
    plan: knownPlan(row.plan),
    // Queued in the transaction that wrote the weights; manifests belong to frozen datasets.
    weightsSha256: row.weights_sha256!,
    manifestSha256: row.manifest_sha256!,
    siteNames: new Map(sites.map((site) => [site.id, site.name])),
  };
}

/** Hashes of the files of a study's BRAVO as acquired. */
export async function readBravoFiles(db: Db, studyId: StudyId): Promise<string[]> {
  const rows = await db
    .selectFrom('series as e')
    .innerJoin('instance as i', (join) =>
      join.onRef('i.tenant_id', '=', 'e.tenant_id').onRef('i.series_id', '=', 'e.id'),
    )
    .select('i.sha256')
    .where('e.study_id', '=', studyId)
    .where('e.role', '=', 'BRAVO')
    .where('e.derived_from_id', 'is', null)
    .orderBy('i.sop_instance_uid')
    .execute();
  return rows.map(({ sha256 }) => sha256);
}

type ArtifactKind = 'WEIGHTS' | 'SAVED_MODEL' | 'PLAN' | 'MANIFEST';

export interface Verdict {
  readonly evaluationId: EvaluationId;
  readonly runId: TrainingRunId;
  readonly report: EvaluationReport;
  readonly reportSha256: string;
  readonly artifacts: Readonly<Record<ArtifactKind, string>>;
}

/** Writes the report; with the first one of a run the version is published. */
export async function writeVerdict(db: Db, source: AuditSource, verdict: Verdict): Promise<void> {
  const known = await db
    .selectFrom('model_version')
    .select('id')
    .where('training_run_id', '=', verdict.runId)
    .executeTakeFirst();
  const versionId = known?.id ?? (await publish(db, source, verdict));
  const { numUpdatedRows } = await db
    .updateTable('evaluation')
    .set({
      state: 'SUCCEEDED',
      model_version_id: versionId,
      report: JSON.stringify(verdict.report),
      report_sha256: verdict.reportSha256,
    })
    .where('id', '=', verdict.evaluationId)
    .where('state', 'in', statesBefore('evaluation.state', 'SUCCEEDED'))
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`evaluation ${verdict.evaluationId} is not RUNNING`);
}

async function publish(
  db: Db,
  source: AuditSource,
  { runId, report, reportSha256, artifacts }: Verdict,
): Promise<ModelVersionId> {
  const tenant_id = source.tenantId;
  await holdUntilCommit(db, tenant_id, 'model version number');
  const { greatest } = await db
    .selectFrom('model_version')
    .select((eb) => eb.fn.max('number').as('greatest'))
    .executeTakeFirstOrThrow();
  const id = newId<ModelVersionId>();
  const number = (greatest ?? 0) + 1;
  const { threshold, thresholdRule } = report;
  await db
    .insertInto('model_version')
    .values({ tenant_id, id, number, training_run_id: runId, threshold, threshold_rule: thresholdRule })
    .execute();
  const rows = (Object.entries(artifacts) as [ArtifactKind, string][]).map(([kind, sha256]) => {
    return { tenant_id, model_version_id: id, kind, sha256 };
  });
  await db.insertInto('artifact').values(rows).execute();
  await audit(db, source, {
    action: 'modelVersionPublish',
    objectType: 'ModelVersion',
    objectId: id,
    changes: { number, threshold, weightsSha256: artifacts.WEIGHTS, reportSha256 },
  });
  return id;
}
