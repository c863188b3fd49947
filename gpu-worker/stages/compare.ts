import type { Db } from '#core/db/database.ts';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import type { LabelVolume } from '#core/domain/geometry.ts';
import type { TaskId } from '#core/domain/ids.ts';
import { type AgreementGroup, compareReads } from '#core/label/agreement.ts';
import { composeGroundTruth, type LesionReference, type Verdict } from '#core/label/ground-truth.ts';
import { decodeLabel, encodeLabel } from '#core/label/label-file.ts';
import { measureLesions } from '#core/label/measure.ts';
import { queueRetrainingIfDue } from '#core/learning/retraining-store.ts';
import { handOut } from '#core/reading/expire-read.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import {
  type AcceptedLabel,
  acceptTask,
  moveTask,
  readToCompare,
  readVerdicts,
  type SubmittedRead,
  type TaskToCompare,
  writeAgreements,
} from './compare-store.ts';
import { deskOf } from './expire.ts';
import { loadObject, storeObject } from './store-object.ts';

/**
 * COMPARE: once all delineations are in, compares them lesion by lesion; without disputes the label is accepted at once, otherwise the
 * task goes to the adjudicator. Once the adjudicator has submitted, composes the accepted label from the verdicts.
 */
export const compareStage: Stage = {
  begin: async () => {},
  // The task stays where it is, and its comparison can be queued again.
  fail: async () => {},
  run: compare,
};

async function compare(context: JobContext): Promise<WriteResult> {
  const task = await context.read((db) => readToCompare(db, context.job.object_id as TaskId));
  const labels = await Promise.all(task.reads.map((read) => loadLabel(context, read)));
  await context.progress({ step: 'compare', fraction: 0.3 });
  const groups = compareForTask(task, labels);
  if (task.state === 'ADJUDICATING') return settle(context, task, labels, groups);
  if (task.state !== 'CROSS_CHECKING') return async () => {};
  if (task.adjudicateSoleRead || groups.some(({ kind }) => kind !== 'AGREED')) {
    return async (db) => {
      await writeAgreements(db, context.tenantId, task, groups);
      await moveTask(db, task.id, 'ADJUDICATING');
      await handOut(deskOf(context, db), task.id);
    };
  }
  const accepted = await storeAccepted(
    context,
    task,
    composeGroundTruth({ reads: labels, groups, verdicts: new Map() }).label,
  );
  return async (db) => {
    await writeAgreements(db, context.tenantId, task, groups);
    await accept(context, db, task, accepted);
  };
}

/** One read alone agrees with itself, unless its protocol has an adjudicator judge each lesion of it. */
const compareForTask = (
  { rule, adjudicateSoleRead }: TaskToCompare,
  labels: readonly LabelVolume[],
): AgreementGroup[] =>
  compareReads(labels, rule).map((group) => (adjudicateSoleRead ? { ...group, kind: 'ONE_READER_ONLY' } : group));

async function settle(
  context: JobContext,
  task: TaskToCompare,
  labels: readonly LabelVolume[],
  groups: readonly AgreementGroup[],
): Promise<WriteResult> {
  const { adjudication } = task;
  if (!adjudication) return async () => {};
  const adjudicated = adjudication.labelSha256 ? await loadLabel(context, adjudication) : undefined;
  const rows = await context.read((db) => readVerdicts(db, adjudication.id));
  const verdicts = new Map(
    rows.map(({ number, decision, lesion_ids }) => [number, verdictOf(task, decision, lesion_ids)]),
  );
  const { label } = composeGroundTruth({ reads: labels, groups, verdicts, ...(adjudicated ? { adjudicated } : {}) });
  const accepted = await storeAccepted(context, task, label);
  return (db) => accept(context, db, task, accepted);
}

/** The one place where a label becomes ground truth; it may be the one that a retraining was waiting for. */
async function accept(
  { tenantId, queue }: JobContext,
  db: Db,
  { id }: TaskToCompare,
  label: AcceptedLabel,
): Promise<void> {
  await acceptTask(db, tenantId, id, label);
  await queueRetrainingIfDue(db, queue, tenantId);
}

function verdictOf(
  { reads, adjudication }: TaskToCompare,
  decision: Verdict['decision'],
  lesionIds: readonly string[],
): Verdict {
  const numberIn = (read: SubmittedRead | undefined, id: string): number | undefined =>
    [...(read?.lesionIds ?? [])].find(([, known]) => known === id)?.[0];
  if (decision === 'REJECT') return { decision };
  if (decision === 'REDRAW')
    return { decision, lesionNumbers: lesionIds.flatMap((id) => numberIn(adjudication, id) ?? []) };
  const lesions = lesionIds.flatMap((id): LesionReference[] =>
    reads.flatMap((read, index) => {
      const lesionNumber = numberIn(read, id);
      return lesionNumber === undefined ? [] : [{ read: index, lesionNumber }];
    }),
  );
  return { decision, lesions };
}

const loadLabel = async ({ objects, tenantId }: JobContext, { labelSha256 }: SubmittedRead): Promise<LabelVolume> =>
  decodeLabel(await loadObject(objects, tenantId, labelSha256));

async function storeAccepted(
  context: JobContext,
  { studyId }: TaskToCompare,
  label: LabelVolume,
): Promise<AcceptedLabel> {
  const { objects, tenantId } = context;
  const lesions = measureLesions(label);
  const labelSha256 = await storeObject(objects, tenantId, encodeLabel(label));
  const voxelCount = lesions.reduce((sum, lesion) => sum + lesion.voxelCount, 0);
  await context.progress({ step: 'accept', fraction: 0.8 });
  if (lesions.length === 0) return { labelSha256, voxelCount, lesions, seg: undefined };
  const source: SourceSeries = await context.read((db) => readBravoSource(db, studyId));
  const identity = objectIdentity({
    sopInstanceUid: randomUid(),
    seriesInstanceUid: randomUid(),
    seriesNumber: 900,
    seriesDescription: 'Accepted ground truth',
  });
  const segments = lesions.map(({ number }) => ({
    number,
    label: `Metastasis ${number}`,
    algorithmType: 'MANUAL' as const,
  }));
  const sha256 = await storeObject(objects, tenantId, writeSeg({ label, source, segments, identity }));
  return {
    labelSha256,
    voxelCount,
    lesions,
    seg: { sha256, sopInstanceUid: identity.sopInstanceUid, seriesInstanceUid: identity.seriesInstanceUid },
  };
}
