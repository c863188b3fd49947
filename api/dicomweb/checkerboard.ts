import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Services } from '../context.ts';
import { localId } from '../graphql/global-id.ts';
import { inRequest } from '../request.ts';
import { findCheckerboard } from './checkerboard-store.ts';
import type { CallerOf } from './routes.ts';

interface Params {
  readonly study: string;
  readonly series: string;
}
type Request = FastifyRequest<{ Params: Params; Querystring: { of?: string } }>;

/** The picture by which a person judges how a series was laid on BRAVO in a preparation (`of`, its global id), as PNG; whoever sees the images sees it. */
export function addCheckerboards(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  app.get('/studies/:study/series/:series/checkerboard', async (request: Request, reply: FastifyReply) => {
    const caller = await callerOf(request);
    const { params, query } = request;
    const preparationId = localId('Preparation', query.of ?? '', ['of']);
    const sha256 = await inRequest(
      services,
      caller,
      ({ db }) => findCheckerboard(db, { ...params, preparationId }),
      request.id,
    );
    if (!sha256) throw new DomainError('NOT_FOUND', 'There is no such registration, or you may not see it.');
    const bytes = await services.objects.getVerified(objectKey(caller.tenantId, sha256), sha256);
    return reply.type('image/png').header('cache-control', 'private, max-age=600').send(bytes);
  });
}
