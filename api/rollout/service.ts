import { isUniqueViolation } from '#core/db/unique-violation.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type ModelVersionId, newId, type RolloutId, type SiteId } from '#core/domain/ids.ts';
import type { RolloutStage } from '#core/domain/lifecycle.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ModelVersionRow, RolloutRow, SiteRow } from '../graphql/rows.ts';
import { checkedText, reasonLength } from '../graphql/text-length.ts';
import {
  holdVersion,
  insertPlacements,
  insertRollout,
  insertStep,
  liveNowhere,
  lockRollouts,
  lockSites,
  movePlacements,
  moveRollout,
  type Placement,
  readLive,
  readPlacements,
  unlink,
  withApprovedVersion,
} from './change-store.ts';
import { readInService } from './store.ts';

/** What answers requests at a site at this moment; undefined for nothing. */
export const inService = (
  { db }: Context,
  siteId: SiteId,
): Promise<{ rolloutId: RolloutId; versionId: ModelVersionId } | undefined> => readInService(db, siteId);

export interface RolloutRequest {
  readonly versionId: ModelVersionId;
  readonly siteIds: readonly SiteId[];
  readonly reason: string;
}

/**
 * Puts a version into service at sites, in the place of what serves there, which is remembered for a rollback.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE for a version that is not APPROVED, STALE if somebody else came first
 */
export async function createRollout(ctx: Context, request: RolloutRequest): Promise<RolloutRow> {
  const { db, caller } = ctx;
  const reason = checkedText('reason', request.reason, reasonLength);
  const sites = await lockWantedSites(ctx, request.siteIds);
  const version = await needApproved(ctx, request.versionId);
  const live = await readLive(
    db,
    sites.map(({ id }) => id),
  );
  refuseWhereServing(request, live, version);
  const replaced = [...new Set(live.map(({ rolloutId }) => rolloutId))];
  await lockRollouts(db, replaced);
  const id = newId<RolloutId>();
  const number = version.number;
  try {
    for (const { rolloutId, siteId } of live) await movePlacements(db, rolloutId, [siteId], 'SUPERSEDED');
    const rollout = await insertRollout(db, { tenantId: caller.tenantId, id, versionId: version.id });
    const previous = new Map(live.map(({ siteId, rolloutId }) => [siteId, rolloutId]));
    const placed = sites.map((site) => ({ siteId: site.id, previousRolloutId: previous.get(site.id) ?? null }));
    await insertPlacements(db, caller.tenantId, id, placed);
    await appendStep(ctx, id, 'LIVE', reason);
    for (const old of await liveNowhere(db, replaced)) {
      await moveRollout(db, old, 'SUPERSEDED');
      await appendStep(ctx, old, 'SUPERSEDED', `Version ${number} went live in all its places: ${reason}`);
    }
    await auditRequest(ctx, {
      action: 'rolloutCreate',
      objectType: 'Rollout',
      objectId: id,
      reason,
      changes: { version: number, sites: sites.map((site) => site.id).join(' ') },
    });
    return rollout;
  } catch (error) {
    if (isUniqueViolation(error, 'one_live_version_a_site'))
      throw new DomainError('STALE', 'Somebody else has just changed what serves at one of these sites; look again.', {
        path: ['siteIds'],
        current: { type: 'ModelVersion', id: version.id },
        cause: error,
      });
    throw error;
  }
}

/** The sites, in the order of their ids, which nobody else can roll out to until the transaction ends. */
async function lockWantedSites({ db }: Context, ids: readonly SiteId[]): Promise<SiteRow[]> {
  if (ids.length < 1 || ids.length > 100 || new Set(ids).size < ids.length)
    throw new DomainError('INVALID', 'Name 1 to 100 sites, none twice.', { path: ['siteIds'] });
  const sites = await lockSites(db, ids);
  const seen = new Set(sites.map(({ id }) => id));
  const missing = ids.findIndex((id) => !seen.has(id));
  if (missing >= 0) throw notFound('Site', ['siteIds', String(missing)]);
  return sites;
}

async function needApproved({ db }: Context, id: ModelVersionId): Promise<ModelVersionRow> {
  const version = await holdVersion(db, id);
  if (!version) throw notFound('ModelVersion', ['modelVersionId']);
  if (version.state !== 'APPROVED')
    throw new DomainError(
      'WRONG_STATE',
      `Only an APPROVED version is rolled out; version ${version.number} is ${version.state}.`,
      { path: ['modelVersionId'], current: { type: 'ModelVersion', id } },
    );
  return version;
}

function refuseWhereServing({ siteIds }: RolloutRequest, live: readonly Placement[], version: ModelVersionRow): void {
  const serving = live.find(({ versionId }) => versionId === version.id);
  if (serving)
    throw new DomainError('INVALID', `Version ${version.number} is in service at this site already; leave it out.`, {
      path: ['siteIds', String(siteIds.indexOf(serving.siteId))],
    });
}

/**
 * Takes a rollout back in one step. Wherever it is LIVE, what served before it serves again if its version is still APPROVED, else
 * nothing does. A rollout that was taken back comes back by no later rollback.
 * @throws DomainError NOT_FOUND, INVALID, WRONG_STATE for a rollout that is LIVE nowhere
 */
export async function rollBack(ctx: Context, id: RolloutId, givenReason: string): Promise<RolloutRow> {
  const { db, loaders } = ctx;
  const reason = checkedText('reason', givenReason, reasonLength);
  const rollout = await loaders.row('rollout', id);
  if (!rollout) throw notFound('Rollout', ['rolloutId']);
  // Where it was put never changes, so that the sites may be read before they are locked, and their stages afterwards.
  const sites = await readPlacements(db, id);
  await lockSites(
    db,
    sites.map(({ siteId }) => siteId),
  );
  const live = (await readPlacements(db, id)).filter(({ stage }) => stage === 'LIVE');
  const previous = new Set(live.flatMap(({ previousRolloutId }) => previousRolloutId ?? []));
  await lockRollouts(db, [id, ...previous]);
  const rolledBack = await moveRollout(db, id, 'ROLLED_BACK');
  if (!rolledBack)
    throw new DomainError('WRONG_STATE', 'Only a rollout that is LIVE can be taken back.', {
      path: ['rolloutId'],
      current: { type: 'Rollout', id },
    });
  await movePlacements(
    db,
    id,
    live.map(({ siteId }) => siteId),
    'ROLLED_BACK',
  );
  await unlink(db, id);
  await appendStep(ctx, id, 'ROLLED_BACK', reason);
  const restored = await restore(ctx, live, [...previous], reason);
  await auditRequest(ctx, {
    action: 'rolloutRollback',
    objectType: 'Rollout',
    objectId: id,
    reason,
    changes: { sites: live.map(({ siteId }) => siteId).join(' '), restored: restored.join(' ') },
  });
  return rolledBack;
}

/** @returns what serves again */
async function restore(
  ctx: Context,
  live: readonly Placement[],
  previous: readonly RolloutId[],
  reason: string,
): Promise<RolloutId[]> {
  const { db } = ctx;
  const approved = await withApprovedVersion(db, previous);
  const restored = previous.filter((id) => approved.has(id));
  for (const id of restored) {
    const siteIds = live.filter(({ previousRolloutId }) => previousRolloutId === id).map(({ siteId }) => siteId);
    await movePlacements(db, id, siteIds, 'LIVE');
    // It may be LIVE elsewhere all the time.
    if (await moveRollout(db, id, 'LIVE'))
      await appendStep(ctx, id, 'LIVE', `What came after was taken back: ${reason}`);
  }
  return restored;
}

const appendStep = (
  { db, caller: { tenantId, memberId } }: Context,
  rolloutId: RolloutId,
  stage: RolloutStage,
  reason: string,
): Promise<void> => insertStep(db, { tenantId, rolloutId, stage, memberId, reason });
