import type { Volume, VoxelArray } from '#core/domain/geometry.ts';
import { slicesWithBrain } from './brain-box.ts';
import { slabChannels, writeSlab } from './slab.ts';

/** Probabilities, [count, rows, columns], of slices, x [count, rows, columns, channels]: a network in the midst of its training. */
export interface WindowPredictor {
  predict(x: Float32Array, count: number): Promise<Float32Array> | Float32Array;
}

/**
 * What predictVolume does, on the whole slices and with every slab put together here: for a network that has no volume of its own in
 * the engine.
 */
export async function predictWindows(
  predictor: WindowPredictor,
  sequences: readonly Volume<VoxelArray>[],
  brainMask: Volume<Uint8Array>,
  batch: number,
): Promise<Volume<Float32Array>> {
  const { grid } = brainMask;
  const pixels = grid.size[0] * grid.size[1];
  const inputs = pixels * slabChannels(sequences.length);
  const probability = new Float32Array(brainMask.data.length);
  const slices = slicesWithBrain(brainMask);
  for (let first = 0; first < slices.length; first += batch) {
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
