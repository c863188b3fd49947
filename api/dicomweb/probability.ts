import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asService } from '#core/db/database.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import { answerShownIn, ownRead } from '../annotation/service.ts';
import type { Caller, Context, Services } from '../context.ts';
import { localId } from '../graphql/global-id.ts';
import { inRequest } from '../request.ts';
import { openFrames } from './frames.ts';
import { findMapOfAnswer, findMapOfSeries, type StoredMap } from './probability-store.ts';
import type { CallerOf } from './routes.ts';

const compress = promisify(gzip);

/**
 * Beside the standard: a version's probability map for the viewer, a byte a voxel in the order of BRAVO's grid (255 for 1), gzipped; the
 * header metloop-grid says where it lies. By its series to whoever may see the answer; by a read to its reader, who may be blind to
 * the answer's own series, where `answerShownIn` admits it.
 */
export function addProbabilityMaps(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  app.get(
    '/studies/:study/series/:series/probability',
    async (request: FastifyRequest<{ Params: { study: string; series: string } }>, reply) => {
      const caller = await callerOf(request);
      const map = await inRequest(services, caller, ({ db }) => findMapOfSeries(db, request.params), request.id);
      return sendMap(services, caller, map, reply);
    },
  );
  app.get('/reads/:read/probability', async (request: FastifyRequest<{ Params: { read: string } }>, reply) => {
    const caller = await callerOf(request);
    const map = await inRequest(services, caller, (ctx) => mapOfRead(ctx, request.params.read), request.id);
    return sendMap(services, caller, map, reply);
  });
}

async function mapOfRead(ctx: Context, readId: string): Promise<StoredMap | undefined> {
  const read = await ownRead(ctx, localId('Read', readId, ['read']));
  const answer = await answerShownIn(ctx, read);
  return answer && asService(ctx.db, () => findMapOfAnswer(ctx.db, answer));
}

async function sendMap(
  { objects }: Services,
  { tenantId }: Caller,
  map: StoredMap | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!map) throw new DomainError('NOT_FOUND', 'There is no such probability map, or you may not see it.');
  const file = parsePart10(await objects.getVerified(objectKey(tenantId, map.sha256), map.sha256));
  const bytes = await asBytes(openFrames(file));
  return (
    reply
      .type('application/octet-stream')
      .header('metloop-grid', JSON.stringify(map.grid))
      // Whoever shares the browser next may be blind to it.
      .header('cache-control', 'no-store')
      .header('content-encoding', 'gzip')
      .send(await compress(bytes, { level: 1 }))
  );
}

async function asBytes({ count, native }: ReturnType<typeof openFrames>): Promise<Uint8Array> {
  const frames: Uint8Array[] = [];
  for (let number = 1; number <= count; number++) {
    const frame = native(number);
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    frames.push(
      Uint8Array.from({ length: frame.length / 4 }, (_, n) => Math.round(255 * view.getFloat32(4 * n, true))),
    );
    // Other requests are served between two slices.
    await setImmediate();
  }
  return Buffer.concat(frames);
}
