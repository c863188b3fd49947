import { demoPassword, type PersonKey, people, siteA, siteB, stranger } from '../cast.ts';
import { Client } from '../client.ts';
import type { DemoStack } from '../stack.ts';

/** Everybody of the demonstration, each signed in as themselves on first use. */
export interface Team {
  readonly of: Readonly<Record<PersonKey, Client>>;
  readonly stranger: Client;
  /** Global ids. */
  readonly sites: Readonly<Record<'A' | 'B', string>>;
  /** Global ids of members. */
  readonly members: Readonly<Record<PersonKey, string>>;
}

type Nodes<Field extends string> = {
  readonly edges: readonly { readonly node: { readonly id: string } & Readonly<Record<Field, string>> }[];
};

export async function assembleTeam({ address, issuer }: DemoStack): Promise<Team> {
  const client = (email: string): Client => new Client(address, { issuer, email, password: demoPassword });
  const of = Object.fromEntries(people.map(({ key, email }) => [key, client(email)])) as Record<PersonKey, Client>;
  const { viewer } = await of.admin.graphql<{ viewer: { tenant: { members: Nodes<'email'>; sites: Nodes<'name'> } } }>(
    '{ viewer { tenant { members(first: 100) { edges { node { id email } } } sites(first: 100) { edges { node { id name } } } } } }',
  );
  const idOf = new Map(viewer.tenant.members.edges.map(({ node }) => [node.email, node.id]));
  const site = (name: string): string => viewer.tenant.sites.edges.find(({ node }) => node.name === name)!.node.id;
  return {
    of,
    stranger: client(stranger.email),
    sites: { A: site(siteA), B: site(siteB) },
    members: Object.fromEntries(people.map(({ key, email }) => [key, idOf.get(email)!])) as Record<PersonKey, string>,
  };
}
