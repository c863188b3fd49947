import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DefacingSteps } from './preparation-steps.ts';
import { RegistrationError } from './registration.ts';

export interface StepCall {
  readonly step: keyof DefacingSteps;
  readonly args: readonly unknown[];
}

/** Structured cloning between threads forgets the class of an error that is not built in. */
export type StepReply = { readonly value: unknown } | { readonly error: unknown; readonly fromRegistration: boolean };

/** Preparation steps in threads, which stay alive between studies. Idle threads do not keep the process from exiting. */
export interface PreparationPool extends DefacingSteps {
  /** Ends the threads; what still runs or waits is rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly call: StepCall;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** At most `threads` steps run at once, by default one a core; the others wait in order. Threads start on demand. */
export function createPreparationPool(threads = availableParallelism()): PreparationPool {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let closed = false;

  const finish = (worker: Worker, settle: (job: Job) => void): void => {
    const job = busy.get(worker);
    busy.delete(worker);
    if (job) settle(job);
  };

  const start = (): Worker => {
    // A flag of this process, such as --eval, may be none that a thread takes.
    const worker = new Worker(new URL('./preparation-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (reply: StepReply) => {
      worker.unref();
      idle.push(worker);
      finish(worker, (job) => ('error' in reply ? job.reject(restored(reply)) : job.resolve(reply.value as never)));
      advance();
    });
    const lost = (error: Error): void => {
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      finish(worker, (job) => job.reject(error));
      advance();
    };
    worker.on('error', (cause) => lost(new Error('the preparation thread failed', { cause })));
    worker.on('exit', (code) => lost(new Error(`the preparation thread ended with code ${code}`)));
    return worker;
  };

  const advance = (): void => {
    while (!closed && waiting.length > 0 && busy.size < threads) {
      const worker = idle.pop() ?? start();
      const job = waiting.shift()!;
      busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.call);
    }
  };

  const run = <T>(step: keyof DefacingSteps, ...args: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error('the preparation pool is closed'));
      waiting.push({ call: { step, args }, resolve, reject });
      advance();
    });

  return {
    register: (fixed, moving, options) => run('register', fixed, moving, options),
    brainMask: (volume, fraction) => run('brainMask', volume, fraction),
    faceRegion: (brain) => run('faceRegion', brain),
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the preparation pool was closed'));
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

function restored({ error, fromRegistration }: Extract<StepReply, { error: unknown }>): unknown {
  return fromRegistration && error instanceof Error ? new RegistrationError(error.message, { cause: error }) : error;
}
