import { relatedBody, relatedParts } from '../../demo/multipart.ts';

/** An archive under test: what is needed to speak DICOMweb with it. */
export interface Archive {
  readonly name: string;
  /** Address of DICOMweb. */
  readonly dicomweb: string;
  /** Path below it to which files are sent. */
  readonly storePath: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer and how long it took until its last byte was here. */
export interface Timed {
  readonly ms: number;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

type DicomElement = { readonly Value?: readonly unknown[] };
type StoreAnswer = Readonly<Record<string, { readonly Value?: readonly Readonly<Record<string, DicomElement>>[] }>>;

/**
 * Sends files in one request of STOW-RS.
 * @returns the seconds until the answer, and the path of each file as stored, as `/studies/…/series/…/instances/…`
 * @throws Error if not all were stored
 */
export async function store(
  archive: Archive,
  files: readonly Uint8Array[],
): Promise<{ seconds: number; paths: string[] }> {
  const { contentType, body } = relatedBody(files);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const began = performance.now();
  const response = await fetch(`${archive.dicomweb}${archive.storePath}`, {
    method: 'POST',
    headers: { ...archive.headers, 'content-type': contentType, accept: 'application/dicom+json' },
    body: whole,
  });
  const text = await response.text();
  const seconds = (performance.now() - began) / 1000;
  const answer = (response.ok ? JSON.parse(text) : {}) as StoreAnswer;
  const paths = (answer['00081199']?.Value ?? []).map(
    (item) => /\/studies\/[^/]+\/series\/[^/]+\/instances\/[^/]+$/.exec(String(item['00081190']?.Value?.[0]))![0],
  );
  if (paths.length !== files.length)
    throw new Error(
      `${archive.name} stored ${paths.length} of ${files.length} files (${response.status}): ${text.slice(0, 500)}`,
    );
  return { seconds, paths };
}

/** @throws Error for any status but 200 */
export async function retrieve(archive: Archive, path: string, accept: string): Promise<Timed> {
  const began = performance.now();
  const response = await fetch(`${archive.dicomweb}${path}`, { headers: { ...archive.headers, accept } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const ms = performance.now() - began;
  if (response.status !== 200)
    throw new Error(
      `${archive.name} answered ${response.status} to ${path}: ${Buffer.from(bytes).toString().slice(0, 500)}`,
    );
  return { ms, bytes, contentType: response.headers.get('content-type') ?? '' };
}

/** The parts of a multipart answer. */
export const partsOf = ({ bytes, contentType }: Timed): Uint8Array[] => relatedParts(bytes, contentType);
