import DataLoader from 'dataloader';
import type { Db } from '#core/db/database.ts';
import type { ModelVersionId, RolloutId, SiteId } from '#core/domain/ids.ts';
import type { RolloutStage } from '#core/domain/lifecycle.ts';
import type { Page } from '../graphql/connection.ts';
import type { ModelVersionRow, RolloutRow, RolloutStepRow, SiteRow } from '../graphql/rows.ts';

export interface RolloutFilter {
  readonly stages?: readonly RolloutStage[] | undefined;
  readonly versionId?: ModelVersionId | undefined;
  readonly siteId?: SiteId | undefined;
}

/** Newest first. */
export const readRollouts = (
  db: Db,
  { limit, after }: Page,
  { stages, versionId, siteId }: RolloutFilter,
): Promise<RolloutRow[]> =>
  db
    .selectFrom('rollout')
    .selectAll()
    .$if(stages !== undefined, (query) => query.where('stage', 'in', stages!))
    .$if(versionId !== undefined, (query) => query.where('model_version_id', '=', versionId!))
    .$if(siteId !== undefined, (query) =>
      query.where('id', 'in', (eb) =>
        eb.selectFrom('rollout_site').select('rollout_id').where('site_id', '=', siteId!),
      ),
    )
    .$if(after !== undefined, (query) => query.where('id', '<', after as RolloutId))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();

/** Sites that a rollout was made for. */
export const readSitesOfRollout = (db: Db, id: RolloutId, { limit, after }: Page): Promise<SiteRow[]> =>
  db
    .selectFrom('site')
    .selectAll()
    .where('id', 'in', (eb) => eb.selectFrom('rollout_site').select('site_id').where('rollout_id', '=', id))
    .$if(after !== undefined, (query) => query.where('id', '>', after as SiteId))
    .orderBy('id')
    .limit(limit + 1)
    .execute();

/** Steps of rollouts, by rollout id, oldest first. */
export const stepsByRollout = (db: Db): DataLoader<string, RolloutStepRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('rollout_step')
      .selectAll()
      .where('rollout_id', 'in', ids as RolloutId[])
      .orderBy('number')
      .execute();
    return ids.map((id) => rows.filter((row) => row.rollout_id === id).slice(0, 100));
  });

/** Versions that answer at sites now, by site id. */
export const liveVersionsBySite = (db: Db): DataLoader<string, ModelVersionRow | null> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('rollout_site')
      .innerJoin('rollout', 'rollout.id', 'rollout_site.rollout_id')
      .innerJoin('model_version', 'model_version.id', 'rollout.model_version_id')
      .selectAll('model_version')
      .select('rollout_site.site_id as liveAt')
      .where('rollout_site.site_id', 'in', ids as SiteId[])
      .where('rollout_site.stage', '=', 'LIVE')
      .execute();
    const bySite = new Map(rows.map(({ liveAt, ...version }) => [liveAt as string, version]));
    return ids.map((id) => bySite.get(id) ?? null);
  });

/** What answers at a site, read at this moment. */
export const readInService = (
  db: Db,
  siteId: SiteId,
): Promise<{ rolloutId: RolloutId; versionId: ModelVersionId } | undefined> =>
  db
    .selectFrom('rollout_site')
    .innerJoin('rollout', 'rollout.id', 'rollout_site.rollout_id')
    .select(['rollout.id as rolloutId', 'rollout.model_version_id as versionId'])
    .where('rollout_site.site_id', '=', siteId)
    .where('rollout_site.stage', '=', 'LIVE')
    .executeTakeFirst();
