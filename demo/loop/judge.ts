import { parsePart10 } from '#core/dicom/part10.ts';
import { readSeg } from '#core/dicom/read-seg.ts';
import { voxelCount } from '#core/domain/geometry.ts';
import { evaluateCase } from '../../gpu-worker/metrics/evaluate-case.ts';
import type { Phantom } from '../phantom/phantom.ts';
import type { Answer } from './serve.ts';

/** An answer compared with the truth of its phantom. */
export interface Judged {
  readonly auc: number;
  readonly dice: number;
  readonly lesions: number;
  readonly segSopInstanceUid: string | null;
}

/** Reads the results back from their DICOM files, as a receiver would, and compares them with the truth. */
export function judge({ files, results, lesions }: Answer, { truth }: Phantom): Judged {
  const { grid } = truth.labels;
  const map = files.PROBABILITY_MAP;
  if (!map) throw new Error('the answer has no probability map');
  const stored = parsePart10(map).dataset.bytes('FloatPixelData');
  const data = new Float32Array(Uint8Array.from(stored ?? []).buffer);
  if (data.length !== voxelCount(grid))
    throw new Error(`the probability map has ${data.length} voxels, BRAVO ${voxelCount(grid)}`);
  const found = files.SEG ? readSeg(files.SEG, grid).label.data : new Uint16Array(data.length);
  const auc = evaluateCase({
    probability: { grid, data },
    truth: truth.labels,
    brainMask: truth.brainMask,
    threshold: 0.5,
  }).auc;
  let [both, either] = [0, 0];
  for (const [n, value] of found.entries()) {
    const [is, was] = [truth.labels.data[n] ? 1 : 0, value ? 1 : 0];
    both += is & was;
    either += is + was;
  }
  return {
    auc: auc ?? Number.NaN,
    dice: either === 0 ? 1 : (2 * both) / either,
    lesions: lesions.length,
    segSopInstanceUid: results.find(({ kind }) => kind === 'SEG')?.sopInstanceUid ?? null,
  };
}
