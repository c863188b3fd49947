import type { Db } from '#core/db/database.ts';
import type { PreparationId } from '#core/domain/ids.ts';

/** Hash of the picture of a registration in a preparation; undefined if the caller may see none. */
export async function findCheckerboard(
  db: Db,
  { study, series, preparationId }: { study: string; series: string; preparationId: PreparationId },
): Promise<string | undefined> {
  const found = await db
    .selectFrom('registration as r')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'r.tenant_id').onRef('e.id', '=', 'r.series_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'e.tenant_id').onRef('s.id', '=', 'e.study_id'))
    .select('r.checkerboard_sha256')
    .where('r.preparation_id', '=', preparationId)
    .where('s.study_instance_uid', '=', study)
    .where('e.series_instance_uid', '=', series)
    .executeTakeFirst();
  return found?.checkerboard_sha256;
}
