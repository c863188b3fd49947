import type { LabelVolume } from '#core/domain/geometry.ts';
import type { TaskId } from '#core/domain/ids.ts';
import { compareLabels, editedVoxels, sliceVotes } from '#core/label/compare-labels.ts';
import { decodeLabel } from '#core/label/label-file.ts';
import type { JobContext } from '../jobs/stage.ts';
import { type Draft, type NewFigures, readDelineations } from './read-figures-store.ts';
import { loadObject } from './store-object.ts';

/** What there is to know of a task's agreement. */
export interface TaskFigures {
  readonly figures: readonly NewFigures[];
  /** Null for one reader. */
  readonly sliceVotes: readonly number[] | null;
}

/** Holds each delineation of a task against the ground truth and against each other one. */
export async function figuresOfTask(context: JobContext, taskId: TaskId, truth: LabelVolume): Promise<TaskFigures> {
  const { objects, tenantId } = context;
  const load = async (sha256: string): Promise<LabelVolume> => decodeLabel(await loadObject(objects, tenantId, sha256));
  const reads = await context.read((db) => readDelineations(db, taskId));
  const labels = await Promise.all(reads.map(({ labelSha256 }) => load(labelSha256)));
  const figures: NewFigures[] = [];
  for (const [n, { readId, readerId, draft }] of reads.entries()) {
    const of = { taskId, readId, readerId };
    const edited = draft && {
      editedVoxels: editedVoxels(labels[n]!, await load(draft.labelSha256)),
      ...voxelsOf(draft),
    };
    figures.push({ ...of, referenceReadId: null, comparison: compareLabels(labels[n]!, truth), draft: edited });
    for (const [m, reference] of reads.entries())
      if (m !== n) {
        const comparison = compareLabels(labels[n]!, labels[m]!);
        figures.push({ ...of, referenceReadId: reference.readId, comparison, draft: null });
      }
  }
  return { figures, sliceVotes: labels.length > 1 ? sliceVotes(labels) : null };
}

/** Holds each delineation of a repeat against the same reader's of the task that it repeats. */
export async function figuresOfRepeat(context: JobContext, taskId: TaskId, of: TaskId): Promise<NewFigures[]> {
  const { objects, tenantId } = context;
  const load = async (sha256: string): Promise<LabelVolume> => decodeLabel(await loadObject(objects, tenantId, sha256));
  const earlier = await context.read((db) => readDelineations(db, of));
  const figures: NewFigures[] = [];
  for (const { readId, readerId, labelSha256 } of await context.read((db) => readDelineations(db, taskId))) {
    const before = earlier.find((read) => read.readerId === readerId);
    if (!before) continue;
    const comparison = compareLabels(await load(labelSha256), await load(before.labelSha256));
    figures.push({ taskId, readId, readerId, referenceReadId: before.readId, comparison, draft: null });
  }
  return figures;
}

const voxelsOf = ({ voxelCount }: Draft) => ({ draftVoxels: voxelCount });
