import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Part10 } from '#core/dicom/part10.ts';
import { chooseOffer } from './accept.ts';
import { isUnchanged, tagOf } from './etag.ts';
import { type FrameReader, frameNumbers, openFrames } from './frames.ts';
import type { StoredInstance } from './instance-store.ts';
import { type OutgoingPart, relatedBody } from './multipart.ts';
import { greyFrame, renderPng, shapeOf, type Viewport, type Window } from './picture.ts';
import { acceptOf, cacheControl, type Wado, type WadoRequest } from './wado.ts';

const png = 'image/png';
const thumbnail: Viewport = { width: 128, height: 128 };

/** Pictures for whoever has no DICOM viewer: rendered and thumbnail of every level (PS3.18 sections 10.4.1.1.3 and .4), as PNG. */
export function addRendered(
  app: FastifyInstance,
  wado: Wado,
  { study, series, instance }: Record<'study' | 'series' | 'instance', string>,
): void {
  for (const path of [study, series, instance, `${instance}/frames/:frames`]) {
    app.get(`${path}/rendered`, (request: WadoRequest, reply) => rendered(wado, request, reply));
    app.get(`${path}/thumbnail`, (request: WadoRequest, reply) => thumbnailOf(wado, request, reply));
  }
}

async function rendered(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  const { query, params } = request;
  const look = { window: windowOf(query.window), viewport: viewportOf(query.viewport) };
  const first = await wado.open(caller, instances[0]!);
  const single = instances.length === 1 && framesOf(first, params.frames).numbers.length === 1;
  const { multipart } = chooseOffer(acceptOf(request), [
    { type: png, multipart: !single },
    ...(single ? [{ type: png, multipart: true }] : []),
  ]);
  const tag = tagOf(instances, 'rendered', params.frames ?? '', query.window ?? '', query.viewport ?? '');
  if (isUnchanged(request, reply.header('cache-control', cacheControl), tag, multipart)) return reply.code(304).send();
  if (!multipart) return reply.type(png).send(picture(first, params.frames, 0, look));
  async function* parts(): AsyncGenerator<OutgoingPart> {
    for (const one of instances) {
      const file = await wado.open(caller, one);
      if (instances.length > 1 && !file.dataset.has('Rows')) continue;
      const { numbers } = framesOf(file, params.frames);
      for (let at = 0; at < numbers.length; at++) {
        yield { headers: { 'Content-Type': png }, body: picture(file, params.frames, at, look) };
        // Other requests are served between two pictures.
        await setImmediate();
      }
    }
  }
  const answer = relatedBody(parts(), png);
  return reply.type(answer.contentType).send(Readable.from(answer.body));
}

/** One small picture: of the middle of the longest series of images. */
async function thumbnailOf(wado: Wado, request: WadoRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller, instances } = await wado.find(request);
  chooseOffer(acceptOf(request), [{ type: png, multipart: false }]);
  const one = middle(longestSeries(instances));
  const { params, query } = request;
  const tag = tagOf([one], 'thumbnail', params.frames ?? '', query.viewport ?? '');
  if (isUnchanged(request, reply.header('cache-control', cacheControl), tag, false)) return reply.code(304).send();
  const file = await wado.open(caller, one);
  const { numbers } = framesOf(file, params.frames);
  const at = Math.floor(numbers.length / 2);
  return reply.type(png).send(picture(file, params.frames, at, { viewport: viewportOf(query.viewport) ?? thumbnail }));
}

function longestSeries(instances: readonly StoredInstance[]): readonly StoredInstance[] {
  const images = instances.filter(({ instanceId }) => instanceId !== null);
  const bySeries = Map.groupBy(images.length > 0 ? images : instances, ({ seriesInstanceUid }) => seriesInstanceUid);
  return [...bySeries.values()].reduce((most, one) => (one.length > most.length ? one : most));
}

const middle = <T>(list: readonly T[]): T => list[Math.floor(list.length / 2)]!;

function framesOf(file: Part10, asked: string | undefined): { reader: FrameReader; numbers: readonly number[] } {
  const reader = openFrames(file);
  const all = (): number[] => Array.from({ length: reader.count }, (_, n) => n + 1);
  return { reader, numbers: asked === undefined ? all() : frameNumbers(asked, reader) };
}

function picture(
  file: Part10,
  asked: string | undefined,
  at: number,
  look: { window?: Window | undefined; viewport?: Viewport | undefined },
): Uint8Array {
  const { reader, numbers } = framesOf(file, asked);
  const frame = greyFrame(file.dataset, reader.native(numbers[at]!), numbers[at]!);
  const source = look.viewport?.source;
  if (source && (source.x + source.width > frame.columns || source.y + source.height > frame.rows))
    throw new RangeError(`The viewport shows more than the ${frame.columns} by ${frame.rows} pixels that there are.`);
  return renderPng(frame, look);
}

const maxViewport = 2048;

/** "width,height" and, after them, "x,y,width,height" of the part shown (PS3.18 section 8.3.5.1.3). */
function viewportOf(text: string | undefined): Viewport | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(',').map(Number);
  const [width = 0, height = 0, x = 0, y = 0, across = 0, down = 0] = numbers;
  const whole = numbers.every((n) => Number.isInteger(n) && n >= 0) && text.split(',').every((part) => part !== '');
  const sized = width > 0 && height > 0 && width <= maxViewport && height <= maxViewport;
  if (!whole || !sized || (numbers.length !== 2 && (numbers.length !== 6 || across === 0 || down === 0)))
    throw new RangeError(
      `viewport is "${text}": give width,height of 1 to ${maxViewport}, and x,y,width,height of a part.`,
    );
  return numbers.length === 2 ? { width, height } : { width, height, source: { x, y, width: across, height: down } };
}

/** "centre,width,shape" (PS3.18 section 8.3.5.1.4). */
function windowOf(text: string | undefined): Window | undefined {
  if (text === undefined) return undefined;
  const [centre, width, shape, ...rest] = text.split(',');
  const known = shape === undefined || /^(linear|linear-exact|sigmoid)$/i.test(shape);
  if (
    !centre ||
    !width ||
    !known ||
    rest.length > 0 ||
    !Number.isFinite(Number(centre)) ||
    !(Number(width) > 0 && Number(width) < 1e12)
  )
    throw new RangeError(`window is "${text}": give centre,width and linear, linear-exact or sigmoid.`);
  return { centre: Number(centre), width: Number(width), shape: shapeOf(shape) };
}
