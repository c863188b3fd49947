import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import type { AddressErrorCode } from '../upload/address.ts';
import { receiveAt } from '../upload/addressed.ts';
import { leftWhole, steady } from './steady.ts';

export const addressStatuses: Readonly<Record<AddressErrorCode, number>> = {
  ADDRESS_INVALID: 403,
  ADDRESS_EXPIRED: 403,
  UPLOAD_ENDED: 409,
  WRONG_SIZE: 400,
  WRONG_HASH: 400,
};

/**
 * Beside the standard: one file to the address that `uploadPresign` gave for it, which is all the credential that its sender needs.
 * 200 if it is stored, also before; 422 if it is refused.
 */
export function addFileAddresses(app: FastifyInstance, services: Services): void {
  const put = async (request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) => {
    const body = (request.body as AsyncIterable<Uint8Array> | null) ?? Readable.from([]);
    const received = await receiveAt(services, request.params['*'], steady(leftWhole(body)));
    if (received.stored) return reply.code(200).send({ state: 'STORED' });
    const { code, message } = received;
    return reply.code(422).send({ state: 'REFUSED', code, message });
  };
  // A wildcard, whose length has no limit of its own.
  app.put('/uploads/*', { bodyLimit: Number.MAX_SAFE_INTEGER }, put as never);
}
