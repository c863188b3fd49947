import type { Db } from '#core/db/database.ts';
import { type InstanceId, newId, type SeriesId, type StudyId, type TenantId } from '#core/domain/ids.ts';
import type { Sequence } from '#core/domain/sequence.ts';
import type { StoredDerivedInstance, StoredDerivedSeries } from './derived-series.ts';

/** The acquired series that a copy is made from. */
export interface DerivedFrom {
  readonly id: SeriesId;
  readonly role: Sequence;
  readonly parameters: unknown;
}

/** Rows of one statement, whose parameters PostgreSQL counts in 16 bits. */
const rowsAtOnce = 1000;

export const readDerivedFrom = async (db: Db, studyId: StudyId, role: Sequence): Promise<DerivedFrom> => ({
  ...(await db
    .selectFrom('series')
    .select(['id', 'parameters'])
    .where('study_id', '=', studyId)
    .where('role', '=', role)
    .where('derived_from_id', 'is', null)
    .executeTakeFirstOrThrow()),
  role,
});

/** Writes the rows of a preparation's derived series, which take the place of those of earlier preparations in lists. */
export async function writeDerivedSeries(
  db: Db,
  tenantId: TenantId,
  studyId: StudyId,
  derived: readonly StoredDerivedSeries[],
): Promise<void> {
  await db
    .updateTable('series')
    .set({ replaced: true })
    .where('study_id', '=', studyId)
    .where('derived_from_id', 'is not', null)
    .execute();
  for (const { from, instances, ...one } of derived) {
    const id = newId<SeriesId>();
    await db
      .insertInto('series')
      .values({
        tenant_id: tenantId,
        id,
        study_id: studyId,
        series_instance_uid: one.seriesInstanceUid,
        modality: 'MR',
        description: one.description,
        series_number: one.seriesNumber,
        frame_of_reference_uid: one.frameOfReferenceUid,
        role: from.role,
        role_reason: 'A co-registered copy.',
        derived_from_id: from.id,
        parameters: JSON.stringify(from.parameters),
      })
      .execute();
    for (let n = 0; n < instances.length; n += rowsAtOnce)
      await insertInstances(db, tenantId, id, instances.slice(n, n + rowsAtOnce));
  }
}

const insertInstances = (
  db: Db,
  tenantId: TenantId,
  seriesId: SeriesId,
  instances: readonly StoredDerivedInstance[],
): Promise<unknown> =>
  db
    .insertInto('instance')
    .values(
      instances.map((one) => ({
        tenant_id: tenantId,
        id: newId<InstanceId>(),
        series_id: seriesId,
        sop_instance_uid: one.sopInstanceUid,
        sop_class_uid: one.sopClassUid,
        transfer_syntax_uid: one.transferSyntaxUid,
        instance_number: one.instanceNumber,
        sha256: one.sha256,
        source_hash: one.sha256,
        size_bytes: one.sizeBytes,
        metadata: JSON.stringify(one.metadata),
      })),
    )
    .execute();
