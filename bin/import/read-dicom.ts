import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { readSeg } from '#core/dicom/read-seg.ts';
import type { Grid, LabelVolume, Volume } from '#core/domain/geometry.ts';
import { AssemblyError, assembleSeries, type SliceImage } from '#core/volume/assemble.ts';
import { slicesOfFile } from '#core/volume/slices-of-file.ts';
import { CaseRefused } from './case.ts';
import { namesIn } from './files.ts';

export interface StoredSeries {
  readonly volume: Volume;
  /** As they lie in the folder. */
  readonly files: readonly Uint8Array[];
}

/** A series of DICOM files in a folder of its own. @throws CaseRefused naming the file or the folder */
export async function readStoredSeries(folder: string): Promise<StoredSeries> {
  const files: Uint8Array[] = [];
  const slices: SliceImage[] = [];
  for (const name of await namesIn(folder, 'files')) {
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    slices.push(...inFile(join(folder, name), () => slicesOfFile(bytes)));
    files.push(bytes);
  }
  return { volume: inFile(folder, () => assembleSeries(slices)), files };
}

/** The one SEG in a folder, on a grid. @throws CaseRefused naming the file */
export async function readStoredLabel(folder: string, grid: Grid): Promise<LabelVolume> {
  const names = await namesIn(folder, 'files');
  const [name, ...more] = names;
  if (!name || more.length > 0) throw new CaseRefused(`${folder}: it has ${names.length} files; one SEG is read.`);
  const path = join(folder, name);
  const bytes = new Uint8Array(await readFile(path));
  return inFile(path, () => readSeg(bytes, grid).label);
}

function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DicomError || cause instanceof AssemblyError)) throw cause;
    throw new CaseRefused(`${path}: ${cause.message}${cause.message.endsWith('.') ? '' : '.'}`, { cause });
  }
}
