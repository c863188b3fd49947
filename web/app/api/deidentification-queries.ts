/** What de-identification did to the files of a study, as the API tells those who may know. */
export interface DeidentificationReport {
  readonly instanceCount: number;
  readonly profiles: readonly {
    readonly instanceCount: number;
    readonly profile: {
      readonly version: number;
      readonly methods: readonly { readonly code: string; readonly meaning: string }[];
    };
  }[];
  readonly attributes: readonly {
    readonly tag: string | null;
    readonly name: string;
    readonly action: string;
    readonly count: number;
  }[];
  readonly rules: readonly { readonly rule: string; readonly count: number }[];
}

export const deidentificationQuery = `query ($id: ID!) { node(id: $id) { ... on Study { deidentification {
  instanceCount profiles { instanceCount profile { version methods { code meaning } } }
  attributes { tag name action count } rules { rule count } } } } }`;

/** The options that a site chooses from, as the API calls them. */
export const profileOptions = [
  'cleanDescriptors',
  'cleanStructuredContent',
  'retainLongitudinal',
  'retainPatientCharacteristics',
  'retainDeviceIdentity',
  'retainSafePrivate',
  'deface',
] as const;
export type ProfileOption = (typeof profileOptions)[number];

export interface SiteInList {
  readonly id: string;
  readonly name: string;
  /** The version in force first. */
  readonly deidentificationProfiles: readonly (Readonly<Record<ProfileOption, boolean>> & {
    readonly version: number;
    readonly setBy: { readonly name: string } | null;
    readonly setAt: string | null;
  })[];
}

export const sitesQuery = `{ viewer { sites(first: 100) { edges { node {
  id name deidentificationProfiles { version ${profileOptions.join(' ')} setBy { name } setAt }
} } pageInfo { endCursor hasNextPage } } } }`;

export const deidentificationProfileSetMutation = `mutation ($input: DeidentificationProfileSetInput!) {
  deidentificationProfileSet(input: $input) { profile { version } userErrors { code message } } }`;
