import { buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset } from '#core/dicom/dataset.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { randomUid } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { generatePhantom, type Phantom } from '../../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../../demo/phantom/study.ts';

/** One head, of which any number of studies can be made. */
export const makeSubject = (sizePixels: number): Phantom =>
  generatePhantom({ seed: 7, size: sizePixels, group: 'ONE_TO_THREE' });

/** Files of a study of its own, at most so many slices of each series. @param label Tells studies apart */
export async function studyFiles(phantom: Phantom, label: string, slices: number): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  const counts = new Map<string, number>();
  for await (const { bytes } of writePhantomStudy(phantom, { label })) {
    const series = parsePart10(bytes).dataset.requireText('SeriesInstanceUID');
    const count = (counts.get(series) ?? 0) + 1;
    counts.set(series, count);
    if (count <= slices) files.push(bytes);
  }
  return files;
}

/** The files as one series of a study of its own. */
export function asOneSeries(files: readonly Uint8Array[]): Uint8Array[] {
  const uids = { StudyInstanceUID: randomUid(), SeriesInstanceUID: randomUid() };
  return files.map((bytes, n) => {
    const { dataset } = parsePart10(bytes);
    const changed = buildDataset({ ...uids, SOPInstanceUID: randomUid(), SeriesNumber: 1, InstanceNumber: n + 1 });
    return writePart10(new Dataset([...dataset.elements.values(), ...changed.elements.values()]));
  });
}
