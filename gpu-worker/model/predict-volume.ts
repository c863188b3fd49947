import type { Volume, VoxelArray } from '#core/domain/geometry.ts';
import { slabChannels, writeSlab } from './slab.ts';

/** Probabilities, [count, rows, columns], of slices, x [count, rows, columns, channels]: a Predictor or a RemotePredictor. */
export interface SlicePredictor {
  predict(x: Float32Array, count: number): Promise<Float32Array> | Float32Array;
}

export interface PredictOptions {
  /** Slices a call. */
  readonly batch: number;
  /** Called before each call. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void;
}

/**
 * Probability of metastasis on the grid of the prepared sequences, which are given in the plan's order. Slices without brain are 0
 * throughout; in the others nothing is taken away outside the brain, which is for the judge of findings to do.
 */
export async function predictVolume(
  predictor: SlicePredictor,
  sequences: readonly Volume<VoxelArray>[],
  brainMask: Volume<Uint8Array>,
  { batch, onProgress }: PredictOptions,
): Promise<Volume<Float32Array>> {
  const { grid } = brainMask;
  const pixels = grid.size[0] * grid.size[1];
  const inputs = pixels * slabChannels(sequences.length);
  const probability = new Float32Array(brainMask.data.length);
  const slices = slicesWithBrain(brainMask);
  for (let first = 0; first < slices.length; first += batch) {
    await onProgress?.(first, slices.length);
    const some = slices.slice(first, first + batch);
    const x = new Float32Array(some.length * inputs);
    some.forEach((slice, n) => {
      writeSlab(sequences, slice, { data: x, offset: n * inputs });
    });
    const predicted = await predictor.predict(x, some.length);
    some.forEach((slice, n) => {
      probability.set(predicted.subarray(n * pixels, (n + 1) * pixels), slice * pixels);
    });
  }
  return { grid, data: probability };
}

/** Slices that have brain, in order. */
export function slicesWithBrain({ grid: { size }, data }: Volume<Uint8Array>): number[] {
  const pixels = size[0] * size[1];
  return Array.from({ length: size[2] }, (_, slice) => slice).filter((slice) =>
    data.subarray(slice * pixels, (slice + 1) * pixels).includes(1),
  );
}
