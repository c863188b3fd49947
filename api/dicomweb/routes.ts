import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import { localId } from '../graphql/global-id.ts';
import { Unauthenticated } from '../identity/token.ts';
import { inRequest } from '../request.ts';
import { findInstances, type StoredInstance } from './instance-store.ts';
import { MultipartError, relatedBody } from './multipart.ts';
import { storeInstances } from './stow.ts';

type CallerOf = (request: FastifyRequest) => Promise<Caller>;
interface SeriesParams {
  readonly study: string;
  readonly series: string;
  readonly instance?: string;
}

/** DICOMweb (PS3.18): STOW-RS, and WADO-RS of series and instances, under the caller's rights. */
export async function dicomwebRoutes(
  app: FastifyInstance,
  { services, callerOf }: { services: Services; callerOf: CallerOf },
): Promise<void> {
  app.removeAllContentTypeParsers();
  // Bodies are streams here: an upload may be larger than memory.
  app.addContentTypeParser('*', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, stream, done) => done(null, stream));
  app.setErrorHandler((error, request, reply) => answerError(services, error, request, reply));

  const store = async (request: FastifyRequest<{ Params: { site?: string; study?: string } }>, reply: FastifyReply) => {
    const caller = await callerOf(request);
    const { site, study } = request.params;
    const siteId = site === undefined ? undefined : localId('Site', site, ['site']);
    const stream = request.body as AsyncIterable<Uint8Array>;
    const answer = await storeInstances(services, caller, {
      stream,
      contentType: request.headers['content-type'] ?? '',
      siteId,
      studyInstanceUid: study,
    });
    return reply.code(answer.status).type('application/dicom+json').send(answer.body);
  };
  for (const path of ['/studies', '/studies/:study', '/sites/:site/studies'])
    app.post(path, { bodyLimit: Number.MAX_SAFE_INTEGER }, store as never);

  const find = async (
    request: FastifyRequest<{ Params: SeriesParams }>,
  ): Promise<{ caller: Caller; instances: StoredInstance[] }> => {
    const caller = await callerOf(request);
    const instances = await inRequest(services, caller, ({ db }) => findInstances(db, request.params), request.id);
    if (instances.length === 0)
      throw new DomainError('NOT_FOUND', 'There is no such series or instance, or you may not see it.');
    return { caller, instances };
  };
  const retrieve = async (request: FastifyRequest<{ Params: SeriesParams }>, reply: FastifyReply) => {
    const { caller, instances } = await find(request);
    const { contentType, body } = relatedBody(partsOf(services, caller, instances), 'application/dicom');
    return reply.type(contentType).send(Readable.from(body));
  };
  const metadata = async (request: FastifyRequest<{ Params: SeriesParams }>, reply: FastifyReply) => {
    const { caller, instances } = await find(request);
    const list = await Promise.all(
      instances.map(
        async (one) => one.metadata ?? toDicomJson(parsePart10(await readObject(services, caller, one)).dataset),
      ),
    );
    return reply.type('application/dicom+json').send(JSON.stringify(list));
  };
  app.get('/studies/:study/series/:series', retrieve);
  app.get('/studies/:study/series/:series/metadata', metadata);
  app.get('/studies/:study/series/:series/instances/:instance', retrieve);
  app.get('/studies/:study/series/:series/instances/:instance/metadata', metadata);
}

const readObject = (services: Services, caller: Caller, { sha256 }: StoredInstance): Promise<Uint8Array> =>
  services.objects.getVerified(objectKey(caller.tenantId, sha256), sha256);

async function* partsOf(services: Services, caller: Caller, instances: readonly StoredInstance[]) {
  for (const one of instances) {
    const headers = { 'Content-Type': `application/dicom; transfer-syntax=${one.transferSyntaxUid}` };
    yield { headers, body: await readObject(services, caller, one) };
  }
}

function answerError(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Unauthenticated)
    return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ message: error.message });
  if (error instanceof DomainError)
    return reply.code(error.code === 'NOT_FOUND' ? 404 : 409).send({ message: error.message });
  if (error instanceof MultipartError)
    return reply.code(error.code === 'PART_TOO_LARGE' ? 413 : 400).send({ message: error.message });
  if (error instanceof RangeError) return reply.code(400).send({ message: error.message });
  services.log.error({ err: error, requestId: request.id }, 'a DICOMweb request failed');
  return reply
    .code(500)
    .send({ message: `The service failed; its operators can find why by the request id ${request.id}.` });
}
