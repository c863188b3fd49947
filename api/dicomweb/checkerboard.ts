import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Context, Services } from '../context.ts';
import { localId } from '../graphql/global-id.ts';
import { inRequest } from '../request.ts';
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
    const sha256 = await inRequest(services, caller, (ctx) => findPicture(ctx, params, query.of ?? ''), request.id);
    const bytes = await services.objects.getVerified(objectKey(caller.tenantId, sha256), sha256);
    return reply.type('image/png').header('cache-control', 'private, max-age=600').send(bytes);
  });
}

/** @throws DomainError NOT_FOUND */
async function findPicture({ db }: Context, { study, series }: Params, preparation: string): Promise<string> {
  const found = await db
    .selectFrom('registration as r')
    .innerJoin('series as e', (join) => join.onRef('e.tenant_id', '=', 'r.tenant_id').onRef('e.id', '=', 'r.series_id'))
    .innerJoin('study as s', (join) => join.onRef('s.tenant_id', '=', 'e.tenant_id').onRef('s.id', '=', 'e.study_id'))
    .select('r.checkerboard_sha256')
    .where('r.preparation_id', '=', localId('Preparation', preparation, ['of']))
    .where('s.study_instance_uid', '=', study)
    .where('e.series_instance_uid', '=', series)
    .executeTakeFirst();
  if (!found) throw new DomainError('NOT_FOUND', 'There is no such registration, or you may not see it.');
  return found.checkerboard_sha256;
}
