import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { deidentify } from '../../api/deidentify/deidentify.ts';
import { DicomError } from '../../core/dicom/dicom-error.ts';
import { parsePart10 } from '../../core/dicom/part10.ts';

/** A file as it lies in the folder. */
export interface LocalFile {
  readonly path: string;
  /** Within the folder. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Regular files of a folder and those below, in the order of their names. Links are not followed, hidden files left out. */
export async function* walk(folder: string, root = folder): AsyncGenerator<LocalFile> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name.toUpperCase() === 'DICOMDIR') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, root);
    else if (entry.isFile()) {
      const { size, mtimeMs } = await stat(path);
      yield { path, name: relative(root, path), bytes: size, modifiedMs: mtimeMs };
    }
  }
}

/** True for what says that it is DICOM; anything else stays where it is. */
export const isDicom = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';

/** The UID by which the service's answer names a file; undefined if it cannot be read. */
export function sopInstanceUidOf(bytes: Uint8Array): string | undefined {
  try {
    return parsePart10(bytes).dataset.text('SOPInstanceUID');
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

export interface SeriesPreview {
  readonly description: string;
  readonly modality: string;
  readonly files: number;
  readonly bytes: number;
}

/** What sending a folder would do. */
export interface Preview {
  readonly studies: number;
  readonly series: readonly SeriesPreview[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Files that are not DICOM. */
  readonly leftOut: number;
}

/** Puts every file to the test that the service will put it to; descriptions are as they would be stored by the built-in profile. */
export async function preview(folder: string, onFile: (file: LocalFile) => void): Promise<Preview> {
  // UIDs under a key that nobody keeps: they serve to count.
  const tenantKey = randomBytes(32);
  const studies = new Set<string>();
  const series = new Map<string, SeriesPreview>();
  const refused: { name: string; reason: string }[] = [];
  let leftOut = 0;
  for await (const file of walk(folder)) {
    onFile(file);
    const bytes = new Uint8Array(await readFile(file.path));
    if (!isDicom(bytes)) {
      leftOut++;
      continue;
    }
    try {
      const { header } = deidentify(bytes, { tenantKey });
      studies.add(header.study.instanceUid);
      const known = series.get(header.series.instanceUid);
      series.set(header.series.instanceUid, {
        description: header.parameters.seriesDescription ?? '',
        modality: header.series.modality ?? '',
        files: (known?.files ?? 0) + 1,
        bytes: (known?.bytes ?? 0) + file.bytes,
      });
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      refused.push({ name: file.name, reason: error.message });
    }
  }
  return { studies: studies.size, series: [...series.values()], refused, leftOut };
}
