import { type Caller, hasRole } from '../context.ts';
import { type NodeType, nodeTypes } from './node-types.ts';

/** True if the caller's roles let them reach objects of the type, by id or through another object. */
export function mayReach(caller: Caller, type: NodeType): boolean {
  const { roles } = nodeTypes[type];
  return roles === 'ANY' || hasRole(caller, ...roles);
}
