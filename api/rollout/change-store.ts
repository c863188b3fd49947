import { sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { MemberId, ModelVersionId, RolloutId, SiteId, TenantId } from '#core/domain/ids.ts';
import { type RolloutStage, statesBefore } from '#core/domain/lifecycle.ts';
import type { ModelVersionRow, RolloutRow, SiteRow } from '../graphql/rows.ts';

// Everyone locks in one order: sites by id, then rollouts by id. Nobody then waits for who waits for them.

export const lockSites = (db: Db, ids: readonly SiteId[]): Promise<SiteRow[]> =>
  db.selectFrom('site').selectAll().where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();

export const lockRollouts = (db: Db, ids: readonly RolloutId[]): Promise<RolloutRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db.selectFrom('rollout').selectAll().where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();

/** The version, whose state nobody can change until the transaction ends. */
export const holdVersion = (db: Db, id: ModelVersionId): Promise<ModelVersionRow | undefined> =>
  db.selectFrom('model_version').selectAll().where('id', '=', id).forShare().executeTakeFirst();

/** What a rollout is at a site. */
export interface Placement {
  readonly rolloutId: RolloutId;
  readonly siteId: SiteId;
  readonly stage: RolloutStage;
  readonly previousRolloutId: RolloutId | null;
  readonly versionId: ModelVersionId;
}

const placements = (db: Db) =>
  db
    .selectFrom('rollout_site as p')
    .innerJoin('rollout as r', 'r.id', 'p.rollout_id')
    .select([
      'p.rollout_id as rolloutId',
      'p.site_id as siteId',
      'p.stage',
      'p.previous_rollout_id as previousRolloutId',
      'r.model_version_id as versionId',
    ])
    .orderBy('p.site_id');

/** What is LIVE at the sites. */
export const readLive = (db: Db, siteIds: readonly SiteId[]): Promise<Placement[]> =>
  placements(db).where('p.site_id', 'in', siteIds).where('p.stage', '=', 'LIVE').execute();

/** Where the rollout was put. */
export const readPlacements = (db: Db, rolloutId: RolloutId): Promise<Placement[]> =>
  placements(db).where('p.rollout_id', '=', rolloutId).execute();

/** Takes the step for the rollout at these sites, where it is legal. */
export async function movePlacements(
  db: Db,
  rolloutId: RolloutId,
  siteIds: readonly SiteId[],
  to: RolloutStage,
): Promise<void> {
  await db
    .updateTable('rollout_site')
    .set({ stage: to, ...(to === 'LIVE' && { live_since: sql<Date>`now()` }) })
    .where('rollout_id', '=', rolloutId)
    .where('site_id', 'in', siteIds)
    .where('stage', 'in', statesBefore('rollout.stage', to))
    .execute();
}

/** Takes the step for the rollout as a whole; undefined if it is not legal from its stage. */
export const moveRollout = (db: Db, id: RolloutId, to: RolloutStage): Promise<RolloutRow | undefined> =>
  db
    .updateTable('rollout')
    .set({ stage: to })
    .where('id', '=', id)
    .where('stage', 'in', statesBefore('rollout.stage', to))
    .returningAll()
    .executeTakeFirst();

export const insertRollout = (
  db: Db,
  rollout: { tenantId: TenantId; id: RolloutId; versionId: ModelVersionId },
): Promise<RolloutRow> =>
  db
    .insertInto('rollout')
    .values({ tenant_id: rollout.tenantId, id: rollout.id, model_version_id: rollout.versionId, stage: 'LIVE' })
    .returningAll()
    .executeTakeFirstOrThrow();

export async function insertPlacements(
  db: Db,
  tenantId: TenantId,
  rolloutId: RolloutId,
  sites: readonly { siteId: SiteId; previousRolloutId: RolloutId | null }[],
): Promise<void> {
  const rows = sites.map(({ siteId, previousRolloutId }) => ({
    tenant_id: tenantId,
    rollout_id: rolloutId,
    site_id: siteId,
    stage: 'LIVE' as const,
    previous_rollout_id: previousRolloutId,
    live_since: sql<Date>`now()`,
  }));
  await db.insertInto('rollout_site').values(rows).execute();
}

/** Of these rollouts those that are LIVE at no site. */
export async function liveNowhere(db: Db, ids: readonly RolloutId[]): Promise<RolloutId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('rollout_site')
    .select('rollout_id')
    .distinct()
    .where('rollout_id', 'in', ids)
    .where('stage', '=', 'LIVE')
    .execute();
  const live = new Set(rows.map(({ rollout_id }) => rollout_id));
  return ids.filter((id) => !live.has(id));
}

/** Takes a rollout out of the chain of what served before what: whoever followed it follows what it followed. */
export async function unlink(db: Db, id: RolloutId): Promise<void> {
  await db
    .updateTable('rollout_site as later')
    .from('rollout_site as own')
    .set((eb) => ({ previous_rollout_id: eb.ref('own.previous_rollout_id') }))
    .where('later.previous_rollout_id', '=', id)
    .where('own.rollout_id', '=', id)
    .whereRef('own.site_id', '=', 'later.site_id')
    .execute();
}

/** Of these rollouts those whose version is APPROVED. */
export async function withApprovedVersion(db: Db, ids: readonly RolloutId[]): Promise<ReadonlySet<RolloutId>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('rollout')
    .innerJoin('model_version', 'model_version.id', 'rollout.model_version_id')
    .select('rollout.id')
    .where('rollout.id', 'in', ids)
    .where('model_version.state', '=', 'APPROVED')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Appends to the rollout's history; its row has to be locked. */
export async function insertStep(
  db: Db,
  step: { tenantId: TenantId; rolloutId: RolloutId; stage: RolloutStage; memberId: MemberId; reason: string },
): Promise<void> {
  await db
    .insertInto('rollout_step')
    .values((eb) => ({
      tenant_id: step.tenantId,
      rollout_id: step.rolloutId,
      number: eb
        .selectFrom('rollout_step as earlier')
        .select((inner) => sql<number>`coalesce(${inner.fn.max('earlier.number')}, 0) + 1`.as('next'))
        .where('earlier.rollout_id', '=', step.rolloutId),
      stage: step.stage,
      member_id: step.memberId,
      reason: step.reason,
    }))
    .execute();
}
