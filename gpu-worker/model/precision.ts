import { type ComputeType, computeTypes, type Network } from './architecture.ts';
import { Predictor } from './predictor.ts';
import { slabSlices } from './slab.ts';
import { Trainer } from './trainer.ts';
import type { Weights } from './weights.ts';

/** What a precision is chosen for. */
export type PrecisionSubject = { readonly training: Network } | { readonly inference: Weights };

export interface PrecisionChoice {
  readonly compute: ComputeType;
  /** What was measured, on slices of 128 x 128; undefined if the type was forced. */
  readonly msPerSlice: Readonly<Record<ComputeType, number>> | undefined;
}

/** Large enough that the convolutions take most of the time, as they do at work. */
const sizePixels = 128;
const mostRounds = 7;
/** No round is begun after so long. */
const patienceMs = 4_000;
/** bfloat16 is less exact, so it has to win by more than chance: with less of a gain float32 is taken. */
const neededGain = 0.1;

/**
 * Chooses the type to compute in by running the network for a few seconds in each: bfloat16 wins where the processor has instructions
 * for it, and loses elsewhere. `forced` saves the measurement.
 */
export async function choosePrecision(
  subject: PrecisionSubject,
  directory: string,
  forced?: ComputeType,
): Promise<PrecisionChoice> {
  if (forced) return { compute: forced, msPerSlice: undefined };
  const msPerSlice = await measure(subject, directory);
  return { compute: fasterType(msPerSlice), msPerSlice };
}

/** bfloat16 if it is faster by more than chance would have it. */
export function fasterType({ float32, bfloat16 }: Readonly<Record<ComputeType, number>>): ComputeType {
  return bfloat16 < (1 - neededGain) * float32 ? 'bfloat16' : 'float32';
}

/** The choice as a line for the log. */
export function describeChoice({ compute, msPerSlice }: PrecisionChoice): string {
  if (!msPerSlice) return `Computing in ${compute}, as configured.`;
  const measured = computeTypes.map((type) => `${type} ${msPerSlice[type].toFixed(1)} ms`).join(', ');
  const why = compute === 'bfloat16' ? 'the faster here' : 'which bfloat16 does not beat by a tenth here';
  return `Computing in ${compute}, ${why} (${measured} a slice of ${sizePixels}x${sizePixels}).`;
}

/**
 * The fastest run of each, which neighbours on the machine disturb least. The types take turns, so that what slows the machine for a
 * while slows both; the first run of each prepares and is not counted.
 */
async function measure(subject: PrecisionSubject, directory: string): Promise<Record<ComputeType, number>> {
  const fastest = { float32: Number.POSITIVE_INFINITY, bfloat16: Number.POSITIVE_INFINITY };
  const runs: Run[] = [];
  try {
    for (const compute of computeTypes) runs.push(await prepare(subject, compute, directory));
    for (const { step } of runs) step();
    const began = performance.now();
    for (let round = 0; round < mostRounds && (round < 2 || performance.now() - began < patienceMs); round++)
      for (const { compute, step } of runs) {
        const started = performance.now();
        step();
        fastest[compute] = Math.min(fastest[compute], performance.now() - started);
      }
  } finally {
    for (const { close } of runs) close();
  }
  return fastest;
}

interface Run {
  readonly compute: ComputeType;
  readonly step: () => void;
  readonly close: () => void;
}

async function prepare(subject: PrecisionSubject, compute: ComputeType, directory: string): Promise<Run> {
  const pixels = sizePixels ** 2;
  if ('training' in subject) {
    const architecture = { ...subject.training, sizePixels, batch: 1, compute };
    const trainer = await Trainer.open({ architecture, seed: 1 }, directory);
    const slice = { x: new Float32Array(pixels * architecture.channels).fill(0.5), y: new Float32Array(pixels) };
    return { compute, step: () => trainer.step(slice), close: () => trainer.close() };
  }
  const predictor = new Predictor(subject.inference, { compute, directory });
  const sequences = subject.inference.network.channels / slabSlices;
  const data = new Uint8Array(sequences * pixels).fill(100);
  await predictor.load({ data, sequences, slices: 1, rows: sizePixels, columns: sizePixels });
  return { compute, step: () => predictor.predict([0]), close: () => predictor.close() };
}
