import type { Db } from '#core/db/database.ts';
import type { Grid } from '#core/domain/geometry.ts';
import type { SegmentationId } from '#core/domain/ids.ts';

/** A parametric map of an answer, and the grid that it lies on. */
export interface StoredMap {
  readonly sha256: string;
  readonly grid: Grid;
}

const maps = (db: Db) =>
  db
    .selectFrom('segmentation_result as m')
    .innerJoin('segmentation as s', (join) =>
      join.onRef('s.tenant_id', '=', 'm.tenant_id').onRef('s.id', '=', 'm.segmentation_id'),
    )
    .innerJoin('preparation as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.preparation_id'),
    )
    .select(['m.sha256', 'p.bravo_grid'])
    .where('m.kind', '=', 'PROBABILITY_MAP');

const stored = (row: { sha256: string; bravo_grid: unknown } | undefined): StoredMap | undefined =>
  row && { sha256: row.sha256, grid: row.bravo_grid as Grid };

/** The map that is a series of a study; undefined if the caller may see none. */
export const findMapOfSeries = async (
  db: Db,
  { study, series }: { readonly study: string; readonly series: string },
): Promise<StoredMap | undefined> =>
  stored(
    await maps(db)
      .innerJoin('study as y', (join) => join.onRef('y.tenant_id', '=', 's.tenant_id').onRef('y.id', '=', 's.study_id'))
      .where('y.study_instance_uid', '=', study)
      .where('m.series_instance_uid', '=', series)
      .executeTakeFirst(),
  );

export const findMapOfAnswer = async (db: Db, id: SegmentationId): Promise<StoredMap | undefined> =>
  stored(await maps(db).where('s.id', '=', id).executeTakeFirst());
