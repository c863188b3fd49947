import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DicomJson, toDicomJson } from '#core/dicom/dicom-json.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';
import { readFrames } from './frames.ts';
import { findInstances, type StoredInstance } from './instance-store.ts';
import { relatedBody } from './multipart.ts';
import type { CallerOf } from './routes.ts';

interface Params {
  readonly study: string;
  readonly series: string;
  readonly instance?: string;
  readonly frames?: string;
}
type Request = FastifyRequest<{ Params: Params }>;

const series = '/studies/:study/series/:series';
const instance = `${series}/instances/:instance`;
/** Stored bytes never change; the time is short since a browser on a shared desk keeps what it was given. */
const cacheControl = 'private, max-age=600';
const availableTransferSyntax = '00083002';

/** WADO-RS: series and instances whole, as metadata and by frames. */
export function addWado(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  const find = async (request: Request): Promise<{ caller: Caller; instances: StoredInstance[] }> => {
    const caller = await callerOf(request);
    const instances = await inRequest(services, caller, ({ db }) => findInstances(db, request.params), request.id);
    if (instances.length === 0)
      throw new DomainError('NOT_FOUND', 'There is no such series or instance, or you may not see it.');
    return { caller, instances };
  };
  const retrieve = async (request: Request, reply: FastifyReply) => {
    const { caller, instances } = await find(request);
    const { contentType, body } = relatedBody(partsOf(services, caller, instances), 'application/dicom');
    return reply.type(contentType).header('cache-control', cacheControl).send(Readable.from(body));
  };
  const metadata = async (request: Request, reply: FastifyReply) => {
    const { caller, instances } = await find(request);
    const list = await Promise.all(instances.map((one) => metadataOf(services, caller, one)));
    return reply.type('application/dicom+json').header('cache-control', 'no-store').send(JSON.stringify(list));
  };
  const frames = async (request: Request, reply: FastifyReply) => {
    const { caller, instances } = await find(request);
    const numbers = request.params.frames!.split(',').map(Number);
    const found = readFrames(await readObject(services, caller, instances[0]!), numbers);
    const parts = found.frames.map((body) => ({ headers: { 'Content-Type': found.contentType }, body }));
    const { contentType, body } = relatedBody(parts, found.contentType.split(';')[0]!);
    return reply.type(contentType).header('cache-control', cacheControl).send(Readable.from(body));
  };
  app.get(series, retrieve);
  app.get(`${series}/metadata`, metadata);
  app.get(instance, retrieve);
  app.get(`${instance}/metadata`, metadata);
  app.get(`${instance}/frames/:frames`, frames);
}

async function metadataOf(services: Services, caller: Caller, one: StoredInstance): Promise<DicomJson> {
  const kept = one.metadata as DicomJson | undefined;
  const json = kept ?? toDicomJson(parsePart10(await readObject(services, caller, one)).dataset);
  return { ...json, [availableTransferSyntax]: { vr: 'UI', Value: [one.transferSyntaxUid] } };
}

const readObject = (services: Services, caller: Caller, { sha256 }: StoredInstance): Promise<Uint8Array> =>
  services.objects.getVerified(objectKey(caller.tenantId, sha256), sha256);

async function* partsOf(services: Services, caller: Caller, instances: readonly StoredInstance[]) {
  for (const one of instances) {
    const headers = { 'Content-Type': `application/dicom; transfer-syntax=${one.transferSyntaxUid}` };
    yield { headers, body: await readObject(services, caller, one) };
  }
}
