/** How far an upload is. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** What became of the files. */
export interface UploadOutcome {
  readonly stored: number;
  readonly refused: number;
  /** How often each reason was given. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Study instance UIDs under which files are stored. */
  readonly studies: ReadonlySet<string>;
}

type Item = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;
const tags = { stored: '00081199', failed: '00081198', address: '00081190', comment: '00000902' } as const;

/** True for an archive, which the service opens. */
export const isArchive = ({ name, type }: Pick<File, 'name' | 'type'>): boolean =>
  /\.zip$/i.test(name) || /^application\/(x-)?zip(-compressed)?$/.test(type);

/**
 * Sends files to a site: images by STOW-RS in one request, archives one by one; the browser reads them from the disk as it sends.
 * @throws Error with a sentence for people
 */
export function uploadFiles(
  siteId: string,
  files: readonly File[],
  onProgress: (progress: UploadProgress) => void,
): { done: Promise<UploadOutcome>; cancel: () => void } {
  const images = files.filter((file) => !isArchive(file));
  const requests = [
    ...(images.length > 0 ? [imagesOf(images)] : []),
    ...files.filter(isArchive).map((body): Body => ({ path: 'zip', type: 'application/zip', body })),
  ];
  const totalBytes = requests.reduce((sum, { body }) => sum + body.size, 0);
  let current: XMLHttpRequest | undefined;
  let stopped = false;
  const sendAll = async (): Promise<UploadOutcome> => {
    const outcomes: UploadOutcome[] = [];
    let before = 0;
    for (const one of requests) {
      if (stopped) throw new Error(stoppedMessage);
      current = new XMLHttpRequest();
      outcomes.push(await send(current, siteId, one, (sent) => onProgress({ sentBytes: before + sent, totalBytes })));
      before += one.body.size;
    }
    return outcomes.reduce(added);
  };
  const cancel = (): void => {
    stopped = true;
    current?.abort();
  };
  return { done: sendAll(), cancel };
}

const stoppedMessage = 'Stopped. What had arrived is stored.';

/** One request: its address within the site, and what it carries. */
interface Body {
  readonly path: 'studies' | 'zip';
  readonly type: string;
  readonly body: Blob;
}

function imagesOf(files: readonly File[]): Body {
  const boundary = `metloop-${crypto.randomUUID()}`;
  const parts = files.flatMap((file) => [`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`, file, '\r\n']);
  const type = `multipart/related; type="application/dicom"; boundary=${boundary}`;
  return { path: 'studies', type, body: new Blob([...parts, `--${boundary}--\r\n`]) };
}

function send(
  request: XMLHttpRequest,
  siteId: string,
  { path, type, body }: Body,
  onSent: (bytes: number) => void,
): Promise<UploadOutcome> {
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onerror = () =>
      reject(new Error('The connection broke. What had arrived is stored; send the files again to complete them.'));
    request.onabort = () => reject(new Error(stoppedMessage));
    request.onload = () => {
      if (request.status === 401) reject(new Error('Your session has ended: sign in again.'));
      else if ([200, 202, 409].includes(request.status)) resolve(outcomeOf(JSON.parse(request.responseText)));
      else reject(new Error(messageOf(request.responseText) ?? `The service answered ${request.status}.`));
    };
    request.open('POST', `/dicomweb/sites/${encodeURIComponent(siteId)}/${path}`);
    request.setRequestHeader('content-type', type);
    request.setRequestHeader('accept', 'application/dicom+json');
    request.setRequestHeader('metloop-csrf', '1');
    request.send(body);
  });
}

function added(one: UploadOutcome, other: UploadOutcome): UploadOutcome {
  const reasons = new Map(one.reasons);
  for (const [reason, times] of other.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + times);
  return {
    stored: one.stored + other.stored,
    refused: one.refused + other.refused,
    reasons,
    studies: new Set([...one.studies, ...other.studies]),
  };
}

function outcomeOf(answer: Item): UploadOutcome {
  const items = (tag: string): Item[] => (answer[tag]?.Value ?? []) as Item[];
  const reasons = new Map<string, number>();
  for (const item of items(tags.failed)) {
    const reason = String(item[tags.comment]?.Value?.[0] ?? 'refused');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const studies = items(tags.stored).flatMap(
    (item) => /studies\/([\d.]+)/.exec(String(item[tags.address]?.Value?.[0]))?.[1] ?? [],
  );
  return { stored: items(tags.stored).length, refused: items(tags.failed).length, reasons, studies: new Set(studies) };
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
