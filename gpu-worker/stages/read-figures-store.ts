import type { Db } from '#core/db/database.ts';
import type { MemberId, ReadId, TaskId, TenantId } from '#core/domain/ids.ts';
import type { LabelComparison } from '#core/label/compare-labels.ts';

export interface Draft {
  readonly labelSha256: string;
  readonly voxelCount: number;
}

/** A signed delineation. */
export interface Delineation {
  readonly readId: ReadId;
  readonly readerId: MemberId;
  readonly labelSha256: string;
  /** What it started from; null for nothing. */
  readonly draft: Draft | null;
}

export interface NewFigures {
  readonly taskId: TaskId;
  readonly readId: ReadId;
  readonly readerId: MemberId;
  /** Null for the ground truth. */
  readonly referenceReadId: ReadId | null;
  readonly comparison: LabelComparison;
  readonly draft: { readonly editedVoxels: number; readonly draftVoxels: number } | null;
}

/** In the order in which they were assigned. */
export async function readDelineations(db: Db, taskId: TaskId): Promise<Delineation[]> {
  const reads = await db
    .selectFrom('read as r')
    .innerJoin('revision as v', (join) => join.onRef('v.tenant_id', '=', 'r.tenant_id').onRef('v.id', '=', 'r.head_id'))
    .select(['r.id', 'r.reader_id', 'v.label_sha256'])
    .where('r.task_id', '=', taskId)
    .where('r.kind', '=', 'DELINEATE')
    .where('r.state', '=', 'SUBMITTED')
    .orderBy('r.id')
    .execute();
  const drafts = await db
    .selectFrom('revision')
    .select(['read_id', 'label_sha256', 'voxel_count'])
    .where('task_id', '=', taskId)
    .where('pre_annotation_id', 'is not', null)
    .execute();
  return reads.map(({ id, reader_id, label_sha256 }) => {
    const draft = drafts.find(({ read_id }) => read_id === id);
    return {
      readId: id,
      readerId: reader_id,
      labelSha256: label_sha256,
      draft: draft ? { labelSha256: draft.label_sha256, voxelCount: Number(draft.voxel_count) } : null,
    };
  });
}

export async function writeFigures(
  db: Db,
  tenantId: TenantId,
  taskId: TaskId,
  figures: readonly NewFigures[],
  votes: readonly number[] | null,
): Promise<void> {
  if (figures.length > 0)
    await db
      .insertInto('read_figures')
      .values(
        figures.map((row) => ({
          ...{ tenant_id: tenantId, task_id: row.taskId, read_id: row.readId, reader_id: row.readerId },
          reference_read_id: row.referenceReadId,
          comparison: JSON.stringify(row.comparison),
          edited_voxels: row.draft?.editedVoxels ?? null,
          draft_voxels: row.draft?.draftVoxels ?? null,
        })),
      )
      .execute();
  if (votes)
    await db
      .updateTable('task')
      .set({ slice_votes: [...votes] })
      .where('id', '=', taskId)
      .execute();
}
