import { parentPort } from 'node:worker_threads';
import { adoptFile, draftFile, labelFile, measureLabelFile } from './label-file.ts';
import type { LabelAnswer, LabelRequest } from './label-thread.ts';

// The program of the thread that label-thread.ts starts.
parentPort?.on('message', ({ number, work }: LabelRequest) => {
  parentPort?.postMessage(answer(number, work));
});

function answer(number: number, work: LabelRequest['work']): LabelAnswer {
  try {
    return { number, result: done(work) };
  } catch (error) {
    return { number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function done(work: LabelRequest['work']): NonNullable<LabelAnswer['result']> {
  if (work.kind === 'pack') return labelFile(work.seg, work.grid, work.resample);
  if (work.kind === 'adopt') return adoptFile(work.request);
  return work.kind === 'draft' ? draftFile(work.request) : measureLabelFile(work.bytes);
}
