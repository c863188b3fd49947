import { createHash, randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type HostRules, hostOf, mayConnect } from './host-rules.ts';

/** One file to send. */
export interface StowPart {
  readonly sizeBytes: number;
  readonly sha256: string;
  open(): AsyncIterable<Uint8Array>;
}

export interface StowTarget {
  /** Address of the STOW-RS service, without /studies. */
  readonly url: string;
  readonly token: string | undefined;
}

export interface StowLimits {
  /** How long nothing may come or go, connecting included. */
  readonly silenceMs: number;
  readonly wholeMs: number;
  /** More of an answer is not read. */
  readonly answerBytes: number;
}

export const stowLimits: StowLimits = { silenceMs: 60_000, wholeMs: 600_000, answerBytes: 2 ** 20 };

/** What a receiver answered. */
export interface StowReply {
  readonly status: number;
  /** Seconds that it asks to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** Undefined if it is longer than is read. */
  readonly body: Buffer | undefined;
}

/** No answer came; a later try may get one. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What was asked for is not done, now nor later: the address is not permitted, or the receiver cannot prove who it is. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** Bytes are not those that were recorded; the part they belong to was not ended, so that no receiver takes it for whole. */
export class PartCorrupt extends Error {
  override readonly name = 'PartCorrupt';
}

/**
 * Sends files to a STOW-RS service in one request, piece by piece. Redirects are not followed, certificates are verified, and each
 * address that the host's name stands for is held against the rules before it is connected to, so that none can be exchanged in between.
 * @throws Unreachable, NotSent, PartCorrupt; the signal's reason once it has fired
 */
export async function sendStow(
  { url, token }: StowTarget,
  parts: readonly StowPart[],
  { hosts, limits = stowLimits, signal }: { hosts: HostRules; limits?: StowLimits; signal: AbortSignal },
): Promise<StowReply> {
  const target = new URL(`${url.replace(/\/+$/, '')}/studies`);
  const host = hostOf(target);
  if (isIP(host) > 0 && !mayConnect(hosts, host, host)) throw notPermitted();
  const boundary = `metloop-${randomBytes(16).toString('hex')}`;
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const end = `--${boundary}--\r\n`;
  const length = parts.reduce((sum, { sizeBytes }) => sum + head.length + sizeBytes + 2, end.length);
  const whole = AbortSignal.timeout(limits.wholeMs);
  const request = (target.protocol === 'https:' ? https : http).request(target, {
    method: 'POST',
    agent: false,
    rejectUnauthorized: true,
    lookup: permittedOnly(hosts),
    timeout: limits.silenceMs,
    signal: AbortSignal.any([signal, whole]),
    headers: {
      accept: 'application/dicom+json',
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      'content-length': length,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  request.on('timeout', () => request.destroy(new Unreachable(`Nothing was heard for ${limits.silenceMs / 1000} s.`)));
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  answered.catch(() => {});
  try {
    const sentAll = await writeParts(request, parts, { head, end, answered });
    const response = await answered;
    const status = response.statusCode ?? 0;
    // A page that some proxy shows to everybody is no receiver that has stored what it did not wait for.
    if (!sentAll && status < 300) throw new Unreachable('It answered before everything was sent.');
    return {
      status,
      retryAfterSeconds: retryAfter(response.headers),
      body: await readBody(response, limits.answerBytes),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (whole.aborted) throw new Unreachable(`It took longer than ${limits.wholeMs / 1000} s.`);
    throw asReason(error);
  } finally {
    request.destroy();
  }
}

/** Those who send are not told addresses. */
const notPermitted = (): NotSent =>
  new NotSent("The operator of this service does not permit the destination's host, or not the address it stands for.");

/** Resolves as the system does and leaves permitted addresses. */
const permittedOnly =
  (hosts: HostRules): LookupFunction =>
  (host, options, callback) => {
    dns.lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const permitted = found.filter(({ address }) => mayConnect(hosts, host, address));
      const [first] = permitted;
      if (!first) return callback(notPermitted(), '');
      if (options.all) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };

/** Ends early, without an error, as soon as the receiver has answered. @returns whether everything was sent */
async function writeParts(
  request: http.ClientRequest,
  parts: readonly StowPart[],
  { head, end, answered }: { head: string; end: string; answered: Promise<unknown> },
): Promise<boolean> {
  let over = false;
  const noteEnd = answered.then(
    () => void (over = true),
    () => void (over = true),
  );
  const write = async (piece: string | Uint8Array): Promise<void> => {
    if (!request.write(piece)) await Promise.race([once(request, 'drain').catch(() => {}), noteEnd]);
  };
  for (const { sizeBytes, sha256, open } of parts) {
    await write(head);
    const hash = createHash('sha256');
    let sent = 0;
    for await (const piece of fromStore(open())) {
      if (over) return false;
      hash.update(piece);
      sent += piece.length;
      if (sent > sizeBytes) break;
      await write(piece);
    }
    if (sent !== sizeBytes || hash.digest('hex') !== sha256) throw new PartCorrupt('Stored bytes have changed.');
    await write('\r\n');
  }
  request.end(end);
  return true;
}

/** Says whose fault it is where a part cannot be read: the store may be reached over a network, too. */
async function* fromStore(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* pieces;
  } catch (cause) {
    throw new Error('a file to send could not be read', { cause });
  }
}

/** The whole body; undefined if it is longer than `most`. */
async function readBody(response: http.IncomingMessage, most: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > most) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Retry-After in seconds or as a date (RFC 9110 section 10.2.3), which is held against the receiver's own clock if it tells it. */
function retryAfter({ 'retry-after': text, date }: http.IncomingHttpHeaders): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const [then, now] = [Date.parse(text), Date.parse(date ?? '')];
  if (Number.isNaN(then)) return undefined;
  return Math.max(0, Math.ceil((then - (Number.isNaN(now) ? Date.now() : now)) / 1000));
}

/** What an error of the connection means. */
function asReason(error: unknown): unknown {
  if (error instanceof Unreachable || error instanceof NotSent || error instanceof PartCorrupt) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (/CERT|SIGNATURE/.test(code))
    return new NotSent(`The receiver's certificate cannot be trusted (${code}).`, { cause: error });
  // Of the network, of its names, of HTTP or TLS.
  if (syscall !== undefined || /^(E[A-Z]+|HPE_\w+|ERR_(SSL|TLS|HTTP|STREAM|SOCKET)\w*|ABORT_ERR)$/.test(code))
    return new Unreachable(`The receiver could not be reached, or hung up (${code}).`, { cause: error });
  return error;
}
