import { readFile } from 'node:fs/promises';
import type { Journal } from './journal.ts';
import { isDicom, type LocalFile, sopInstanceUidOf } from './scan.ts';
import type { Service } from './service.ts';

/** One request: small enough that a repeat costs little. */
export const maxBatchBytes = 32 * 2 ** 20;
export const maxBatchFiles = 64;
/** What the service takes as one file. */
const maxFileBytes = 2 ** 30;

export interface Totals {
  stored: number;
  /** Known from an earlier run. */
  before: number;
  leftOut: number;
  refused: { readonly name: string; readonly reason: string }[];
}

interface Loaded extends LocalFile {
  readonly content: Uint8Array;
}

/** Sends what the journal does not know, batch by batch. @throws as `Service.store` */
export async function sendAll(
  files: readonly LocalFile[],
  { service, siteId, journal }: { service: Service; siteId: string; journal: Journal },
  onBytes: (bytes: number) => void,
): Promise<Totals> {
  const totals: Totals = { stored: 0, before: 0, leftOut: 0, refused: [] };
  let batch: Loaded[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await sendBatch(batch, { service, siteId, journal }, totals);
    onBytes(batch.reduce((sum, { bytes }) => sum + bytes, 0));
    batch = [];
  };
  for (const file of files) {
    if (journal.has(file)) {
      totals.before++;
      onBytes(file.bytes);
      continue;
    }
    const content = file.bytes > maxFileBytes ? undefined : new Uint8Array(await readFile(file.path));
    if (!content) totals.refused.push({ name: file.name, reason: `OUT_OF_BOUNDS: larger than ${maxFileBytes} bytes` });
    else if (!isDicom(content)) totals.leftOut++;
    else {
      const size = batch.reduce((sum, { bytes }) => sum + bytes, 0);
      if (batch.length >= maxBatchFiles || size + file.bytes > maxBatchBytes) await flush();
      batch.push({ ...file, content });
      continue;
    }
    onBytes(file.bytes);
  }
  await flush();
  return totals;
}

async function sendBatch(
  batch: readonly Loaded[],
  { service, siteId, journal }: { service: Service; siteId: string; journal: Journal },
  totals: Totals,
): Promise<void> {
  const { stored, refused } = await service.store(
    siteId,
    batch.map(({ content }) => content),
  );
  const reasons = new Map(refused.map(({ uid, reason }) => [uid, reason]));
  const done = batch.filter((file) => {
    const uid = sopInstanceUidOf(file.content);
    // Of two files under one UID the answer does not tell which it took: neither counts as stored.
    const reason = reasons.get(uid) ?? (uid !== undefined && stored.has(uid) ? undefined : 'refused without a reason');
    if (reason === undefined) return true;
    totals.refused.push({ name: file.name, reason });
    return false;
  });
  await journal.add(done);
  totals.stored += done.length;
}
