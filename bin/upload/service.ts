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
    const query = '{ viewer { sites(first: 100) { edges { node { id name } } } } }';
    const response = await this.#send('/graphql', 'application/json', () => JSON.stringify({ query }));
    const { data, errors } = (await response.json()) as {
      data?: { viewer: { sites: { edges: { node: { id: string; name: string } }[] } } };
      errors?: { message: string }[];
    };
    if (!data) throw new NotAccepted(errors?.[0]?.message ?? 'The service did not say which sites there are.');
    const sites = data.viewer.sites.edges.map(({ node }) => node);
    const found = sites.find(({ id, name }) => id === site || name.toLowerCase() === site.toLowerCase());
    if (found) return found.id;
    const names = sites.map(({ name }) => `"${name}"`).join(', ');
    throw new NotAccepted(`There is no site "${site}" that you may see; there is ${names || 'none'}.`);
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
    };
  }

  /** One POST, again and again until it is answered. Sending the same again is harmless: what is stored stays as it is. */
  async #send(path: string, contentType: string, body: () => string | Blob): Promise<Response> {
    const { to, retries, firstPauseMs, onRetry, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const result = await this.#attempt(`${to}${path}`, contentType, body());
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
    body: string | Blob,
  ): Promise<Response | { why: string; afterMs?: number }> {
    const headers = { 'content-type': contentType, accept: 'application/json, application/dicom+json' };
    const authorization = `Bearer ${await this.#token()}`;
    const { signal } = this.#options;
    try {
      const response = await fetch(url, { method: 'POST', headers: { ...headers, authorization }, body, signal });
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
