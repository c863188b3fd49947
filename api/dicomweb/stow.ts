import { Readable } from 'node:stream';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { headerOf } from '#core/dicom/header.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import type { SiteId } from '#core/domain/ids.ts';
import type { Caller, Services } from '../context.ts';
import { type Outcome, UploadSession } from '../upload/service.ts';
import { receiveLabel } from '../upload/stage-label.ts';
import { relatedParts } from './multipart.ts';

/** One file of a request; larger ones are refused with 413. */
const maxFileBytes = 2 ** 30;

/** Failure reasons of PS3.18 table I.2-2 and PS3.4 annex C. */
const failureReasons: Readonly<Record<string, number>> = {
  UNREADABLE: 0xc000,
  OUT_OF_BOUNDS: 0xc000,
  UNSUPPORTED_CLASS: 0x0122,
  BURNED_IN: 0xa900,
  NOT_DEIDENTIFIED: 0xa900,
  UID_CONFLICT: 0x0111,
};

export interface StowAnswer {
  readonly status: 200 | 202 | 409;
  /** DICOM JSON of the Store Instances Response Module (PS3.18 I.2). */
  readonly body: object;
}

/**
 * STOW-RS: stores each file by itself. 200 only if all are stored, 202 if some are, 409 if none is.
 * @throws MultipartError if the body is not multipart/related or ends early; what came whole before stays stored.
 */
export async function storeInstances(
  services: Services,
  caller: Caller,
  request: {
    stream: AsyncIterable<Uint8Array>;
    contentType: string;
    siteId: SiteId | undefined;
    studyInstanceUid: string | undefined;
  },
): Promise<StowAnswer> {
  const outcomes: Outcome[] = [];
  let session: UploadSession | undefined;
  try {
    for await (const part of relatedParts(leftWhole(request.stream), request.contentType, {
      maxHeaderBytes: 16_384,
      maxPartBytes: maxFileBytes,
      maxParts: 100_000,
    })) {
      const bytes = await collect(part.body);
      const label = labelHeader(bytes);
      if (label) outcomes.push(await receiveLabel(services, caller, label.header, label.patientName, bytes));
      else {
        session ??= await UploadSession.open(services, caller, request.siteId ?? onlySite(caller));
        outcomes.push(await session.receive(bytes));
      }
    }
  } finally {
    // Also after a body that broke off: what is stored is recognized and prepared.
    await session?.finish();
  }
  const stored = outcomes.filter((outcome) => outcome.stored);
  const status = stored.length === outcomes.length && stored.length > 0 ? 200 : stored.length > 0 ? 202 : 409;
  return { status, body: responseModule(services.config.publicUrl, outcomes) };
}

/** The same bytes; who stops reading early leaves the connection alone, on which the answer and the next request come. */
const leftWhole = (stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  stream instanceof Readable
    ? { [Symbol.asyncIterator]: () => stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array> }
    : stream;

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

/** The header of a SEG, undefined for anything else, which an upload session takes. */
function labelHeader(bytes: Uint8Array) {
  try {
    const { dataset, transferSyntaxUid } = parsePart10(bytes);
    if (dataset.text('SOPClassUID') !== uids.segmentation) return undefined;
    return { header: headerOf(dataset, transferSyntaxUid), patientName: dataset.text('PatientName') };
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  // A copy of its own, since chunks may be views on a buffer that is used again.
  return new Uint8Array(Buffer.concat(chunks));
}

function responseModule(publicUrl: string, outcomes: readonly Outcome[]): object {
  const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });
  const reference = (outcome: Outcome) => ({
    ...(outcome.sopClassUid ? { '00081150': element('UI', outcome.sopClassUid) } : {}),
    ...(outcome.sentSopInstanceUid ? { '00081155': element('UI', outcome.sentSopInstanceUid) } : {}),
  });
  const stored = outcomes.flatMap((outcome) =>
    outcome.stored
      ? {
          ...reference(outcome),
          '00081190': element(
            'UR',
            `${publicUrl}/dicomweb/studies/${outcome.studyInstanceUid}/series/${outcome.seriesInstanceUid}/instances/${outcome.sopInstanceUid}`,
          ),
        }
      : [],
  );
  const failed = outcomes.flatMap((outcome) =>
    outcome.stored
      ? []
      : {
          ...reference(outcome),
          '00081197': element('US', failureReasons[outcome.code] ?? 0x0110),
          '00000902': element('LO', `${outcome.code}: ${outcome.message}`.slice(0, 64)),
        },
  );
  return {
    ...(stored.length > 0 ? { '00081199': { vr: 'SQ', Value: stored } } : {}),
    ...(failed.length > 0 ? { '00081198': { vr: 'SQ', Value: failed } } : {}),
  };
}
