import { totalmem } from 'node:os';
import type { ComputeType, Network } from './architecture.ts';
import { EngineError } from './engine-protocol.ts';
import { googlenet25d } from './googlenet-25d.ts';
import { Graph } from './graph/graph.ts';
import { elementCount } from './graph/spec.ts';
import type { VolumeShape } from './inference-graph.ts';
import { networkParameters } from './parameters.ts';

/** What inference may take of a machine. */
export interface InferenceMemory {
  /** Bytes that the activations of one batch may take. */
  readonly budgetBytes: number;
  /** Bytes that are free. */
  readonly availableBytes: number;
}

/**
 * On a processor larger batches are no faster: one slice of 256 x 256 keeps all cores busy, and what stays small stays in the caches.
 * The budget lets small slices and narrow networks share a call.
 */
const defaultBudgetBytes = 128 * 2 ** 20;

const mostSlices = 16;

/** TensorFlow with its library loaded and the network's weights unpacked, beside the weights themselves. */
const engineBytes = 350 * 2 ** 20;

export const machineMemory = (): InferenceMemory => ({
  budgetBytes: defaultBudgetBytes,
  availableBytes: process.availableMemory() || totalmem(),
});

/**
 * How many slices fit the budget, and how much memory a volume takes with so many at a time.
 * @throws EngineError TOO_LARGE if one slice at a time takes more than is free
 */
export function inferenceMemory(
  network: Network,
  shape: Omit<VolumeShape, 'batch'>,
  { budgetBytes, availableBytes }: InferenceMemory = machineMemory(),
): { batch: number; neededBytes: number } {
  const { slices, rows, columns, compute } = shape;
  const perSlice = activationBytes(network, rows, columns, compute);
  const batch = Math.max(1, Math.min(mostSlices, slices, Math.floor(budgetBytes / perSlice)));
  // The volume once as it arrives, once as it is fed and once as it stays.
  const volumeBytes = 3 * (network.channels / 7) * slices * rows * columns;
  // Of each weight: its float32, its text in the graph, the graph's constant, its copy in the order of the kernel.
  const weightBytes = 4 * 4 * weightCount(network);
  const neededBytes = engineBytes + weightBytes + volumeBytes + batch * perSlice;
  if (neededBytes > availableBytes) {
    const text = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new EngineError(
      'TOO_LARGE',
      `A volume of ${slices} slices of ${columns} x ${rows} pixels takes ${text(neededBytes)} of memory with this network; ${text(availableBytes)} are free. Use a machine with more memory, or prepare studies at fewer pixels.`,
    );
  }
  return { batch, neededBytes };
}

const weightCount = (network: Network): number =>
  networkParameters(network).reduce((sum, { shape }) => sum + elementCount(shape), 0);

/**
 * Bytes of memory that one slice takes while the network runs: of the part that takes most (the stem or an inception) its input and what its
 * convolutions make, twice for the copies that pools and concatenations make. Measured on the full network at 256 x 256: 100 MB in
 * bfloat16 and 170 MB in float32, where this says 102 and 203.
 */
export function activationBytes(
  { width, channels }: Network,
  rows: number,
  columns: number,
  compute: ComputeType,
): number {
  const elements = new Map<string, number>();
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [1, rows, columns, channels]);
  googlenet25d(
    g,
    x,
    { width },
    {
      convolution(name, input, filters) {
        const part = name.split('/')[0]!;
        const shape = [...input.shape.slice(0, 3), filters];
        elements.set(part, (elements.get(part) ?? elementCount(input.shape)) + elementCount(shape));
        return { ...input, shape };
      },
      head: (_, input) => input,
    },
  );
  return 2 * (compute === 'bfloat16' ? 2 : 4) * Math.max(...elements.values());
}
