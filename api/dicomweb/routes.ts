import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/domain/errors.ts';
import type { Caller, Services } from '../context.ts';
import { localId } from '../graphql/global-id.ts';
import { Unauthenticated } from '../identity/token.ts';
import { inRequest } from '../request.ts';
import { AddressError } from '../upload/address.ts';
import { OverBudget } from '../upload/memory-budget.ts';
import { chooseOffer, NotAcceptable } from './accept.ts';
import { addCheckerboards } from './checkerboard.ts';
import { MultipartError, type MultipartErrorCode } from './multipart.ts';
import { addProbabilityMaps } from './probability.ts';
import { addFileAddresses, addressStatuses } from './put-file.ts';
import { search, type Within } from './qido.ts';
import { type Parameters, parseQido, type QidoLevel } from './qido-query.ts';
import { storeArchive, storeInstances } from './stow.ts';
import { addWado } from './wado.ts';
import { ZipError, type ZipErrorCode } from './zip.ts';

export type CallerOf = (request: FastifyRequest) => Promise<Caller>;

/** As bytes, since to text the server would add a charset, which application/dicom+json has not and clients do not expect. */
const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** DICOMweb (PS3.18): STOW-RS, QIDO-RS, and WADO-RS at every level, under the caller's rights. */
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
    return reply.code(answer.status).type('application/dicom+json').send(jsonBytes(answer.body));
  };
  for (const path of ['/studies', '/studies/:study', '/sites/:site/studies', '/sites/:site/studies/:study'])
    app.post(path, { bodyLimit: Number.MAX_SAFE_INTEGER }, store as never);
  addArchives(app, services, callerOf);
  addFileAddresses(app, services);

  addWado(app, services, callerOf);
  addQido(app, services, callerOf);
  addCheckerboards(app, services, callerOf);
  addProbabilityMaps(app, services, callerOf);
}

/** Beside the standard: a zip archive of a site's images, stored as STOW-RS stores its parts and answered in the same way. */
function addArchives(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  const store = async (request: FastifyRequest<{ Params: { site: string } }>, reply: FastifyReply) => {
    const caller = await callerOf(request);
    if (!/^application\/(x-)?zip(-compressed)?\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      throw new ZipError('NOT_ZIP', 'The content type is not application/zip.');
    const stream = request.body as AsyncIterable<Uint8Array>;
    const siteId = localId('Site', request.params.site, ['site']);
    const answer = await storeArchive(services, caller, { stream, siteId, studyInstanceUid: undefined });
    return reply.code(answer.status).type('application/dicom+json').send(jsonBytes(answer.body));
  };
  app.post('/sites/:site/zip', { bodyLimit: Number.MAX_SAFE_INTEGER }, store as never);
}

/** Where each level is searched (PS3.18 table 10.6.1-1). */
const searches: readonly (readonly [path: string, level: QidoLevel])[] = [
  ['/studies', 'STUDY'],
  ['/series', 'SERIES'],
  ['/instances', 'INSTANCE'],
  ['/studies/:study/series', 'SERIES'],
  ['/studies/:study/instances', 'INSTANCE'],
  ['/studies/:study/series/:series/instances', 'INSTANCE'],
];

/** QIDO-RS. What an answer leaves out is said in a Warning header (PS3.18 section 8.3.4.4). */
function addQido(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  for (const [path, level] of searches)
    app.get(path, async (request: FastifyRequest<{ Params: Within; Querystring: Parameters }>, reply) => {
      const caller = await callerOf(request);
      const accept = request.query.accept ?? request.headers.accept;
      const { type } = chooseOffer(typeof accept === 'string' ? accept : undefined, [
        { type: 'application/dicom+json', multipart: false },
        { type: 'application/json', multipart: false },
      ]);
      const query = parseQido(request.query, level);
      const answer = await inRequest(services, caller, (ctx) => search(ctx, query, request.params), request.id);
      if (answer.warnings.length > 0)
        reply.header(
          'warning',
          answer.warnings.map((text) => `299 metloop "${text.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`),
        );
      return reply.type(type).header('cache-control', 'no-store').send(jsonBytes(answer.results));
    });
}

const multipartStatuses: Partial<Record<MultipartErrorCode, number>> = { PART_TOO_LARGE: 413, NOT_MULTIPART: 415 };
const zipStatuses: Partial<Record<ZipErrorCode, number>> = { TOO_LARGE: 413, NOT_ZIP: 415 };

function answerError(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Unauthenticated)
    return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ message: error.message });
  if (error instanceof AddressError)
    return reply.code(addressStatuses[error.code]).send({ code: error.code, message: error.message });
  if (error instanceof DomainError)
    return reply.code(error.code === 'NOT_FOUND' ? 404 : 409).send({ message: error.message });
  if (error instanceof MultipartError)
    return reply.code(multipartStatuses[error.code] ?? 400).send({ message: error.message });
  if (error instanceof ZipError) return reply.code(zipStatuses[error.code] ?? 400).send({ message: error.message });
  if (error instanceof OverBudget)
    return reply.code(503).header('retry-after', error.retryAfterSeconds).send({ message: error.message });
  if (error instanceof NotAcceptable) return reply.code(406).send({ message: error.message });
  if (error instanceof RangeError) return reply.code(400).send({ message: error.message });
  services.log.error({ err: error, requestId: request.id }, 'a DICOMweb request failed');
  return reply
    .code(500)
    .send({ message: `The service failed; its operators can find why by the request id ${request.id}.` });
}
