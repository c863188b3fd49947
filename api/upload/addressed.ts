import { createHash } from 'node:crypto';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import { peekSopClass } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import { DomainError, notFound } from '#core/domain/errors.ts';
import { newId, type SiteId, type UploadId } from '#core/domain/ids.ts';
import { auditRequest, type Caller, type Context, hasRoleAt, type Services } from '../context.ts';
import { globalId } from '../graphql/global-id.ts';
import { checkIdempotencyKey } from '../graphql/idempotency-key.ts';
import type { RefusalRow, UploadRow } from '../graphql/rows.ts';
import { findMember } from '../identity/member-store.ts';
import { inRequest } from '../request.ts';
import {
  AddressError,
  addressKeyOf,
  addressLifeMs,
  checkAddress,
  claimOf,
  fileKey,
  invalidAddress,
  sealAddress,
  type UploadAddress,
} from './address.ts';
import {
  closeUpload,
  findAddressedUpload,
  findUploadByKey,
  insertAddressedUpload,
  readArrivals,
  readArrivedStudies,
} from './arrival-store.ts';
import { intakeBudget } from './memory-budget.ts';
import { isUnfinished, recognizeAndPrepare } from './recognize.ts';
import { type RefusalCode, Refused } from './refused.ts';
import { UploadSession } from './service.ts';
import { readDeidentificationKey } from './store.ts';

/** One file; larger ones are refused, as by STOW-RS. */
const maxFileBytes = 2 ** 30;

/**
 * Opens an upload whose files will come to addresses. A repeat by the same member with the same key gives the same upload.
 * @throws DomainError NOT_FOUND unless the caller may upload at the site; INVALID, IDEMPOTENCY_CONFLICT
 */
export async function createUpload(ctx: Context, siteId: SiteId, idempotencyKey: string): Promise<UploadRow> {
  const { db, caller } = ctx;
  const { tenantId, memberId } = caller;
  checkIdempotencyKey(idempotencyKey);
  if (!hasRoleAt(caller, siteId, 'COORDINATOR', 'CLINICIAN') || !(await ctx.loaders.row('site', siteId)))
    throw notFound('Site', ['siteId']);
  await holdUntilCommit(db, tenantId, memberId, 'uploadCreate', idempotencyKey);
  const earlier = await findUploadByKey(db, memberId, idempotencyKey);
  if (earlier && earlier.site_id !== siteId)
    throw new DomainError('IDEMPOTENCY_CONFLICT', 'This key opened an upload of another site; choose a new key.', {
      path: ['idempotencyKey'],
    });
  if (earlier) return earlier;
  const id = newId<UploadId>();
  const upload = await insertAddressedUpload(db, { tenantId, id, siteId, memberId, idempotencyKey });
  await auditRequest(ctx, { action: 'uploadCreate', objectType: 'Upload', objectId: id });
  return upload;
}

/** A file that is to be sent. */
export interface AnnouncedFile {
  /** Of its bytes as they will be sent. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Where a file is to be sent, or what became of it. */
export interface UploadTarget {
  readonly sha256: string;
  readonly state: 'AWAITED' | 'STORED' | 'REFUSED';
  /** Null unless AWAITED. */
  readonly url: string | null;
  readonly expiresAt: Date | null;
  readonly refusal: RefusalRow | null;
}

/**
 * Addresses for files, in the order given; for those that have arrived, what became of them. Nothing is remembered of the others.
 * @throws DomainError NOT_FOUND for an upload that is not the caller's own, WRONG_STATE for one that has ended, INVALID
 */
export async function presign(
  ctx: Context,
  uploadId: UploadId,
  files: readonly AnnouncedFile[],
): Promise<{ upload: UploadRow; targets: UploadTarget[] }> {
  const upload = await ownUpload(ctx, uploadId);
  checkFiles(files);
  const { services, caller, db } = ctx;
  const key = addressKeyOf(await readDeidentificationKey(db));
  const keys = files.map(({ sha256 }) => fileKey(key, uploadId, sha256));
  const arrivals = new Map((await readArrivals(db, uploadId, keys)).map((one) => [one.fileKey, one]));
  const expiresAt = new Date(Date.now() + addressLifeMs);
  const { tenantId, memberId } = caller;
  const targets = files.map(({ sha256, sizeBytes }, n): UploadTarget => {
    const arrival = arrivals.get(keys[n]!);
    if (arrival)
      return {
        ...{ sha256, url: null, expiresAt: null, refusal: arrival.refusal },
        state: arrival.refusal ? 'REFUSED' : 'STORED',
      };
    const siteId = upload.site_id as SiteId;
    const address = sealAddress(key, { tenantId, uploadId, siteId, memberId, fileKey: keys[n]!, sizeBytes, expiresAt });
    const url = `${services.config.publicUrl}/dicomweb/uploads/${address}`;
    return { sha256, state: 'AWAITED', url, expiresAt, refusal: null };
  });
  return { upload, targets };
}

async function ownUpload(ctx: Context, id: UploadId): Promise<UploadRow> {
  const { db, caller } = ctx;
  const upload = await findAddressedUpload(db, id, caller.memberId);
  if (!upload || !hasRoleAt(caller, upload.site_id as SiteId, 'COORDINATOR', 'CLINICIAN'))
    throw notFound('Upload of your own', ['uploadId']);
  if (upload.ended_at) throw ended(id);
  return upload;
}

const ended = (id: UploadId): DomainError =>
  new DomainError('WRONG_STATE', 'The upload has ended; open another one by uploadCreate.', {
    path: ['uploadId'],
    current: { type: 'Upload', id },
  });

function checkFiles(files: readonly AnnouncedFile[]): void {
  const invalid = (message: string, ...path: string[]): DomainError =>
    new DomainError('INVALID', message, { path: ['files', ...path] });
  if (files.length < 1 || files.length > 100) throw invalid(`Ask for 1 to 100 addresses, not ${files.length}.`);
  for (const [n, { sizeBytes }] of files.entries())
    if (!(sizeBytes >= 1 && sizeBytes <= maxFileBytes))
      throw invalid(`A file has 1 to ${maxFileBytes} bytes, not ${sizeBytes}.`, String(n), 'sizeBytes');
}

/**
 * Ends an upload: its addresses are good for nothing any more, its studies are recognized and their preparation is queued.
 * @throws DomainError NOT_FOUND for an upload that is not the caller's own, WRONG_STATE for one that has ended
 */
export async function completeUpload(ctx: Context, uploadId: UploadId): Promise<UploadRow> {
  await ownUpload(ctx, uploadId);
  const upload = await closeUpload(ctx.db, uploadId);
  if (!upload) throw ended(uploadId);
  await auditRequest(ctx, {
    ...{ action: 'uploadComplete', objectType: 'Upload', objectId: uploadId },
    changes: { storedInstances: upload.stored_instances, refusedFiles: upload.refused_files },
  });
  for (const studyId of await readArrivedStudies(ctx.db, uploadId))
    if (await isUnfinished(ctx, studyId)) await recognizeAndPrepare(ctx, studyId);
  return upload;
}

/** What became of a file that came to its address. */
export type Received =
  | { readonly stored: true }
  | { readonly stored: false; readonly code: RefusalCode; readonly message: string };

/**
 * Takes the bytes of one file at its address: on behalf of who asked for that, with the rights that they have now. A file that has
 * arrived before is not read again.
 * @throws AddressError, OverBudget, DomainError NOT_FOUND where its sender may not upload any more, and as the stream
 */
export async function receiveAt(
  services: Services,
  sealed: string,
  stream: AsyncIterable<Uint8Array>,
): Promise<Received> {
  const { address, caller } = await openAddress(services, sealed);
  const arrived = async (): Promise<Received | undefined> => {
    const [arrival] = await inRequest(services, caller, ({ db }) =>
      readArrivals(db, address.uploadId, [address.fileKey]),
    );
    return arrival && receivedOf(arrival.refusal);
  };
  const before = await arrived();
  if (before) return before;
  const session = await UploadSession.ofAddress(services, caller, address);
  const { key, ...expected } = address;
  const { bytes, release } = await intakeBudget.collect(checked(stream, key, expected));
  try {
    const isLabel = peekSopClass(bytes) === uids.segmentation;
    const outcome = isLabel ? await session.refuse(bytes, labelRefused()) : await session.receive(bytes);
    // If it came twice at once, what became of the other stands.
    return (await arrived()) ?? outcome;
  } finally {
    release();
  }
}

const labelRefused = (): Refused => new Refused('UNSUPPORTED_CLASS', 'A label is sent by STOW-RS.');

const receivedOf = (refusal: RefusalRow | null): Received =>
  refusal ? { stored: false, code: refusal.code, message: refusal.message } : { stored: true };

async function openAddress(
  services: Services,
  sealed: string,
): Promise<{ address: UploadAddress & { key: Buffer }; caller: Caller }> {
  const claim = claimOf(sealed);
  const { tenantId, memberId, expiresAt } = claim;
  const scope = { tenantId, memberId, siteIds: [], oversight: false };
  const secret = await services.database.inTenant(scope, (db) => readDeidentificationKey(db).catch(() => undefined));
  if (!secret) throw invalidAddress();
  const key = addressKeyOf(secret);
  checkAddress(key, sealed, claim);
  const caller = await findMember(services.database, tenantId, memberId, expiresAt);
  if (!caller) throw notFound(`Upload ${globalId('Upload', claim.uploadId)}`);
  return { address: { ...claim, key }, caller };
}

/** The bytes that the address is for, and no others. @throws AddressError WRONG_SIZE, WRONG_HASH */
async function* checked(
  stream: AsyncIterable<Uint8Array>,
  key: Buffer,
  { sizeBytes, uploadId, fileKey: expected }: UploadAddress,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const chunk of stream) {
    count += chunk.length;
    if (count > sizeBytes) throw new AddressError('WRONG_SIZE', `The address is for ${sizeBytes} bytes, more came.`);
    hash.update(chunk);
    yield chunk;
  }
  if (count !== sizeBytes)
    throw new AddressError('WRONG_SIZE', `The address is for ${sizeBytes} bytes, ${count} came.`);
  if (fileKey(key, uploadId, hash.digest('hex')) !== expected)
    throw new AddressError('WRONG_HASH', 'The bytes do not have the SHA-256 that the address was asked for.');
}
