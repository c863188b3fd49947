import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId, type MemberId, type SiteId, type TenantId, type UploadId } from '#core/domain/ids.ts';

/** What one address is good for: one file of one upload, until a time. */
export interface UploadAddress {
  readonly tenantId: TenantId;
  readonly uploadId: UploadId;
  readonly siteId: SiteId;
  /** Who asked for it, and answers for what is sent to it. */
  readonly memberId: MemberId;
  /** By `fileKey`: a log of addresses tells no hash of an identified file. */
  readonly fileKey: string;
  readonly sizeBytes: number;
  readonly expiresAt: Date;
}

/** A request to send a file of 1 GiB may begin this long after it was asked for; it then has the time that it takes. */
export const addressLifeMs = 60 * 60 * 1000;

export type AddressErrorCode = 'ADDRESS_INVALID' | 'ADDRESS_EXPIRED' | 'UPLOAD_ENDED' | 'WRONG_SIZE' | 'WRONG_HASH';

/** Why bytes that came to an address were not looked at. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
  readonly code: AddressErrorCode;
  constructor(code: AddressErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const invalidAddress = (): AddressError =>
  new AddressError('ADDRESS_INVALID', 'This is no address of an upload here: ask for one by uploadPresign.');

/** Signs addresses and hashes of files of one tenant. */
export const addressKeyOf = (tenantKey: Uint8Array): Buffer =>
  createHmac('sha256', tenantKey).update('upload address').digest();

/** Stands for a file of an upload, of which the SHA-256 as sent is known; 64 hexadecimal digits. */
export const fileKey = (addressKey: Uint8Array, uploadId: UploadId, sha256: string): string =>
  createHmac('sha256', addressKey).update(`file\0${uploadId}\0${sha256}`).digest('hex');

/** The last part of the address' path: what it says, and a signature (HMAC-SHA256) over that. */
export function sealAddress(addressKey: Uint8Array, one: UploadAddress): string {
  const fields = [one.tenantId, one.uploadId, one.siteId, one.memberId, one.fileKey, one.sizeBytes];
  const text = Buffer.from(JSON.stringify([...fields, one.expiresAt.getTime()])).toString('base64url');
  return `${text}.${signature(addressKey, text)}`;
}

const signature = (addressKey: Uint8Array, text: string): string =>
  createHmac('sha256', addressKey).update(`address\0${text}`).digest('base64url');

/** What an address claims, not yet to be believed; its tenant tells by which key to check it. @throws AddressError ADDRESS_INVALID */
export function claimOf(sealed: string): UploadAddress {
  const [tenantId, uploadId, siteId, memberId, key, sizeBytes, expires, ...rest] = parsed(sealed.split('.')[0] ?? '');
  const isUuid = (value: unknown): boolean => typeof value === 'string' && isId(value);
  const ids = [tenantId, uploadId, siteId, memberId];
  if (!ids.every(isUuid) || !Number.isSafeInteger(sizeBytes) || !Number.isSafeInteger(expires) || rest.length > 0)
    throw invalidAddress();
  return {
    tenantId: tenantId as TenantId,
    uploadId: uploadId as UploadId,
    siteId: siteId as SiteId,
    memberId: memberId as MemberId,
    fileKey: String(key),
    sizeBytes: sizeBytes as number,
    expiresAt: new Date(expires as number),
  };
}

function parsed(text: string): unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(fields) ? fields : [];
  } catch {
    return [];
  }
}

/** @throws AddressError ADDRESS_INVALID unless we signed it, ADDRESS_EXPIRED */
export function checkAddress(addressKey: Uint8Array, sealed: string, { expiresAt }: UploadAddress): void {
  const [text = '', given = '', ...rest] = sealed.split('.');
  const [own, other] = [Buffer.from(signature(addressKey, text)), Buffer.from(given)];
  if (rest.length > 0 || own.length !== other.length || !timingSafeEqual(own, other)) throw invalidAddress();
  if (expiresAt.getTime() <= Date.now())
    throw new AddressError(
      'ADDRESS_EXPIRED',
      'This address has expired: ask for another by uploadPresign, which also says what has arrived.',
    );
}
