import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Part10, parsePart10 } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import { DomainError } from '#core/domain/errors.ts';
import { objectKey } from '#core/storage/keys.ts';
import type { Caller, Services } from '../context.ts';
import { inRequest } from '../request.ts';
import { chooseOffer, type Offer } from './accept.ts';
import { bulkData } from './bulk-data.ts';
import { ByteCache } from './byte-cache.ts';
import { sendBytes } from './byte-range.ts';
import { isUnchanged, tagOf } from './etag.ts';
import { type FrameReader, frameNumbers, nativeMediaType, openFrames } from './frames.ts';
import { findInstances, type StoredInstance, type Target } from './instance-store.ts';
import { gzippedMetadata } from './metadata.ts';
import { type OutgoingPart, relatedBody } from './multipart.ts';
import { addRendered } from './rendered.ts';
import type { CallerOf } from './routes.ts';
import { nativeFile } from './transcode.ts';

export interface Params extends Target {
  readonly frames?: string;
  readonly '*'?: string;
}
export type WadoRequest = FastifyRequest<{ Params: Params; Querystring: Readonly<Record<string, string | undefined>> }>;

const study = '/studies/:study';
const series = `${study}/series/:series`;
const instance = `${series}/instances/:instance`;
/** Stored bytes never change; the time is short since a browser on a shared desk keeps what it was given. */
export const cacheControl = 'private, max-age=600';
const decompress = promisify(gunzip);

/** What the routes of retrieval share. */
export class Wado {
  readonly services: Services;
  readonly #callerOf: CallerOf;
  readonly #metadata = new ByteCache(64 * 2 ** 20);
  /** Files of which one frame after the other is asked for. */
  readonly #files = new ByteCache(128 * 2 ** 20);

  constructor(services: Services, callerOf: CallerOf) {
    this.services = services;
    this.#callerOf = callerOf;
  }

  /** What the caller may see of what the address names. @throws DomainError NOT_FOUND */
  async find(request: WadoRequest): Promise<{ caller: Caller; instances: readonly StoredInstance[] }> {
    const caller = await this.#callerOf(request);
    const instances = await inRequest(this.services, caller, ({ db }) => findInstances(db, request.params), request.id);
    if (instances.length === 0)
      throw new DomainError('NOT_FOUND', 'There is no such study, series or instance, or you may not see it.');
    return { caller, instances };
  }

  read = ({ tenantId }: Caller, { sha256 }: StoredInstance): Promise<Uint8Array> =>
    this.services.objects.getVerified(objectKey(tenantId, sha256), sha256);

  /** The parsed file, whose bytes are kept for the next frame of it. Whoever calls has found the instance for this caller. */
  async open(caller: Caller, one: StoredInstance): Promise<Part10> {
    return parsePart10(await this.#files.get(objectKey(caller.tenantId, one.sha256), () => this.read(caller, one)));
  }

  /** Gzipped. The tag says all that the metadata depend on, so that they need no reading again while they are kept. */
  metadata(caller: Caller, requestId: string, tag: string, instances: readonly StoredInstance[]): Promise<Uint8Array> {
    const { services } = this;
    return this.#metadata.get(`${caller.tenantId} ${tag}`, () =>
      inRequest(
        services,
        caller,
        ({ db }) => gzippedMetadata(db, services.config.publicUrl, instances, (one) => this.read(caller, one)),
        requestId,
      ),
    );
  }
}

/** What the request accepts: the parameter of the address before the header (PS3.18 section 8.3.3.1). */
export const acceptOf = ({ query, headers }: WadoRequest): string | undefined => query.accept ?? headers.accept;

/** WADO-RS (PS3.18 section 10.4): studies, series and instances whole, as metadata, by frames, bulk data and pictures. */
export function addWado(app: FastifyInstance, services: Services, callerOf: CallerOf): void {
  const wado = new Wado(services, callerOf);
  for (const path of [study, series, instance]) {
    app.get(path, (request: WadoRequest, reply) => retrieve(wado, request, reply));
    app.get(`${path}/metadata`, (request: WadoRequest, reply) => metadata(wado, request, reply));
  }
  app.get(`${instance}/frames/:frames`, (request: WadoRequest, reply) => frames(wado, request, reply));
  app.get(`${instance}/bulkdata/*`, (request: WadoRequest, reply) => bulkdata(wado, request, reply));
  addRendered(app, wado, { study, series, instance });
}

interface FileOffer extends Offer {
  readonly native: boolean;
}

/**
 * Whole files. Who names no transfer syntax gets Explicit VR Little Endian (PS3.18 section 8.7.3), who accepts any gets them as they are
 * stored.
 */
async function retrieve(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  const syntaxes = [...new Set(instances.map(({ transferSyntaxUid }) => transferSyntaxUid))];
  const stored = syntaxes.length === 1 ? syntaxes[0]! : '*';
  const forms = [true, ...(instances.length === 1 ? [false] : [])];
  const offers = forms.flatMap((multipart): FileOffer[] => {
    const common = { type: 'application/dicom', multipart };
    return [
      { ...common, transferSyntaxUid: uids.explicitLittleEndian, native: true },
      { ...common, transferSyntaxUid: stored, stored: true, native: stored === uids.explicitLittleEndian },
    ];
  });
  const offer = chooseOffer(acceptOf(request), offers);
  if (
    isUnchanged(
      request,
      reply.header('cache-control', cacheControl),
      tagOf(instances, 'file', String(offer.native)),
      offer.multipart,
    )
  )
    return reply.code(304).send();
  const syntaxOf = (one: StoredInstance): string => (offer.native ? uids.explicitLittleEndian : one.transferSyntaxUid);
  const bytesOf = async (one: StoredInstance): Promise<Uint8Array> => {
    const bytes = await wado.read(caller, one);
    return syntaxOf(one) === one.transferSyntaxUid ? bytes : nativeFile(bytes);
  };
  const contentType = (one: StoredInstance): string => `application/dicom; transfer-syntax=${syntaxOf(one)}`;
  if (!offer.multipart) return sendBytes(request, reply.type(contentType(instances[0]!)), await bytesOf(instances[0]!));
  // One file after the other is read, as the client takes them; none after it has hung up.
  async function* parts(): AsyncGenerator<OutgoingPart> {
    for (const one of instances) yield { headers: { 'Content-Type': contentType(one) }, body: await bytesOf(one) };
  }
  const answer = relatedBody(parts(), 'application/dicom');
  return reply.type(answer.contentType).send(Readable.from(answer.body));
}

async function metadata(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  const { type } = chooseOffer(acceptOf(request), [
    { type: 'application/dicom+json', multipart: false },
    { type: 'application/json', multipart: false },
  ]);
  const tag = tagOf(instances, 'metadata', wado.services.config.publicUrl);
  if (isUnchanged(request, reply.type(type).header('cache-control', 'private, no-cache'), tag))
    return reply.code(304).send();
  const zipped = await wado.metadata(caller, request.id, tag, instances);
  if (/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? '')))
    return reply.header('content-encoding', 'gzip').send(zipped);
  return reply.send(await decompress(zipped));
}

async function frames(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  const [one] = instances;
  const frameList = request.params.frames!;
  const reader = openFrames(await wado.open(caller, one!));
  const numbers = frameNumbers(frameList, reader);
  const offer = chooseOffer(acceptOf(request), frameOffers(reader, numbers.length === 1));
  if (
    isUnchanged(
      request,
      reply.header('cache-control', cacheControl),
      tagOf(instances, 'frames', frameList, String(offer.native)),
      offer.multipart,
    )
  )
    return reply.code(304).send();
  const contentType = `${offer.type}; transfer-syntax=${offer.transferSyntaxUid}`;
  const bodyOf = offer.native ? reader.native : reader.stored;
  if (!offer.multipart) return sendBytes(request, reply.type(contentType), bodyOf(numbers[0]!));
  async function* parts(): AsyncGenerator<OutgoingPart> {
    for (const number of numbers) {
      yield { headers: { 'Content-Type': contentType }, body: bodyOf(number) };
      // Other requests are served between two frames.
      await setImmediate();
    }
  }
  const answer = relatedBody(parts(), offer.type);
  return reply.type(answer.contentType).send(Readable.from(answer.body));
}

function frameOffers({ mediaType, transferSyntaxUid }: FrameReader, single: boolean): FileOffer[] {
  return [true, ...(single ? [false] : [])].flatMap((multipart) => [
    { type: nativeMediaType, multipart, transferSyntaxUid: uids.explicitLittleEndian, native: true },
    {
      type: mediaType,
      multipart,
      transferSyntaxUid,
      stored: true,
      native: transferSyntaxUid === uids.explicitLittleEndian,
    },
    // Asked for as octets of any transfer syntax, compressed frames are given too, as viewers expect.
    {
      type: nativeMediaType,
      multipart,
      transferSyntaxUid,
      stored: true,
      native: transferSyntaxUid === uids.explicitLittleEndian,
    },
  ]);
}

/** One binary value: whole, or ranges of its bytes. */
async function bulkdata(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  const path = request.params['*']!;
  const file = await wado.open(caller, instances[0]!);
  const bytes = await bulkData(file, path);
  const offer = chooseOffer(acceptOf(request), [
    { type: nativeMediaType, multipart: false },
    { type: nativeMediaType, multipart: true },
  ]);
  const unchanged = isUnchanged(
    request,
    reply.header('cache-control', cacheControl),
    tagOf(instances, 'bulk', path),
    offer.multipart,
  );
  if (unchanged) return reply.code(304).send();
  if (!offer.multipart) return sendBytes(request, reply.type(nativeMediaType), bytes);
  const answer = relatedBody([{ headers: { 'Content-Type': nativeMediaType }, body: bytes }], nativeMediaType);
  return reply.type(answer.contentType).send(Readable.from(answer.body));
}
