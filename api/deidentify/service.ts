import type { Db } from '#core/db/database.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import type { SiteId, StudyId, TenantId } from '#core/domain/ids.ts';
import { auditRequest, type Context, hasRole, hasRoleAt } from '../context.ts';
import { type DeidentificationCounts, digestOf } from './deidentification-tally.ts';
import { defaultOptions, type ProfileOptions } from './profile.ts';
import { countOutcomes, insertProfile, newestProfile, type ProfileRow } from './store.ts';

/** What a site has chosen, as it was at some time. */
export interface SiteProfile {
  /** 1 is the built-in choice; each change is one more. */
  readonly version: number;
  readonly options: ProfileOptions;
  /** Null for the built-in choice. */
  readonly row: ProfileRow | null;
}

export const builtInProfile: SiteProfile = { version: 1, options: defaultOptions, row: null };

export const profileOf = (row: ProfileRow): SiteProfile => ({
  version: row.version,
  row,
  options: {
    cleanDescriptors: row.clean_descriptors,
    cleanStructuredContent: row.clean_structured_content,
    retainLongitudinal: row.retain_longitudinal,
    retainPatientCharacteristics: row.retain_patient_characteristics,
    retainDeviceIdentity: row.retain_device_identity,
    retainSafePrivate: row.retain_safe_private,
    deface: row.deface,
  },
});

/** What the site has chosen last. */
export async function presentProfile(db: Db, siteId: SiteId): Promise<SiteProfile> {
  const row = await newestProfile(db, siteId);
  return row === undefined ? builtInProfile : profileOf(row);
}

/**
 * Chooses for uploads to come; files that are stored stay as they are.
 * @param readVersion the version that the caller has seen
 * @throws DomainError NOT_FOUND unless the caller administers the tenant or coordinates the site; STALE if another choice came meanwhile
 */
export async function setProfile(
  ctx: Context,
  siteId: SiteId,
  readVersion: number,
  options: ProfileOptions,
): Promise<SiteProfile> {
  const { caller, db } = ctx;
  const may = hasRole(caller, 'TENANT_ADMIN') || hasRoleAt(caller, siteId, 'COORDINATOR');
  if (!may || !(await ctx.loaders.row('site', siteId))) throw notFound('Site', ['siteId']);
  const present = await presentProfile(db, siteId);
  const row =
    present.version === readVersion
      ? await insertProfile(db, {
          tenant_id: caller.tenantId,
          site_id: siteId,
          version: readVersion + 1,
          clean_descriptors: options.cleanDescriptors,
          clean_structured_content: options.cleanStructuredContent,
          retain_longitudinal: options.retainLongitudinal,
          retain_patient_characteristics: options.retainPatientCharacteristics,
          retain_device_identity: options.retainDeviceIdentity,
          retain_safe_private: options.retainSafePrivate,
          deface: options.deface,
          set_by: caller.memberId,
        })
      : undefined;
  if (!row)
    throw new DomainError('STALE', 'The profile of this site was changed meanwhile: read it again.', {
      path: ['version'],
      current: { type: 'Site', id: siteId },
    });
  await auditRequest(ctx, {
    action: 'deidentificationProfileSet',
    objectType: 'Site',
    objectId: siteId,
    changes: { version: row.version, ...options },
  });
  return profileOf(row);
}

/** Remembers what was done to files of a study, in the transaction that stores them. */
export async function recordOutcomes(
  db: Db,
  of: { tenantId: TenantId; studyId: StudyId; profileVersion: number },
  files: readonly DeidentificationCounts[],
): Promise<void> {
  if (files.length === 0) return;
  const alike = Array.from(Map.groupBy(files, digestOf), ([digest, same]) => ({
    ...{ digest, counts: same[0]!, instanceCount: same.length },
  }));
  await countOutcomes(db, of, alike);
}
