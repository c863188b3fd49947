import { type ComputeType, computeTypes, type Network } from './architecture.ts';
import { Predictor } from './predictor.ts';
import { Trainer } from './trainer.ts';
import type { Weights } from './weights.ts';

/** What a precision is chosen for. */
export type PrecisionSubject = { readonly training: Network } | { readonly inference: Weights };

export interface PrecisionChoice {
  readonly compute: ComputeType;
  /** What was measured, on slices of 64 x 64; undefined if the type was forced. */
  readonly msPerSlice: Readonly<Record<ComputeType, number>> | undefined;
}

const sizePixels = 64;
const batch = 2;
const timedRuns = 3;

/**
 * Chooses the type that is faster on this machine by running the network for a few seconds in each: bfloat16 wins where the
 * processor has instructions for it, and loses elsewhere. `forced` saves the measurement.
 */
export async function choosePrecision(
  subject: PrecisionSubject,
  directory: string,
  forced?: ComputeType,
): Promise<PrecisionChoice> {
  if (forced) return { compute: forced, msPerSlice: undefined };
  const msPerSlice = { float32: 0, bfloat16: 0 };
  for (const compute of computeTypes) msPerSlice[compute] = await measure(subject, compute, directory);
  return { compute: msPerSlice.bfloat16 < msPerSlice.float32 ? 'bfloat16' : 'float32', msPerSlice };
}

/** The choice as a line for the log. */
export function describeChoice({ compute, msPerSlice }: PrecisionChoice): string {
  if (!msPerSlice) return `Computing in ${compute}, as configured.`;
  const measured = computeTypes.map((type) => `${type} ${msPerSlice[type].toFixed(1)} ms`).join(', ');
  return `Computing in ${compute}, the faster here (${measured} a slice of ${sizePixels}x${sizePixels}).`;
}

async function measure(subject: PrecisionSubject, compute: ComputeType, directory: string): Promise<number> {
  const voxels = batch * sizePixels * sizePixels;
  if ('training' in subject) {
    const architecture = { ...subject.training, sizePixels, batch, compute };
    const trainer = await Trainer.open({ architecture, seed: 1 }, directory);
    const slices = { x: new Float32Array(voxels * architecture.channels).fill(0.5), y: new Float32Array(voxels) };
    return timed(trainer, () => trainer.step(slices));
  }
  const shape = { rows: sizePixels, columns: sizePixels, batch, compute };
  const predictor = await Predictor.open(subject.inference, shape, directory);
  const x = new Float32Array(voxels * subject.inference.network.channels).fill(0.5);
  return timed(predictor, () => predictor.predict(x, batch));
}

/** The fastest of a few runs, which neighbours on the machine disturb least; the first run prepares and is not counted. */
function timed(session: { close(): void }, run: () => unknown): number {
  try {
    run();
    const times = Array.from({ length: timedRuns }, () => {
      const started = performance.now();
      run();
      return (performance.now() - started) / batch;
    });
    return Math.min(...times);
  } finally {
    session.close();
  }
}
