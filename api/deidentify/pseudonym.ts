import { createHmac } from 'node:crypto';
import { keyedUid } from '#core/dicom/uid.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function keyed(key: Uint8Array, purpose: string, text: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\0${text}`).digest();
}

/** UIDs under each key while it is in use: the files of a study share all but one. */
const remembered = new WeakMap<Uint8Array, Map<string, string>>();
const greatestMemory = 1000;

/** As `keyedUid`, which is asked once for what many files of an upload name. */
export function rememberedUid(key: Uint8Array, uid: string): string {
  let known = remembered.get(key);
  if (known === undefined) remembered.set(key, (known = new Map()));
  let replaced = known.get(uid);
  if (replaced === undefined) {
    replaced = keyedUid(key, uid);
    if (known.size >= greatestMemory) known.clear();
    known.set(uid, replaced);
  }
  return replaced;
}

/** "P-" and 10 characters of base 32 (50 bits) of the keyed hash: the same patient has the same pseudonym throughout a tenant. */
export function patientPseudonym(tenantKey: Uint8Array, patientId: string): string {
  let bits = BigInt(`0x${keyed(tenantKey, 'patient', patientId).subarray(0, 7).toString('hex')}`);
  let text = '';
  for (let n = 0; n < 10; n++, bits >>= 5n) text += base32[Number(bits & 31n)];
  return `P-${text}`;
}

/** Days, -3650 to -31, by which all dates of a patient move, so that intervals stay true. */
export function dateShiftDays(tenantKey: Uint8Array, pseudonym: string): number {
  return -31 - (keyed(tenantKey, 'days', pseudonym).readUInt32BE(0) % 3620);
}

/** "YYYYMMDD" moved by whole days, or undefined if it is no date. */
export function shiftDate(date: string, days: number): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const text = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
  // Year 0 to 99 and days that no month has do not survive the round trip.
  if (text !== date) return undefined;
  const shifted = new Date(time + days * 86_400_000);
  return shifted.toISOString().slice(0, 10).replaceAll('-', '');
}
