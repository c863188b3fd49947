import { canonicalJson, type Json } from '#core/domain/canonical-json.ts';
import type { EvaluationReport, ReportedCase } from '#core/domain/evaluation-report.ts';
import { type Grid, sameGrid, type Volume } from '#core/domain/geometry.ts';
import type { EvaluationId, StudyId } from '#core/domain/ids.ts';
import { lesionGroup } from '#core/domain/lesion.ts';
import type { ThresholdRule } from '#core/domain/threshold-rule.ts';
import { JobFailure } from '#core/jobs/contract.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import {
  type DevelopmentCase,
  type DevelopmentThresholds,
  developmentCase,
  developmentThresholds,
} from '../metrics/development-thresholds.ts';
import { type CaseFigures, evaluateCase } from '../metrics/evaluate-case.ts';
import { figuresRows, groupTests, type JudgedCase, meanRocCurves } from '../metrics/evaluate-set.ts';
import { type IntensityCase, intensityBaseline } from '../metrics/intensity-baseline.ts';
import { savedModelBytes } from '../model/inference-graph.ts';
import { loadManifest } from './dataset-files.ts';
import { openServing, withEngine } from './engine-session.ts';
import { moveEvaluation, type RunToJudge, readBravoFiles, readRunToJudge, writeVerdict } from './evaluate-store.ts';
import { type Judged, predictCases } from './judge-cases.ts';
import { loadWeights } from './load-weights.ts';
import { readSeries } from './read-series.ts';
import { storeObject } from './store-object.ts';

/** Of the bootstrap; fixed, so that the same figures have the same intervals. */
const bootstrapSeed = 1;

const chosenBy = { YOUDEN: 'youden', MAX_DICE: 'maxDice', SENSITIVE: 'sensitive' } as const satisfies Record<
  ThresholdRule,
  keyof DevelopmentThresholds
>;

/**
 * EVALUATE: chooses thresholds on the DEVELOPMENT side, judges the weights on the evaluation's side at the one of the plan's rule, and publishes the version with the first report of a run. Without lesions on the development side, which freezing rules out,
 * the threshold is chosen on the TRAIN side and the report says that there is none from development.
 */
export const evaluateStage: Stage = {
  begin: (db, job) => moveEvaluation(db, job.object_id as EvaluationId, 'RUNNING'),
  fail: (db, job) => moveEvaluation(db, job.object_id as EvaluationId, 'FAILED'),
  handBack: (db, job) => moveEvaluation(db, job.object_id as EvaluationId, 'QUEUED'),
  run: evaluate,
};

async function evaluate(context: JobContext): Promise<WriteResult> {
  const { tenantId, objects, job } = context;
  const evaluationId = job.object_id as EvaluationId;
  const run = await context.read((db) => readRunToJudge(db, evaluationId));
  const manifest = await loadManifest(context, run.manifestSha256);
  const weights = await loadWeights(context, run.weightsSha256);
  const { sizePixels: size, precision } = run.plan;
  const { report, compute } = await withEngine(context, async (engine) => {
    const { predictor, compute } = await openServing(context, engine, weights, precision);
    return { report: await judge(context, run, { plan: run.plan, manifest, predictor }), compute };
  });
  const store = (bytes: Uint8Array): Promise<string> => storeObject(objects, tenantId, bytes);
  const text = (value: object): Uint8Array => new TextEncoder().encode(canonicalJson(value as Json));
  const reportSha256 = await store(text(report));
  const artifacts = {
    WEIGHTS: run.weightsSha256,
    SAVED_MODEL: await store(savedModelBytes(weights, { rows: size, columns: size, compute })),
    PLAN: await store(text(run.plan)),
    MANIFEST: run.manifestSha256,
  };
  const source = { tenantId, memberId: null, requestId: `job:${job.id}:${job.attempt}` };
  return (db) => writeVerdict(db, source, { evaluationId, runId: run.runId, report, reportSha256, artifacts });
}

async function judge(context: JobContext, run: RunToJudge, judged: Judged): Promise<EvaluationReport> {
  const development = await thresholdsOn(context, judged, 'DEVELOPMENT');
  const thresholds = development ?? (await thresholdsOn(context, judged, 'TRAIN'));
  if (!thresholds)
    throw new JobFailure('BAD_INPUT', 'No study to choose a threshold on has a lesion; freeze a dataset with some.');
  const { thresholdRule } = run.plan;
  const threshold = thresholds[chosenBy[thresholdRule]];
  const cases: (JudgedCase & { readonly reported: ReportedCase })[] = [];
  const intensities: IntensityCase[] = [];
  const stretch = { step: `judge ${run.subset}`, from: 0.4, to: 0.95 };
  for await (const [one, { probability, brainMask, truth }] of predictCases(context, judged, run.subset, stretch)) {
    const figures = evaluateCase({ probability, truth, brainMask, threshold });
    const siteName = run.siteNames.get(one.siteId) ?? one.siteId;
    const { studyId, siteId, subjectId } = one;
    const group = lesionGroup(figures.lesionCount);
    const reported = { studyId, siteId, siteName, group, figures: reportedFigures(figures) };
    cases.push({ subjectId, site: siteName, figures, reported });
    const bravo = await loadBravo(context, studyId as StudyId, truth.grid);
    intensities.push({ bravo: bravo.data, truth: truth.data, brainMask: brainMask.data });
  }
  await context.progress({ step: 'summarize', fraction: 0.95 });
  const baseline = intensityBaseline(intensities);
  return {
    schemaVersion: 1,
    weightsSha256: run.weightsSha256,
    datasetManifestSha256: run.manifestSha256,
    subset: run.subset,
    threshold,
    thresholdRule,
    developmentThresholds: development && {
      youden: development.youden,
      maxDice: development.maxDice,
      sensitive: development.sensitive,
    },
    cases: cases.map(({ reported }) => reported),
    rows: {
      byLesionGroup: figuresRows(cases, 'LESION_GROUP', bootstrapSeed),
      bySite: figuresRows(cases, 'SITE', bootstrapSeed),
    },
    groupTests: groupTests(cases),
    rocCurves: meanRocCurves(cases, bootstrapSeed),
    intensityBaseline: baseline && { dice: baseline.meanDice, threshold: baseline.threshold },
  };
}

async function thresholdsOn(
  context: JobContext,
  judged: Judged,
  side: 'DEVELOPMENT' | 'TRAIN',
): Promise<DevelopmentThresholds | null> {
  const cases: DevelopmentCase[] = [];
  const stretch = { step: `choose threshold on ${side}`, from: 0.05, to: 0.4 };
  for await (const [{ subjectId }, { probability, truth, brainMask }] of predictCases(context, judged, side, stretch))
    cases.push(developmentCase(subjectId, probability, truth, brainMask));
  return developmentThresholds(cases, judged.plan.maxFpPerCase);
}

/** BRAVO as acquired, for the baseline. @throws JobFailure GRID_MISMATCH if it is no more the one that the label was drawn on */
async function loadBravo(context: JobContext, studyId: StudyId, grid: Grid): Promise<Volume> {
  const sha256s = await context.read((db) => readBravoFiles(db, studyId));
  const bravo = await readSeries(context, { role: 'BRAVO', sha256s });
  if (sameGrid(bravo.grid, grid)) return bravo;
  throw new JobFailure(
    'GRID_MISMATCH',
    `The BRAVO series of study ${studyId} is another one than its label was drawn on; freeze another dataset.`,
  );
}

function reportedFigures({
  youden,
  rocCurve: _curve,
  falsePositives,
  falsePositives10mm3,
  ...same
}: CaseFigures): ReportedCase['figures'] {
  return {
    ...same,
    youdenSensitivity: youden?.sensitivity ?? null,
    youdenSpecificity: youden?.specificity ?? null,
    fpPerCase: falsePositives,
    fpPerCase10mm3: falsePositives10mm3,
  };
}
