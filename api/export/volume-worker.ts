import { parentPort } from 'node:worker_threads';
import type { VolumeAnswer } from './volume-thread.ts';
import { niftiOf, VolumeRefused, type VolumeWork } from './volume-work.ts';

// The program of the thread that volume-thread.ts starts.
parentPort?.on('message', (work: VolumeWork) => {
  const answer = answerTo(work);
  const { buffer } = 'nifti' in answer ? answer.nifti : { buffer: undefined };
  parentPort?.postMessage(answer, buffer instanceof ArrayBuffer ? [buffer] : []);
});

function answerTo(work: VolumeWork): VolumeAnswer {
  try {
    // A copy of its own: what gzip gives may be a part of something larger.
    return { nifti: Uint8Array.from(niftiOf(work)) };
  } catch (error) {
    if (error instanceof VolumeRefused) return { refusal: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
