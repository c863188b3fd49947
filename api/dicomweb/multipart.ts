import { randomBytes } from 'node:crypto';

export type MultipartErrorCode =
  | 'NOT_MULTIPART'
  | 'TRUNCATED'
  | 'MALFORMED'
  | 'HEADERS_TOO_LONG'
  | 'TOO_MANY_PARTS'
  | 'PART_TOO_LARGE'
  | 'PREAMBLE_TOO_LONG';

/** Why a multipart body was refused; all but TRUNCATED are faults of the request that a retry does not mend. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
  readonly code: MultipartErrorCode;

  constructor(code: MultipartErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface MultipartLimits {
  readonly maxHeaderBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
}

export const defaultMultipartLimits: MultipartLimits = {
  maxHeaderBytes: 16 * 1024,
  maxPartBytes: 2 ** 31,
  maxParts: 10_000,
};

export interface RelatedPart {
  /** By lower-case name; a repeated header keeps its last value. */
  readonly headers: ReadonlyMap<string, string>;
  /** May be read once and before the next part is asked for; what is left unread is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

const [carriageReturn, lineFeed, dash, space, tab] = [13, 10, 45, 32, 9];
/** White space that RFC 2046 admits between a boundary and its line end. */
const maxPadding = 128;
const maxPreambleBytes = 64 * 1024;
/** RFC 2046 admits 70 characters; Orthanc's own client sends 73. */
const boundaryPattern = /^[\w'()+,\-./:=? ]{1,200}$/;

/**
 * The boundary of a `multipart/related` content type (RFC 2046 section 5.1.1, RFC 2387), quoted or not.
 * @throws MultipartError NOT_MULTIPART
 */
export function boundaryOf(contentType: string): string {
  if (!/^\s*multipart\/related\s*(;|$)/i.test(contentType))
    throw new MultipartError('NOT_MULTIPART', 'The content type is not multipart/related.');
  const parameters = /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;
  for (const [, name, quoted, plain] of contentType.matchAll(parameters)) {
    if (name?.toLowerCase() !== 'boundary') continue;
    const boundary = (quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '').trimEnd();
    if (boundaryPattern.test(boundary)) return boundary;
    break;
  }
  throw new MultipartError('NOT_MULTIPART', 'The content type names no boundary of 1 to 200 permitted characters.');
}

/**
 * The parts of a multipart/related body, in order, without holding more than one chunk of it. Preamble and epilogue are
 * skipped. A body that ends before the closing boundary gives every whole part and then throws.
 * @throws MultipartError
 */
export async function* relatedParts(
  stream: AsyncIterable<Uint8Array>,
  contentType: string,
  limits: MultipartLimits = defaultMultipartLimits,
): AsyncGenerator<RelatedPart, void, void> {
  const reader = new PartReader(stream, boundaryOf(contentType), limits);
  try {
    await reader.skip(maxPreambleBytes, 'PREAMBLE_TOO_LONG', 'The text before the first part');
    for (let count = 1; !reader.closed; count++) {
      if (count > limits.maxParts)
        throw new MultipartError('TOO_MANY_PARTS', `The body has more than ${limits.maxParts} parts.`);
      yield { headers: await reader.headers(), body: reader.body(limits.maxPartBytes) };
      await reader.skip(limits.maxPartBytes, 'PART_TOO_LARGE', 'A part');
    }
  } finally {
    await reader.cancel();
  }
}

/** Reads a stream up to each delimiter in turn. */
class PartReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  readonly #limits: MultipartLimits;
  /** What has come and is not handed out; begins as if a line had just ended, so that a boundary may come first. */
  #pending: Buffer = Buffer.from('\r\n');
  #ended = false;
  #atDelimiter = false;
  /** Bytes of the current part, body or preamble, handed out or skipped. */
  #count = 0;
  closed = false;

  constructor(stream: AsyncIterable<Uint8Array>, boundary: string, limits: MultipartLimits) {
    this.#source = stream[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#limits = limits;
  }

  async cancel(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  /** The headers after a delimiter, which end with an empty line. */
  async headers(): Promise<ReadonlyMap<string, string>> {
    // The line end of the delimiter stays pending: with it, no header at all is "\r\n\r\n" too.
    let end: number;
    while ((end = this.#pending.indexOf('\r\n\r\n')) < 0) {
      if (this.#pending.length > this.#limits.maxHeaderBytes) break;
      await this.#pull("a part's headers");
    }
    if (end < 0 || end > this.#limits.maxHeaderBytes)
      throw new MultipartError('HEADERS_TOO_LONG', `A part's headers exceed ${this.#limits.maxHeaderBytes} bytes.`);
    const text = this.#pending.toString('latin1', 0, end);
    // The last line end stays: a body may be empty, and its delimiter begins with that line end.
    this.#pending = this.#pending.subarray(end + 2);
    this.#atDelimiter = false;
    this.#count = -2;
    const headers = new Map<string, string>();
    for (const line of text
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .slice(1)) {
      const colon = line.indexOf(':');
      if (colon < 1) throw new MultipartError('MALFORMED', "A line of a part's headers has no colon.");
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    return headers;
  }

  async *body(maxBytes: number): AsyncGenerator<Uint8Array, void, void> {
    for (let chunk = await this.#next(maxBytes, 'PART_TOO_LARGE', 'A part'); chunk !== undefined; ) {
      if (chunk.length > 0) yield chunk;
      chunk = await this.#next(maxBytes, 'PART_TOO_LARGE', 'A part');
    }
  }

  async skip(maxBytes: number, code: MultipartErrorCode, what: string): Promise<void> {
    while ((await this.#next(maxBytes, code, what)) !== undefined);
  }

  /** The next bytes before the delimiter, or undefined at the delimiter, which is then consumed up to its line end. */
  async #next(maxBytes: number, code: MultipartErrorCode, what: string): Promise<Uint8Array | undefined> {
    if (this.#atDelimiter) return undefined;
    for (;;) {
      const found = this.#pending.indexOf(this.#delimiter);
      if (found === 0 && (await this.#delimiterHere())) {
        this.#atDelimiter = true;
        return undefined;
      }
      // At 0 stands a line that merely starts like the delimiter.
      const safe = found > 0 ? found : found === 0 ? 1 : this.#pending.length - this.#delimiter.length + 1;
      if (safe > 0) {
        const taken = this.#pending.subarray(0, safe);
        this.#pending = this.#pending.subarray(safe);
        // The first two bytes are the line end that stood before the body.
        const lead = Math.min(Math.max(-this.#count, 0), taken.length);
        this.#count += taken.length;
        if (this.#count > maxBytes) throw new MultipartError(code, `${what} is longer than ${maxBytes} bytes.`);
        return taken.subarray(lead);
      }
      await this.#pull(what === 'A part' ? 'a part' : 'the text before the first part');
    }
  }

  /** True if what stands at the start is a delimiter line; then it is consumed, but for the line end, and `closed` is set. */
  async #delimiterHere(): Promise<boolean> {
    let at = this.#delimiter.length;
    while (this.#pending.length < at + 2) await this.#pull('a boundary');
    if (this.#pending[at] === dash && this.#pending[at + 1] === dash) {
      this.closed = true;
      return true;
    }
    for (; at < this.#delimiter.length + maxPadding; at++) {
      while (this.#pending.length < at + 2) await this.#pull('a boundary');
      if (this.#pending[at] === space || this.#pending[at] === tab) continue;
      if (this.#pending[at] !== carriageReturn || this.#pending[at + 1] !== lineFeed) return false;
      this.#pending = this.#pending.subarray(at);
      return true;
    }
    return false;
  }

  async #pull(inside: string): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) {
      this.#ended = true;
      throw new MultipartError('TRUNCATED', `The body ends inside ${inside}: its closing boundary is missing.`);
    }
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.length);
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
  }
}

export interface OutgoingPart {
  /** At least the content type; values must not hold line ends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * A multipart/related response: its content type and its bytes, streamed part by part.
 * @param type media type of the root part, as `application/dicom` (RFC 2387 section 3.1)
 */
export function relatedBody(
  parts: Iterable<OutgoingPart> | AsyncIterable<OutgoingPart>,
  type: string,
): { readonly contentType: string; readonly body: AsyncIterable<Uint8Array> } {
  // 128 random bits: no one who fills a part can foresee the boundary.
  const boundary = `metloop-${randomBytes(16).toString('hex')}`;
  return { contentType: `multipart/related; type="${type}"; boundary=${boundary}`, body: encodeParts(parts, boundary) };
}

async function* encodeParts(
  parts: Iterable<OutgoingPart> | AsyncIterable<OutgoingPart>,
  boundary: string,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const { headers, body } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => {
      if (/[\r\n]/.test(name + value))
        throw new TypeError(`The header ${JSON.stringify(name)} of a part holds a line end.`);
      return `${name}: ${value}\r\n`;
    });
    yield Buffer.from(`\r\n--${boundary}\r\n${lines.join('')}\r\n`, 'latin1');
    if (body instanceof Uint8Array) yield body;
    else yield* body;
  }
  yield Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
}
