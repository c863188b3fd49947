import { type ExpressionBuilder, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { StudyId } from '#core/domain/ids.ts';
import type { QidoQuery } from './qido-query.ts';

export interface FoundStudy {
  readonly id: StudyId;
  readonly studyInstanceUid: string;
  readonly studyDate: string | null;
  readonly description: string | null;
  readonly pseudonym: string;
  readonly sex: string | null;
}

export interface FoundSeries {
  readonly studyId: StudyId;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly description: string | null;
  readonly number: number | null;
  readonly instanceCount: number;
}

/** LIKE pattern of a DICOM wildcard. */
const pattern = (text: string): string =>
  text
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');

/** Studies that the caller may see, newest first, one more than `limit` if there are more. */
export async function findStudies(db: Db, query: QidoQuery): Promise<FoundStudy[]> {
  const { studyInstanceUids, patientIds, modalities, studyDates } = query;
  const rows = await db
    .selectFrom('study as s')
    .innerJoin('subject as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.subject_id'),
    )
    .select(['s.id', 's.study_instance_uid', 's.study_date', 's.description', 'p.pseudonym', 'p.sex'])
    .$if(studyInstanceUids !== undefined, (q) => q.where('s.study_instance_uid', 'in', studyInstanceUids!))
    .$if(patientIds !== undefined, (q) =>
      q.where((eb) => eb.or(patientIds!.map((text) => eb('p.pseudonym', 'like', pattern(text))))),
    )
    .$if(studyDates?.from !== undefined, (q) => q.where('s.study_date', '>=', sql<never>`${studyDates!.from}::date`))
    .$if(studyDates?.to !== undefined, (q) => q.where('s.study_date', '<=', sql<never>`${studyDates!.to}::date`))
    .$if(modalities !== undefined, (q) =>
      q.where((eb) =>
        eb.exists(
          eb
            .selectFrom('series as e')
            .select('e.id')
            .whereRef('e.study_id', '=', 's.id')
            .where('e.modality', 'in', modalities!),
        ),
      ),
    )
    .orderBy('s.id', 'desc')
    .limit(query.limit + 1)
    .offset(query.offset)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    studyInstanceUid: row.study_instance_uid,
    studyDate: row.study_date as string | null,
    description: row.description,
    pseudonym: row.pseudonym,
    sex: row.sex,
  }));
}

/**
 * The series of studies: images; labels (the newest of each read, and ground truth) and results of segmentations as SEG. Row-level
 * security leaves out what is hidden from a blind reader.
 */
export async function findSeries(db: Db, studyIds: readonly StudyId[]): Promise<FoundSeries[]> {
  if (studyIds.length === 0) return [];
  const images = await db
    .selectFrom('series as e')
    .select(['e.study_id', 'e.series_instance_uid', 'e.modality', 'e.description', 'e.series_number'])
    .select((eb) => countInstances(eb).as('instances'))
    .where('e.study_id', 'in', studyIds)
    .where('e.replaced', '=', false)
    .orderBy('e.series_number')
    .orderBy('e.id')
    .execute();
  return [
    ...images.map((row) => ({
      studyId: row.study_id,
      seriesInstanceUid: row.series_instance_uid,
      modality: row.modality,
      description: row.description,
      number: row.series_number,
      instanceCount: Number(row.instances ?? 0),
    })),
    ...(await findLabelSeries(db, studyIds)),
    ...(await findResultSeries(db, studyIds)),
  ];
}

const countInstances = (eb: ExpressionBuilder<DB & { e: DB['series'] }, 'e'>) =>
  eb
    .selectFrom('instance as i')
    .whereRef('i.series_id', '=', 'e.id')
    .select((count) => count.fn.countAll<number>().as('n'));

async function findLabelSeries(db: Db, studyIds: readonly StudyId[]): Promise<FoundSeries[]> {
  const rows = await db
    .selectFrom('revision as v')
    .innerJoin('task as t', (join) => join.onRef('t.tenant_id', '=', 'v.tenant_id').onRef('t.id', '=', 'v.task_id'))
    .leftJoin('read as r', (join) => join.onRef('r.tenant_id', '=', 'v.tenant_id').onRef('r.head_id', '=', 'v.id'))
    .select(['t.study_id', 'v.seg_series_instance_uid', 'v.read_id', 'v.lesion_count'])
    .where('t.study_id', 'in', studyIds)
    .where('v.seg_series_instance_uid', 'is not', null)
    .where((eb) => eb.or([eb('r.id', 'is not', null), eb('v.id', '=', eb.ref('t.ground_truth_id'))]))
    .orderBy('v.id')
    .execute();
  return rows.map((row, index) => ({
    studyId: row.study_id,
    seriesInstanceUid: row.seg_series_instance_uid!,
    modality: 'SEG',
    description: `${row.read_id === null ? 'Ground truth' : 'Label of a read'}, ${row.lesion_count} metastases`,
    number: 7000 + index,
    instanceCount: 1,
  }));
}

async function findResultSeries(db: Db, studyIds: readonly StudyId[]): Promise<FoundSeries[]> {
  const rows = await db
    .selectFrom('segmentation_result as r')
    .innerJoin('segmentation as g', (join) =>
      join.onRef('g.tenant_id', '=', 'r.tenant_id').onRef('g.id', '=', 'r.segmentation_id'),
    )
    .innerJoin('model_version as m', (join) =>
      join.onRef('m.tenant_id', '=', 'g.tenant_id').onRef('m.id', '=', 'g.model_version_id'),
    )
    .select(['g.study_id', 'r.series_instance_uid', 'm.number'])
    .where('g.study_id', 'in', studyIds)
    .where('r.kind', '=', 'SEG')
    .orderBy('g.id')
    .execute();
  return rows.map((row, index) => ({
    studyId: row.study_id,
    seriesInstanceUid: row.series_instance_uid,
    modality: 'SEG',
    description: `Segmentation by model version ${row.number}`,
    number: 8000 + index,
    instanceCount: 1,
  }));
}
