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

/**
 * Sends files to a site by STOW-RS in one request; the browser reads them from the disk as it sends.
 * @throws Error with a sentence for people
 */
export function uploadFiles(
  siteId: string,
  files: readonly File[],
  onProgress: (progress: UploadProgress) => void,
): { done: Promise<UploadOutcome>; cancel: () => void } {
  const boundary = `metloop-${crypto.randomUUID()}`;
  const parts = files.flatMap((file) => [`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`, file, '\r\n']);
  const body = new Blob([...parts, `--${boundary}--\r\n`]);
  const request = new XMLHttpRequest();
  const done = new Promise<UploadOutcome>((resolve, reject) => {
    request.upload.onprogress = ({ loaded }) => onProgress({ sentBytes: loaded, totalBytes: body.size });
    request.onerror = () =>
      reject(new Error('The connection broke. What had arrived is stored; send the files again to complete them.'));
    request.onabort = () => reject(new Error('Stopped. What had arrived is stored.'));
    request.onload = () => {
      if (request.status === 401) reject(new Error('Your session has ended: sign in again.'));
      else if ([200, 202, 409].includes(request.status)) resolve(outcomeOf(JSON.parse(request.responseText)));
      else reject(new Error(messageOf(request.responseText) ?? `The service answered ${request.status}.`));
    };
  });
  request.open('POST', `/dicomweb/sites/${encodeURIComponent(siteId)}/studies`);
  request.setRequestHeader('content-type', `multipart/related; type="application/dicom"; boundary=${boundary}`);
  request.setRequestHeader('accept', 'application/dicom+json');
  request.setRequestHeader('metloop-csrf', '1');
  request.send(body);
  return { done, cancel: () => request.abort() };
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
