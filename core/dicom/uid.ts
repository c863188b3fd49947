import { createHmac, randomBytes } from 'node:crypto';

/** UIDs that the program has to know by name (DICOM PS3.6, Annex A). */
export const uids = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
  rleLossless: '1.2.840.10008.1.2.5',
  mrImage: '1.2.840.10008.5.1.4.1.1.4',
  enhancedMrImage: '1.2.840.10008.5.1.4.1.1.4.1',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  labelMapSegmentation: '1.2.840.10008.5.1.4.1.1.66.7',
  parametricMap: '1.2.840.10008.5.1.4.1.1.30',
  comprehensive3dSr: '1.2.840.10008.5.1.4.1.1.88.34',
  rtStructureSet: '1.2.840.10008.5.1.4.1.1.481.3',
} as const;

/** A UUID-derived UID, 2.25 and a 128-bit number without leading zeros (PS3.5 B.2), of at most 44 characters. */
function uuidDerivedUid(bytes: Uint8Array): string {
  return `2.25.${BigInt(`0x${Buffer.from(bytes.subarray(0, 16)).toString('hex')}`)}`;
}

/** A new UID from 122 random bits of a version 4 UUID. */
export function randomUid(): string {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return uuidDerivedUid(bytes);
}

/**
 * The UID that replaces `uid` under a tenant's key: 128 bits of HMAC-SHA256. The same key gives the same UID, so
 * references between files survive; without the key nobody can confirm a guess.
 */
export function keyedUid(key: Uint8Array, uid: string): string {
  return uuidDerivedUid(createHmac('sha256', key).update(`uid\0${uid}`).digest());
}

/** True for the characters and length of a UID (PS3.5 section 9.1). */
export function isUid(text: string): boolean {
  return text.length > 0 && text.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(text);
}
