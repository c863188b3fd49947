import DataLoader from 'dataloader';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db } from '#core/db/database.ts';
import type { DB } from '#core/db/tables.generated.ts';
import type { SiteId, StudyId, TenantId } from '#core/domain/ids.ts';
import type { DeidentificationCounts } from './deidentification-tally.ts';

export type ProfileRow = Selectable<DB['deidentification_profile']>;

/** The versions that a site has chosen, newest first; the newest 100. */
export const profilesBySite = (db: Db): DataLoader<string, ProfileRow[]> =>
  new DataLoader(async (ids) => {
    const rows = await db
      .selectFrom('deidentification_profile')
      .selectAll()
      .where('site_id', 'in', ids as SiteId[])
      .orderBy('version', 'desc')
      .execute();
    return ids.map((id) => rows.filter(({ site_id }) => site_id === id).slice(0, 100));
  });

export const newestProfile = (db: Db, siteId: SiteId): Promise<ProfileRow | undefined> =>
  db
    .selectFrom('deidentification_profile')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Undefined if the site has this version already. */
export const insertProfile = (
  db: Db,
  profile: Insertable<DB['deidentification_profile']>,
): Promise<ProfileRow | undefined> =>
  db
    .insertInto('deidentification_profile')
    .values(profile)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'site_id', 'version']).doNothing())
    .returningAll()
    .executeTakeFirst();

/** Files to which the same was done. */
export interface AlikeFiles {
  readonly digest: string;
  readonly counts: DeidentificationCounts;
  readonly instanceCount: number;
}

/** Counts further files of a study. @param alike each digest once */
export const countOutcomes = (
  db: Db,
  of: { tenantId: TenantId; studyId: StudyId; profileVersion: number },
  alike: readonly AlikeFiles[],
): Promise<unknown> =>
  db
    .insertInto('deidentification_outcome')
    .values(
      alike.map(({ digest, counts, instanceCount }) => ({
        ...{ tenant_id: of.tenantId, study_id: of.studyId, profile_version: of.profileVersion },
        ...{ digest, counts: JSON.stringify(counts), instance_count: instanceCount },
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'study_id', 'profile_version', 'digest'])
        .doUpdateSet({ instance_count: sql`deidentification_outcome.instance_count + excluded.instance_count` }),
    )
    .execute();

/** What was done to the files of one study, added up. */
export interface StudyOutcome {
  readonly versions: readonly { readonly version: number; readonly instanceCount: number }[];
  /** By tag and action, as in `DeidentificationCounts`. */
  readonly attributes: readonly (readonly [name: string, count: number])[];
  readonly rules: readonly (readonly [rule: string, count: number])[];
}

/** By study id; null where nothing is recorded. */
export const outcomesByStudy = (db: Db): DataLoader<string, StudyOutcome | null> =>
  new DataLoader(async (ids) => {
    const versions = await db
      .selectFrom('deidentification_outcome')
      .select(['study_id', 'profile_version', (eb) => eb.fn.sum<string>('instance_count').as('count')])
      .where('study_id', 'in', ids as StudyId[])
      .groupBy(['study_id', 'profile_version'])
      .orderBy('profile_version', 'desc')
      .execute();
    const [attributes, rules] = [await sums(db, ids, 'attributes'), await sums(db, ids, 'rules')];
    return ids.map((id) => {
      const own = versions.filter(({ study_id }) => study_id === id);
      if (own.length === 0) return null;
      return {
        versions: own.map(({ profile_version, count }) => ({
          version: profile_version,
          instanceCount: Number(count),
        })),
        attributes: attributes.get(id) ?? [],
        rules: rules.get(id) ?? [],
      };
    });
  });

async function sums(
  db: Db,
  studyIds: readonly string[],
  part: keyof DeidentificationCounts,
): Promise<ReadonlyMap<string, [name: string, count: number][]>> {
  const { rows } = await sql<{ study_id: string; name: string; count: string }>`
    select study_id, name, sum(number::bigint * instance_count) as count
    from deidentification_outcome, jsonb_each_text(counts -> ${part}) as each (name, number)
    where study_id = any (${studyIds}::uuid[]) group by study_id, name order by name`.execute(db);
  const byStudy = new Map<string, [string, number][]>();
  for (const { study_id, name, count } of rows) {
    const own = byStudy.get(study_id) ?? [];
    own.push([name, Number(count)]);
    byStudy.set(study_id, own);
  }
  return byStudy;
}
