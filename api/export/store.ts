import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import { keyedUid } from '#core/dicom/uid.ts';
import type { DatasetExportId, DatasetId, MemberId, RevisionId, StudyId, TenantId } from '#core/domain/ids.ts';
import { type ExportState, statesBefore } from '#core/domain/lifecycle.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import type { Page } from '../graphql/connection.ts';
import type { DatasetExportRow, DatasetRow } from '../graphql/rows.ts';
import type { ExportedLesion, ExportedSeries, ExportFormat, Provenance } from './contents.ts';

export const findDataset = (db: Db, id: DatasetId): Promise<DatasetRow | undefined> =>
  db.selectFrom('dataset').selectAll().where('id', '=', id).executeTakeFirst();

/** True while the member holds a read that is blind. */
export async function readsBlind(db: Db): Promise<boolean> {
  const { rows } = await sql<{ blind: boolean }>`select reads_blind() as blind`.execute(db);
  return rows[0]!.blind;
}

export type CaseRow = Awaited<ReturnType<typeof readCaseRows>>[number];

/** The cases of a dataset that the caller may see, by patient, then date. */
export const readCaseRows = (db: Db, datasetId: DatasetId) =>
  db
    .selectFrom('dataset_case as c')
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'c.tenant_id').onRef('s.id', '=', 'c.study_id'))
    .innerJoin('subject as p', (join) =>
      join.onRef('p.tenant_id', '=', 'c.tenant_id').onRef('p.id', '=', 'c.subject_id'),
    )
    .innerJoin('revision as r', (join) =>
      join.onRef('r.tenant_id', '=', 'c.tenant_id').onRef('r.id', '=', 'c.revision_id'),
    )
    .innerJoin('preparation as n', (join) =>
      join.onRef('n.tenant_id', '=', 'c.tenant_id').onRef('n.id', '=', 'c.preparation_id'),
    )
    .select([
      ...(['c.study_id', 'c.subset', 'c.lesion_group', 'c.revision_id', 'c.preparation_id'] as const),
      ...(['s.study_instance_uid', 's.study_date', 's.age_years', 's.site_id'] as const),
      ...(['p.pseudonym', 'p.sex', 'r.label_sha256', 'r.seg_sha256', 'r.lesion_count', 'n.bravo_grid'] as const),
    ])
    .where('c.dataset_id', '=', datasetId)
    .orderBy('p.pseudonym')
    .orderBy('s.study_date', (order) => order.asc().nullsLast())
    .orderBy('s.id')
    .execute();

export interface CaseDetails {
  readonly series: readonly ExportedSeries[];
  readonly lesions: readonly ExportedLesion[];
  readonly provenance: Provenance;
}

/** What else a case has, at the moment; undefined if the caller may see it no longer. */
export async function readCaseDetails(db: Db, datasetId: DatasetId, row: CaseRow): Promise<CaseDetails | undefined> {
  const { study_id, revision_id } = row;
  const seen = await db
    .selectFrom('dataset_case')
    .select('study_id')
    .where('dataset_id', '=', datasetId)
    .where('study_id', '=', study_id)
    .executeTakeFirst();
  if (!seen) return undefined;
  const lesions = await db
    .selectFrom('lesion')
    .select(['number', 'volume_mm3', 'longest_diameter_mm'])
    .where('revision_id', '=', revision_id)
    .orderBy('number')
    .execute();
  return {
    series: await readSeries(db, row),
    lesions: lesions.map((one) => ({
      number: one.number,
      volumeMm3: one.volume_mm3,
      longestDiameterMm: one.longest_diameter_mm,
    })),
    provenance: await readProvenance(db, revision_id),
  };
}

async function readProvenance(db: Db, revisionId: RevisionId): Promise<Provenance> {
  const reads = await db
    .selectFrom('revision as v')
    .innerJoin('read as d', (join) =>
      join.onRef('d.tenant_id', '=', 'v.tenant_id').onRef('d.task_id', '=', 'v.task_id'),
    )
    .select(['d.kind', 'd.arm'])
    .where('v.id', '=', revisionId)
    .where('d.state', '=', 'SUBMITTED')
    .execute();
  const imported = await db
    .selectFrom('label_import')
    .select(['source', 'began_as_draft'])
    .where('revision_id', '=', revisionId)
    .executeTakeFirst();
  return {
    readerCount: reads.filter(({ kind }) => kind !== 'ADJUDICATE').length,
    adjudicated: reads.some(({ kind }) => kind === 'ADJUDICATE'),
    assisted: imported?.began_as_draft ?? reads.some(({ arm }) => arm === 'ASSISTED'),
    importedFrom: imported?.source ?? null,
  };
}

/** The series that the case's preparation took, under the roles that they had then, with their co-registered copies. */
async function readSeries(db: Db, { study_id, preparation_id }: CaseRow): Promise<ExportedSeries[]> {
  const acquired = await db
    .selectFrom('series as e')
    .select(['e.id', 'e.series_instance_uid', 'e.role', 'e.parameters'])
    .where('e.study_id', '=', study_id)
    .where('e.derived_from_id', 'is', null)
    .where((eb) =>
      eb.or([
        eb('e.role', '=', 'BRAVO'),
        eb.exists(
          eb
            .selectFrom('registration as g')
            .select('g.id')
            .whereRef('g.series_id', '=', 'e.id')
            .where('g.preparation_id', '=', preparation_id),
        ),
      ]),
    )
    .execute();
  // As preparation names them (gpu-worker/stages/derived-series.ts); an earlier preparation's copies are kept.
  const copyUid = (uid: string): string => keyedUid(Buffer.from(preparation_id), `${uid} on BRAVO`);
  const copies = await db
    .selectFrom('series')
    .select(['id', 'series_instance_uid', 'role'])
    .where('study_id', '=', study_id)
    .where('derived_from_id', 'is not', null)
    .execute();
  const files = await readFiles(db, study_id);
  const found = acquired.map((one): ExportedSeries => {
    const copy = copies.find((other) => other.series_instance_uid === copyUid(one.series_instance_uid));
    const sha256s = files.get(one.id) ?? [];
    return {
      role: (copy?.role ?? one.role) as Sequence,
      seriesInstanceUid: one.series_instance_uid,
      parameters: (one.parameters ?? {}) as ExportedSeries['parameters'],
      sha256s,
      onBravoSha256s: copy ? (files.get(copy.id) ?? []) : one.role === 'BRAVO' ? sha256s : [],
    };
  });
  return sequences.flatMap((role) => found.find((one) => one.role === role) ?? []);
}

/** Hashes of all images of a study by series, in the order of their numbers. */
async function readFiles(db: Db, studyId: StudyId): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db
    .selectFrom('instance as i')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'i.tenant_id').onRef('e.id', '=', 'i.series_id'))
    .select(['i.series_id', 'i.sha256'])
    .where('e.study_id', '=', studyId)
    .orderBy('i.instance_number', (order) => order.asc().nullsLast())
    .orderBy('i.sop_instance_uid')
    .execute();
  return new Map(
    [...Map.groupBy(rows, ({ series_id }) => series_id)].map(([id, own]) => [id, own.map(({ sha256 }) => sha256)]),
  );
}

export const insertExport = (
  db: Db,
  one: {
    tenantId: TenantId;
    id: DatasetExportId;
    datasetId: DatasetId;
    format: ExportFormat;
    memberId: MemberId;
    caseCount: number;
  },
): Promise<unknown> =>
  db
    .insertInto('dataset_export')
    .values({
      tenant_id: one.tenantId,
      id: one.id,
      dataset_id: one.datasetId,
      format: one.format,
      requested_by: one.memberId,
      case_count: one.caseCount,
    })
    .execute();

/** How far an export is. */
export interface Sent {
  readonly casesDone: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
}

export const writeProgress = (
  db: Db,
  id: DatasetExportId,
  { casesDone, fileCount, sizeBytes }: Sent,
): Promise<unknown> =>
  db
    .updateTable('dataset_export')
    .set({ cases_done: casesDone, file_count: fileCount, size_bytes: sizeBytes, seen_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'RUNNING')
    .execute();

export interface ExportEnd extends Sent {
  readonly state: Exclude<ExportState, 'RUNNING'>;
  readonly manifestSha256: string | null;
  readonly message: string | null;
}

export const endExport = (db: Db, id: DatasetExportId, end: ExportEnd): Promise<unknown> =>
  db
    .updateTable('dataset_export')
    .set({
      state: end.state,
      cases_done: end.casesDone,
      file_count: end.fileCount,
      size_bytes: end.sizeBytes,
      manifest_sha256: end.manifestSha256,
      message: end.message,
      seen_at: sql<Date>`now()`,
      ended_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('dataset_export.state', end.state))
    .execute();

/** Exports of a dataset, newest first. */
export const readExports = (db: Db, datasetId: DatasetId, { limit, after }: Page): Promise<DatasetExportRow[]> =>
  db
    .selectFrom('dataset_export')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .$if(after !== undefined, (query) => query.where('id', '<', after as DatasetExportId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
