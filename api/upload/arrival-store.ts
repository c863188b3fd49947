import type { Db } from '#core/db/database.ts';
import type { MemberId, SiteId, StudyId, TenantId, UploadId } from '#core/domain/ids.ts';
import type { RefusalRow, UploadRow } from '../graphql/rows.ts';

/** A file that arrived at its address: it is stored, or was refused. */
export interface Arrival {
  readonly fileKey: string;
  readonly refusal: RefusalRow | null;
}

export const findUploadByKey = (db: Db, memberId: MemberId, idempotencyKey: string): Promise<UploadRow | undefined> =>
  db
    .selectFrom('upload')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();

/** A member's own upload whose files come to addresses. */
export const findAddressedUpload = (db: Db, id: UploadId, memberId: MemberId): Promise<UploadRow | undefined> =>
  db
    .selectFrom('upload')
    .selectAll()
    .where('id', '=', id)
    .where('member_id', '=', memberId)
    .where('idempotency_key', 'is not', null)
    .executeTakeFirst();

export const insertAddressedUpload = (
  db: Db,
  one: { tenantId: TenantId; id: UploadId; siteId: SiteId; memberId: MemberId; idempotencyKey: string },
): Promise<UploadRow> =>
  db
    .insertInto('upload')
    .values({
      tenant_id: one.tenantId,
      id: one.id,
      site_id: one.siteId,
      member_id: one.memberId,
      idempotency_key: one.idempotencyKey,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

/** Holds the upload until the transaction ends; undefined if it has ended. */
export const lockOpenUpload = (db: Db, id: UploadId): Promise<UploadRow | undefined> =>
  db.selectFrom('upload').selectAll().where('id', '=', id).where('ended_at', 'is', null).forUpdate().executeTakeFirst();

/** Ends an upload; undefined if it had ended. */
export const closeUpload = (db: Db, id: UploadId): Promise<UploadRow | undefined> =>
  db
    .updateTable('upload')
    .set({ ended_at: new Date() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst();

export const readArrivals = async (db: Db, uploadId: UploadId, fileKeys: readonly string[]): Promise<Arrival[]> => {
  const arrived = await db
    .selectFrom('upload_arrival')
    .select(['file_key', 'refusal_id'])
    .where('upload_id', '=', uploadId)
    .where('file_key', 'in', fileKeys)
    .execute();
  const refusalIds = arrived.flatMap(({ refusal_id }) => refusal_id ?? []);
  const refusals =
    refusalIds.length > 0 ? await db.selectFrom('refusal').selectAll().where('id', 'in', refusalIds).execute() : [];
  return arrived.map(({ file_key, refusal_id }) => ({
    fileKey: file_key,
    refusal: refusals.find(({ id }) => id === refusal_id) ?? null,
  }));
};

/** Remembers that a file arrived, and counts it. The upload is held by `lockOpenUpload`. */
export async function insertArrival(
  db: Db,
  one: { tenantId: TenantId; uploadId: UploadId; fileKey: string; sizeBytes: number } & (
    | { studyId: StudyId }
    | { refusalId: string }
  ),
): Promise<void> {
  const stored = 'studyId' in one;
  await db
    .insertInto('upload_arrival')
    .values({
      tenant_id: one.tenantId,
      upload_id: one.uploadId,
      file_key: one.fileKey,
      size_bytes: one.sizeBytes,
      study_id: stored ? one.studyId : null,
      refusal_id: stored ? null : one.refusalId,
    })
    .execute();
  await db
    .updateTable('upload')
    .set((eb) => ({
      received_files: eb('received_files', '+', 1),
      received_bytes: eb('received_bytes', '+', one.sizeBytes),
      stored_instances: eb('stored_instances', '+', stored ? 1 : 0),
      refused_files: eb('refused_files', '+', stored ? 0 : 1),
    }))
    .where('id', '=', one.uploadId)
    .execute();
}

/** The studies that an upload's files went into. */
export const readArrivedStudies = async (db: Db, uploadId: UploadId): Promise<StudyId[]> =>
  (
    await db
      .selectFrom('upload_arrival')
      .select('study_id')
      .distinct()
      .where('upload_id', '=', uploadId)
      .where('study_id', 'is not', null)
      .orderBy('study_id')
      .execute()
  ).map(({ study_id }) => study_id!);
