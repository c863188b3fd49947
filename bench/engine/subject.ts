import type { Volume } from '#core/domain/geometry.ts';
import { SeededRandom } from '#core/domain/random.ts';
import type { Network } from '../../gpu-worker/model/architecture.ts';
import { networkParameters } from '../../gpu-worker/model/parameters.ts';
import { slabChannels, writeSlab } from '../../gpu-worker/model/slab.ts';
import type { Weights } from '../../gpu-worker/model/weights.ts';

/** Sequences of a study, as in the paper. */
export const sequenceCount = 4;

/** A prepared study: what the network's input is cut from. */
export interface MadeUpStudy {
  readonly sequences: readonly Volume<Uint8Array>[];
  readonly brainMask: Volume<Uint8Array>;
}

/**
 * Weights as after a training: nothing is at its start, and the probabilities use much of their range, so that contenders which
 * compute something else are found out. Time does not depend on them.
 */
export function madeUpWeights(width: number, seed = 1): Weights {
  const random = new SeededRandom(seed);
  const network: Network = { width, channels: slabChannels(sequenceCount) };
  const tensors = networkParameters(network).map(({ name, kind, shape }) => {
    const [rows = 1, columns = 1, inputs = 1, last = 1] = shape;
    // He's deviation keeps the size of activations from layer to layer; the head meets 2 x 2 of its 8 x 8 taps at each pixel, and the
    // first convolution takes intensities down to the size of activations.
    const size = name.startsWith('stem/7x7') ? meanIntensity : 1;
    const deviation = kind === 'head' ? 1 / Math.sqrt(4 * last) : Math.sqrt(2 / (rows * columns * inputs)) / size;
    const draw = {
      kernel: () => deviation * random.normal(),
      head: () => deviation * random.normal(),
      scale: () => 0.8 + 0.4 * random.next(),
      offset: () => 0.1 * random.normal(),
      movingMean: () => 0.1 * random.normal(),
      movingVariance: () => 0.8 + 0.4 * random.next(),
    }[kind];
    return [name, { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw) }] as const;
  });
  return { network, tensors: new Map(tensors) };
}

/** The root of the mean square of the intensities of a made-up study. */
const meanIntensity = 255 / Math.sqrt(3);

/** Of an adult's brain, in mm: about 1.5 l. */
const brainSemiAxesMm = [67, 84, 64] as const;

/**
 * A study of square slices, 1 mm apart at 256 pixels, with a brain of an adult's size in the middle, an ellipsoid; smaller slices hold a
 * smaller head. Intensities within it are noise from 0 to 255, as after equalization, and 0 outside. `whole` fills every voxel instead.
 */
export function madeUpStudy(sizePixels: number, slices: number, whole = false, seed = 2): MadeUpStudy {
  const random = new SeededRandom(seed);
  const voxels = sizePixels * sizePixels * slices;
  const mm = 256 / sizePixels;
  const across = whole ? 1 : 160 / slices;
  const grid = {
    size: [sizePixels, sizePixels, slices] as const,
    indexToLps: [mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, across, 0, 0, 0, 0, 1],
  };
  const radius = (index: number, count: number, spacing: number, axis: 0 | 1 | 2): number =>
    (((index - (count - 1) / 2) * spacing) / brainSemiAxesMm[axis]) ** 2;
  const inBrain = (n: number): boolean => {
    const [i, j, k] = [n % sizePixels, Math.floor(n / sizePixels) % sizePixels, Math.floor(n / sizePixels ** 2)];
    return radius(i, sizePixels, mm, 0) + radius(j, sizePixels, mm, 1) + radius(k, slices, across, 2) <= 1;
  };
  const data = Uint8Array.from({ length: voxels }, (_, n) => (whole || inBrain(n) ? 1 : 0));
  const sequences = Array.from({ length: sequenceCount }, () => ({
    grid,
    data: data.reduce((values, brain, n) => {
      if (brain) values[n] = random.int(256);
      return values;
    }, new Uint8Array(voxels)),
  }));
  return { sequences, brainMask: { grid, data } };
}

/** The network's input of all slices of a study, [slices, rows, columns, channels]. */
export function slabsOf({ sequences, brainMask: { grid } }: MadeUpStudy): Float32Array {
  const [columns, rows, slices] = grid.size;
  const inputs = columns * rows * slabChannels(sequences.length);
  const data = new Float32Array(slices * inputs);
  for (let slice = 0; slice < slices; slice++) writeSlab(sequences, slice, { data, offset: slice * inputs });
  return data;
}

/** Labels for a batch of slices, [slices, rows, columns]: a disc in each, 1 inside. */
export function madeUpLabels(sizePixels: number, slices: number, seed = 3): Float32Array {
  const random = new SeededRandom(seed);
  const pixels = sizePixels * sizePixels;
  const labels = new Float32Array(slices * pixels);
  for (let slice = 0; slice < slices; slice++) {
    const centre = [0.3 + 0.4 * random.next(), 0.3 + 0.4 * random.next()] as const;
    for (let n = 0; n < pixels; n++) {
      const [row, column] = [Math.floor(n / sizePixels) / sizePixels, (n % sizePixels) / sizePixels];
      if (Math.hypot(row - centre[0], column - centre[1]) < 0.06) labels[slice * pixels + n] = 1;
    }
  }
  return labels;
}
