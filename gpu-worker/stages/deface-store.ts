import { type Selectable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { DicomJson } from '#core/dicom/dicom-json.ts';
import {
  type DefacingId,
  type InstanceId,
  newId,
  type SeriesId,
  type StudyId,
  type TenantId,
} from '#core/domain/ids.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';

/** An image of the study, given out or not. */
export interface StudyImage {
  readonly seriesId: SeriesId;
  readonly sopInstanceUid: string;
  readonly sha256: string;
  readonly withheld: boolean;
}

export interface SeriesToDeface {
  readonly id: SeriesId;
  readonly role: SeriesRole;
  readonly number: number | null;
  readonly frameOfReferenceUid: string | null;
  readonly images: readonly StudyImage[];
}

export interface StudyToDeface {
  readonly studyId: StudyId;
  readonly decision: Selectable<DB['defacing']>['decision'];
  readonly series: readonly SeriesToDeface[];
}

/**
 * Acquired series with all their images, those that are withheld and those that show where the head is. Of withheld ones a decision to
 * release has only those that were there when it was made: nobody has decided about others.
 */
export async function readToDeface(db: Db, id: DefacingId): Promise<StudyToDeface> {
  const { study_id: studyId, decision } = await db
    .selectFrom('defacing')
    .select(['study_id', 'decision'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<StudyImage & Omit<SeriesToDeface, 'images'>>`
    select e.id, e.role, e.series_number as number, e.frame_of_reference_uid as "frameOfReferenceUid", e.id as "seriesId",
      i.sop_instance_uid as "sopInstanceUid", i.sha256, i.withheld
    from series e join (
      select tenant_id, series_id, sop_instance_uid, sha256, false as withheld from instance
      union all
      select tenant_id, series_id, sop_instance_uid, sha256, true from withheld_instance w
      where not exists (select from defacing d where d.id = ${id} and d.decision = 'RELEASE' and w.created_at > d.created_at)
    ) i on i.tenant_id = e.tenant_id and i.series_id = e.id
    where e.study_id = ${studyId} and e.derived_from_id is null
    order by e.id, i.sop_instance_uid`.execute(db);
  const series = [...Map.groupBy(rows, (row) => row.id).values()].map((images) => ({ ...images[0]!, images }));
  return { studyId, decision, series };
}

/** A withheld image as it is given out; its bytes are stored. */
export interface ImageToGive {
  readonly sopInstanceUid: string;
  readonly seriesId: SeriesId;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number | null;
  readonly frameCount: number;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly metadata: DicomJson;
}

/** Images that are moved with one statement. */
const atOnce = 500;

/** Held until the transaction ends: nobody adds a withheld image of the study meanwhile. */
const holdStudy = (db: Db, id: StudyId): Promise<unknown> =>
  db.selectFrom('study').select('id').where('id', '=', id).forUpdate().executeTakeFirstOrThrow();

/** Lets images out of quarantine: what was withheld under their UIDs is so no more. Of images that another job has let out nothing is done. */
export async function giveOut(
  db: Db,
  tenantId: TenantId,
  { id, studyId, version, changed }: { id: DefacingId; studyId: StudyId; version: string | null; changed: number },
  images: readonly ImageToGive[],
): Promise<void> {
  await holdStudy(db, studyId);
  let count = 0;
  for (let n = 0; n < images.length; n += atOnce) {
    const part = images.slice(n, n + atOnce);
    const held = await db
      .deleteFrom('withheld_instance')
      .where(
        'sop_instance_uid',
        'in',
        part.map(({ sopInstanceUid }) => sopInstanceUid),
      )
      .returning(['sop_instance_uid', 'source_hash'])
      .execute();
    const sources = new Map(held.map((row) => [row.sop_instance_uid, row.source_hash]));
    const given = part.filter(({ sopInstanceUid }) => sources.has(sopInstanceUid));
    if (given.length > 0) await insertImages(db, tenantId, given, sources);
    count += given.length;
  }
  await db
    .updateTable('defacing')
    .set({
      version,
      // Added to what an attempt before gave out.
      instance_count: sql`coalesce(instance_count, 0) + ${count}`,
      changed_count: sql`coalesce(changed_count, 0) + ${changed}`,
    })
    .where('id', '=', id)
    .execute();
}

const insertImages = (
  db: Db,
  tenantId: TenantId,
  images: readonly ImageToGive[],
  sources: ReadonlyMap<string, string>,
): Promise<unknown> =>
  db
    .insertInto('instance')
    .values(
      images.map((one) => ({
        tenant_id: tenantId,
        id: newId<InstanceId>(),
        series_id: one.seriesId,
        sop_instance_uid: one.sopInstanceUid,
        sop_class_uid: one.sopClassUid,
        transfer_syntax_uid: one.transferSyntaxUid,
        frame_count: one.frameCount,
        instance_number: one.instanceNumber,
        sha256: one.sha256,
        // As sent: a repeat is known again.
        source_hash: sources.get(one.sopInstanceUid)!,
        size_bytes: one.sizeBytes,
        metadata: JSON.stringify(one.metadata),
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'sop_instance_uid']).doNothing())
    .execute();

export const countGivenOut = async (db: Db, id: DefacingId): Promise<number> =>
  (await db.selectFrom('defacing').select('instance_count').where('id', '=', id).executeTakeFirstOrThrow())
    .instance_count ?? 0;

/** The hashes of the study's withheld images; until the transaction ends none is added. */
export async function holdWithheld(db: Db, studyId: StudyId): Promise<Set<string>> {
  await holdStudy(db, studyId);
  const rows = await db.selectFrom('withheld_instance').select('sha256').where('study_id', '=', studyId).execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}
