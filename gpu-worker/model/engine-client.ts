import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ComputeType } from './architecture.ts';
import {
  type EngineAnswer,
  type EngineCalls,
  EngineError,
  type EngineMethod,
  type EngineRequest,
} from './engine-protocol.ts';
import type { PrecisionChoice, PrecisionSubject } from './precision.ts';
import type { NetworkVolume } from './predictor.ts';
import type { Batch, TrainingPlan } from './trainer.ts';
import type { Weights } from './weights.ts';

export interface EngineOptions {
  /** For short-lived files. */
  readonly directory: string;
  /** All cores unless given. */
  readonly threads?: number;
  /** Receives the lines that the engine writes: progress of its installation, warnings of TensorFlow. */
  readonly log: (line: string) => void;
}

type Call = <M extends EngineMethod>(
  method: M,
  ...args: Parameters<EngineCalls[M]>
) => Promise<ReturnType<EngineCalls[M]>>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: EngineError) => void;
}

const patienceMs = 10_000;

/** TensorFlow writes these at every start, before its log level counts; the last of them of moving bytes about, on many processors. */
const alwaysSaid = /absl::InitializeLog|oneDNN custom operations are on|oneDNN supports DT_UINT8 only on/;

/**
 * The native engine in a process of its own. Every failed call rejects with an EngineError; if the process dies, all that is
 * pending and all later calls do so with ENGINE_DIED.
 */
export class EngineClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #death: EngineError | undefined;

  /** Starts the process; the engine is loaded, and installed if need be, with the first call. */
  constructor({ directory, threads, log }: EngineOptions) {
    const script = fileURLToPath(new URL('engine-process.ts', import.meta.url));
    this.#child = fork(script, [directory, ...(threads ? [String(threads)] : [])], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (this.#child.stderr) {
      createInterface({ input: this.#child.stderr }).on('line', (line) => {
        if (!alwaysSaid.test(line)) log(line);
      });
    }
    this.#child.on('message', (answer) => this.#receive(answer as EngineAnswer));
    this.#child.once('error', (error) => this.#die(`The engine's process could not be started: ${error.message}`));
    this.#child.once('exit', (code, signal) => {
      const hint = signal === 'SIGKILL' ? ' The machine may be out of memory; a smaller batch needs less.' : '';
      this.#die(`The engine's process ended (${signal ?? `code ${code}`}).${hint}`);
    });
  }

  /** Measures whether float32 or bfloat16 is faster here; see precision.ts. */
  choosePrecision(subject: PrecisionSubject, forced?: ComputeType): Promise<PrecisionChoice> {
    return this.#call('choosePrecision', subject, forced);
  }

  async openTrainer(plan: TrainingPlan): Promise<RemoteTrainer> {
    return new RemoteTrainer(this.#call, await this.#call('openTrainer', plan));
  }

  async openPredictor(weights: Weights, compute: ComputeType): Promise<RemotePredictor> {
    return new RemotePredictor(this.#call, await this.#call('openPredictor', weights, compute));
  }

  /** The process id, for a log or a test. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the process, after the call that it is busy with or by force. */
  async stop(): Promise<void> {
    if (this.#death) return;
    const exited = once(this.#child, 'exit');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    if (this.#child.connected) this.#child.disconnect();
    await exited;
    clearTimeout(impatience);
  }

  readonly #call: Call = (method, ...args) => {
    type Value = ReturnType<EngineCalls[typeof method]>;
    if (this.#death) return Promise.reject(this.#death);
    const request: EngineRequest<typeof method> = { id: ++this.#asked, method, args };
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: resolve as Waiting['resolve'], reject });
      this.#child.send(request, (error) => {
        if (error) this.#die(`The engine's process cannot be reached: ${error.message}`);
      });
    });
  };

  #receive(answer: EngineAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new EngineError(answer.error.code, answer.error.message));
    else waiting?.resolve(answer.value);
  }

  #die(message: string): void {
    this.#death ??= new EngineError('ENGINE_DIED', message);
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}

/** A Trainer (trainer.ts) in the engine's process. */
export class RemoteTrainer {
  readonly #call: Call;
  readonly #id: number;

  constructor(call: Call, id: number) {
    this.#call = call;
    this.#id = id;
  }

  accumulate(batch: Batch): Promise<{ loss: number }> {
    return this.#call('accumulate', this.#id, batch);
  }

  step(batch: Batch, learningRate?: number): Promise<{ loss: number }> {
    return this.#call('step', this.#id, batch, learningRate);
  }

  predict(x: Float32Array): Promise<Float32Array> {
    return this.#call('predictInTraining', this.#id, x);
  }

  state(randomState?: string): Promise<Uint8Array> {
    return this.#call('state', this.#id, randomState);
  }

  restore(checkpoint: Uint8Array): Promise<{ step: number; randomState: string }> {
    return this.#call('restore', this.#id, checkpoint);
  }

  weights(): Promise<Weights> {
    return this.#call('weights', this.#id);
  }

  warmStart(weights: Weights): Promise<void> {
    return this.#call('warmStart', this.#id, weights);
  }

  close(): Promise<void> {
    return this.#call('close', this.#id);
  }
}

/** A Predictor (predictor.ts) in the engine's process. */
export class RemotePredictor {
  readonly #call: Call;
  readonly #id: number;

  constructor(call: Call, id: number) {
    this.#call = call;
    this.#id = id;
  }

  load(volume: NetworkVolume): Promise<{ batch: number }> {
    return this.#call('load', this.#id, volume);
  }

  predict(centres: readonly number[]): Promise<Float32Array> {
    return this.#call('predict', this.#id, centres);
  }

  close(): Promise<void> {
    return this.#call('close', this.#id);
  }
}
