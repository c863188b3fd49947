import type { Volume } from '#core/domain/geometry.ts';
import { type Box, cropTo, networkBox, occupiedSlices } from './brain-box.ts';
import type { NetworkVolume } from './predictor.ts';

/** A Predictor or a RemotePredictor. */
export interface VolumePredictor {
  load(volume: NetworkVolume): Promise<{ batch: number }>;
  predict(centres: readonly number[]): Promise<Float32Array> | Float32Array;
}

export interface PredictOptions {
  /** Background about the brain that the network sees; the plan's. */
  readonly marginPixels: number;
  /** Called before each call of the network. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void;
}

/**
 * Probability of metastasis on the grid of the prepared sequences, which are given in the plan's order. The network runs on a box about
 * the brain: beyond it, and on slices without brain, the probability is 0. Inside the box nothing is taken away outside the brain, which
 * is for the judge of findings to do.
 * @throws RangeError if the brain mask is empty or a sequence has another size
 */
export async function predictVolume(
  predictor: VolumePredictor,
  sequences: readonly Volume<Uint8Array>[],
  brainMask: Volume<Uint8Array>,
  { marginPixels, onProgress }: PredictOptions,
): Promise<Volume<Float32Array>> {
  const { grid } = brainMask;
  const box = networkBox(brainMask, marginPixels);
  const { batch } = await predictor.load(inBox(sequences, grid.size, box));
  const [, , firstSlice] = box.origin;
  const centres = occupiedSlices(brainMask);
  const probability = new Float32Array(brainMask.data.length);
  for (let first = 0; first < centres.length; first += batch) {
    await onProgress?.(first, centres.length);
    const some = centres.slice(first, first + batch);
    const predicted = await predictor.predict(some.map((slice) => slice - firstSlice));
    some.forEach((slice, n) => {
      paste(predicted, n, slice, box, probability, grid.size);
    });
  }
  return { grid, data: probability };
}

type Size = Volume['grid']['size'];

/** The sequences cut to the box, one behind another. */
function inBox(sequences: readonly Volume<Uint8Array>[], size: Size, box: Box): NetworkVolume {
  const [columns, rows, slices] = box.size;
  const voxels = columns * rows * slices;
  const data = new Uint8Array(sequences.length * voxels);
  sequences.forEach((sequence, n) => {
    const own = sequence.grid.size;
    if (own.some((length, axis) => length !== size[axis]))
      throw new RangeError(`A sequence of ${own.join(' x ')} voxels does not fit a brain mask of ${size.join(' x ')}.`);
    data.set(cropTo(sequence, box).data, n * voxels);
  });
  return { data, sequences: sequences.length, slices, rows, columns };
}

/** Copies slice n of what was predicted for the box to its place. */
function paste(
  from: Float32Array,
  n: number,
  slice: number,
  { origin, size }: Box,
  to: Float32Array,
  whole: Size,
): void {
  const [columns, rows] = size;
  for (let row = 0; row < rows; row++) {
    const start = (n * rows + row) * columns;
    const at = (slice * whole[1] + origin[1] + row) * whole[0] + origin[0];
    to.set(from.subarray(start, start + columns), at);
  }
}
