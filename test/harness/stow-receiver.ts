import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { parsePart10 } from '#core/dicom/part10.ts';
import { relatedParts } from '../../api/dicomweb/multipart.ts';

export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** SHA-256 of each part that came to its end, by SOP instance UID. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Answers one request, of which everything was read. */
export type Answering = (request: Received, response: ServerResponse) => void;

export interface StowReceiver {
  readonly address: string;
  /** Requests that came whole, in order. */
  readonly received: readonly Received[];
  /** Answers to requests to come, in order; the last one stays. */
  answer(...behaviour: readonly (Answering | 'HANG' | 'HANG_UP')[]): void;
  stop(): Promise<void>;
}

/** A receiver that does as it is told: honest or hostile. With `tls`, by https. */
export async function startStowReceiver(tls?: { readonly key: string; readonly cert: string }): Promise<StowReceiver> {
  const received: Received[] = [];
  let plan: (Answering | 'HANG' | 'HANG_UP')[] = [stored];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const now = plan.length > 1 ? plan.shift()! : plan[0]!;
    if (now === 'HANG_UP') return void request.socket.destroy();
    const parts = new Map<string, string>();
    for await (const { body } of relatedParts(request, request.headers['content-type'] ?? '')) {
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(Buffer.from(piece));
      const bytes = Buffer.concat(pieces);
      const uid = parsePart10(bytes).dataset.requireText('SOPInstanceUID');
      parts.set(uid, createHash('sha256').update(bytes).digest('hex'));
    }
    const one = { path: request.url ?? '', headers: request.headers, parts };
    received.push(one);
    if (now !== 'HANG') now(one, response);
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    void handle(request, response).catch(() => response.destroy());
  const server = tls ? https.createServer(tls, onRequest) : http.createServer(onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  return {
    address: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/dicom-web`,
    received,
    answer: (...behaviour) => void (plan = [...behaviour]),
    stop,
  };
}

const reference = (uid: string, more: object = {}) => ({ '00081155': { vr: 'UI', Value: [uid] }, ...more });
const respond = (
  response: ServerResponse,
  status: number,
  body: string,
  headers: http.OutgoingHttpHeaders = {},
): void => void response.writeHead(status, { 'content-type': 'application/dicom+json', ...headers }).end(body);

/** 200, with a reference to each instance. */
export const stored: Answering = ({ parts }, response) =>
  respond(
    response,
    200,
    JSON.stringify({ '00081199': { vr: 'SQ', Value: [...parts.keys()].map((uid) => reference(uid)) } }),
  );

/** A status with headers and some text. */
export const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}, body = ''): Answering =>
  (_, response) =>
    respond(response, code, body, headers);

/** Refuses these instances for that reason and stores the others. */
export const refused =
  (code: number, reasonOf: (uid: string) => number | undefined): Answering =>
  ({ parts }, response) => {
    const failed = [...parts.keys()].flatMap((uid) => {
      const reason = reasonOf(uid);
      return reason === undefined ? [] : [reference(uid, { '00081197': { vr: 'US', Value: [reason] } })];
    });
    const taken = [...parts.keys()].filter((uid) => reasonOf(uid) === undefined).map((uid) => reference(uid));
    const body = { '00081199': { vr: 'SQ', Value: taken }, '00081198': { vr: 'SQ', Value: failed } };
    respond(response, code, JSON.stringify(body));
  };
