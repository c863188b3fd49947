import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { relatedBody, relatedParts } from './multipart.ts';
import { type SignedIn, signIn } from './services/sign-in.ts';

/** A mutation answered with user errors. */
export class UserErrors extends Error {
  readonly codes: readonly string[];
  constructor(errors: readonly { code: string; message: string; path: readonly string[] }[]) {
    super(errors.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`).join('; '));
    this.codes = errors.map(({ code }) => code);
  }
}

/** By which the service's clock may be ahead of ours. */
const clockDifferenceMs = 5000;

type Variables = Readonly<Record<string, unknown>>;
interface GraphqlAnswer<T> {
  readonly data?: T;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

interface Credentials {
  readonly issuer: string;
  readonly email: string;
  readonly password: string;
}
type AccessToken = Pick<SignedIn, 'accessToken' | 'expiresAt'>;

/** One person signed in, using nothing but the public interfaces. */
export class Client {
  readonly #address: string;
  readonly #signIn: () => Promise<AccessToken>;
  #token: AccessToken | undefined;

  /** @param who Credentials, or what gives an access token whenever one is needed. */
  constructor(address: string, who: Credentials | (() => Promise<AccessToken>)) {
    this.#address = address;
    this.#signIn = typeof who === 'function' ? who : () => signIn(who);
  }

  async #authorization(): Promise<string> {
    const soon = Date.now() + 60_000;
    if (!this.#token || this.#token.expiresAt.getTime() < soon) this.#token = await this.#signIn();
    return `Bearer ${this.#token.accessToken}`;
  }

  /** Runs one operation. @throws Error for top-level errors, UserErrors if the one mutation in it had some */
  async graphql<T>(query: string, variables: Variables = {}): Promise<T> {
    const response = await fetch(`${this.#address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await this.#authorization() },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as GraphqlAnswer<T>;
    if (errors?.length || !data)
      throw new Error(
        errors?.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('; ') ??
          `HTTP ${response.status}`,
      );
    for (const payload of Object.values(data)) {
      const userErrors = (payload as { userErrors?: ConstructorParameters<typeof UserErrors>[0] } | null)?.userErrors;
      if (userErrors?.length) throw new UserErrors(userErrors);
    }
    return data;
  }

  /** Sends files by STOW-RS. @returns the answer's status and DICOM JSON. */
  async store(
    path: string,
    files: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<{ status: number; answer: StowAnswer }> {
    const { contentType, body } = relatedBody(files);
    const response = await fetch(`${this.#address}/dicomweb${path}`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        accept: 'application/dicom+json',
        authorization: await this.#authorization(),
      },
      body: ReadableStream.from(body),
      duplex: 'half',
    });
    return { status: response.status, answer: (await response.json()) as StowAnswer };
  }

  /** GET of DICOMweb. */
  async retrieve(path: string): Promise<Response> {
    return fetch(`${this.#address}/dicomweb${path}`, { headers: { authorization: await this.#authorization() } });
  }

  /** The files of a WADO-RS answer. */
  async retrieveFiles(path: string): Promise<Uint8Array[]> {
    const response = await this.retrieve(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return relatedParts(new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type') ?? '');
  }

  /** Follows a subscription to its end, with a new access token when one ends before it. */
  async follow<T>(query: string, variables: Variables, onEvent: (event: T) => void): Promise<void> {
    while (!(await this.#followToEnd(query, variables, onEvent)));
  }

  /** @returns false if the access token ended first */
  async #followToEnd<T>(query: string, variables: Variables, onEvent: (event: T) => void): Promise<boolean> {
    let opened: AccessToken | undefined;
    const client = createClient({
      url: `${this.#address.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 3,
      connectionParams: async () => {
        const authorization = await this.#authorization();
        opened = this.#token;
        return { authorization };
      },
    });
    try {
      for await (const { data, errors } of client.iterate<T>({ query, variables: { ...variables } })) {
        const unauthenticated = errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
        if (unauthenticated && opened && opened.expiresAt.getTime() <= Date.now() + clockDifferenceMs) return false;
        if (errors?.length) throw new Error(errors.map(({ message }) => message).join('; '));
        if (data) onEvent(data);
      }
      return true;
    } finally {
      await client.dispose();
    }
  }
}

interface DicomElement {
  readonly Value?: readonly unknown[];
}
/** Store Instances Response (PS3.18 I.2), in DICOM JSON. */
export interface StowAnswer {
  readonly '00081199'?: { readonly Value: readonly Readonly<Record<string, DicomElement>>[] };
  readonly '00081198'?: { readonly Value: readonly Readonly<Record<string, DicomElement>>[] };
}

/** Study instance UIDs under which what was sent is stored. */
export const studiesOf = (answer: StowAnswer): Set<string> =>
  new Set(
    (answer['00081199']?.Value ?? []).map((item) => /studies\/([^/]+)/.exec(String(item['00081190']?.Value?.[0]))![1]!),
  );
