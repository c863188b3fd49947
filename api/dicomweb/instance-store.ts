import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';

/** A stored DICOM object and where its bytes are. */
export interface StoredInstance {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly sha256: string;
  /** Row of the image, whose metadata are kept; null for labels and results. */
  readonly instanceId: string | null;
}

/** What of a study is asked for. */
export interface Target {
  readonly study: string;
  readonly series?: string | undefined;
  readonly instance?: string | undefined;
}

const columns = [
  's.study_instance_uid as studyInstanceUid',
  'sop_instance_uid as sopInstanceUid',
  'sop_class_uid as sopClassUid',
  'transfer_syntax_uid as transferSyntaxUid',
  'sha256',
] as const;

/**
 * Instances by series and number: images, labels and results alike, as row-level security lets see. Of a study those that are listed;
 * a series or an instance that is named is found also if a newer one has taken its place.
 */
export async function findInstances(db: Db, target: Target): Promise<StoredInstance[]> {
  const image = target.instance === undefined ? undefined : await findImage(db, target);
  if (image) return [image];
  const rows = await db
    .selectFrom('study as s')
    .innerJoin('dicom_instance as i', 'i.study_id', 's.id')
    .select([...columns, 'i.series_instance_uid as seriesInstanceUid', 'i.instance_id as instanceId'])
    .where('s.study_instance_uid', '=', target.study)
    .$if(target.series === undefined, (query) => query.where('i.listed', '=', true))
    .$if(target.series !== undefined, (query) => query.where('i.series_instance_uid', '=', target.series!))
    .$if(target.instance !== undefined, (query) => query.where('i.sop_instance_uid', '=', target.instance!))
    .orderBy('i.series_instance_uid')
    .orderBy('i.instance_number', (order) => order.asc().nullsLast())
    .orderBy('i.sop_instance_uid')
    .execute();
  return rows as StoredInstance[];
}

/** The image of a UID, which is what is asked for most. */
async function findImage(db: Db, { study, series, instance }: Target): Promise<StoredInstance | undefined> {
  return db
    .selectFrom('instance as i')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'i.tenant_id').onRef('e.id', '=', 'i.series_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'e.tenant_id').onRef('s.id', '=', 'e.study_id'))
    .select([...columns, 'e.series_instance_uid as seriesInstanceUid', 'i.id as instanceId'])
    .where('i.sop_instance_uid', '=', instance!)
    .where('e.series_instance_uid', '=', series!)
    .where('s.study_instance_uid', '=', study)
    .executeTakeFirst();
}

/** The DICOM JSON that is kept of images, as text, by row. */
export async function readMetadata(db: Db, instanceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (instanceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('instance')
    .select(['id', sql<string>`metadata::text`.as('json')])
    .where('id', '=', sql<never>`any(${instanceIds}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, json }) => [id, json]));
}
