/** What is done about the faces of a study's images, as the API tells those who may know. */
export interface Defacing {
  readonly withheldInstances: number;
  readonly runs: readonly {
    readonly decision: 'DEFACE' | 'RELEASE';
    readonly version: string | null;
    readonly instanceCount: number | null;
    readonly changedInstances: number | null;
    readonly decidedBy: { readonly name: string } | null;
    readonly reason: string | null;
    readonly createdAt: string;
    readonly progress: { readonly endedAt: string | null; readonly failure: { readonly message: string } | null };
  }[];
}

export const defacingQuery = `query ($id: ID!) { node(id: $id) { ... on Study { defacing { withheldInstances runs {
  decision version instanceCount changedInstances decidedBy { name } reason createdAt progress { endedAt failure { message } } } } } } }`;

export const defacingDecideMutation = `mutation ($input: DefacingDecideInput!) {
  defacingDecide(input: $input) { study { id } userErrors { code message } } }`;
