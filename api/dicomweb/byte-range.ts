import type { FastifyReply, FastifyRequest } from 'fastify';

/** First and last byte, both included. */
interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

/** The one range that a Range header asks for; undefined for none, several or another unit, which are answered whole. */
export function spanOf(header: string | undefined, size: number): ByteSpan | 'UNSATISFIABLE' | undefined {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, from = '', to = ''] = found ?? [];
  if (!found || (from === '' && to === '')) return undefined;
  if (from === '')
    return Number(to) === 0 || size === 0 ? 'UNSATISFIABLE' : { first: Math.max(0, size - Number(to)), last: size - 1 };
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < Number(from)) return undefined;
  return Number(from) >= size ? 'UNSATISFIABLE' : { first: Number(from), last };
}

/** Sends bytes whole or in part (RFC 9110 section 14); a part only of what the client saw before, where it says so by If-Range. */
export function sendBytes(request: FastifyRequest, reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  const condition = request.headers['if-range'];
  const known = condition === undefined || condition === reply.getHeader('etag');
  const span = known ? spanOf(request.headers.range, bytes.length) : undefined;
  reply.header('accept-ranges', 'bytes');
  if (span === undefined) return reply.send(bytes);
  if (span === 'UNSATISFIABLE')
    return reply
      .code(416)
      .header('content-range', `bytes */${bytes.length}`)
      .type('application/json')
      .send({
        message: `The range lies beyond the ${bytes.length} bytes that there are.`,
      });
  reply.code(206).header('content-range', `bytes ${span.first}-${span.last}/${bytes.length}`);
  return reply.send(bytes.subarray(span.first, span.last + 1));
}
