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
