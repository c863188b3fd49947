import { createHash, createHmac } from 'node:crypto';
import { keyedUid } from '#core/dicom/uid.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function keyed(key: Uint8Array, purpose: string, text: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\0${text}`).digest();
}

/**
 * What was made under each key: the files of a study share their patient and all UIDs but one. Found by a hash of the key, since a thread
 * is given a copy with each file, and by the copy, which is asked a hundred times. Forgotten after a minute: originals stand in it.
 */
const memories = new Map<string, Map<string, string>>();
const memoryOf = new WeakMap<Uint8Array, Map<string, string>>();
const greatestMemory = 1000;
const mostKeys = 16;
const rememberedMs = 60_000;

function rememberedBy(key: Uint8Array): Map<string, string> {
  let memory = memoryOf.get(key);
  if (memory !== undefined) return memory;
  const name = createHash('sha256').update(key).digest('base64');
  memory = memories.get(name);
  if (memory === undefined) {
    if (memories.size >= mostKeys) memories.clear();
    memories.set(name, (memory = new Map()));
    setTimeout(() => memories.delete(name), rememberedMs).unref();
  }
  memoryOf.set(key, memory);
  return memory;
}

function once(key: Uint8Array, name: string, make: () => string): string {
  const memory = rememberedBy(key);
  let made = memory.get(name);
  if (made === undefined) {
    made = make();
    if (memory.size >= greatestMemory) memory.clear();
    memory.set(name, made);
  }
  return made;
}

/** As `keyedUid`, which is asked once for what many files of an upload name. */
export const rememberedUid = (key: Uint8Array, uid: string): string => once(key, uid, () => keyedUid(key, uid));

/** "P-" and 10 characters of base 32 (50 bits) of the keyed hash: the same patient has the same pseudonym throughout a tenant. */
export const patientPseudonym = (tenantKey: Uint8Array, patientId: string): string =>
  once(tenantKey, `patient\0${patientId}`, () => makePseudonym(tenantKey, patientId));

function makePseudonym(tenantKey: Uint8Array, patientId: string): string {
  let bits = BigInt(`0x${keyed(tenantKey, 'patient', patientId).subarray(0, 7).toString('hex')}`);
  let text = '';
  for (let n = 0; n < 10; n++, bits >>= 5n) text += base32[Number(bits & 31n)];
  return `P-${text}`;
}

/** Days, -3650 to -31, by which all dates of a patient move, so that intervals stay true. */
export function dateShiftDays(tenantKey: Uint8Array, pseudonym: string): number {
  const hashed = (): string => String(keyed(tenantKey, 'days', pseudonym).readUInt32BE(0) % 3620);
  return -31 - Number(once(tenantKey, `days\0${pseudonym}`, hashed));
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
