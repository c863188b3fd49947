import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { type Caller, hasRole, type Services } from '../context.ts';
import { globalId, localId } from '../graphql/global-id.ts';
import { Unauthenticated } from '../identity/token.ts';
import { OverBudget } from '../upload/memory-budget.ts';
import { exportFormats } from './contents.ts';
import { exportPath } from './export-path.ts';
import { beginExport } from './service.ts';

type ExportRequest = FastifyRequest<{ Params: { dataset: string; format: string } }>;

/** A frozen dataset as a zip archive, which is made while it is sent. */
export async function exportRoutes(
  app: FastifyInstance,
  { services, callerOf }: { services: Services; callerOf: (request: FastifyRequest) => Promise<Caller> },
): Promise<void> {
  app.setErrorHandler((error, request, reply) => answerError(services, error, request, reply));
  // Who asks for the head alone must not begin an export.
  app.get(exportPath(':dataset', ':format'), { exposeHeadRoute: false }, async (request: ExportRequest, reply) => {
    const caller = await callerOf(request);
    if (!hasRole(caller, 'ENGINEER'))
      return reply.code(403).send({ message: 'To export a dataset needs the role ENGINEER.' });
    const wanted = request.params.format.toUpperCase().replace('-', '_');
    const format = exportFormats.find((one) => one === wanted);
    if (!format) throw notFound('form of export');
    const datasetId = localId('Dataset', request.params.dataset, ['datasetId']);
    const begun = await beginExport(services, caller, { datasetId, format, requestId: request.id });
    const ended = (): void => {
      begun
        .end(reply.raw.writableFinished)
        .catch((err: unknown) => services.log.error({ err }, 'the end of an export could not be noted'));
    };
    // Who hung up while it was begun is told of no more.
    if (reply.raw.destroyed) ended();
    else reply.raw.once('close', ended);
    return (
      reply
        .type('application/zip')
        // By which to ask how far it is.
        .header('metloop-export', globalId('DatasetExport', begun.id))
        .header('content-disposition', `attachment; filename="${begun.fileName}"`)
        .header('cache-control', 'no-store')
        .send(begun.archive)
    );
  });
}

function answerError(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Unauthenticated)
    return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ message: error.message });
  if (error instanceof DomainError)
    return reply.code(error.code === 'NOT_FOUND' ? 404 : 409).send({ code: error.code, message: error.message });
  if (error instanceof OverBudget)
    return reply.code(503).header('retry-after', error.retryAfterSeconds).send({ message: error.message });
  services.log.error({ err: error, requestId: request.id }, 'an export could not begin');
  return reply
    .code(500)
    .send({ message: `The service failed; its operators can find why by the request id ${request.id}.` });
}
