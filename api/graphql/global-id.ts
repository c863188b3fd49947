import { notFound } from '#core/domain/errors.ts';
import { type Id, isId } from '#core/domain/ids.ts';
import { type NodeType, nodeTypes } from './node-types.ts';

/** The opaque global id of an object. */
export const globalId = (type: NodeType, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** What a global id names; undefined if it is none of ours. */
export function parseGlobalId(text: string): { type: NodeType; id: string } | undefined {
  const [type = '', id = '', ...rest] = Buffer.from(text, 'base64url').toString('utf8').split(':');
  return Object.hasOwn(nodeTypes, type) && isId(id) && rest.length === 0 ? { type: type as NodeType, id } : undefined;
}

/** The id of an object of the type wanted. @throws DomainError NOT_FOUND for any other text, as for an object that never was. */
export function localId<T extends NodeType>(type: T, text: string, path: readonly string[]): Id<T> {
  const parsed = parseGlobalId(text);
  if (parsed?.type !== type) throw notFound(type, path);
  return parsed.id as Id<T>;
}

export const localIds = <T extends NodeType>(type: T, texts: readonly string[], path: readonly string[]): Id<T>[] =>
  texts.map((text, index) => localId(type, text, [...path, String(index)]));
