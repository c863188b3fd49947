import type { Db } from '#core/db/database.ts';
import type { SourceSeries } from '#core/dicom/derived-series.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import type { LabelVolume } from '#core/domain/geometry.ts';
import type { TaskId } from '#core/domain/ids.ts';
import { type AgreementGroup, compareReads } from '#core/label/agreement.ts';
import { type Check, compareChecked, placesToCheck } from '#core/label/checked-read.ts';
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
  endRepeat,
  moveTask,
  openCheck,
  readToCompare,
  readVerdicts,
  type SubmittedRead,
  type TaskToCompare,
  writeAgreements,
} from './compare-store.ts';
import { deskOf } from './expire.ts';
import { figuresOfRepeat, figuresOfTask, type TaskFigures } from './read-figures.ts';
import { writeFigures } from './read-figures-store.ts';
import { loadObject, storeObject } from './store-object.ts';

/**
 * COMPARE: once all delineations are in, compares them lesion by lesion; where a second reader is to check the one there is, lists what
 * is to be checked, and compares once they have. Without disputes the label is accepted at once, otherwise the task goes to the
 * adjudicator. Once the adjudicator has submitted, composes the accepted label from the verdicts.
 */
export const compareStage: Stage = {
  begin: async () => {},
  // The task stays where it is, and its comparison can be queued again.
  fail: async () => {},
  run: compare,
};

async function compare(context: JobContext): Promise<WriteResult> {
  const task = await context.read((db) => readToCompare(db, context.job.object_id as TaskId));
  if (task.repeatOfId) return compareWithEarlier(context, task, task.repeatOfId);
  const comparison = await compareReadsOf(context, task);
  await context.progress({ step: 'compare', fraction: 0.3 });
  if (task.state === 'ADJUDICATING') return settle(context, task, comparison);
  if (task.state !== 'CROSS_CHECKING') return async () => {};
  const { groups, reads, outcome } = comparison;
  if (outcome !== 'AGREED') {
    return async (db) => {
      await writeAgreements(db, context.tenantId, task.id, reads, groups);
      if (outcome === 'TO_CHECK') await openCheck(db, task.id);
      else await moveTask(db, task.id, 'ADJUDICATING');
      await handOut(deskOf(context, db), task.id);
    };
  }
  const { label } = composeGroundTruth({ reads: comparison.labels, groups, verdicts: comparison.verdicts });
  const accepted = await storeAccepted(context, task, label);
  const figures = await figuresOfTask(context, task.id, label);
  return async (db) => {
    await writeAgreements(db, context.tenantId, task.id, reads, groups);
    await accept(context, db, task, accepted, figures);
  };
}

/** Holds a repeat against what its reader signed before. */
async function compareWithEarlier(context: JobContext, task: TaskToCompare, of: TaskId): Promise<WriteResult> {
  if (task.state !== 'CROSS_CHECKING') return async () => {};
  const figures = await figuresOfRepeat(context, task.id, of);
  return async (db) => {
    await writeFigures(db, context.tenantId, task.id, figures, null);
    await endRepeat(db, task.id);
  };
}

/** Reads of a task as they compare. */
interface Comparison {
  readonly reads: readonly SubmittedRead[];
  /** Of the reads, in their order. */
  readonly labels: readonly LabelVolume[];
  readonly groups: readonly AgreementGroup[];
  /** How agreed places stand where a check has said so. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly outcome: 'AGREED' | 'DISPUTED' | 'TO_CHECK';
}

async function compareReadsOf(context: JobContext, task: TaskToCompare): Promise<Comparison> {
  const { reads, rule } = task;
  const labels = await Promise.all(reads.map((read) => loadLabel(context, read)));
  const none = new Map<number, Verdict>();
  if (task.checked) {
    const first = labels[0]!;
    if (!task.check) {
      const groups = placesToCheck(first, rule);
      return { reads, labels, groups, verdicts: none, outcome: 'TO_CHECK' };
    }
    return compareWithCheck(context, task, first, task.check);
  }
  const groups = compareReads(labels, rule);
  if (!task.adjudicateSoleRead) return { reads, labels, groups, verdicts: none, outcome: outcomeOf(groups) };
  // One read alone agrees with itself, unless an adjudicator is to judge each lesion of it.
  const judged = groups.map((group): AgreementGroup => ({ ...group, kind: 'ONE_READER_ONLY' }));
  return { reads, labels, groups: judged, verdicts: none, outcome: 'DISPUTED' };
}

async function compareWithCheck(
  context: JobContext,
  { reads, rule }: TaskToCompare,
  first: LabelVolume,
  check: SubmittedRead,
): Promise<Comparison> {
  const second = check.labelSha256 ? await loadLabel(context, check) : undefined;
  const rows = await context.read((db) => readVerdicts(db, check.id));
  const numbers = new Map([...check.lesionIds].map(([number, id]): [string, number] => [id, number]));
  const checks = new Map(
    rows.map(({ number, decision, lesion_ids }): [number, Check] => {
      if (decision !== 'REDRAW') return [number, { decision: decision === 'REJECT' ? 'REJECT' : 'ACCEPT' }];
      return [number, { decision, lesionNumbers: lesion_ids.flatMap((id) => numbers.get(id) ?? []) }];
    }),
  );
  const { groups, verdicts } = compareChecked(first, second, checks, rule);
  const empty: LabelVolume = { grid: first.grid, data: new Uint16Array(first.data.length) };
  const both = { reads: [...reads, check], labels: [first, second ?? empty] };
  return { ...both, groups, verdicts, outcome: outcomeOf(groups) };
}

const outcomeOf = (groups: readonly AgreementGroup[]): Comparison['outcome'] =>
  groups.every(({ kind }) => kind === 'AGREED') ? 'AGREED' : 'DISPUTED';

async function settle(
  context: JobContext,
  task: TaskToCompare,
  { reads, labels, groups, verdicts: checked }: Comparison,
): Promise<WriteResult> {
  const { adjudication } = task;
  if (!adjudication) return async () => {};
  const adjudicated = adjudication.labelSha256 ? await loadLabel(context, adjudication) : undefined;
  const rows = await context.read((db) => readVerdicts(db, adjudication.id));
  const verdicts = new Map([
    ...checked,
    ...rows.map(({ number, decision, lesion_ids }): [number, Verdict] => [
      number,
      verdictOf(reads, adjudication, decision, lesion_ids),
    ]),
  ]);
  const { label } = composeGroundTruth({ reads: labels, groups, verdicts, ...(adjudicated ? { adjudicated } : {}) });
  const accepted = await storeAccepted(context, task, label);
  const figures = await figuresOfTask(context, task.id, label);
  return (db) => accept(context, db, task, accepted, figures);
}

/** Where what was read here becomes ground truth; it may be the one that a retraining was waiting for. */
async function accept(
  { tenantId, queue }: JobContext,
  db: Db,
  { id }: TaskToCompare,
  label: AcceptedLabel,
  { figures, sliceVotes }: TaskFigures,
): Promise<void> {
  await writeFigures(db, tenantId, id, figures, sliceVotes);
  await acceptTask(db, tenantId, id, label);
  await queueRetrainingIfDue(db, queue, tenantId);
}

function verdictOf(
  reads: readonly SubmittedRead[],
  adjudication: SubmittedRead,
  decision: Verdict['decision'],
  lesionIds: readonly string[],
): Verdict {
  const numberIn = (read: SubmittedRead, id: string): number | undefined =>
    [...read.lesionIds].find(([, known]) => known === id)?.[0];
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
