import { type Selectable, sql } from 'kysely';
import { asService, type Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { InstanceHeader } from '#core/dicom/header.ts';
import type { RecognizedRole } from '#core/dicom/sequence-role.ts';
import {
  type InstanceId,
  type MemberId,
  newId,
  type SeriesId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type TenantId,
  type UploadId,
} from '#core/domain/ids.ts';
import type { Page } from '../graphql/connection.ts';
import type { RefusalRow, SeriesRow, StudyRow, UploadRow } from '../graphql/rows.ts';
import { findWithheld } from './withheld-store.ts';

type RefusalCode = Selectable<DB['refusal']>['code'];

export const readDeidentificationKey = async (db: Db): Promise<Buffer> =>
  (await db.selectFrom('tenant_secret').select('deidentification_key').executeTakeFirstOrThrow()).deidentification_key;

export const insertUpload = (
  db: Db,
  one: { tenantId: TenantId; id: UploadId; siteId: SiteId; memberId: MemberId },
): Promise<UploadRow> =>
  db
    .insertInto('upload')
    .values({ tenant_id: one.tenantId, id: one.id, site_id: one.siteId, member_id: one.memberId })
    .returningAll()
    .executeTakeFirstOrThrow();

export interface UploadCounts {
  readonly files: number;
  readonly bytes: number;
  readonly stored: number;
  readonly refused: number;
}

export const endUpload = (db: Db, id: UploadId, counts: UploadCounts): Promise<unknown> =>
  db
    .updateTable('upload')
    .set({
      received_files: counts.files,
      received_bytes: counts.bytes,
      stored_instances: counts.stored,
      refused_files: counts.refused,
      ended_at: new Date(),
    })
    .where('id', '=', id)
    .execute();

/** @returns its id */
export async function insertRefusal(
  db: Db,
  one: { tenantId: TenantId; uploadId: UploadId; code: RefusalCode; message: string },
): Promise<string> {
  const { tenantId, uploadId, code, message } = one;
  const id = crypto.randomUUID();
  await db.insertInto('refusal').values({ tenant_id: tenantId, id, upload_id: uploadId, code, message }).execute();
  return id;
}

const sexes: Readonly<Record<string, 'FEMALE' | 'MALE' | 'OTHER'>> = { F: 'FEMALE', M: 'MALE', O: 'OTHER' };

/** The patient of this pseudonym, made if new. */
export async function ensureSubject(
  db: Db,
  tenantId: TenantId,
  pseudonym: string,
  sex: string | undefined,
): Promise<SubjectId> {
  await db
    .insertInto('subject')
    .values({ tenant_id: tenantId, id: newId<SubjectId>(), pseudonym, sex: sexes[sex ?? ''] ?? null })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'pseudonym']).doNothing())
    .execute();
  return (await db.selectFrom('subject').select('id').where('pseudonym', '=', pseudonym).executeTakeFirstOrThrow()).id;
}

/** The study of this UID, made if new; undefined if the UID is another site's study. */
export async function ensureStudy(
  db: Db,
  tenantId: TenantId,
  siteId: SiteId,
  subjectId: SubjectId,
  header: InstanceHeader,
): Promise<StudyRow | undefined> {
  const { study, patient, series } = header;
  const age = Number.parseInt(patient.age ?? '', 10);
  const scanner = [
    series.manufacturer,
    series.manufacturerModelName,
    series.magneticFieldStrengthT && `${series.magneticFieldStrengthT} T`,
  ];
  await db
    .insertInto('study')
    .values({
      tenant_id: tenantId,
      id: newId<StudyId>(),
      site_id: siteId,
      subject_id: subjectId,
      study_instance_uid: study.instanceUid,
      study_date: study.date ? `${study.date.slice(0, 4)}-${study.date.slice(4, 6)}-${study.date.slice(6, 8)}` : null,
      age_years: patient.age?.endsWith('Y') && age <= 90 ? age : null,
      description: study.description ?? null,
      scanner: scanner.filter(Boolean).join(' ') || null,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'study_instance_uid']).doNothing())
    .execute();
  return db
    .selectFrom('study')
    .selectAll()
    .where('study_instance_uid', '=', study.instanceUid)
    .where('site_id', '=', siteId)
    .where('subject_id', '=', subjectId)
    .executeTakeFirst();
}

/** The series of this UID, made if new; undefined if the UID is a series of another study. */
export async function ensureSeries(
  db: Db,
  tenantId: TenantId,
  studyId: StudyId,
  { series, parameters }: InstanceHeader,
): Promise<SeriesId | undefined> {
  await db
    .insertInto('series')
    .values({
      tenant_id: tenantId,
      id: newId<SeriesId>(),
      study_id: studyId,
      series_instance_uid: series.instanceUid,
      modality: series.modality ?? 'OT',
      description: parameters.seriesDescription ?? null,
      series_number: series.number ?? null,
      frame_of_reference_uid: series.frameOfReferenceUid ?? null,
      parameters: JSON.stringify(parameters),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'series_instance_uid']).doNothing())
    .execute();
  const row = await db
    .selectFrom('series')
    .select(['id', 'study_id'])
    .where('series_instance_uid', '=', series.instanceUid)
    .executeTakeFirst();
  return row?.study_id === studyId ? row.id : undefined;
}

export interface NewInstance {
  readonly tenantId: TenantId;
  readonly studyId: StudyId;
  readonly seriesId: SeriesId;
  readonly header: InstanceHeader;
  readonly sha256: string;
  readonly sourceHash: string;
  readonly sizeBytes: number;
  /** DICOM JSON, as text. */
  readonly metadata: string;
}

/** Of several under one UID, and of those whose UID is stored, the first counts. @returns UIDs of those that were inserted */
export async function insertInstances(db: Db, instances: readonly NewInstance[]): Promise<Set<string>> {
  if (instances.length === 0) return new Set();
  const inserted = await db
    .insertInto('instance')
    .values(
      instances.map((one) => ({
        tenant_id: one.tenantId,
        id: newId<InstanceId>(),
        series_id: one.seriesId,
        sop_instance_uid: one.header.sopInstanceUid,
        sop_class_uid: one.header.sopClassUid,
        transfer_syntax_uid: one.header.transferSyntaxUid,
        frame_count: one.header.numberOfFrames,
        instance_number: one.header.instanceNumber ?? null,
        sha256: one.sha256,
        source_hash: one.sourceHash,
        size_bytes: one.sizeBytes,
        metadata: one.metadata,
        // Not when the transaction began: a preparation that began while it waited has not seen the image.
        created_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'sop_instance_uid']).doNothing())
    .returning('sop_instance_uid')
    .execute();
  return new Set(inserted.map((row) => row.sop_instance_uid));
}

/** Where an image is, and of which bytes it was made. */
export interface KnownInstance {
  readonly source_hash: string;
  readonly study_id: StudyId;
}

/** Images that are stored, or withheld from everybody until their faces are removed, by SOP instance UID. */
export async function findInstances(
  db: Db,
  sopInstanceUids: readonly string[],
): Promise<ReadonlyMap<string, KnownInstance>> {
  // In this order: an image that is given out between the two is found as a stored one.
  const withheld = await asService(db, () => findWithheld(db, sopInstanceUids));
  const stored = await db
    .selectFrom('instance as i')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'i.tenant_id').onRef('e.id', '=', 'i.series_id'))
    .select(['i.sop_instance_uid', 'i.source_hash', 'e.study_id'])
    .where('i.sop_instance_uid', 'in', sopInstanceUids)
    .execute();
  return new Map([...withheld, ...stored].map((row) => [row.sop_instance_uid, row]));
}

/** True if the study has images that its newest preparation, if there is one, began without. */
export async function hasUnpreparedImages(db: Db, studyId: StudyId): Promise<boolean> {
  const began = db
    .selectFrom('preparation as p')
    .innerJoin('job as j', (join) => join.onRef('j.tenant_id', '=', 'p.tenant_id').onRef('j.id', '=', 'p.job_id'))
    .select(sql<Date>`coalesce(j.started_at, 'infinity')`.as('at'))
    .where('p.study_id', '=', studyId)
    .orderBy('p.number', 'desc')
    .limit(1);
  const image = await db
    .selectFrom('instance as i')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'i.tenant_id').onRef('e.id', '=', 'i.series_id'))
    .select('i.id')
    .where('e.study_id', '=', studyId)
    // What a preparation makes is newer than its beginning.
    .where('e.derived_from_id', 'is', null)
    .where('i.created_at', '>', (eb) => eb.fn.coalesce(began, sql<Date>`'-infinity'::timestamptz`))
    .limit(1)
    .executeTakeFirst();
  return image !== undefined;
}

/** Acquired series of a study with the count of their images, withheld ones included. */
export async function readAcquiredSeries(db: Db, studyId: StudyId): Promise<(SeriesRow & { images: number })[]> {
  const frames = (table: 'instance' | 'withheld_instance') =>
    sql<number>`(select coalesce(sum(frame_count), 0) from ${sql.table(table)} i where i.tenant_id = series.tenant_id and i.series_id = series.id)`;
  const rows = await asService(db, () =>
    db
      .selectFrom('series')
      .selectAll('series')
      .select(sql<number>`${frames('instance')} + ${frames('withheld_instance')}`.as('images'))
      .where('study_id', '=', studyId)
      .where('derived_from_id', 'is', null)
      .where('modality', '=', 'MR')
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => ({ ...row, images: Number(row.images) }));
}

/** Writes the roles recognized; what a member has said stands. */
export async function writeRoles(db: Db, roles: readonly (RecognizedRole & { id: SeriesId })[]): Promise<void> {
  // First none, then each its own: the index admits one series a role at any moment.
  await db
    .updateTable('series')
    .set({ role: 'OTHER' })
    .where(
      'id',
      'in',
      roles.map(({ id }) => id),
    )
    .where('role_set_by_member', '=', false)
    .execute();
  for (const { id, role, reason } of roles) {
    await db
      .updateTable('series')
      .set({ role, role_reason: reason })
      .where('id', '=', id)
      .where('role_set_by_member', '=', false)
      .execute();
  }
}

export const readUploads = (
  db: Db,
  { limit, after }: Page,
  siteIds: readonly SiteId[] | undefined,
): Promise<UploadRow[]> =>
  db
    .selectFrom('upload')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('id', '<', after as UploadId))
    .$if(siteIds !== undefined, (query) => query.where('site_id', 'in', siteIds!))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

export const readRefusals = (db: Db, uploadId: UploadId, { limit, after }: Page): Promise<RefusalRow[]> =>
  db
    .selectFrom('refusal')
    .selectAll()
    .where('upload_id', '=', uploadId)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

/** Keeps a SEG that a reader sent, for them alone, until it is saved as a revision. A repeat takes the place of the first. */
export async function stageLabel(
  db: Db,
  one: {
    tenantId: TenantId;
    memberId: MemberId;
    studyId: StudyId;
    sopInstanceUid: string;
    seriesInstanceUid: string;
    sha256: string;
    sizeBytes: number;
  },
): Promise<void> {
  await db
    .deleteFrom('staged_label')
    .where('member_id', '=', one.memberId)
    .where('sop_instance_uid', '=', one.sopInstanceUid)
    .execute();
  await db
    .insertInto('staged_label')
    .values({
      tenant_id: one.tenantId,
      id: crypto.randomUUID(),
      member_id: one.memberId,
      study_id: one.studyId,
      sop_instance_uid: one.sopInstanceUid,
      series_instance_uid: one.seriesInstanceUid,
      sha256: one.sha256,
      size_bytes: one.sizeBytes,
    })
    .execute();
}

/** A study by its UID with its patient's pseudonym. */
export const findStudyByUid = (
  db: Db,
  studyInstanceUid: string,
): Promise<{ id: StudyId; pseudonym: string } | undefined> =>
  db
    .selectFrom('study')
    .innerJoin('subject', (join) =>
      join.onRef('subject.tenant_id', '=', 'study.tenant_id').onRef('subject.id', '=', 'study.subject_id'),
    )
    .select(['study.id', 'subject.pseudonym'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
