import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import { insertLesions } from '#core/db/lesion-store.ts';
import type { MemberId, RevisionId, StudyId, TaskId, TenantId } from '#core/domain/ids.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import { statesBefore } from '#core/domain/lifecycle.ts';
import type { LabelImportRow, RevisionRow } from '../graphql/rows.ts';
import type { Resampling } from './resampling.ts';

/** What the member imported with this key. */
export const findImport = (db: Db, memberId: MemberId, key: string): Promise<LabelImportRow | undefined> =>
  db
    .selectFrom('label_import')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();

export interface ImportedLabel {
  readonly tenantId: TenantId;
  readonly revisionId: RevisionId;
  readonly taskId: TaskId;
  readonly studyId: StudyId;
  readonly memberId: MemberId;
  readonly labelSha256: string;
  readonly seg: { readonly sha256: string; readonly sopInstanceUid: string; readonly seriesInstanceUid: string } | null;
  readonly lesions: readonly LesionMeasure[];
  /** Null for one that was sent on BRAVO's grid. */
  readonly resampling: Resampling | null;
  readonly source: string;
  readonly reason: string;
  readonly beganAsDraft: boolean;
  readonly sentSopInstanceUid: string | null;
  readonly idempotencyKey: string;
}

/** Accepts a label as the ground truth of an OPEN task without a protocol, with where it comes from. */
export async function acceptImported(db: Db, label: ImportedLabel): Promise<RevisionRow> {
  const { tenantId, revisionId, taskId, studyId, seg, lesions } = label;
  const revision = await db
    .insertInto('revision')
    .values({
      ...{ tenant_id: tenantId, id: revisionId, task_id: taskId, label_sha256: label.labelSha256 },
      seg_sha256: seg?.sha256 ?? null,
      seg_sop_instance_uid: seg?.sopInstanceUid ?? null,
      seg_series_instance_uid: seg?.seriesInstanceUid ?? null,
      voxel_count: lesions.reduce((sum, { voxelCount }) => sum + voxelCount, 0),
      lesion_count: lesions.length,
      resampling: label.resampling && JSON.stringify(label.resampling),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertLesions(db, tenantId, { revisionId }, lesions);
  await db
    .insertInto('label_import')
    .values({
      ...{ tenant_id: tenantId, revision_id: revisionId, study_id: studyId, member_id: label.memberId },
      ...{ source: label.source, reason: label.reason, began_as_draft: label.beganAsDraft },
      ...{ sent_sop_instance_uid: label.sentSopInstanceUid, idempotency_key: label.idempotencyKey },
    })
    .execute();
  await db
    .updateTable('task')
    .set({ state: 'ACCEPTED', ground_truth_id: revisionId, accepted_at: sql<Date>`now()` })
    .where('id', '=', taskId)
    // A round that people read is accepted by what they read alone.
    .where('protocol_id', 'is', null)
    .where('state', 'in', statesBefore('task.state', 'ACCEPTED'))
    .returning('id')
    .executeTakeFirstOrThrow();
  return revision;
}

/** Where labels come from, by revision id; null for what was drawn here. */
export const importByRevision = (db: Db): DataLoader<string, LabelImportRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('label_import')
      .selectAll()
      .where('revision_id', 'in', ids as RevisionId[])
      .execute();
    return ids.map((id) => rows.find(({ revision_id }) => revision_id === id) ?? null);
  });
