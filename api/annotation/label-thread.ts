import { Worker } from 'node:worker_threads';
import type { Grid } from '#core/domain/geometry.ts';
import type { LesionMeasure } from '#core/domain/lesion.ts';
import type {
  AdoptedLabel,
  AdoptRequest,
  DraftRequest,
  draftFile,
  LabelFile,
  labelFile,
  measureLabelFile,
  Refusal,
  ResampleRequest,
} from './label-file.ts';

export interface LabelRequest {
  readonly number: number;
  readonly work:
    | {
        readonly kind: 'pack';
        readonly seg: Uint8Array | null;
        readonly grid: Grid;
        readonly resample: ResampleRequest | undefined;
      }
    | { readonly kind: 'draft'; readonly request: DraftRequest }
    | { readonly kind: 'adopt'; readonly request: AdoptRequest }
    | { readonly kind: 'measure'; readonly bytes: Uint8Array };
}
export interface LabelAnswer {
  readonly number: number;
  readonly result?:
    | ReturnType<typeof labelFile>
    | ReturnType<typeof draftFile>
    | AdoptedLabel
    | ReturnType<typeof measureLabelFile>;
  readonly failure?: string;
}

type Waiting = { resolve(result: LabelAnswer['result']): void; reject(error: Error): void };

/**
 * Work on whole labels takes up to seconds, in which the server would answer nobody; so it is done in one thread beside, one label
 * after the other. The thread is started by the first call and keeps no process alive.
 */
let thread: Worker | undefined;
let calls = 0;
const waiting = new Map<number, Waiting>();

function startThread(): Worker {
  const started = new Worker(new URL('./label-worker.ts', import.meta.url));
  started.on('message', ({ number, result, failure }: LabelAnswer) => {
    const { resolve, reject } = waiting.get(number)!;
    waiting.delete(number);
    if (waiting.size === 0) started.unref();
    if (failure === undefined) resolve(result);
    else reject(new Error(`work on a label failed: ${failure}`));
  });
  // The next call starts another thread.
  started.on('error', (cause) => fail(started, new Error('the thread for labels broke down', { cause })));
  started.on('exit', (code) => fail(started, new Error(`the thread for labels ended with ${code}`)));
  return started;
}

function fail(ended: Worker, error: Error): void {
  if (thread !== ended) return;
  thread = undefined;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function inThread(work: LabelRequest['work']): Promise<LabelAnswer['result']> {
  const worker = (thread ??= startThread());
  const number = ++calls;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    worker.ref();
    worker.postMessage({ number, work } satisfies LabelRequest);
  });
}

/** As `labelFile`, in the thread. */
export const packLabel = async (
  seg: Uint8Array | null,
  grid: Grid,
  resample?: ResampleRequest,
): Promise<LabelFile | Refusal> => (await inThread({ kind: 'pack', seg, grid, resample })) as LabelFile | Refusal;

/** As `draftFile`, in the thread. */
export const makeDraft = async (request: DraftRequest): Promise<ReturnType<typeof draftFile>> =>
  (await inThread({ kind: 'draft', request })) as ReturnType<typeof draftFile>;

/** As `adoptFile`, in the thread. */
export const adoptLabel = async (request: AdoptRequest): Promise<AdoptedLabel> =>
  (await inThread({ kind: 'adopt', request })) as AdoptedLabel;

/** As `measureLabelFile`, in the thread. */
export const measureLabel = async (bytes: Uint8Array): Promise<LesionMeasure[]> =>
  (await inThread({ kind: 'measure', bytes })) as LesionMeasure[];
