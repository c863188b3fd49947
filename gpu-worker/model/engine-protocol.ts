import type { ComputeType } from './architecture.ts';
import type { PrecisionChoice, PrecisionSubject } from './precision.ts';
import type { NetworkVolume } from './predictor.ts';
import type { Batch, TrainingPlan } from './trainer.ts';
import type { Weights } from './weights.ts';

/** What the engine's process can be asked. Trainers and predictors are named by numbers. */
export interface EngineCalls {
  choosePrecision(subject: PrecisionSubject, forced?: ComputeType): PrecisionChoice;
  openTrainer(plan: TrainingPlan): number;
  accumulate(trainer: number, batch: Batch): { loss: number };
  step(trainer: number, batch: Batch, learningRate?: number): { loss: number };
  predictInTraining(trainer: number, x: Float32Array): Float32Array;
  state(trainer: number, randomState?: string): Uint8Array;
  restore(trainer: number, checkpoint: Uint8Array): { step: number; randomState: string };
  weights(trainer: number): Weights;
  warmStart(trainer: number, weights: Weights): void;
  openPredictor(weights: Weights, compute: ComputeType): number;
  load(predictor: number, volume: NetworkVolume): { batch: number };
  predict(predictor: number, centres: readonly number[]): Float32Array;
  /** Frees a trainer or predictor; a number that is already free is no error. */
  close(session: number): void;
}

export type EngineMethod = keyof EngineCalls;

/** One request; the answer bears its `id`. */
export interface EngineRequest<M extends EngineMethod = EngineMethod> {
  readonly id: number;
  readonly method: M;
  readonly args: Parameters<EngineCalls[M]>;
}

export type EngineAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: EngineErrorCode; readonly message: string } };

/**
 * OUT_OF_MEMORY: a smaller batch may succeed. TOO_LARGE: it was known before that memory would not do. NOT_FINITE: the answer is not a number;
 * weights or input are damaged. ENGINE_DIED: the process is gone, and a new one may succeed.
 * DIVERGED: the training has come to values that are no numbers. FAILED: the request itself; repeating it fails again.
 */
export type EngineErrorCode = 'OUT_OF_MEMORY' | 'TOO_LARGE' | 'NOT_FINITE' | 'ENGINE_DIED' | 'DIVERGED' | 'FAILED';

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
