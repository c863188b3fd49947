import { describeTag, entryOf, tagText } from '#core/dicom/dictionary.ts';
import type { SiteId } from '#core/domain/ids.ts';
import { type Context, hasRoleAt } from '../context.ts';
import type { DeidentificationAction, DeidentificationRule, Resolvers } from '../generated/resolver-types.ts';
import { localId } from '../graphql/global-id.ts';
import { methodCodes } from './profile.ts';
import { builtInProfile, profileOf, type SiteProfile, setProfile } from './service.ts';
import { outcomesByStudy, profilesBySite } from './store.ts';

const shaped = async ({ version, options, row }: SiteProfile, { loaders }: Context) => ({
  ...{ version, ...options },
  methods: methodCodes(options).map(([code, meaning]) => ({ code, meaning })),
  setBy: row && (await loaders.need('member', row.set_by)),
  setAt: row?.set_at ?? null,
});

/** All versions of a site, newest first, the built-in one last. */
const versionsOf = async (siteId: SiteId, { loaders }: Context): Promise<SiteProfile[]> => [
  ...(await loaders.list(profilesBySite).load(siteId)).map(profileOf),
  builtInProfile,
];

export const resolvers = {
  Mutation: {
    deidentificationProfileSet: async (_, { input: { siteId, version, deface = false, ...others } }, context) => {
      const options = { ...others, deface };
      return {
        profile: await shaped(
          await setProfile(context, localId('Site', siteId, ['siteId']), version, options),
          context,
        ),
      };
    },
  },
  Site: {
    deidentificationProfiles: async ({ id }, _, context) =>
      Promise.all((await versionsOf(id, context)).slice(0, 100).map((profile) => shaped(profile, context))),
  },
  Study: {
    deidentification: async ({ id, site_id }, _, context) => {
      const { caller, loaders } = context;
      if (!hasRoleAt(caller, site_id, 'COORDINATOR', 'AUDITOR')) return null;
      const outcome = await loaders.list(outcomesByStudy).load(id);
      if (!outcome) return null;
      const versions = await versionsOf(site_id, context);
      const profiles = outcome.versions.flatMap(({ version, instanceCount }) => {
        const profile = versions.find((one) => one.version === version);
        return profile ? { profile, instanceCount } : [];
      });
      return {
        instanceCount: outcome.versions.reduce((sum, { instanceCount }) => sum + instanceCount, 0),
        profiles: await Promise.all(
          profiles.map(async ({ profile, instanceCount }) => ({
            profile: await shaped(profile, context),
            instanceCount,
          })),
        ),
        attributes: outcome.attributes.slice(0, 1000).map(([name, count]) => attributeOf(name, count)),
        rules: outcome.rules.map(([rule, count]) => ({ rule: rule as DeidentificationRule, count })),
      };
    },
  },
} satisfies Resolvers;

function attributeOf(name: string, count: number) {
  const [tag = '', action] = name.split(' ');
  const number = /^[0-9a-f]{8}$/.test(tag) ? Number.parseInt(tag, 16) : undefined;
  return {
    tag: number === undefined ? null : tagText(number),
    name: number === undefined ? `${tag} attributes` : (entryOf(number)?.keyword ?? describeTag(number)),
    action: action as DeidentificationAction,
    count,
  };
}
