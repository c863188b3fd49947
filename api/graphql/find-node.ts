import { type Context, hasRole } from '../context.ts';
import { parseGlobalId } from './global-id.ts';
import { type NodeSource, nodeTypes } from './node-types.ts';

/** Any object by its global id; null alike for what never was, what is another tenant's and what the caller may not see. */
export async function findNode({ loaders, caller }: Context, id: string): Promise<NodeSource | null> {
  const parsed = parseGlobalId(id);
  if (!parsed) return null;
  const { table, roles } = nodeTypes[parsed.type];
  if (roles !== 'ANY' && !hasRole(caller, ...roles)) return null;
  const row = await loaders.row(table, parsed.id);
  return row && ({ ...row, __typename: parsed.type } as NodeSource);
}
