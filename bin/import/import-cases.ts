import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '../upload/journal.ts';
import type { LocalFile } from '../upload/scan.ts';
import type { Service } from '../upload/service.ts';
import type { ImportArguments } from './arguments.ts';
import { CaseRefused, type CaseSource, type LabelSource } from './case.ts';
import { namesIn } from './files.ts';
import { importLabel, NotYet, waitUntilPrepared } from './ground-truth.ts';
import { type ImportCase, readCase } from './read-case.ts';
import { type StoredStudy, sendCase } from './send-case.ts';
import { caseFiles } from './to-dicom.ts';

/** A case with what its files weigh, so that a journal knows it again. */
export interface WeighedCase {
  readonly source: CaseSource;
  readonly file: LocalFile;
}

/** What became of the cases. */
export interface Totals {
  images: number;
  labels: number;
  lesions: number;
  /** Known from an earlier run. */
  before: number;
  readonly refused: { readonly name: string; readonly reason: string }[];
  /** Images are stored, the label is not accepted yet. */
  readonly waiting: { readonly name: string; readonly reason: string }[];
}

/** Bytes and newest change of the files of a case. A file that is not there counts nothing: reading the case says so. */
export async function weigh(source: CaseSource, options: string): Promise<WeighedCase> {
  const sources = [...source.series.map(({ from }) => from), ...(source.label ? [source.label.from] : [])];
  const paths = (await Promise.all(sources.map(pathsOf))).flat();
  let [bytes, modifiedMs] = [0, 0];
  for (const path of new Set(paths)) {
    const found = await stat(path).catch(() => undefined);
    bytes += found?.size ?? 0;
    modifiedMs = Math.max(modifiedMs, found?.mtimeMs ?? 0);
  }
  // What was chosen is part of the name: another choice is another import.
  return { source, file: { path: '', name: `${source.name}\0${options}`, bytes, modifiedMs } };
}

const pathsOf = async (from: LabelSource): Promise<string[]> =>
  from.kind === 'EMPTY'
    ? []
    : from.kind === 'NIFTI'
      ? [from.path]
      : (await namesIn(from.folder, 'files')).map((name) => join(from.folder, name));

export interface Target {
  readonly service: Service;
  readonly siteId: string;
  readonly journal: Journal;
  readonly source: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  readonly say: (line: string) => void;
}

/**
 * Imports cases: first the images of all, so that they are prepared one after the other, then the labels. A case that is refused is
 * refused whole, before anything of it is sent; what the service refuses later is named.
 * @throws as `Service.store`
 */
export async function importCases(
  cases: readonly WeighedCase[],
  wanted: ImportArguments,
  target: Target,
): Promise<Totals> {
  const totals: Totals = { images: 0, labels: 0, lesions: 0, before: 0, refused: [], waiting: [] };
  const labelled: { readonly one: WeighedCase; readonly study: StoredStudy }[] = [];
  for (const one of cases) {
    if (target.journal.has(one.file)) {
      totals.before++;
      target.onBytes(one.file.bytes);
      continue;
    }
    const read = await orRefused(totals, one, () => readCase(one.source, wanted));
    const study = read && (await orRefused(totals, one, () => sendImages(read, one, target)));
    if (!study) continue;
    totals.images++;
    if (wanted.withLabels && read.label) labelled.push({ one, study });
    else await target.journal.add([one.file]);
  }
  for (const { one, study } of labelled) {
    const lesions = await orRefused(totals, one, () => acceptLabel(one, study, wanted, target, totals));
    if (lesions === undefined) continue;
    totals.labels++;
    totals.lesions += lesions;
    await target.journal.add([one.file]);
  }
  return totals;
}

async function orRefused<T>(totals: Totals, { source }: WeighedCase, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CaseRefused)) throw error;
    totals.refused.push({ name: source.name, reason: error.message });
    return undefined;
  }
}

async function sendImages(read: ImportCase, { file }: WeighedCase, target: Target): Promise<StoredStudy> {
  let shown = 0;
  return sendCase(caseFiles(read), target, (share) => {
    target.onBytes(share * file.bytes - shown);
    shown = share * file.bytes;
  });
}

/** @returns undefined if the study is not prepared yet */
async function acceptLabel(
  one: WeighedCase,
  study: StoredStudy,
  wanted: ImportArguments,
  target: Target,
  totals: Totals,
): Promise<number | undefined> {
  const { name } = one.source;
  try {
    let said = '';
    const onWait = (state: string): void => {
      if (said !== state) target.say(`${name}: waits for its preparation, which is ${state}.`);
      said = state;
    };
    await waitUntilPrepared(target.service, study, { minutes: wanted.waitMinutes, onWait, signal: target.signal });
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    totals.waiting.push({ name, reason: error.message });
    return undefined;
  }
  // Read again rather than kept: a data set has hundreds of labels.
  const { label } = await readCase(one.source, wanted);
  const { reason, beganAsDraft, newRound } = wanted;
  return label && importLabel(label, study, target, { source: target.source, reason, beganAsDraft, newRound });
}
