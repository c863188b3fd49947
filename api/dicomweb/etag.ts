import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The tag of what these stored objects are answered as. It is made from content hashes but tells none: equal pixels must not be
 * recognized from outside (PS3.15 section E.3.9).
 */
export function tagOf(
  objects: readonly { sopInstanceUid: string; sha256: string }[],
  ...form: readonly string[]
): string {
  const hash = createHash('sha256').update(form.join('\0'));
  for (const { sopInstanceUid, sha256 } of objects) hash.update(`\0${sopInstanceUid}\0${sha256}`);
  return hash.digest('hex').slice(0, 32);
}

/**
 * Marks the answer with its tag, to be asked about again before it is used again.
 * @param weak true if equal tags do not mean equal bytes, as where a boundary is random or the coding differs
 * @returns true if the client has it already and the answer is 304
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, tag: string, weak = true): boolean {
  reply.header('etag', `${weak ? 'W/' : ''}"${tag}"`).header('vary', 'accept, accept-encoding, authorization, cookie');
  const given = request.headers['if-none-match'];
  return (
    given !== undefined &&
    (given.trim() === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === `"${tag}"`))
  );
}
