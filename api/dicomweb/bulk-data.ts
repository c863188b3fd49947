import type { Dataset, DicomElement } from '#core/dicom/dataset.ts';
import type { Part10 } from '#core/dicom/part10.ts';
import { DomainError } from '#core/domain/errors.ts';
import { openFrames } from './frames.ts';
import { nativePixels } from './transcode.ts';

/**
 * The binary value at a path of tags and numbers of items from 1, as "7FE00010" or "00420000/1/00420011"; compressed pixel data are
 * given decompressed. @throws DomainError NOT_FOUND
 */
export async function bulkData(file: Part10, path: string): Promise<Uint8Array> {
  const steps = path.split('/');
  const absent = new DomainError('NOT_FOUND', 'The instance has no bulk data at this path of tags.');
  let dataset: Dataset = file.dataset;
  let element: DicomElement | undefined;
  for (let at = 0; at < steps.length; at += 2) {
    if (!/^[0-9a-f]{8}$/i.test(steps[at]!)) throw absent;
    element = dataset.elements.get(Number.parseInt(steps[at]!, 16));
    if (at === steps.length - 1) break;
    const item = element?.kind === 'sequence' ? element.items[Number(steps[at + 1]) - 1] : undefined;
    if (!item || at + 2 === steps.length) throw absent;
    dataset = item;
  }
  if (element?.kind === 'bytes') return element.bytes;
  if (element?.kind !== 'fragments') throw absent;
  return nativePixels(openFrames(file));
}
