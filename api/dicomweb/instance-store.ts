import type { Db } from '#core/db/database.ts';
import { uids as known } from '#core/dicom/uid.ts';

/** A stored DICOM object and where its bytes are. */
export interface StoredInstance {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** DICOM JSON, where it is kept ready. */
  readonly metadata: unknown;
}

/** Instances of a series in the order of their numbers; images, results of segmentations and labels alike, as row-level security lets see. */
export async function findInstances(
  db: Db,
  uids: { study: string; series: string; instance?: string | undefined },
): Promise<StoredInstance[]> {
  const images = await db
    .selectFrom('instance as i')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'i.tenant_id').onRef('e.id', '=', 'i.series_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'e.tenant_id').onRef('s.id', '=', 'e.study_id'))
    .select([
      'i.sop_instance_uid',
      'i.sop_class_uid',
      'i.transfer_syntax_uid',
      'i.sha256',
      'i.size_bytes',
      'i.metadata',
    ])
    .where('s.study_instance_uid', '=', uids.study)
    .where('e.series_instance_uid', '=', uids.series)
    .$if(uids.instance !== undefined, (query) => query.where('i.sop_instance_uid', '=', uids.instance!))
    .orderBy('i.instance_number')
    .orderBy('i.sop_instance_uid')
    .execute();
  const results = await db
    .selectFrom('segmentation_result as r')
    .innerJoin('segmentation as g', (join) =>
      join.onRef('g.tenant_id', '=', 'r.tenant_id').onRef('g.id', '=', 'r.segmentation_id'),
    )
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'g.tenant_id').onRef('s.id', '=', 'g.study_id'))
    .select(['r.sop_instance_uid', 'r.kind', 'r.sha256', 'r.size_bytes'])
    .where('s.study_instance_uid', '=', uids.study)
    .where('r.series_instance_uid', '=', uids.series)
    .$if(uids.instance !== undefined, (query) => query.where('r.sop_instance_uid', '=', uids.instance!))
    .execute();
  const of = { studyInstanceUid: uids.study, seriesInstanceUid: uids.series };
  return [
    ...images.map((row) => ({
      ...of,
      sopInstanceUid: row.sop_instance_uid,
      sopClassUid: row.sop_class_uid,
      transferSyntaxUid: row.transfer_syntax_uid,
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      metadata: row.metadata,
    })),
    ...results.map((row) => ({
      ...of,
      sopInstanceUid: row.sop_instance_uid,
      sopClassUid: row.kind === 'SEG' ? known.segmentation : known.parametricMap,
      transferSyntaxUid: known.explicitLittleEndian,
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      metadata: undefined,
    })),
    ...(await findLabels(db, uids)),
  ];
}

/** Saved labels; a blind or uninvolved reader's queries find none of another's. */
async function findLabels(
  db: Db,
  uids: { study: string; series: string; instance?: string | undefined },
): Promise<StoredInstance[]> {
  const rows = await db
    .selectFrom('revision as v')
    .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'v.tenant_id').onRef('t.id', '=', 'v.task_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 't.tenant_id').onRef('s.id', '=', 't.study_id'))
    .select(['v.seg_sop_instance_uid', 'v.seg_sha256'])
    .where('s.study_instance_uid', '=', uids.study)
    .where('v.seg_series_instance_uid', '=', uids.series)
    .$if(uids.instance !== undefined, (query) => query.where('v.seg_sop_instance_uid', '=', uids.instance!))
    .execute();
  return rows.map((row) => ({
    studyInstanceUid: uids.study,
    seriesInstanceUid: uids.series,
    sopInstanceUid: row.seg_sop_instance_uid!,
    sopClassUid: known.segmentation,
    transferSyntaxUid: known.explicitLittleEndian,
    sha256: row.seg_sha256!,
    sizeBytes: 0,
    metadata: undefined,
  }));
}
