import { peekSopClass } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import type { SiteId } from '#core/domain/ids.ts';
import type { Caller, Services } from '../context.ts';
import { intakeBudget } from '../upload/memory-budget.ts';
import { type Outcome, UploadSession } from '../upload/service.ts';
import { receiveLabel } from '../upload/stage-label.ts';
import { relatedParts } from './multipart.ts';
import { SideBySide } from './side-by-side.ts';
import { leftWhole, steady } from './steady.ts';
import { type StowAnswer, stowAnswer } from './stow-answer.ts';
import { defaultZipLimits, dicomFilesOf, ZipError } from './zip.ts';

/** One file of a request; larger ones are refused with 413. */
export const maxFileBytes = 2 ** 30;
/**
 * Files of one request that are worked on at once weigh less than this, and a further file: while some are written, others are
 * de-identified, and one request holds little memory. A file weighs one for each begun quarter of a MiB.
 */
const mostWeight = 96;
const weightOf = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / 2 ** 18));

export interface StowRequest {
  readonly siteId: SiteId | undefined;
  /** That every file must belong to, as sent or as stored. */
  readonly studyInstanceUid: string | undefined;
}

/**
 * STOW-RS: stores each file by itself. 200 only if all are stored, 202 if some are, 409 if none is.
 * @throws MultipartError if the body is not multipart/related or ends early, OverBudget if there is no room for it at this moment; what
 *   came whole before stays stored.
 */
export async function storeInstances(
  services: Services,
  caller: Caller,
  request: StowRequest & { readonly stream: AsyncIterable<Uint8Array>; readonly contentType: string },
): Promise<StowAnswer> {
  const parts = relatedParts(steady(leftWhole(request.stream)), request.contentType, {
    maxHeaderBytes: 16_384,
    maxPartBytes: maxFileBytes,
    maxParts: 100_000,
  });
  async function* files(): AsyncGenerator<AsyncIterable<Uint8Array>> {
    for await (const { body } of parts) yield body;
  }
  return storeFiles(services, caller, request, files());
}

/**
 * As `storeInstances`, of a zip archive, which is held in memory and not on a disk: until they are de-identified, files are nowhere else.
 * @throws ZipError, OverBudget
 */
export async function storeArchive(
  services: Services,
  caller: Caller,
  request: StowRequest & { readonly stream: AsyncIterable<Uint8Array> },
): Promise<StowAnswer> {
  const { bytes, release } = await intakeBudget.collect(
    upTo(defaultZipLimits.maxArchiveBytes, steady(leftWhole(request.stream))),
  );
  try {
    const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return await storeFiles(services, caller, request, dicomFilesOf(archive));
  } finally {
    release();
  }
}

/** @throws ZipError TOO_LARGE */
async function* upTo(maxBytes: number, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of stream) {
    count += chunk.length;
    if (count > maxBytes)
      throw new ZipError(
        'TOO_LARGE',
        `The archive is larger than ${maxBytes} bytes: send it in parts, or the files by themselves.`,
      );
    yield chunk;
  }
}

/** Stores files, a few at once, however they came. @throws as `storeInstances` */
export async function storeFiles(
  services: Services,
  caller: Caller,
  { siteId, studyInstanceUid }: StowRequest,
  files: AsyncIterable<AsyncIterable<Uint8Array>>,
): Promise<StowAnswer> {
  const line = new SideBySide<Outcome>(mostWeight);
  let session: UploadSession | undefined;
  const receive = async (bytes: Uint8Array): Promise<Outcome> => {
    session ??= await UploadSession.open(services, caller, siteId ?? onlySite(caller));
    return session.receive(bytes, studyInstanceUid);
  };
  try {
    for await (const file of files) {
      const { bytes, release } = await intakeBudget.collect(file);
      const { length } = bytes;
      const isLabel = peekSopClass(bytes) === uids.segmentation;
      // A label is compared with images that may have come just before it; the first image opens the session for all.
      if (isLabel) await line.settled();
      const work = isLabel ? () => receiveLabel(services, caller, bytes) : () => receive(bytes);
      await line.begin(() => work().finally(release), weightOf(length));
      if (isLabel || session === undefined) await line.answers();
    }
  } finally {
    await line.settled();
    // Also after a body that broke off: what is stored is recognized and prepared.
    await session?.finish();
  }
  return stowAnswer(services.config.publicUrl, await line.answers());
}

/** @throws RangeError if the caller has no site of which they alone may be meant. */
function onlySite({ grants }: Caller): SiteId {
  const sites = new Set(
    grants.flatMap(({ role, siteId }) => (role === 'COORDINATOR' || role === 'CLINICIAN' ? [siteId] : [])),
  );
  const [site] = sites;
  if (sites.size !== 1 || !site)
    throw new RangeError('Say which site the files come from: POST to /dicomweb/sites/<site id>/studies.');
  return site;
}
