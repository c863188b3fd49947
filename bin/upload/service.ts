import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The service said no, in a way that another attempt would not change. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';
}

/** The service could not be reached, or failed, for too long. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

export interface ServiceOptions {
  readonly to: string;
  /** Read anew for each request, so that whoever renews it need not stop an upload. */
  readonly tokenFile: string | undefined;
  readonly retries: number;
  /** The first pause, ms; each next one is twice as long, up to a minute. */
  readonly firstPauseMs: number;
  /** Is told before each pause. */
  readonly onRetry: (why: string, pauseMs: number) => void;
  readonly signal: AbortSignal;
}

/** What became of one request's files, by SOP instance UID where the service could read one. */
export interface StoreOutcome {
  readonly stored: ReadonlySet<string>;
  readonly refused: readonly { readonly uid: string | undefined; readonly reason: string }[];
  /** Where each is stored, by the UID that was sent: the service has UIDs of its own. */
  readonly places: ReadonlyMap<string, StoredPlace>;
}

export interface StoredPlace {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

type Item = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** The service as an upload sees it. */
export class Service {
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The id of a site by its name or id. @throws NotAccepted, GivenUp */
  async siteId(site: string): Promise<string> {
    const { viewer } = await this.ask<{ viewer: { sites: { edges: { node: { id: string; name: string } }[] } } }>(
      '{ viewer { sites(first: 100) { edges { node { id name } } } } }',
    );
    const sites = viewer.sites.edges.map(({ node }) => node);
    const found = sites.find(({ id, name }) => id === site || name.toLowerCase() === site.toLowerCase());
    if (found) return found.id;
    const names = sites.map(({ name }) => `"${name}"`).join(', ');
    throw new NotAccepted(`There is no site "${site}" that you may see; there is ${names || 'none'}.`);
  }

  /** Asks by GraphQL; a mutation has to be one that may be repeated. @throws NotAccepted, GivenUp */
  async ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const response = await this.#send('/graphql', 'application/json', () => JSON.stringify({ query, variables }));
    const { data, errors } = (await response.json()) as { data?: T | null; errors?: { message: string }[] };
    if (!data) throw new NotAccepted(errors?.[0]?.message ?? 'The service did not answer a question.');
    return data;
  }

  /** What a resource of DICOMweb holds, as DICOM JSON. @throws NotAccepted, GivenUp */
  async retrieve<T>(path: string): Promise<T> {
    return (await (await this.#send(`/dicomweb${path}`)).json()) as T;
  }

  /** An answer whose body is yet to be read. It is asked for once: whoever broke it off asks anew. @throws NotAccepted, GivenUp */
  async open(path: string): Promise<Response> {
    const { to, signal } = this.#options;
    const headers = { authorization: `Bearer ${await this.#token()}` };
    const response = await fetch(`${to}${path}`, { headers, signal }).catch((error: Error) => {
      if (signal.aborted) throw error;
      throw new GivenUp(`The service could not be reached (${error.message}).`);
    });
    if (response.ok) return response;
    const why = `The service answered ${response.status}: ${messageOf(await response.text())}`;
    throw response.status < 500 ? new NotAccepted(why) : new GivenUp(why);
  }

  /** Stores files by STOW-RS. @throws NotAccepted, GivenUp */
  async store(siteId: string, files: readonly Uint8Array[]): Promise<StoreOutcome> {
    const boundary = `metloop-${randomUUID()}`;
    const head = `\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
    const body = (): Blob =>
      new Blob([...files.flatMap((file) => [head, file as Uint8Array<ArrayBuffer>]), `\r\n--${boundary}--\r\n`]);
    const type = `multipart/related; type="application/dicom"; boundary=${boundary}`;
    const response = await this.#send(`/dicomweb/sites/${encodeURIComponent(siteId)}/studies`, type, body);
    const answer = (await response.json()) as Item;
    const items = (tag: string): Item[] => (answer[tag]?.Value ?? []) as Item[];
    const uid = (item: Item): string | undefined => item['00081155']?.Value?.[0] as string | undefined;
    return {
      stored: new Set(items('00081199').flatMap((item) => uid(item) ?? [])),
      refused: items('00081198').map((item) => ({
        uid: uid(item),
        reason: String(item['00000902']?.Value?.[0] ?? 'refused'),
      })),
      places: new Map(
        items('00081199').flatMap((item) => {
          const [, study, series] =
            /\/studies\/([^/]+)\/series\/([^/]+)/.exec(String(item['00081190']?.Value?.[0])) ?? [];
          const sent = uid(item);
          return sent && study && series
            ? [[sent, { studyInstanceUid: study, seriesInstanceUid: series }] as const]
            : [];
        }),
      ),
    };
  }

  /** One POST, or a GET without a body, again and again until it is answered. Sending the same again is harmless: what is stored stays as it is. */
  async #send(path: string, contentType = '', body?: () => string | Blob): Promise<Response> {
    const { to, retries, firstPauseMs, onRetry, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const result = await this.#attempt(`${to}${path}`, contentType, body?.());
      if (result instanceof Response) return result;
      if (attempt >= retries) throw new GivenUp(`${result.why} Given up after ${attempt + 1} attempts.`);
      // A part of chance, so that many senders do not come back at one moment.
      const pauseMs = result.afterMs ?? Math.min(60_000, firstPauseMs * 2 ** attempt) * (0.5 + Math.random() / 2);
      onRetry(result.why, pauseMs);
      await sleep(pauseMs, undefined, { signal });
    }
  }

  async #attempt(
    url: string,
    contentType: string,
    body: string | Blob | undefined,
  ): Promise<Response | { why: string; afterMs?: number }> {
    const accept = { accept: 'application/json, application/dicom+json' };
    const headers = body === undefined ? accept : { ...accept, 'content-type': contentType };
    const authorization = `Bearer ${await this.#token()}`;
    const { signal } = this.#options;
    try {
      const request = body === undefined ? { method: 'GET' } : { method: 'POST', body };
      const response = await fetch(url, { ...request, headers: { ...headers, authorization }, signal });
      // Read here, so that an answer that breaks off counts as none.
      const text = await response.text();
      if (response.ok || response.status === 409) return new Response(text, { status: response.status });
      const why = `The service answered ${response.status}: ${messageOf(text)}`;
      if (response.status < 500 && response.status !== 429) throw new NotAccepted(why);
      const after = Number(response.headers.get('retry-after'));
      return after > 0 ? { why, afterMs: Math.min(after, 300) * 1000 } : { why };
    } catch (error) {
      if (signal.aborted || error instanceof NotAccepted) throw error;
      const cause = (error as Error).cause as { code?: string } | undefined;
      return { why: `The service could not be reached (${cause?.code ?? (error as Error).message}).` };
    }
  }

  async #token(): Promise<string> {
    const { tokenFile } = this.#options;
    const token = (tokenFile ? await readFile(tokenFile, 'utf8') : (process.env.METLOOP_TOKEN ?? '')).trim();
    if (!token) throw new NotAccepted('There is no access token: give --token-file, or METLOOP_TOKEN.');
    return token;
  }
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
